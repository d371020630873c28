"""What a professional sees first: where he stands, and what to do next."""

from decimal import Decimal

import pytest

from db import transaction
from db.accounts import Account
from db.claims import Category, ClaimStatus
from db.organisations import Organisation
from db.people import BindingStatus
from services import statistics
from services.permissions import SYSTEM
from tests import factories
from tests.counting import CountQueries
from tests.pages.conftest import OpenPage
from tests.pages.reading import links, said

FULL = {Category.GENERAL: Decimal(30), Category.PROFESSIONAL: Decimal(42), Category.ELECTIVE: Decimal(18)}


def professional(*claims: tuple[ClaimStatus, Category, Decimal], employed: bool = True) -> Account:
    with transaction() as session:
        employer: Organisation | None = factories.create_employer(session) if employed else None
        person = factories.create_person(session, employer=employer)
        for status, category, hours in claims:
            factories.create_claim(session, person, status=status, category=category, hours=hours)
        return session.get_one(Account, person.account_id)


def test_official_and_live_hours_stand_side_by_side(open_page: OpenPage) -> None:
    account = professional((ClaimStatus.APPROVED, Category.GENERAL, Decimal(24)))
    statistics.recompute(transaction, SYSTEM)
    with transaction() as session:
        person = factories.person_of(session, account)
        factories.create_claim(session, person, status=ClaimStatus.APPROVED, hours=Decimal(6))
        factories.create_claim(session, person, status=ClaimStatus.SUBMITTED, hours=Decimal("4.5"))
    app = open_page("personal/home", account)
    assert [metric.value for metric in app.metric] == ["24 / 30 学时", "0 / 42 学时", "0 / 18 学时"]
    assert "还差：公需科目 6 学时、专业科目 42 学时、选修科目 18 学时" in said(app)
    assert "实时已通过 **30** 学时  \n待审核 **4.5** · 未送审 **0** · 不计入 **0**" in said(app)
    assert "审核已全部通过，下次官方统计后即达到要求。" in said(app)


@pytest.mark.parametrize(
    ("status", "hours", "sentence"),
    [
        (ClaimStatus.SUBMITTED, Decimal(30), "待审核的学时通过后，即可达到要求。"),
        (ClaimStatus.DRAFT, Decimal(30), "把未送审的记录送审并获得通过后，即可达到要求。"),
        (ClaimStatus.DRAFT, Decimal("4.5"), "还需再学习并申报 25.5 学时"),
    ],
)
def test_the_page_says_what_is_still_missing(
    open_page: OpenPage, status: ClaimStatus, hours: Decimal, sentence: str
) -> None:
    app = open_page("personal/home", professional((status, Category.GENERAL, hours)))
    assert sentence in said(app)


def test_every_record_says_whether_it_counts_and_who_has_it(open_page: OpenPage) -> None:
    account = professional(
        (ClaimStatus.APPROVED, Category.GENERAL, Decimal(8)),
        (ClaimStatus.SUBMITTED, Category.PROFESSIONAL, Decimal(6)),
        (ClaimStatus.REJECTED, Category.ELECTIVE, Decimal(4)),
    )
    statistics.recompute(transaction, SYSTEM)
    app = open_page("personal/home", account)
    table = app.dataframe[0].value
    assert list(table.columns)[:4] == ["活动名称", "计入", "是否计入", "原因"]  # what a telephone shows first
    assert list(table["是否计入"]) == ["已计入", "待单位审核", "不通过"]
    assert list(table["计入"]) == ["8", "0", "0"]
    assert "等待“" in table["原因"][1]
    waiting = next(text.value for text in app.caption if "hourglass" in text.value)
    assert table["联系电话"][1] in waiting.replace("\\", "")


def test_a_year_without_records_says_what_to_do(open_page: OpenPage) -> None:
    assert "年度还没有学时记录" in said(open_page("personal/home", professional()))


def test_the_figures_name_their_run_and_the_edition_that_asks_for_them(open_page: OpenPage) -> None:
    account = professional()
    run = statistics.recompute(transaction, SYSTEM)
    assert f"官方统计第 {run} 次" in said(open_page("personal/home", account)).replace("\\", "")


def test_a_year_whose_hours_nobody_confirmed_says_so(open_page: OpenPage) -> None:
    assert "该年度要求未经正式文件确认" in said(open_page("personal/home", professional(), year="2019"))


def test_to_do_names_the_employer_that_is_missing_and_the_claims_that_wait(open_page: OpenPage) -> None:
    app = open_page("personal/home", professional((ClaimStatus.DRAFT, Category.GENERAL, Decimal(8)), employed=False))
    assert links(app) == {"选择工作单位": "personal-profile", "1 条学时记录未送审": "personal-claims"}
    returned = open_page("personal/home", professional((ClaimStatus.RETURNED, Category.GENERAL, Decimal(8))))
    assert links(returned) == {"1 条学时记录被退回": "personal-claims"}


def test_who_waits_for_his_employer_is_told_so_and_has_nothing_to_do(open_page: OpenPage) -> None:
    account = professional(employed=False)
    with transaction() as session:
        employer = factories.create_employer(session)
        factories.create_binding(
            session, factories.person_of(session, account), employer, status=BindingStatus.REQUESTED
        )
    assert list(links(open_page("personal/home", account))) == ["等待单位确认"]


def test_who_has_nothing_to_do_learns_what_comes_next(open_page: OpenPage) -> None:
    app = open_page("personal/home", professional())
    assert links(app) == {}
    assert "没有待办事项" in said(app)


def test_whoever_met_all_three_is_led_to_the_certificate(open_page: OpenPage) -> None:
    account = professional(*((ClaimStatus.APPROVED, category, hours) for category, hours in FULL.items()))
    statistics.recompute(transaction, SYSTEM)
    app = open_page("personal/home", account)
    assert links(app) == {"打印证书": "personal-certificates"}


def test_the_year_in_the_address_is_shown(open_page: OpenPage) -> None:
    app = open_page("personal/home", professional(), year="2019")
    assert app.selectbox(key="year").value == 2019
    assert "2019 年度还差" in said(app)


def test_english_is_said_in_english(open_page: OpenPage) -> None:
    account = professional()
    with transaction() as session:
        session.get_one(Account, account.id).language = "en"
    app = open_page("personal/home", account)
    assert app.title[0].value == "Home"


def test_the_home_page_asks_three_questions(open_page: OpenPage, count_queries: CountQueries) -> None:
    app = open_page("personal/home", professional())
    with count_queries() as queries:
        app.run()
    assert not app.exception
    assert len(queries) <= 3, queries
