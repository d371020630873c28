"""历史数据分析: what an analyst finds, and how he comes from a figure to the rows behind it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from db import reading, transaction
from db.accounts import Account, Role
from services import identity, snapshots
from tests import factories
from tests import legacy_files as files
from tests.counting import CountQueries
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, said
from tests.services import exploring
from tests.services.exploring import records

PAGE = "analyst/explore"
CLICK = "点击图表"
Clickable = Callable[[dict[str, object]], None]
HOSPITAL = files.EMPLOYERS[0]


@pytest.fixture
def account() -> Account:
    with transaction() as session:
        factories.create_employer(session, name=HOSPITAL, division="440103")
        return factories.create_account(session, Role.ANALYST)


@pytest.fixture
def explored(account: Account) -> Account:
    exploring.imported(records(60))
    make()
    return account


def make() -> None:
    snapshots.make_due(reading, transaction)


def chart(app: AppTest) -> dict[str, Any]:
    (found,) = app.get("plotly_chart")
    spec: dict[str, Any] = json.loads(found.proto.spec)
    return spec


@pytest.fixture
def clickable(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, object]], None]:
    """From now on a button stands for a click into the chart, and tells what the browser tells of it."""

    def stand_in(point: dict[str, object]) -> None:
        def draw(_chart: object, *, key: str, on_select: Callable[[], None], **_options: object) -> None:
            def click() -> None:
                st.session_state[key] = {"selection": {"points": [point]}}
                on_select()

            st.button(CLICK, key=f"click_{key}", on_click=click)

        monkeypatch.setattr(st, "plotly_chart", draw)

    return stand_in


def metrics(app: AppTest) -> dict[str, str]:
    return {each.label: each.value for each in app.metric}


def table(app: AppTest, position: int = -1) -> list[dict[str, object]]:
    frame = app.dataframe[position].value
    return frame.to_dict("records")  # type: ignore[no-any-return]  # pandas has no types


def test_without_data_it_says_where_to_begin(open_page: OpenPage, account: Account) -> None:
    app = open_page(PAGE, account)
    assert "还没有导入旧系统的数据" in said(app)
    assert not app.metric


def test_what_was_imported_becomes_a_snapshot_by_a_click(open_page: OpenPage, account: Account) -> None:
    exploring.imported(records(9))
    app = open_page(PAGE, account)
    app = button(app, "生成快照").click().run()
    assert not app.exception
    assert "共 9 行" in said(app)
    exploring.imported(records(12), name="又.csv")
    app = open_page(PAGE, account)
    assert "快照之后，数据又有变化" in said(app)
    app = button(app, "更新快照").click().run()
    assert "共 12 行" in said(app)
    assert "更新快照" not in buttons(app)


@pytest.mark.parametrize("chosen", ["time", "divisions", "distribution", "employers"])
def test_every_chart_has_its_table_and_the_rows_behind_it(open_page: OpenPage, explored: Account, chosen: str) -> None:
    app = open_page(PAGE, explored, chart=chosen)
    assert not app.exception
    assert chart(app)["data"]
    assert len(app.dataframe) == 2
    assert len(table(app)) == 50
    assert metrics(app)["记录数"] == "60"


def test_completion_is_judged_by_the_rule_of_the_year(open_page: OpenPage, explored: Account) -> None:
    app = open_page(PAGE, explored, chart="completion", category="general")
    assert "达标按当年全部学时判断" in said(app)
    assert [row["当年要求"] for row in table(app, 0)] == ["18 / 42 / 12"] * 3


def test_a_pivot_has_two_dimensions_and_a_measure(open_page: OpenPage, explored: Account) -> None:
    app = open_page(PAGE, explored, chart="pivot", rows="employer", columns="year", measure="people")
    rows = {row["工作单位"]: row for row in table(app, 0)}
    assert set(rows) == {*files.EMPLOYERS, "合计"}
    assert list(rows["合计"]) == ["工作单位", "2015", "2016", "2017", "合计"]
    assert metrics(app)["人数"] == rows["合计"]["合计"] == "20"


def test_numbers_stay_masked_and_names_are_shown_as_they_are(open_page: OpenPage, account: Account) -> None:
    exploring.imported([files.RECORD_HEADER, files.record(1, 单位名称="<b>甲</b>$x$单位")])
    make()
    app = open_page(PAGE, account, chart="employers")
    (row,) = table(app)
    assert row["证件号码"] == identity.mask(factories.invented_id_number(100_000))
    assert row["工作单位"] == "<b>甲</b>$x$单位"
    assert chart(app)["data"][0]["y"] == ["&lt;B&gt;甲&lt;/B&gt;$X$单位"]


def test_a_click_on_a_bar_asks_about_that_group_alone(
    open_page: OpenPage, explored: Account, clickable: Clickable
) -> None:
    clickable({"customdata": ["2016", "general"]})
    app = button(open_page(PAGE, explored), CLICK).click().run()
    assert dict(app.query_params) == {"year_from": "2016", "year_to": "2016"}
    assert metrics(app)["记录数"] == "20"
    assert {row["年度"] for row in table(app)} == {"2016"}
    app = button(app, "年度从：2016").click().run()
    assert metrics(app)["记录数"] == "40"


def test_a_click_on_a_tile_goes_one_level_down(open_page: OpenPage, explored: Account, clickable: Clickable) -> None:
    clickable({"id": "440000"})
    app = button(open_page(PAGE, explored, chart="divisions"), CLICK).click().run()
    assert app.query_params["division"] == "440000"
    assert [row["行政区划"] for row in table(app, 0)] == ["广东省广州市", "合计"]
    assert metrics(app)["记录数"] == "15"


def test_rows_of_unknown_divisions_are_a_group_like_others(
    open_page: OpenPage, explored: Account, clickable: Clickable
) -> None:
    app = open_page(PAGE, explored, chart="divisions")
    assert set(chart(app)["data"][0]["ids"]) == {"-", "440000"}
    clickable({"id": "-"})
    app = button(open_page(PAGE, explored, chart="divisions"), CLICK).click().run()
    assert metrics(app)["记录数"] == "45"


def test_one_employer_is_then_looked_at_over_the_years(
    open_page: OpenPage, explored: Account, clickable: Clickable
) -> None:
    clickable({"customdata": [HOSPITAL]})
    app = button(open_page(PAGE, explored, chart="employers"), CLICK).click().run()
    assert dict(app.query_params) == {"employer": HOSPITAL}
    assert {row["工作单位"] for row in table(app)} == {HOSPITAL}


def test_a_part_of_a_name_finds_and_nothing_found_says_what_to_do(open_page: OpenPage, explored: Account) -> None:
    app = open_page(PAGE, explored, text="医院")
    assert metrics(app)["记录数"] == "15"
    app = open_page(PAGE, explored, text="没有这个人")
    assert "没有符合条件的记录" in said(app)
    app = button(app, "清除全部条件").click().run()
    assert metrics(app)["记录数"] == "60"


def test_rows_are_read_page_by_page(open_page: OpenPage, explored: Account) -> None:
    app = open_page(PAGE, explored)
    first = {(row["文件"], row["行"]) for row in table(app)}
    app = button(app, "下一页").click().run()
    second = {(row["文件"], row["行"]) for row in table(app)}
    assert (len(first), len(second), first & second) == (50, 10, set())


def test_filters_stand_in_the_address_and_the_fields_show_them(open_page: OpenPage, explored: Account) -> None:
    app = open_page(PAGE, explored, hours_from="8", category="general", matching="orphan")
    assert app.number_input(key="hours_from_filter").value == 8
    app = app.number_input(key="hours_from_filter").set_value(16.0).run()
    assert app.query_params["hours_from"] == "16.0"
    app = app.selectbox(key="category_filter").set_value("elective").run()
    assert app.query_params["category"] == "elective"
    assert not app.exception


@pytest.mark.parametrize("given", ["chart", "rows", "columns", "measure", "division", "year_from", "hours_to", "kind"])
def test_an_address_that_makes_no_sense_does_no_harm(open_page: OpenPage, explored: Account, given: str) -> None:
    app = open_page(PAGE, explored, **{given: "'; DROP TABLE x --"})
    assert not app.exception
    assert metrics(app)["记录数"] == "60"


def test_the_database_is_asked_as_often_for_many_rows_as_for_few(
    open_page: OpenPage, account: Account, count_queries: CountQueries
) -> None:
    counts = []
    for number in (5, 120):
        exploring.imported(records(number), name=f"{number}.csv")
        make()
        with count_queries() as counted:
            open_page(PAGE, account)
        counts.append(len(counted))
    assert counts[0] == counts[1]


def save(app: AppTest, name: str) -> AppTest:
    app.text_input(key="question_name").set_value(name)
    return button(app, "保存当前问题").click().run()


def test_a_question_is_kept_and_shows_the_answer_then_and_now(open_page: OpenPage, explored: Account) -> None:
    app = save(open_page(PAGE, explored, chart="employers", year_from="2016"), "历年单位")
    assert not app.error
    app = button(open_page(PAGE, explored), "历年单位").click().run()
    assert (app.query_params["chart"], app.query_params["year_from"]) == ("employers", "2016")
    assert "结果为 40，现在完全相同" in said(app)
    exploring.imported(records(90), name="又.csv")
    make()
    app = button(open_page(PAGE, explored), "历年单位").click().run()
    assert "结果为 40，现在为 60；数据已有变化" in said(app)
    app = app.selectbox(key="year_from_filter").set_value("").run()
    assert "历年单位”" not in said(app)


def test_a_name_that_is_taken_is_refused_and_what_was_typed_stays(open_page: OpenPage, explored: Account) -> None:
    save(open_page(PAGE, explored), "问题")
    app = save(open_page(PAGE, explored), "问题")
    assert "已保存过同名的问题" in app.error[0].value
    assert app.text_input(key="question_name").value == "问题"


def test_a_kept_question_is_deleted_after_a_second_click(open_page: OpenPage, explored: Account) -> None:
    app = save(open_page(PAGE, explored), "问题")
    assert "问题" in buttons(app)
    app = button(app, "确认删除").click().run()
    assert "问题" not in buttons(app)
