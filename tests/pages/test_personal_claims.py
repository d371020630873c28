"""A professional declares hours: the list, the form, the evidence, the promise."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from db import reading, transaction
from db.accounts import Account
from db.claims import ActivityType, Category, Claim, ClaimStatus, Evidence
from db.people import BindingStatus
from services.clock import today
from tests import factories, hostile_files
from tests.counting import CountQueries
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, said

PAGE = "personal/claims"


@pytest.fixture
def account() -> Account:
    with transaction() as session:
        person = factories.create_person(session, employer=factories.create_employer(session, name="晴川设计院"))
        return session.get_one(Account, person.account_id)


def keep(account: Account, status: ClaimStatus = ClaimStatus.DRAFT, *, files: int = 0, title: str = "研修班") -> Claim:
    with transaction() as session:
        claim = factories.create_claim(session, factories.person_of(session, account), status=status, title=title)
        for _ in range(files):
            factories.create_evidence(session, claim)
        return claim


def stored() -> list[Claim]:
    with reading() as session:
        return list(session.scalars(select(Claim).order_by(Claim.id)))


def fill(app: AppTest, *, title: str = "桥梁检测新技术培训班", hours: float = 16) -> None:
    """A form of two days, without pressing a button."""
    yesterday = today() - timedelta(days=1)
    app.selectbox(key="claim_year_new").set_value(today().year)
    app.selectbox(key="category_new").set_value(Category.PROFESSIONAL)
    app.selectbox(key="activity_new").set_value(ActivityType.TRAINING)
    app.text_input(key="title_new").set_value(title)
    app.text_input(key="organiser_new").set_value("晴川继续教育中心")
    app.date_input(key="start_new").set_value(yesterday)
    app.date_input(key="end_new").set_value(today())
    app.number_input(key="hours_new").set_value(hours)


def test_a_saved_form_goes_on_to_the_evidence(open_page: OpenPage, account: Account) -> None:
    app = open_page(PAGE, account)
    button(app, "学时记录添加").click().run()
    fill(app)
    button(app, "保存基本信息").click().run()

    assert [claim.title for claim in stored()] == ["桥梁检测新技术培训班"]
    assert app.query_params["id"] == str(stored()[0].id)
    assert "附件材料上传" in buttons(app)


def test_the_next_new_form_is_empty(open_page: OpenPage, account: Account) -> None:
    app = open_page(PAGE, account, id="new")
    fill(app)
    button(app, "保存基本信息").click().run()
    button(app, "返回列表").click().run()
    button(app, "学时记录添加").click().run()
    typed = [field.value for field in (*app.text_input, *app.date_input, *app.number_input)]
    assert not any(typed), typed


def test_the_arithmetic_of_the_days_is_shown_before_saving(open_page: OpenPage, account: Account) -> None:
    app = open_page(PAGE, account, id="new")
    fill(app, hours=17)
    app.run()
    assert "2 天 × 每天最多 8 学时 = 16 学时。最多可申报 16 学时，现在填写的超出了" in app.warning[0].value
    app.number_input(key="hours_new").set_value(16).run()
    assert not app.warning
    assert "最多可申报 16 学时" in said(app)


def test_a_refused_form_keeps_what_was_typed(open_page: OpenPage, account: Account) -> None:
    app = open_page(PAGE, account, id="new")
    fill(app, hours=17)
    button(app, "保存基本信息").click().run()
    assert "超出了。请核对日期或学时。" in app.error[0].value
    assert app.text_input(key="title_new").value == "桥梁检测新技术培训班"
    assert stored() == []


@pytest.mark.parametrize(
    ("key", "word"),
    [("category_new", "学时类别"), ("title_new", "活动名称"), ("start_new", "开始日期"), ("hours_new", "申报学时")],
)
def test_what_was_left_out_is_named(open_page: OpenPage, account: Account, key: str, word: str) -> None:
    app = open_page(PAGE, account, id="new")
    fill(app)
    widget = next(
        found for found in (*app.selectbox, *app.text_input, *app.date_input, *app.number_input) if found.key == key
    )
    widget.set_value("" if key == "title_new" else None)
    button(app, "保存基本信息").click().run()
    assert word in app.error[0].value


def test_an_empty_form_names_everything_that_is_missing_at_once(open_page: OpenPage, account: Account) -> None:
    app = open_page(PAGE, account, id="new")
    button(app, "保存基本信息").click().run()
    for word in ("学时类别", "活动类型", "活动名称", "主办单位", "开始日期", "结束日期", "申报学时"):
        assert word in app.error[0].value


def test_the_end_follows_the_start_until_it_is_chosen(open_page: OpenPage, account: Account) -> None:
    app = open_page(PAGE, account, id="new")
    app.date_input(key="start_new").set_value(today()).run()
    assert app.date_input(key="end_new").value == today()


def test_a_promised_claim_with_evidence_is_sent(open_page: OpenPage, account: Account) -> None:
    claim = keep(account, files=1)
    app = open_page(PAGE, account, id=str(claim.id))
    button(app, "确认送审").click().run()
    assert "请先勾选承诺" in said(app)
    app.checkbox[0].check()
    button(app, "确认送审").click().run()
    assert [claim.status for claim in stored()] == [ClaimStatus.SUBMITTED]


def test_unsaved_changes_are_not_sent_away_silently(open_page: OpenPage, account: Account) -> None:
    claim = keep(account, files=1)
    app = open_page(PAGE, account, id=str(claim.id))
    app.text_input(key=f"title_{claim.id}_{claim.version}").set_value("别的名称")
    app.checkbox[0].check()
    button(app, "确认送审").click().run()
    assert "还没有保存" in app.warning[0].value
    assert [claim.status for claim in stored()] == [ClaimStatus.DRAFT]


def test_of_two_files_the_refused_one_says_why_and_the_other_is_kept(open_page: OpenPage, account: Account) -> None:
    claim = keep(account)
    app = open_page(PAGE, account, id=str(claim.id))
    app.file_uploader[0].set_value(
        [("坏的.pdf", b"MZ\x90", "application/pdf"), ("好的.pdf", hostile_files.pdf(), "application/pdf")]
    )
    button(app, "附件材料上传").click().run()
    assert "坏的" in app.error[0].value
    with reading() as session:
        assert session.scalars(select(Evidence.file_name)).all() == ["好的.pdf"]


def test_a_file_is_removed_and_a_draft_deleted(open_page: OpenPage, account: Account) -> None:
    claim = keep(account, files=1)
    app = open_page(PAGE, account, id=str(claim.id))
    button(app, "移除").click().run()
    with reading() as session:
        assert session.scalars(select(Evidence)).all() == []
    button(app, "确认删除").click().run()
    assert stored() == []


def test_a_pending_claim_names_the_reviewer_and_can_be_withdrawn(open_page: OpenPage, account: Account) -> None:
    keep(account, ClaimStatus.SUBMITTED)
    app = open_page(PAGE, account)
    assert "审核单位：晴川设计院，联系人" in said(app)
    button(app, "撤回").click().run()
    assert [claim.status for claim in stored()] == [ClaimStatus.DRAFT]


def test_the_list_keeps_to_the_year_in_the_address(open_page: OpenPage, account: Account) -> None:
    keep(account, title="今年的课")
    with transaction() as session:
        factories.create_claim(session, factories.person_of(session, account), year=2024, title="早年的课")
    app = open_page(PAGE, account)
    assert "今年的课" in said(app)
    app.query_params["year"] = "2024"
    app.run()
    assert "早年的课" in said(app)
    assert "今年的课" not in said(app)


def test_somebody_elses_claim_is_not_found(open_page: OpenPage, account: Account) -> None:
    with transaction() as session:
        other = factories.create_claim(session, factories.create_person(session))
    app = open_page(PAGE, account, id=str(other.id))
    assert "没有找到" in app.error[0].value


def test_whoever_has_no_employer_is_told_before_he_sends(open_page: OpenPage, account: Account) -> None:
    with transaction() as session:
        person = factories.create_person(session)
        factories.create_binding(session, person, factories.create_employer(session), status=BindingStatus.REQUESTED)
        lonely = session.get_one(Account, person.account_id)
    assert "还没有确认的工作单位" in said(open_page(PAGE, lonely))


@pytest.mark.parametrize("number", [1, 60])
def test_the_list_asks_four_questions_however_long_it_is(
    open_page: OpenPage, account: Account, count_queries: CountQueries, number: int
) -> None:
    for _ in range(number):
        keep(account, ClaimStatus.SUBMITTED, files=2)
    app = open_page(PAGE, account)
    with count_queries() as queries:
        app.run()
    assert not app.exception
    assert len(queries) <= 4, queries


def test_what_is_noticed_is_said_before_sending_and_stops_nobody(open_page: OpenPage, account: Account) -> None:
    keep(account, ClaimStatus.APPROVED, title="*数字化* 转型")
    claim = keep(account, files=1, title="数字化转型")
    app = open_page(PAGE, account, id=str(claim.id))
    assert "系统提示，不影响送审" in app.info[0].value
    assert "本年度已有同名活动：《\\*数字化\\* 转型》" in app.info[0].value
    app.checkbox[0].check()
    button(app, "确认送审").click().run()
    assert ClaimStatus.SUBMITTED in {each.status for each in stored()}


def test_one_claim_asks_eleven(open_page: OpenPage, account: Account, count_queries: CountQueries) -> None:
    claim = keep(account, files=3)
    app = open_page(PAGE, account, id=str(claim.id))
    with count_queries() as queries:
        app.run()
    assert not app.exception
    assert len(queries) <= 11, queries


def test_hours_are_shown_without_an_empty_decimal_place(open_page: OpenPage, account: Account) -> None:
    with transaction() as session:
        person = factories.person_of(session, account)
        factories.create_claim(session, person, status=ClaimStatus.APPROVED, hours=Decimal(8), awarded=Decimal("4.5"))
    assert "申报 **8** 学时，核定 **4.5** 学时" in said(open_page(PAGE, account))
