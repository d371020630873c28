"""Who is behind in what, reminded from the list and exported from it."""

import io
import zipfile
from decimal import Decimal
from http import HTTPStatus

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from db import transaction
from db.accounts import Account
from db.claims import Category, ClaimStatus
from db.organisations import Organisation
from db.people import Binding, Person
from services import staff_certificates, statistics
from services.clock import today
from services.permissions import SYSTEM
from tests import factories, forecasts
from tests import spreadsheet_files as files
from tests.counting import CountQueries
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, said
from tests.services.pdf import reading as reading_back
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
    assert len(queries) <= 9, queries
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


def certificate_files(app: AppTest) -> list[str]:
    """Where the links to certificates lead."""
    addresses = [link.proto.url for link in app.get("link_button")]
    return [address for address in addresses if address.startswith("/exports/staff-certificates")]


def met_as_well(employer: Organisation, name: str) -> None:
    with transaction() as session:
        person = factories.create_person(session, name=name, employer=employer)
        for category, hours in FULL.items():
            factories.create_claim(session, person, status=ClaimStatus.APPROVED, category=category, hours=hours)
    statistics.recompute(transaction, SYSTEM)


@pytest.mark.usefixtures("behind")
def test_certificates_of_all_who_have_met_the_year_are_printed_and_taken_along(
    open_page: OpenPage, reviewer: Account
) -> None:
    app = open_page(PAGE, reviewer)
    assert certificate_files(app) == []
    button(app, "批量打印证书").click().run()
    assert "已打印 1 份证书" in said(app)
    assert list(app.dataframe[0].value["证书"]) == ["", "", "已打印"]
    address = f"/exports/staff-certificates?year={YEAR}&form="
    assert certificate_files(app) == [f"{address}pdf", f"{address}zip"]
    assert button(app, "批量打印证书").disabled
    button(app, "知道了").click().run()
    assert "已打印 1 份证书" not in said(app)
    client = new_client(token=token_for(reviewer))
    pdf, archive = (client.get(file) for file in certificate_files(app))
    assert [each.status_code for each in (pdf, archive)] == [HTTPStatus.OK, HTTPStatus.OK]
    assert pdf.headers["content-type"] == "application/pdf"
    assert "attachment" in archive.headers["content-disposition"]
    assert pdf.headers["cache-control"] == archive.headers["cache-control"] == "no-store"
    (page,) = reading_back.pages(pdf.content)
    assert "陈望舒" in page
    with zipfile.ZipFile(io.BytesIO(archive.content)) as packed:
        (name,) = packed.namelist()
    assert name.startswith("陈望舒_")


def test_whoever_is_not_printed_is_named_with_what_to_do(
    open_page: OpenPage, reviewer: Account, employer: Organisation
) -> None:
    met_as_well(employer, "王\U0003134a")
    met_as_well(employer, "林知夏")
    app = open_page(PAGE, reviewer)
    button(app, "批量打印证书").click().run()
    assert "已打印 1 份证书" in said(app)
    assert "以下 1 人没有打印" in app.error[0].value
    assert r"U\+3134A" in app.error[0].value
    assert "继续教育证书打印" in app.error[0].value


@pytest.mark.usefixtures("behind")
def test_the_certificates_of_another_employers_staff_are_not_found(reviewer: Account, employer: Organisation) -> None:
    with transaction() as session:
        other = factories.create_reviewer(session, factories.create_employer(session))
        actor = factories.actor_of(session, reviewer)
        bindings = session.scalars(select(Binding.id)).all()
    staff_certificates.issue(transaction, actor, int(YEAR))
    chosen = "-".join(map(str, bindings))
    client = new_client(token=token_for(other))
    for parameters in (
        {"year": YEAR},
        {"year": YEAR, "chosen": chosen},
        {"year": YEAR, "form": "zip", "chosen": chosen},
    ):
        assert client.get("/exports/staff-certificates", params=parameters).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.usefixtures("behind")
@pytest.mark.parametrize(
    "parameters",
    [{}, {"year": "x"}, {"year": "1999"}, {"year": YEAR, "chosen": ""}, {"year": YEAR, "chosen": "x-²-" + "9" * 30}],
)
def test_an_odd_address_hands_out_no_certificate(reviewer: Account, parameters: dict[str, str]) -> None:
    with transaction() as session:
        actor = factories.actor_of(session, reviewer)
    staff_certificates.issue(transaction, actor, int(YEAR))
    answer = new_client(token=token_for(reviewer)).get("/exports/staff-certificates", params=parameters)
    assert answer.status_code == HTTPStatus.NOT_FOUND


@pytest.fixture
def going_on(employer: Organisation) -> list[Person]:
    """A staff whose year is forecast: twelve people of whom three met each year in the end."""
    with forecasts.september():
        with transaction() as session:
            people = forecasts.hire(session, employer, 12)
            for year in (2024, 2025):
                forecasts.live(session, people, year, 3)
            forecasts.live(session, people, 2026, 0)
        forecasts.make()
    return people


def test_the_end_of_the_year_is_forecast_and_those_at_risk_are_listed(
    open_page: OpenPage, reviewer: Account, going_on: list[Person]
) -> None:
    app = open_page(PAGE, reviewer, year="2026", status="at_risk")
    assert "预计年底达标" in said(app)
    assert "可能不达标 **12** 人" in said(app)
    assert "年底实际 3 / 12 人" in said(app)
    assert sorted(app.dataframe[0].value["姓名"]) == sorted(person.name for person in going_on)


@pytest.mark.usefixtures("going_on")
def test_the_forecast_speaks_english(open_page: OpenPage, reviewer: Account) -> None:
    with transaction() as session:
        session.get_one(Account, reviewer.id).language = "en"
    app = open_page(PAGE, reviewer, year="2026", status="at_risk")
    assert not app.error
    assert "in four cases of five" in said(app)
    assert "On the same day last year" in said(app)


@pytest.mark.usefixtures("going_on")
def test_a_year_that_is_over_has_no_forecast(open_page: OpenPage, reviewer: Account) -> None:
    app = open_page(PAGE, reviewer, year="2025", status="at_risk")
    assert "预计年底达标" not in said(app)
    assert not app.dataframe
