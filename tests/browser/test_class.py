"""A class in the screens' own words: planned, published, enrolled in, taught, and its hours on the home page."""

from datetime import datetime, time, timedelta
from typing import NamedTuple

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from db import transaction
from db.accounts import Account
from db.classes import ClassSession, CourseClass
from services import clock
from tests import classes, factories
from tests.browser.conftest import Open
from tests.browser.steps import (
    choose,
    enter_date,
    enter_moment,
    enter_time,
    field,
    fill,
    follow,
    press,
    sees,
    settled,
    title_is,
)
from tests.web.client import token_for

NAME = "桥梁检测技术培训班"
# Where no other test leaves anything, so that the list of classes holds this one alone.
DIVISION = "440404"
ENROLLED_UNTIL = time(8)
# Pixels of the grid: where its first row begins, and where the box of its first session is.
FIRST_ROW, FIRST_SESSION = 52, 190
GRID_WAITS = 1000  # milliseconds; it collects what is ticked before it tells the form


class Cast(NamedTuple):
    trainer: Account
    professional: Account


@pytest.fixture
def cast() -> Cast:
    with transaction() as session:
        trainer = classes.create_trainer(session, classes.create_provider(session, division=DIVISION))
        employer = factories.create_employer(session, division=DIVISION)
        person = factories.create_person(session, name="林知夏", employer=employer)
        return Cast(trainer, session.get_one(Account, person.account_id))


def enter_as(page: Page, account: Account, address: str, title: str) -> None:
    page.goto("/")
    page.context.add_cookies([{"name": "hourbook", "value": token_for(account), "url": page.url}])
    page.goto(address)
    title_is(page, title)


def plan(page: Page) -> None:
    """A class of two mornings that begins tomorrow, kept and then published."""
    tomorrow = clock.today() + timedelta(days=1)
    press(page, "新建培训班")
    fill(page, 培训班名称=NAME, 上课地点="珠海市")
    choose(page, "学时类别", "专业科目")
    field(page, "培训学时").fill("8")
    enter_date(page, "日期", tomorrow)
    enter_time(page, "开始时间", 9)
    enter_time(page, "结束时间", 12)
    press(page, "添加一次课", then="共 2 次课，2 天，最多可计 8 学时")
    enter_moment(page, "报名开始时间", datetime.combine(tomorrow - timedelta(days=2), ENROLLED_UNTIL))
    enter_moment(page, "报名截止时间", datetime.combine(tomorrow, ENROLLED_UNTIL))
    field(page, "招生名额").fill("20")
    press(page, "保存", then="内容已填写完整，可以发布。")
    press(page, "发布", then="接受报名")


def let_it_be_taught() -> None:
    """Three days go by for this class, as no test can wait for."""
    with transaction() as session:
        held = session.scalars(select(CourseClass).where(CourseClass.name == NAME)).one()
        days = timedelta(days=3)
        held.enrol_from, held.enrol_until = (moment and moment - days for moment in (held.enrol_from, held.enrol_until))
        held.start_on, held.end_on = (day and day - days for day in (held.start_on, held.end_on))
        for meeting in session.scalars(select(ClassSession).where(ClassSession.class_id == held.id)):
            meeting.held_on -= days


def tick_the_first_cell(page: Page) -> None:
    settled(page)
    grid = page.get_by_test_id("stDataFrame").first
    grid.scroll_into_view_if_needed()
    grid.click(position={"x": FIRST_SESSION, "y": FIRST_ROW})
    page.wait_for_timeout(GRID_WAITS)


def accept(provider: Page) -> None:
    provider.goto("/provider-enrolments")
    title_is(provider, "报名审核")
    sees(provider, NAME)
    press(provider, "通过", then="没有待审核的报名")


def close_enrolment(provider: Page) -> None:
    follow(provider, "培训班管理")
    press(provider, "查看")
    press(provider, "截止报名", then="报名已截止")


def register_attendance_and_post(provider: Page) -> None:
    provider.goto("/provider-completion")
    title_is(provider, "结业登记")
    sees(provider, "1 人的出勤没有登记完")
    tick_the_first_cell(provider)
    press(provider, "保存出勤", then="已保存 1 人的出勤")
    choose(provider, "未登记的人员", attendance_of_the_second_day())
    press(provider, "全部记为出勤", then="未登记的人员已全部登记")
    press(provider, "登记学时", then="将为 1 人登记结业结果")
    press(provider, "确认登记学时", then="学时已登记，培训班已结业")


def attendance_of_the_second_day() -> str:
    return f"{clock.today() - timedelta(days=1)} 09:00"


def test_from_a_providers_plan_to_the_hours_on_the_home_page(open_browser: Open, cast: Cast) -> None:
    provider, person = open_browser(), open_browser()

    enter_as(provider, cast.trainer, "/provider-classes", "培训班管理")
    plan(provider)

    enter_as(person, cast.professional, "/personal-classes", "培训班报名申请")
    sees(person, NAME)
    press(person, "报名", then="待审核")

    accept(provider)
    follow(person, "培训班情况查看")
    sees(person, NAME)
    sees(person, "通过")

    close_enrolment(provider)
    let_it_be_taught()
    register_attendance_and_post(provider)

    person.reload()
    sees(person, "已登记 8 学时")
    person.goto(f"/?year={clock.today().year}")
    title_is(person, "首页")
    sees(person, "实时已通过 8 学时")
