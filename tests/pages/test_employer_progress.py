"""Who is behind in what, reminded from the list and exported from it."""

from decimal import Decimal
from http import HTTPStatus

import pytest

from db import transaction
from db.accounts import Account
from db.claims import Category, ClaimStatus
from db.organisations import Organisation
from db.people import Person
from services import statistics
from services.clock import today
from services.permissions import SYSTEM
from tests import factories
from tests import spreadsheet_files as files
from tests.counting import CountQueries
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, said
from tests.web.client import new_client, token_for

PAGE = "employer/progress"
YEAR = str(today().year)
FULL = {Category.GENERAL: Decimal(30), Category.PROFESSIONAL: Decimal(42), Category.ELECTIVE: Decimal(18)}


@pytest.fixture
def behind(employer: Organisation) -> Person:
    with transaction() as session:
        factories.create_person(session, name="苏清和", employer=employer)
        person = factories.create_person(session, name="=林知夏", employer=employer)
        factories.create_claim(session, person, status=ClaimStatus.APPROVED, hours=Decimal("29.5"))
        done = factories.create_person(session, name="陈望舒", employer=employer)
        for category, hours in FULL.items():
            factories.create_claim(session, done, status=ClaimStatus.APPROVED, category=category, hours=hours)
    statistics.recompute(transaction, SYSTEM)
    return person


@pytest.mark.usefixtures("behind")
def test_the_staff_is_listed_with_what_each_one_lacks(open_page: OpenPage, reviewer: Account) -> None:
    app = open_page(PAGE, reviewer)
    assert [metric.value for metric in app.metric] == ["3", "1", "2", "2", "2", "2"]
    table = app.dataframe[0].value
    assert list(table["姓名"]) == ["苏清和", "=林知夏", "陈望舒"]
    assert list(table["还差学时"]) == ["90", "60.5", "已达标"]
    assert list(table["公需科目"]) == ["0 / 30（差 30）", "29.5 / 30（差 0.5）", "30 / 30"]
    assert "官方统计时间" in said(app)


@pytest.mark.usefixtures("behind")
def test_the_filters_of_the_address_are_shown_and_followed(open_page: OpenPage, reviewer: Account) -> None:
    app = open_page(PAGE, reviewer, status="behind", text="知", lacking="general")
    assert list(app.dataframe[0].value["姓名"]) == ["=林知夏"]
    assert [box.value for box in app.selectbox] == [YEAR, "general"]
    app.selectbox[1].select_index(0).run()
    assert app.query_params["status"] == "behind"
    assert "lacking" not in app.query_params


@pytest.mark.usefixtures("behind")
@pytest.mark.parametrize("year", ["x", "20260", "-1", "²⁰²⁶"])
def test_an_odd_year_in_the_address_is_this_one(open_page: OpenPage, reviewer: Account, year: str) -> None:
    assert open_page(PAGE, reviewer, year=year).metric[0].value == "3"


@pytest.mark.parametrize("year", ["1999", "９９９９"])
def test_a_year_that_asks_for_nothing_is_refused_in_words(open_page: OpenPage, reviewer: Account, year: str) -> None:
    assert "没有规定学时要求" in open_page(PAGE, reviewer, year=year).error[0].value


def test_an_employer_without_staff_learns_how_to_get_some(open_page: OpenPage, reviewer: Account) -> None:
    assert "批量导入" in open_page(PAGE, reviewer).info[0].value


def test_a_search_that_finds_nobody_says_so(open_page: OpenPage, reviewer: Account, behind: Person) -> None:
    assert "换一个条件" in open_page(PAGE, reviewer, text="无此人").info[0].value


def test_everybody_who_is_behind_is_reminded_and_sees_it_at_home(
    open_page: OpenPage, reviewer: Account, behind: Person
) -> None:
    app = open_page(PAGE, reviewer)
    button(app, "确定提醒").click().run()
    assert [bool(when) for when in app.dataframe[0].value["上次提醒"]] == [True, True, False]
    with transaction() as session:
        account = session.get_one(Account, behind.account_id)
    assert "还差学时：公需科目 0.5、专业科目 42、选修科目 18" in said(open_page("personal/home", account))


def test_a_reminder_is_gone_when_the_live_hours_are_there(
    open_page: OpenPage, reviewer: Account, behind: Person
) -> None:
    button(open_page(PAGE, reviewer), "确定提醒").click().run()
    with transaction() as session:
        for category, hours in FULL.items():
            factories.create_claim(session, behind, status=ClaimStatus.APPROVED, category=category, hours=hours)
        account = session.get_one(Account, behind.account_id)
    assert "单位提醒" not in repr(open_page("personal/home", account).main)


def test_reminding_twice_in_a_week_is_refused_with_the_reason(
    open_page: OpenPage, reviewer: Account, behind: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    button(open_page(PAGE, reviewer), "确定提醒").click().run()
    app = open_page(PAGE, reviewer)
    button(app, "确定提醒").click().run()
    assert "本周提醒过的不再重复" in app.error[0].value


@pytest.mark.usefixtures("behind")
def test_nobody_is_reminded_in_a_list_of_those_who_are_done(open_page: OpenPage, reviewer: Account) -> None:
    assert "确定提醒" not in buttons(open_page(PAGE, reviewer, status="met"))


def test_the_list_costs_the_same_with_more_people(
    open_page: OpenPage, reviewer: Account, employer: Organisation, count_queries: CountQueries
) -> None:
    with transaction() as session:
        for _ in range(60):
            factories.create_person(session, employer=employer)
    app = open_page(PAGE, reviewer)
    assert len(app.dataframe[0].value) == 50
    with count_queries() as queries:
        app.run()
    assert len(queries) <= 8, queries
    button(app, "下一页").click().run()
    assert len(app.dataframe[0].value) == 10


@pytest.mark.usefixtures("behind")
def test_the_export_holds_what_the_list_shows_with_masked_numbers_and_no_formulas(reviewer: Account) -> None:
    response = new_client(token=token_for(reviewer)).get("/exports/progress", params={"year": YEAR, "status": "behind"})
    assert response.status_code == HTTPStatus.OK
    header, *rows = files.rows_of(response.content)
    assert header[:4] == ("姓名", "证件号码", "手机号码", "所在部门")
    assert [(row[0], row[header.index("公需科目 还差")]) for row in rows] == [("苏清和", 30), ("=林知夏", 0.5)]
    assert all("*" in row[1] for row in rows)
    sheet = files.first_sheet(response.content)
    assert sheet["A3"].data_type == "s"
    assert sheet["A3"].quotePrefix


def test_an_export_of_no_year_is_not_found(reviewer: Account) -> None:
    answer = new_client(token=token_for(reviewer)).get("/exports/progress", params={"year": "1999"})
    assert answer.status_code == HTTPStatus.NOT_FOUND
