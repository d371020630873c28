"""Work on many claims: ticked rows, filters in the address, going on by keys, and the way back for a day."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from db import reading, transaction
from db.accounts import Account, Grant
from db.claim_flags import ClaimFlag, FlagKind
from db.claims import Category, Claim, ClaimAction, ClaimStatus, ReviewReason
from db.organisations import Organisation
from db.people import Binding, BindingStatus, EndReason, Person
from services import claims, clock
from tests import factories
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, said
from web import worklist

PAGE = "employer/claims"
MONDAY = datetime(2026, 6, 15, 2, tzinfo=UTC)
UNFILTERED = "[]"


@pytest.fixture
def person(employer: Organisation) -> Person:
    with transaction() as session:
        return factories.create_person(session, name="林知夏", employer=employer)


def wait(person: Person, title: str, *, days: int = 0, second_level: bool = False) -> Claim:
    with transaction() as session, clock.at(MONDAY - timedelta(days=days)):
        return factories.create_claim(
            session, person, status=ClaimStatus.SUBMITTED, title=title, second_level=second_level
        )


def status(*of: Claim) -> list[ClaimStatus]:
    with reading() as session:
        return [session.get_one(Claim, claim.id).status for claim in of]


def tick(app: AppTest, *ticked: Claim) -> None:
    """As the grid reports it, which AppTest cannot click."""
    app.session_state[worklist.CHOSEN] = (UNFILTERED, 0, {claim.id: claim.version for claim in ticked})
    app.run()


def titles(app: AppTest) -> list[str]:
    return list(app.dataframe[0].value["活动名称"])


def refused_lines(app: AppTest) -> str:
    return "\n".join(str(error.value) for error in app.error)


def test_ticked_rows_are_approved_and_the_one_that_cannot_be_is_named(
    open_page: OpenPage, employer: Organisation, reviewer: Account, person: Person
) -> None:
    with transaction() as session:
        mine = factories.create_person(session, name="苏明镜", employer=employer, account=reviewer)
    good, two_levels, own = wait(person, "甲"), wait(person, "乙", second_level=True), wait(mine, "*本人*的培训")
    app = open_page(PAGE, reviewer)
    tick(app, good, two_levels, own)
    assert "已选 3 条" in said(app)
    button(app, "确认批量通过").click().run()
    assert status(good, two_levels, own) == [ClaimStatus.APPROVED, ClaimStatus.ENDORSED, ClaimStatus.SUBMITTED]
    assert "已审核 2 条" in said(app)
    assert f"{mine.name}《\\*本人\\*的培训》：不能审核自己的学时" in refused_lines(app)
    assert "勾选左侧方框可批量审核" in said(app)
    button(app, "知道了").click().run()
    assert refused_lines(app) == ""


def test_a_row_that_a_colleague_decided_meanwhile_is_named_although_it_left_the_list(
    open_page: OpenPage, employer: Organisation, reviewer: Account, person: Person
) -> None:
    gone, here = wait(person, "先送审的"), wait(person, "后送审的")
    app = open_page(PAGE, reviewer)
    tick(app, gone, here)
    with transaction() as session:
        colleague = factories.actor_of(session, factories.create_reviewer(session, employer))
    with transaction() as session:
        claims.act(session, colleague, gone.id, ClaimAction.REJECT, seen=gone.version, opinion="不属实")
    button(app, "确认批量通过").click().run()
    assert status(gone, here) == [ClaimStatus.REJECTED, ClaimStatus.APPROVED]
    assert "先送审的》：内容已发生变化" in refused_lines(app)


def test_rows_are_returned_together_for_a_coded_reason(open_page: OpenPage, reviewer: Account, person: Person) -> None:
    claim = wait(person, "甲")
    app = open_page(PAGE, reviewer)
    tick(app, claim)
    app.selectbox(key="bulk_reason").set_value(ReviewReason.INCOMPLETE)
    button(app, "确认批量退回").click().run()
    with reading() as session:
        kept = session.get_one(Claim, claim.id)
    assert (kept.status, kept.reason) == (ClaimStatus.RETURNED, ReviewReason.INCOMPLETE)


def test_returning_together_without_a_reason_keeps_the_ticks(
    open_page: OpenPage, reviewer: Account, person: Person
) -> None:
    claim = wait(person, "甲")
    app = open_page(PAGE, reviewer)
    tick(app, claim)
    button(app, "确认批量退回").click().run()
    assert "审核意见：请选择原因，或写明意见。" in refused_lines(app)
    assert "已选 1 条" in said(app)
    assert status(claim) == [ClaimStatus.SUBMITTED]


def test_ticks_do_not_follow_into_another_view(open_page: OpenPage, reviewer: Account, person: Person) -> None:
    claim = wait(person, "甲")
    app = open_page(PAGE, reviewer, category="general")
    tick(app, claim)
    assert "已选 1 条" not in said(app)


@pytest.mark.parametrize("press", ["通过", "确认批量通过"])
def test_a_reviewer_who_was_moved_while_the_queue_was_open_is_told_and_changes_nothing(
    open_page: OpenPage, reviewer: Account, person: Person, press: str
) -> None:
    claim = wait(person, "原单位的培训")
    app = open_page(PAGE, reviewer)
    tick(app, claim)
    with transaction() as session:
        grant = session.scalars(select(Grant).where(Grant.account_id == reviewer.id)).one()
        grant.organisation_id = factories.create_employer(session).id
    button(app, press).click().run()
    assert "没有找到该内容，可能已被删除或不属于您的管理范围" in refused_lines(app)
    assert "原单位的培训" not in said(app)
    assert status(claim) == [ClaimStatus.SUBMITTED]


def test_the_address_filters_the_list(open_page: OpenPage, reviewer: Account, person: Person) -> None:
    with clock.at(MONDAY), transaction() as session:
        elective = factories.create_claim(session, person, status=ClaimStatus.SUBMITTED, category=Category.ELECTIVE)
        session.add(ClaimFlag(claim_id=elective.id, kind=FlagKind.LATE))
    wait(person, "甲", second_level=True), wait(person, "乙")
    address = {"order": "oldest", "category": "elective", "flag": "late", "waited": "7"}
    assert titles(open_page(PAGE, reviewer, **address)) == [elective.title]
    assert titles(open_page(PAGE, reviewer, level="2")) == ["甲"]
    assert titles(open_page(PAGE, reviewer, text="乙")) == ["乙"]
    assert "没有符合筛选条件的学时" in said(open_page(PAGE, reviewer, text="丙"))


@pytest.mark.parametrize("name", ["order", "category", "flag", "waited", "level"])
@pytest.mark.parametrize("value", ["nonsense", "-1", "9" * 30, "\0"])
def test_a_made_up_filter_filters_nothing(
    open_page: OpenPage, reviewer: Account, person: Person, name: str, value: str
) -> None:
    wait(person, "甲")
    assert titles(open_page(PAGE, reviewer, **{name: value})) == ["甲"]


def test_a_decision_can_be_found_again_at_once_and_taken_back(
    open_page: OpenPage, reviewer: Account, person: Person
) -> None:
    first, _second = wait(person, "先送审的", days=3), wait(person, "后送审的")
    app = open_page(PAGE, reviewer)
    assert "查看刚审核的一条" not in buttons(app)
    button(app, "通过").click().run()
    assert "后送审的" in app.header[0].value
    button(app, "查看刚审核的一条").click().run()
    assert "先送审的" in app.header[0].value
    button(app, "确认撤回审核").click().run()
    assert status(first) == [ClaimStatus.SUBMITTED]
    assert "先送审的" in app.header[0].value
    assert "通过" in buttons(app)


def test_what_is_known_about_the_claimant_stands_beside_the_decision(
    open_page: OpenPage, reviewer: Account, person: Person
) -> None:
    claim = wait(person, "甲", second_level=True)
    with transaction() as session:
        factories.create_claim(session, person, status=ClaimStatus.APPROVED, title="同名的*活动*")
        binding = session.scalars(select(Binding).where(Binding.person_id == person.id)).one()
        binding.status, binding.ended_on, binding.end_reason = BindingStatus.ENDED, clock.today(), EndReason.LEFT
    with transaction() as session:
        other = session.scalars(select(Claim.id).where(Claim.id != claim.id)).one()
        session.add(ClaimFlag(claim_id=claim.id, kind=FlagKind.SAME_TITLE, other_claim_id=other))
    app = open_page(PAGE, reviewer)
    assert "公需科目 8（审核中 8）" in said(app)
    assert "该人员已调离或离职" in said(app)
    assert "通过后转主管部门" in said(app)
    assert "本年度已有同名活动：林知夏《同名的\\*活动\\*》" in said(app)
    assert app.dataframe[0].value["系统提示"].tolist() == ["同年同名活动"]


def test_the_next_and_the_previous_claim_are_one_key_away(
    open_page: OpenPage, reviewer: Account, person: Person
) -> None:
    wait(person, "甲", days=2), wait(person, "乙")
    app = open_page(PAGE, reviewer)
    assert button(app, "上一条").disabled
    button(app, "下一条").click().run()
    assert "乙" in app.header[0].value
    assert button(app, "下一条").disabled
    button(app, "上一条").click().run()
    assert "甲" in app.header[0].value
    keys = {found.label: found.proto.shortcut for found in app.button}
    assert {word: keys[word] for word in ("通过", "退回", "不通过", "上一条", "下一条")} == {
        "通过": "a",
        "退回": "b",
        "不通过": "x",
        "上一条": "k",
        "下一条": "j",
    }
