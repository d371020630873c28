"""What a supervisor sees of the year's end: employers, intervals, last year's result, and names only when recorded."""

from http import HTTPStatus

import pytest
from sqlalchemy import func, select
from streamlit.testing.v1 import AppTest

from db import reading, transaction
from db.accounts import Account
from db.events import Event
from db.organisations import Organisation
from db.people import Person
from services import forecasts, people_at_risk
from tests import factories
from tests import spreadsheet_files as files
from tests.counting import CountQueries
from tests.forecasts import hire, live, make, september
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, said
from tests.web.client import new_client, token_for

PAGE = "authority/forecast"
SHOW = "查看可能不达标的人员（12）"


@pytest.fixture
def staff(employer: Organisation) -> list[Person]:
    """Of twelve people three have met each year in the end."""
    with september():
        with transaction() as session:
            people = hire(session, employer, 12)
            for year in (2023, 2024, 2025):
                live(session, people, year, 3)
            live(session, people, 2026, 0)
            people[0].name = "*林知夏*"
        make()
    return people


def figures(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def looks() -> int:
    with reading() as session:
        return session.scalar(select(func.count()).where(Event.action == people_at_risk.ACTION)) or 0


@pytest.mark.usefixtures("staff")
def test_this_year_stands_above_what_became_of_the_last_one(
    open_page: OpenPage, supervisor: Account, employer: Organisation
) -> None:
    app = open_page(PAGE, supervisor)
    assert [each.value for each in app.header] == ["2026 年度预测", "2025 年度：当时的预测与结果"]
    shown = figures(app)
    assert (shown["可能不达标"], shown["年底实际达标（25%）"], shown["落在区间内的单位"]) == ("12", "3", "1 / 1")
    this, last = app.dataframe[0].value, app.dataframe[1].value
    assert list(this["单位"]) == list(last["单位"]) == [employer.name]
    assert list(last["年底实际达标"]) == [3]
    assert list(last["在区间内"]) == ["是"]
    assert "从此前 3 个年度同一天的 36 人次学得" in said(app)
    assert "布里尔评分" in said(app)
    assert f"{employer.name}（12）" in buttons(app)


@pytest.mark.usefixtures("staff")
def test_what_it_rests_on_is_told_in_full(open_page: OpenPage, supervisor: Account) -> None:
    table = open_page(PAGE, supervisor).dataframe[-1].value
    assert list(table["已完成比例"]) == ["0%", *(f"{low}% 至不足 {low + 10}%" for low in range(0, 100, 10)), "已达标"]
    assert list(table["往年人次"]) == [0, 0, 0, 0, 36, 0, 0, 0, 0, 0, 0, 0]
    assert list(table["达标概率（%）"]) == sorted(table["达标概率（%）"])


def test_names_are_shown_after_a_press_that_is_recorded(
    open_page: OpenPage, supervisor: Account, employer: Organisation, staff: list[Person]
) -> None:
    app = open_page(PAGE, supervisor, employer=str(employer.id))
    assert staff[1].name not in str([each.value for each in app.dataframe])
    assert looks() == 0
    button(app, SHOW).click().run()
    table = app.dataframe[0].value
    assert sorted(table["姓名"]) == sorted(["*林知夏*", *(person.name for person in staff[1:])])
    assert set(table["缺专业科目"]) == {"42"}
    assert set(table["缺公需科目"]) == {""}
    assert all("*" in number for number in table["证件号码"])
    app.run()
    assert looks() == 1


def test_the_way_to_names_and_back_stays_in_the_address(
    open_page: OpenPage, supervisor: Account, employer: Organisation, staff: list[Person]
) -> None:
    app = open_page(PAGE, supervisor)
    button(app, f"{employer.name}（12）").click().run()
    button(app, SHOW).click().run()
    assert app.query_params == {"employer": str(employer.id), "people": "1"}
    assert staff[3].name in set(app.dataframe[0].value["姓名"])
    button(app, "全部单位").click().run()
    assert not app.query_params
    assert f"{employer.name}（12）" in buttons(app)


def test_an_address_that_shows_names_is_recorded_as_well(
    open_page: OpenPage, supervisor: Account, employer: Organisation, staff: list[Person]
) -> None:
    app = open_page(PAGE, supervisor, employer=str(employer.id), people="1")
    assert staff[3].name in set(app.dataframe[0].value["姓名"])
    assert looks() == 1


def test_names_come_in_pages(
    open_page: OpenPage,
    supervisor: Account,
    employer: Organisation,
    staff: list[Person],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(people_at_risk, "PAGE_SIZE", 7)
    app = open_page(PAGE, supervisor, employer=str(employer.id), people="1")
    first = list(app.dataframe[0].value["姓名"])
    button(app, "下一页").click().run()
    second = list(app.dataframe[0].value["姓名"])
    assert (len(first), len(second)) == (7, 5)
    assert len({*first, *second}) == len({person.name for person in staff})
    assert "回到第一页" in buttons(app)


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize("query", [{"employer": "999999"}, {"division": "320100"}, {"division": "x\0<b>"}])
def test_another_place_is_not_found(open_page: OpenPage, supervisor: Account, query: dict[str, str]) -> None:
    app = open_page(PAGE, supervisor, **query)
    assert app.error
    assert "全部单位" in buttons(app)
    assert not app.dataframe


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize("query", [{"employer": "x"}, {"after": "-1"}, {"people": "2"}, {"division": "440100"}])
def test_an_odd_address_does_no_harm(open_page: OpenPage, supervisor: Account, query: dict[str, str]) -> None:
    app = open_page(PAGE, supervisor, **query)
    assert not app.exception
    assert looks() == 0


def test_before_the_first_forecast_the_page_says_when_it_comes(open_page: OpenPage, supervisor: Account) -> None:
    assert "第一次学时统计完成后会自动生成" in said(open_page(PAGE, supervisor))


def test_without_earlier_years_nothing_is_invented(
    open_page: OpenPage, supervisor: Account, employer: Organisation
) -> None:
    with september():
        with transaction() as session:
            hire(session, employer, 2)
        make()
    app = open_page(PAGE, supervisor)
    assert "2026 年度还不能预测" in said(app)
    assert "不少于 20 人" in said(app)
    assert not app.metric


def test_the_page_speaks_english(
    open_page: OpenPage, supervisor: Account, employer: Organisation, staff: list[Person]
) -> None:
    with transaction() as session:
        session.get_one(Account, supervisor.id).language = "en"
    app = open_page(PAGE, supervisor, employer=str(employer.id), people="1")
    assert not app.error
    assert staff[2].name in set(app.dataframe[0].value["Name"])
    assert "0% to under 10%" in set(app.dataframe[-1].value["Share completed"])
    assert "Brier score" in said(app)


@pytest.mark.usefixtures("staff")
def test_a_division_without_staff_says_so(open_page: OpenPage) -> None:
    with transaction() as session:
        elsewhere = factories.create_supervisor(session, "320000")
    assert "这里没有在册人员" in said(open_page(PAGE, elsewhere))


@pytest.mark.usefixtures("staff")
def test_whoever_is_no_supervisor_has_no_such_page(open_page: OpenPage, reviewer: Account) -> None:
    assert not open_page("employer/home", reviewer).exception
    client = new_client(token=token_for(reviewer))
    assert client.get("/exports/forecast?division=440100").status_code == HTTPStatus.NOT_FOUND


@pytest.mark.usefixtures("staff")
def test_the_page_asks_as_often_for_many_employers(
    open_page: OpenPage, supervisor: Account, count_queries: CountQueries
) -> None:
    with count_queries() as few:
        open_page(PAGE, supervisor)
    with september():
        with transaction() as session:
            for number in range(4):
                employer = factories.create_employer(session, name=f"<b>第{number}研究所")
                live(session, hire(session, employer, 3), 2026, 0)
        make()
    with count_queries() as many:
        app = open_page(PAGE, supervisor)
    assert len(app.dataframe[0].value) == 5
    assert len(many) == len(few)


@pytest.mark.usefixtures("staff")
def test_all_employers_leave_as_a_workbook_and_that_is_recorded(
    supervisor: Account, employer: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forecasts, "PAGE_SIZE", 1)
    with september():
        with transaction() as session:
            other = factories.create_employer(session, name="=第二研究所")
            live(session, hire(session, other, 3), 2025, 0)
        make()
    answer = new_client(token=token_for(supervisor)).get("/exports/forecast")
    headings, *rows = files.rows_of(answer.content)
    assert headings[:3] == ("单位", "在册人员", "已达标")
    assert [row[0] for row in rows] == [employer.name, "=第二研究所"]
    with reading() as session:
        assert session.scalar(select(func.count()).where(Event.action == "forecast_export")) == 1
