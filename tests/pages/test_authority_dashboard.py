"""学时看板: the figures of a place, charts with their tables, and the ways up and down."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from db import transaction
from db.accounts import Account, Role
from db.organisations import Organisation, OrganisationStatus
from services.clock import today
from tests import dashboards, factories
from tests.counting import CountQueries
from tests.dashboards import CITY, DISTRICT, ELSEWHERE, EMPTY, HOSPITAL, NEIGHBOUR, PROVINCE, SCHOOL, City
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, links, said

PAGE = "authority/dashboard"
CLICK = "点击图表"
Rows = list[dict[str, Any]]


@pytest.fixture
def city() -> City:
    return dashboards.create_added_up()


@pytest.fixture
def clickable(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """From now on a button stands for a click on one of a chart's bars, and tells what the browser tells of it."""

    def stand_in(bar: int) -> None:
        def draw(
            _chart: object, *, key: str = "", on_select: Callable[[], None] | None = None, **_other: object
        ) -> None:
            def click() -> None:
                st.session_state[key] = {"selection": {"points": [{"customdata": [bar]}]}}
                if on_select:
                    on_select()

            if on_select:
                st.button(CLICK, key=f"click_{key}", on_click=click)

        monkeypatch.setattr(st, "plotly_chart", draw)

    return stand_in


def metrics(app: AppTest) -> dict[str, str]:
    return {each.label: each.value for each in app.metric}


def charts(app: AppTest) -> list[dict[str, Any]]:
    return [json.loads(found.proto.spec) for found in app.get("plotly_chart")]


def tables(app: AppTest) -> list[Rows]:
    return [frame.value.to_dict("records") for frame in app.dataframe]


def headings(app: AppTest) -> list[str]:
    return [each.value for each in app.header]


def test_it_is_where_a_supervisor_begins_and_says_what_waits(open_page: OpenPage, city: City) -> None:
    with transaction() as session:
        factories.create_organisation(session, status=OrganisationStatus.APPLIED, division=DISTRICT)
    app = open_page(PAGE, city.supervisor)
    assert "1 个单位或机构等待审核" in links(app)


def test_before_the_first_run_it_says_when_there_will_be_figures(open_page: OpenPage, supervisor: Account) -> None:
    app = open_page(PAGE, supervisor)
    assert not app.exception
    assert "看板数据还没有生成" in said(app)
    assert "没有待办事项" in said(app)
    assert not app.metric


def test_the_figures_of_the_own_division_come_first(open_page: OpenPage, city: City) -> None:
    app = open_page(PAGE, city.supervisor)
    assert not app.exception
    found = metrics(app)
    assert found["登记人员"] == found["在职人员"] == "4"
    assert found["全部达标率"] == "50.0%"
    assert found["公需科目学时"] == "64.5"
    assert found["待审核记录"] == "4"
    assert "2 / 4 人" in said(app)
    assert "最久 不到 1 天" in said(app)


def test_every_figure_is_compared_in_words_with_the_same_day_of_the_year_before(
    open_page: OpenPage, city: City
) -> None:
    app = open_page(PAGE, city.supervisor)
    compared = [text for text in said(app).splitlines() if "去年同日" in text and "数据截至" not in text]
    assert len(compared) == len(app.metric)
    assert re.search(rf"数据截至 .*，与去年同日（{today().year - 1}-\d\d-\d\d）比较", said(app))


def test_every_chart_has_the_same_numbers_as_the_table_behind_it(open_page: OpenPage, city: City) -> None:
    app = open_page(PAGE, city.supervisor)
    assert headings(app) == ["待办事项", "下级地区和单位", "各月学时", "活动类型学时", "待审核时长", "单位退回率"]
    places, months, activities, ages = tables(app)
    by_place, by_month, by_activity, by_age = charts(app)
    assert by_place["data"][0]["x"] == [row["全部达标率（%）"] for row in places]
    assert [bars["y"] for bars in by_month["data"][:3]] == [
        [row[category] for row in months] for category in ("公需科目", "专业科目", "选修科目")
    ]
    assert by_month["data"][3]["y"] == [row["去年合计"] for row in months]
    assert [bars["x"] for bars in by_activity["data"][:3]] == [
        [row[category] for row in activities] for category in ("公需科目", "专业科目", "选修科目")
    ]
    assert by_age["data"][0]["x"] == [row["记录数"] for row in ages] == [4, 0, 0, 0]
    assert [row["活动类型"] for row in activities] == ["参加培训班、研修班", "参加学术讲座"]
    assert "还没有审核过 10 条以上记录的单位" in said(app)


def test_parts_of_a_bar_are_told_apart_without_colour(open_page: OpenPage, city: City) -> None:
    by_month = charts(open_page(PAGE, city.supervisor))[1]
    patterns = [bars["marker"]["pattern"]["shape"] for bars in by_month["data"][:3]]
    assert len(set(patterns)) == 3


def test_a_click_on_a_bar_leads_down_and_links_lead_back(
    open_page: OpenPage, city: City, clickable: Callable[[int], None]
) -> None:
    clickable(0)
    app = open_page(PAGE, city.supervisor)
    app = button(app, CLICK).click().run()
    assert dict(app.query_params) == {"division": DISTRICT}
    assert metrics(app)["在职人员"] == "3"

    app = button(app, CLICK).click().run()
    assert dict(app.query_params) == {"employer": str(city.school.id)}
    assert metrics(app)["在职人员"] == "1"
    assert headings(app) == ["待办事项", "各月学时", "活动类型学时", "待审核时长"]
    assert [way for way in ("广东省", "肇庆市", "端州区") if way in buttons(app)] == ["肇庆市", "端州区"]
    app = button(app, "肇庆市").click().run()
    assert dict(app.query_params) == {"division": CITY}
    assert metrics(app)["在职人员"] == "4"


