"""学时要求: the windows and the rules, changed by the topmost supervisor and read by those below him."""

from decimal import Decimal

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from db import reading, transaction
from db.accounts import Account
from db.activity_rules import ActivityRule, DetailField, Unit
from db.claims import ActivityType, Category, ClaimStatus
from db.statistics import ClaimYear
from services import standing, statistics
from services.clock import today
from services.permissions import SYSTEM
from tests import factories
from tests.counting import CountQueries
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, said

PAGE = "authority/requirements"
YEAR = today().year


@pytest.fixture
def supervisor() -> Account:
    with transaction() as session:
        return factories.create_supervisor(session, "440000")


@pytest.fixture
def below(supervisor: Account) -> Account:
    with transaction() as session:
        return factories.create_supervisor(session, "440104")


def rules_of(activity_type: ActivityType) -> list[ActivityRule]:
    with reading() as session:
        editions = select(ActivityRule).where(ActivityRule.activity_type == activity_type)
        return list(session.scalars(editions.order_by(ActivityRule.edition)))


def window() -> ClaimYear:
    with reading() as session:
        return session.get_one(ClaimYear, YEAR)


def open_rule(open_page: OpenPage, account: Account, activity_type: ActivityType) -> AppTest:
    (first,) = rules_of(activity_type)
    return open_page(PAGE, account, view="rules", id=str(first.id))


def test_a_window_is_changed_with_a_reason(open_page: OpenPage, supervisor: Account) -> None:
    app = open_page(PAGE, supervisor, view="windows")
    hours = next(box for box in app.number_input if box.label == "每天最多学时")
    hours.set_value(6)
    button(app, "保存").click().run()
    assert "修改原因：请填写。" in app.error[0].value
    assert hours.value == 6
    assert window().hours_per_day == 8
    app.text_area[0].set_value("按年度通知调整")
    button(app, "保存").click().run()
    assert not app.exception
    assert window().hours_per_day == 6


def test_a_cleared_date_is_asked_for(open_page: OpenPage, supervisor: Account) -> None:
    app = open_page(PAGE, supervisor, view="windows")
    app.date_input[1].set_value(None)
    app.text_area[0].set_value("按年度通知调整")
    button(app, "保存").click().run()
    assert "申报截止日期：请填写。" in app.error[0].value


def test_examples_are_marked_as_examples(open_page: OpenPage, supervisor: Account) -> None:
    app = open_rule(open_page, supervisor, ActivityType.PAPER)
    assert "非广东省官方标准" in app.warning[0].value
    assert "每项 18 学时（国家级 24、市级 9）" in said(app).replace("\\", "")
    assert "期刊封面；目录页；论文正文" in said(app)


def test_a_new_edition_begins_with_the_one_before_and_says_its_basis(open_page: OpenPage, supervisor: Account) -> None:
    app = open_rule(open_page, supervisor, ActivityType.PAPER)
    (first,) = rules_of(ActivityType.PAPER)
    key = f"{ActivityType.PAPER}_1"
    app.number_input(key=f"year_{key}").set_value(48)
    button(app, "发布新版本").click().run()
    assert "自哪个年度起执行、依据：请填写。" in app.error[0].value
    assert app.number_input(key=f"year_{key}").value == 48
    app.selectbox(key=f"from_{key}").set_value(YEAR)
    app.text_area(key=f"basis_{key}").set_value("示范文件第1号")
    button(app, "发布新版本").click().run()
    assert not app.exception
    _, second = rules_of(ActivityType.PAPER)
    assert (second.rate, second.grades, second.asks) == (first.rate, first.grades, first.asks)
    assert (second.most_per_year, second.is_example, second.from_year) == (Decimal(48), False, YEAR)
    assert not app.warning


def test_the_fields_of_an_edition_follow_its_unit(open_page: OpenPage, supervisor: Account) -> None:
    app = open_rule(open_page, supervisor, ActivityType.TRAINING)
    key = f"{ActivityType.TRAINING}_1"
    assert [box.label for box in app.number_input] == [
        "每条记录最多学时（不填为不限）",
        "每年最多学时（不填为不限）",
    ]
    app.selectbox(key=f"unit_{key}").set_value(Unit.ITEM).run()
    app.selectbox(key=f"graded_{key}").set_value(DetailField.LEVEL).run()
    assert [box.label for box in app.number_input][:4] == ["每单位学时", "国家级", "省级", "市级"]
    app.number_input(key=f"rate_{key}").set_value(5)
    app.number_input(key=f"national_level_{key}").set_value(10)
    app.selectbox(key=f"from_{key}").set_value(YEAR)
    app.text_area(key=f"basis_{key}").set_value("示范文件第2号")
    button(app, "发布新版本").click().run()
    _, second = rules_of(ActivityType.TRAINING)
    assert (second.unit, second.grades, second.asks) == (Unit.ITEM, {"national": "10"}, ["level"])


@pytest.mark.parametrize("view", ["requirements", "windows", "rules"])
def test_who_supervises_a_part_reads_and_is_told_who_decides(open_page: OpenPage, below: Account, view: str) -> None:
    app = open_page(PAGE, below, view=view)
    assert "只能由上级主管部门（广东省）修改" in app.info[0].value
    assert not {"保存", "保存草案", "发布新版本"} & set(buttons(app))


def test_the_page_does_not_exist_for_others(open_page: OpenPage) -> None:
    with transaction() as session:
        person = factories.create_person(session)
        account = session.get_one(Account, person.account_id)
    with pytest.raises(ValueError, match="requirements"):
        open_page(PAGE, account)


@pytest.mark.parametrize(("view", "questions"), [("requirements", 6), ("windows", 3), ("rules", 5)])
def test_the_page_asks_the_same_however_many_editions_there_are(
    open_page: OpenPage, supervisor: Account, count_queries: CountQueries, view: str, questions: int
) -> None:
    app = open_page(PAGE, supervisor, view=view)
    with count_queries() as queries:
        app.run()
    assert not app.exception
    assert len(queries) <= questions, queries


def test_a_requirement_is_drafted_tried_out_and_put_in_force(open_page: OpenPage, supervisor: Account) -> None:
    with transaction() as session:
        person = factories.create_person(session, name="苏清和", employer=factories.create_employer(session))
        for category, hours in {Category.GENERAL: 30, Category.PROFESSIONAL: 42, Category.ELECTIVE: 18}.items():
            factories.create_claim(
                session, person, status=ClaimStatus.APPROVED, category=category, hours=Decimal(hours), year=YEAR
            )
    statistics.recompute(transaction, SYSTEM)
    app = open_page(PAGE, supervisor, view="requirements")
    app.number_input[1].set_value(48)
    button(app, "保存草案").click().run()
    assert "依据（文件名称和文号，或修改原因）：请填写。" in app.error[0].value
    assert app.number_input[1].value == 48
    app.text_area[0].set_value("示范文件第3号")
    button(app, "保存草案").click().run()
    assert button(app, "执行").disabled
    button(app, "试算").click().run()
    assert not app.exception
    assert [metric.value for metric in app.metric] == ["1", "0"]
    assert any("苏清和" in list(table.value.get("姓名", [])) for table in app.dataframe)
    button(app, "执行").click().run()
    with reading() as session:
        assert standing.of_year(session, person.id, YEAR).official[1].required == 48
    assert "草案" not in [heading.value for heading in app.header]
