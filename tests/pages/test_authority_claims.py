"""The supervisor's queue: recognising, one by one and many at once, and what keeps him from it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import delete
from streamlit.testing.v1 import AppTest

from db import reading, transaction
from db.accounts import Account, Grant, Role
from db.claims import Category, Claim, ClaimAction, ClaimStatus, ReviewReason
from db.organisations import Organisation
from db.people import Person
from services import claims, clock, recognition
from tests import factories
from tests.counting import CountQueries
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, said
from web import worklist

PAGE = "authority/claims"
MONDAY = datetime(2026, 6, 15, 2, tzinfo=UTC)
DECISIONS = {"通过", "退回", "不通过"}


@pytest.fixture
def employer() -> Organisation:
    with transaction() as session:
        return factories.create_employer(session, name="晴川中学")


@pytest.fixture
def person(employer: Organisation) -> Person:
    with transaction() as session:
        return factories.create_person(session, name="林知夏", employer=employer)


@pytest.fixture
def supervisor() -> Account:
    with transaction() as session:
        return factories.create_supervisor(session, "440100")


def endorse(person: Person, title: str, *, days: int = 0, endorsed: Decimal = Decimal(6)) -> Claim:
    with transaction() as session, clock.at(MONDAY - timedelta(days=days)):
        claim = factories.create_claim(session, person, status=ClaimStatus.ENDORSED, title=title)
        claim.hours_endorsed = endorsed
        step = factories.create_step(session, claim, ClaimStatus.ENDORSED, action=ClaimAction.ENDORSE)
        step.actor_name, step.opinion, step.from_status = "樊晓月", "已核对原件", ClaimStatus.SUBMITTED
        return claim


def stored(claim: Claim) -> Claim:
    with reading() as session:
        return session.get_one(Claim, claim.id)


def press(app: AppTest, label: str) -> AppTest:
    return button(app, label).click().run()


def test_the_supervisor_sees_what_the_employer_said_and_recognises(
    open_page: OpenPage, supervisor: Account, person: Person
) -> None:
    second, first = endorse(person, "后审核的培训"), endorse(person, "先审核的培训", days=9)
    app = open_page(PAGE, supervisor)
    assert "先审核的培训" in app.header[0].value
    for words in ("晴川中学", "樊晓月", "单位核定 **6** 学时", "已核对原件", "证书编号"):
        assert words in said(app)
    app.number_input[0].set_value(4.5)
    press(app, "通过")
    assert "后审核的培训" in app.header[0].value
    assert (stored(first).status, stored(first).hours_awarded) == (ClaimStatus.APPROVED, Decimal("4.5"))
    assert stored(second).status is ClaimStatus.ENDORSED


def test_more_than_was_endorsed_is_refused_and_nothing_is_lost(
    open_page: OpenPage, supervisor: Account, person: Person
) -> None:
    claim = endorse(person, "教师培训")
    app = open_page(PAGE, supervisor)
    app.number_input[0].set_value(7.0)
    app.text_area[-1].set_value("核对无误")
    press(app, "通过")
    assert "不能超过单位核定的 6 学时" in said(app)
    assert (app.number_input[0].value, app.text_area[-1].value) == (7.0, "核对无误")
    assert stored(claim).status is ClaimStatus.ENDORSED


@pytest.mark.parametrize(("label", "status"), [("退回", ClaimStatus.RETURNED), ("不通过", ClaimStatus.REJECTED)])
def test_a_reason_from_the_list_is_enough(
    open_page: OpenPage, supervisor: Account, person: Person, label: str, status: ClaimStatus
) -> None:
    claim = endorse(person, "教师培训")
    app = open_page(PAGE, supervisor)
    press(app, label)
    assert [error.value for error in app.error] == ["审核意见：请选择原因，或写明意见。"]
    next(box for box in app.selectbox if box.label == "原因").set_value(ReviewReason.UNREADABLE)
    press(app, label)
    assert (stored(claim).status, stored(claim).reason) == (status, ReviewReason.UNREADABLE)


def test_a_decision_is_taken_back(open_page: OpenPage, supervisor: Account, person: Person) -> None:
    claim = endorse(person, "教师培训")
    app = open_page(PAGE, supervisor)
    press(app, "通过")
    app = open_page(PAGE, supervisor, status="approved", id=str(claim.id))
    press(app, "确认撤回审核")
    assert stored(claim).status is ClaimStatus.ENDORSED


def test_many_are_recognised_at_once_and_the_refused_one_is_named(
    open_page: OpenPage, supervisor: Account, person: Person
) -> None:
    with transaction() as session:
        both = factories.create_person(session, account=session.get_one(Account, supervisor.id))
    own = endorse_own(both, person)
    others = [endorse(person, f"第{number}次培训") for number in range(2)]
    app = open_page(PAGE, supervisor)
    # As the grid reports it, which AppTest cannot click.
    app.session_state[worklist.CHOSEN] = ("[]", 0, {each.id: each.version for each in (own, *others)})
    app.run()
    press(app, "确认批量通过")
    assert "已审核 2 条" in said(app)
    assert f"{both.name}《本人的培训》：不能审核自己的学时" in said(app)
    assert [stored(each).status for each in (own, *others)] == [
        ClaimStatus.ENDORSED,
        ClaimStatus.APPROVED,
        ClaimStatus.APPROVED,
    ]


def endorse_own(both: Person, colleague: Person) -> Claim:
    claim = endorse(colleague, "本人的培训")
    with transaction() as session:
        own = session.get_one(Claim, claim.id)
        own.person_id = both.id
    return own


def test_the_filters_are_taken_from_the_address(open_page: OpenPage, supervisor: Account, person: Person) -> None:
    endorse(person, "公需培训")
    with transaction() as session:
        session.get_one(Claim, endorse(person, "选修培训").id).category = Category.ELECTIVE
    app = open_page(PAGE, supervisor, category="elective", division="440104", employer="晴川")
    assert list(app.dataframe[0].value["活动名称"]) == ["选修培训"]
    assert "没有找到符合条件的学时" in said(open_page(PAGE, supervisor, text="没有这样的活动"))


@pytest.mark.parametrize(
    "address",
    [
        {"division": "999999", "category": "x", "source": "1"},
        {"division": "abc", "status": "draft", "id": "-1", "after": "99999999999999999999"},
        {"view": "nonsense"},
    ],
)
def test_a_made_up_address_leads_to_the_queue(
    open_page: OpenPage, supervisor: Account, person: Person, address: dict[str, str]
) -> None:
    endorse(person, "教师培训")
    assert "教师培训" in open_page(PAGE, supervisor, **address).header[0].value


def test_what_is_open_names_who_decided_meanwhile(open_page: OpenPage, supervisor: Account, person: Person) -> None:
    claim = endorse(person, "教师培训")
    app = open_page(PAGE, supervisor)
    with transaction() as session:
        colleague = factories.actor_of(session, factories.create_supervisor(session, "440000"))
    with transaction() as session:
        claims.act(session, colleague, claim.id, ClaimAction.APPROVE, seen=claim.version)
    press(app, "不通过")
    assert f"{colleague.name} 已于" in said(app)
    assert not DECISIONS & set(buttons(app))
    assert stored(claim).status is ClaimStatus.APPROVED


def test_who_loses_the_grant_while_the_page_is_open_decides_nothing(
    open_page: OpenPage, supervisor: Account, person: Person
) -> None:
    claim = endorse(person, "教师培训")
    app = open_page(PAGE, supervisor)
    with transaction() as session:
        session.execute(delete(Grant).where(Grant.account_id == supervisor.id))
        factories.grant(session, session.get_one(Account, supervisor.id), Role.ANALYST)
    press(app, "通过")
    assert "教师培训" not in said(app)
    assert stored(claim).status is ClaimStatus.ENDORSED


def test_one_who_endorsed_reads_why_he_cannot_recognise(
    open_page: OpenPage, supervisor: Account, person: Person
) -> None:
    claim = endorse(person, "教师培训")
    with transaction() as session:
        factories.create_step(
            session, claim, ClaimStatus.ENDORSED, action=ClaimAction.ENDORSE, by=session.get_one(Account, supervisor.id)
        )
    app = open_page(PAGE, supervisor)
    assert "不能再由您认定" in app.info[0].value
    assert not DECISIONS & set(buttons(app))


def test_the_number_of_queries_does_not_grow_with_the_queue(
    open_page: OpenPage, supervisor: Account, person: Person, count_queries: CountQueries
) -> None:
    with transaction() as session:
        for _ in range(recognition.PAGE_SIZE + 10):
            factories.create_claim(session, person, status=ClaimStatus.ENDORSED)
    app = open_page(PAGE, supervisor)
    with count_queries() as queries:
        app.run()
    assert len(app.dataframe[0].value) == recognition.PAGE_SIZE
    assert len(queries) <= 8, queries


def test_nobody_else_has_this_page(open_page: OpenPage, person: Person) -> None:
    with transaction() as session:
        owner = session.get_one(Account, person.account_id)
    with pytest.raises(ValueError, match="claims"):
        open_page(PAGE, owner)