def test_every_place_below_has_a_button_that_the_keyboard_reaches(open_page: OpenPage, city: City) -> None:
    app = open_page(PAGE, city.supervisor)
    assert "鼎湖区 100\\.0\\%" in buttons(app)
    app = button(app, "端州区 33\\.3\\%").click().run()
    assert dict(app.query_params) == {"division": DISTRICT}
    app = button(app, f"{HOSPITAL} 50\\.0\\%").click().run()
    assert dict(app.query_params) == {"employer": str(city.hospital.id)}
    assert metrics(app)["在职人员"] == "2"


def test_those_behind_come_first(open_page: OpenPage, city: City) -> None:
    assert [row["地区或单位"] for row in tables(open_page(PAGE, city.supervisor))[0]] == ["端州区", "鼎湖区"]
    below = tables(open_page(PAGE, city.supervisor, division=DISTRICT))[0]
    assert [row["地区或单位"] for row in below] == [SCHOOL, HOSPITAL]


@pytest.mark.parametrize("division", [PROVINCE, ELSEWHERE, "999999", "x", "441200 OR 1=1"])
def test_a_division_that_is_not_the_readers_is_not_found(open_page: OpenPage, city: City, division: str) -> None:
    app = open_page(PAGE, city.supervisor, division=division)
    assert not app.exception
    assert "没有找到该内容" in app.error[0].value
    assert not app.metric
    app = button(app, "回到自己管理的地区").click().run()
    assert metrics(app)["在职人员"] == "4"


def test_an_employer_of_somebody_else_is_not_found(open_page: OpenPage, city: City) -> None:
    with transaction() as session:
        neighbour = factories.create_supervisor(session, NEIGHBOUR)
    for employer in (city.hospital.id, 10**15):
        app = open_page(PAGE, neighbour, employer=str(employer))
        assert "没有找到该内容" in app.error[0].value
    assert metrics(open_page(PAGE, neighbour, employer=str(city.museum.id)))["在职人员"] == "1"


@pytest.mark.parametrize("odd", [{"year": "1999"}, {"year": "x"}, {"employer": "x"}, {"year": ""}, {"after": "x"}])
def test_what_an_address_says_in_vain_leads_to_the_own_division_and_the_newest_year(
    open_page: OpenPage, city: City, odd: dict[str, str]
) -> None:
    app = open_page(PAGE, city.supervisor, **odd)
    assert not app.exception
    assert metrics(app)["在职人员"] == "4"
    assert app.selectbox[0].value == str(today().year)


def test_another_year_stays_in_the_address_on_the_way_down(open_page: OpenPage, city: City) -> None:
    app = open_page(PAGE, city.supervisor, division=DISTRICT)
    last = str(today().year - 1)
    app = app.selectbox[0].set_value(last).run()
    assert dict(app.query_params) == {"division": DISTRICT, "year": last}
    assert metrics(app)["公需科目学时"] == "0.0"
    assert all(
        link.endswith(f"year={last}") for link in links(app).values() if "division" in link or "employer" in link
    )
    assert "这一年还没有通过的学时" in said(app)


def test_a_division_without_anybody_says_so(open_page: OpenPage, city: City) -> None:
    app = open_page(PAGE, city.supervisor, division=EMPTY)
    assert "这里还没有专业技术人员" in said(app)
    assert "这里没有下级地区，也没有单位" in said(app)
    assert metrics(app)["全部达标率"] == "—"


def test_whoever_supervises_several_divisions_goes_from_one_to_the_other(open_page: OpenPage, city: City) -> None:
    with transaction() as session:
        account = factories.create_supervisor(session, DISTRICT)
        factories.grant(session, account, Role.SUPERVISOR, division=ELSEWHERE)
    app = open_page(PAGE, account, division=DISTRICT)
    app = button(app, "广东省广州市越秀区").click().run()
    assert dict(app.query_params) == {"division": ELSEWHERE}
    assert "广东省肇庆市端州区" in buttons(app)


def test_a_name_is_shown_as_it_was_typed(open_page: OpenPage, city: City) -> None:
    evil = "<b>院</b>[x](http://e)"
    with transaction() as session:
        session.get_one(Organisation, city.hospital.id).name = evil
    dashboards.add_up()
    app = open_page(PAGE, city.supervisor, division=DISTRICT)
    assert evil in [row["地区或单位"] for row in tables(app)[0]]
    assert "&lt;b&gt;院&lt;/b&gt;" in json.dumps(charts(app)[0], ensure_ascii=False)
    assert "<b>" not in json.dumps(charts(app)[0])
    assert any("\\<b\\>" in label for label in buttons(app))


def test_a_long_list_is_read_page_by_page_at_the_same_cost(
    open_page: OpenPage, city: City, count_queries: CountQueries
) -> None:
    app = open_page(PAGE, city.supervisor, division=DISTRICT)
    with count_queries() as few:
        app.run()
    with transaction() as session:
        for number in range(60):
            factories.create_employer(session, name=f"新单位{number}", division=DISTRICT)
    dashboards.add_up()
    with count_queries() as many:
        app.run()
    assert len(few) == len(many), many
    assert len(tables(app)[0]) == 50
    app = button(app, "下一页").click().run()
    assert len(tables(app)[0]) == 12
    assert "下一页" not in buttons(app)


def test_it_speaks_english(open_page: OpenPage, city: City) -> None:
    with transaction() as session:
        session.get_one(Account, city.supervisor.id).language = "en"
    app = open_page(PAGE, city.supervisor)
    assert app.title[0].value == "Hours dashboard"
    assert "No figure for the same day last year" in said(app)
    assert not re.findall(r"[一-鿿]+", " ".join(metrics(app)))
