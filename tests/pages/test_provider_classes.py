"""培训班管理: a class from its plan to its end, as its provider sees it."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import TypeVar

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Widget

from db import reading, transaction
from db.accounts import Account
from db.claims import Category
from db.classes import ClassStatus, CourseClass
from db.enrolments import EnrolmentStatus
from db.organisations import Organisation
from services import classes
from services.clock import now, today
from tests import classes as built
from tests import factories
from tests.counting import CountQueries
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, said

PAGE = "provider/classes"
Found = TypeVar("Found", bound=Widget)
FIRST = date(today().year + 1, 3, 2)


@pytest.fixture
def provider() -> Organisation:
    with transaction() as session:
        return built.create_provider(session)


@pytest.fixture
def trainer(provider: Organisation) -> Account:
    with transaction() as session:
        return built.create_trainer(session, provider)


def course(provider: Organisation, status: ClassStatus = ClassStatus.OPEN, **about: object) -> CourseClass:
    with transaction() as session:
        course_class = built.create_class(session, provider, status=status, **about)  # type: ignore[arg-type]
        course_class.contact_name, course_class.contact_phone = "林知夏", "020-80000000"
        course_class.place = "晴川路1号培训楼"
        return course_class


def stored(number: int) -> CourseClass:
    with reading() as session:
        return session.get_one(CourseClass, number)


def only_one() -> CourseClass:
    with reading() as session:
        return session.scalars(select(CourseClass)).one()


def labelled(elements: Iterable[Found], label: str) -> Found:
    return next(each for each in elements if getattr(each, "label", "") == label)


def write(app: AppTest, **texts: str) -> None:
    for label, text in texts.items():
        labelled(app.text_input, label).set_value(text)


def plan(app: AppTest) -> None:
    """Fill in all that a class must say."""
    write(app, 培训班名称="绿色建筑设计标准研修班", 上课地点="晴川路1号培训楼")
    labelled(app.selectbox, "学时类别").set_value(Category.PROFESSIONAL)
    labelled(app.number_input, "培训学时").set_value(8.0)
    labelled(app.date_input, "日期").set_value(FIRST)
    labelled(app.time_input, "开始时间").set_value(time(9))
    labelled(app.time_input, "结束时间").set_value(time(12)).run()
    button(app, "添加一次课").click().run()
    labelled(app.number_input, "招生名额").set_value(30)
    midnight = datetime.combine(FIRST, time())
    labelled(app.datetime_input, "报名开始时间").set_value(midnight - timedelta(days=40))
    labelled(app.datetime_input, "报名截止时间").set_value(midnight - timedelta(days=5))


def test_a_class_is_planned_saved_and_published(open_page: OpenPage, trainer: Account) -> None:
    app = open_page(PAGE, trainer)
    assert "还没有培训班" in said(app)
    button(app, "新建培训班").click().run()
    plan(app)
    button(app, "保存").click().run()
    assert "可以发布" in said(app)
    assert app.query_params["class"] == str(only_one().id)
    button(app, "发布").click().run()
    published = only_one()
    assert (published.status, published.start_on, published.end_on) == (
        ClassStatus.OPEN,
        FIRST,
        FIRST + timedelta(days=1),
    )
    assert published.code is not None
    assert published.code in said(app).replace("\\", "")
    assert "截止报名" in buttons(app)


def test_a_new_session_goes_on_at_the_same_time_on_the_next_day(open_page: OpenPage, trainer: Account) -> None:
    app = open_page(PAGE, trainer, **{"class": "new"})
    plan(app)
    app.run()
    assert [each.value for each in app.date_input] == [FIRST, FIRST + timedelta(days=1)]
    assert {each.value for each in app.time_input if each.label == "开始时间"} == {time(9)}
    assert "共 2 次课，2 天，最多可计 8 学时" in said(app)
    labelled(app.number_input, "培训学时").set_value(8.5).run()
    assert "超过上课安排可计的 8 学时" in said(app)
    next(each for each in app.button if each.help == "移除这次课").click().run()
    assert [each.value for each in app.date_input] == [FIRST + timedelta(days=1)]


def test_a_refused_draft_keeps_what_was_typed(open_page: OpenPage, trainer: Account) -> None:
    app = open_page(PAGE, trainer, **{"class": "new"})
    write(app, 培训班名称=" ")
    labelled(app.text_input, "授课教师（选填）").set_value("苏清和")
    button(app, "保存").click().run()
    assert [error.value for error in app.error] == ["培训班名称：请填写。"]
    assert labelled(app.text_input, "授课教师（选填）").value == "苏清和"


def test_all_that_is_missing_is_said_before_publishing_and_refused_after(open_page: OpenPage, trainer: Account) -> None:
    app = open_page(PAGE, trainer, **{"class": "new"})
    write(app, 培训班名称="新班")
    button(app, "保存").click().run()
    lacking = "学时类别、培训学时、上课安排、招生名额、报名开始时间、报名截止时间、上课地点"
    assert f"发布前还需要填写：{lacking}。" in said(app)
    button(app, "发布").click().run()
    assert [error.value for error in app.error] == [f"{lacking}：请填写。"]


def test_what_is_not_saved_is_not_published(open_page: OpenPage, trainer: Account, provider: Organisation) -> None:
    draft = course(provider, ClassStatus.DRAFT)
    app = open_page(PAGE, trainer, **{"class": str(draft.id)})
    write(app, 上课地点="另一处")
    app.run()
    assert "有修改还没有保存" in said(app)
    assert button(app, "发布").disabled


def test_a_draft_is_deleted_after_a_second_click(open_page: OpenPage, trainer: Account, provider: Organisation) -> None:
    draft = course(provider, ClassStatus.DRAFT)
    app = open_page(PAGE, trainer, **{"class": str(draft.id)})
    button(app, "确认删除").click().run()
    assert "还没有培训班" in said(app)
    with reading() as session:
        assert session.get(CourseClass, draft.id) is None


def test_enrolment_is_closed_and_opened_again(open_page: OpenPage, trainer: Account, provider: Organisation) -> None:
    opened = course(provider)
    app = open_page(PAGE, trainer, **{"class": str(opened.id)})
    button(app, "截止报名").click().run()
    assert stored(opened.id).status is ClassStatus.CLOSED
    assert "截止报名" not in buttons(app)
    assert button(app, "确认开放报名").disabled  # the second click of a double click opens nothing
    button(open_page(PAGE, trainer, **{"class": str(opened.id)}), "确认开放报名").click().run()
    assert stored(opened.id).status is ClassStatus.OPEN


def test_a_class_whose_enrolment_is_over_needs_a_new_end_to_be_opened(
    open_page: OpenPage, trainer: Account, provider: Organisation
) -> None:
    over = now() - timedelta(hours=1)
    closed = course(provider, ClassStatus.CLOSED, enrol_until=over)
    app = open_page(PAGE, trainer, **{"class": str(closed.id)})
    assert labelled(app.datetime_input, "报名截止时间").value is None
    button(app, "确认开放报名").click().run()
    assert len(app.error) == 1
    until = datetime.combine(today() + timedelta(days=3), time(18))
    labelled(app.datetime_input, "报名截止时间").set_value(until)
    button(app, "确认开放报名").click().run()
    assert stored(closed.id).status is ClassStatus.OPEN


def test_cancelling_asks_for_a_reason_and_shows_it(
    open_page: OpenPage, trainer: Account, provider: Organisation
) -> None:
    opened = course(provider)
    app = open_page(PAGE, trainer, **{"class": str(opened.id)})
    button(app, "确认取消培训班").click().run()
    assert [error.value for error in app.error] == ["取消原因：请填写。"]
    labelled(app.text_area, "取消原因").set_value("讲师[生病](http://elsewhere.example)")
    button(app, "确认取消培训班").click().run()
    assert stored(opened.id).status is ClassStatus.CANCELLED
    assert "讲师\\[生病\\]" in said(app)
    assert {"截止报名", "确认取消培训班", "保存修改"}.isdisjoint(buttons(app))


def test_a_published_class_is_amended_and_what_is_fixed_has_no_field(
    open_page: OpenPage, trainer: Account, provider: Organisation
) -> None:
    opened = course(provider)
    app = open_page(PAGE, trainer, **{"class": str(opened.id)})
    assert not app.multiselect
    assert {each.label for each in app.number_input} == {"招生名额"}
    write(app, 联系人="陈望舒")
    labelled(app.number_input, "招生名额").set_value(0)
    button(app, "保存修改").click().run()
    assert "招生名额" in app.error[0].value
    assert labelled(app.text_input, "联系人").value == "陈望舒"
    labelled(app.number_input, "招生名额").set_value(31)
    button(app, "保存修改").click().run()
    assert not app.error
    assert (stored(opened.id).contact_name, stored(opened.id).capacity) == ("陈望舒", 31)


def test_a_copy_is_a_draft_of_its_own(open_page: OpenPage, trainer: Account, provider: Organisation) -> None:
    opened = course(provider, name="岗位能力提升班")
    app = open_page(PAGE, trainer, **{"class": str(opened.id)})
    button(app, "复制为新的培训班").click().run()
    copied = stored(int(app.query_params["class"]))
    assert (copied.id != opened.id, copied.status, copied.name) == (True, ClassStatus.DRAFT, "岗位能力提升班")
    assert "报名开始时间、报名截止时间" in said(app)


def test_the_class_of_another_provider_is_not_found(open_page: OpenPage, trainer: Account) -> None:
    with transaction() as session:
        elsewhere = built.create_class(session, built.create_provider(session), name="别家的班")
    app = open_page(PAGE, trainer, **{"class": str(elsewhere.id)})
    assert "没有找到" in app.error[0].value
    assert "别家的班" not in said(app)


def test_the_list_is_narrowed_by_status_and_text(open_page: OpenPage, trainer: Account, provider: Organisation) -> None:
    course(provider, name="消防设施检测班")
    course(provider, ClassStatus.CLOSED, name="施工安全班")
    app = open_page(PAGE, trainer, status="closed")
    assert "施工安全班" in said(app)
    assert "消防设施检测班" not in said(app)
    assert "没有符合条件的培训班" in said(open_page(PAGE, trainer, text="查无此班"))


def test_hostile_names_are_text(open_page: OpenPage, trainer: Account, provider: Organisation) -> None:
    opened = course(provider, name="![x](http://elsewhere.example/a.png)")
    for app in (open_page(PAGE, trainer), open_page(PAGE, trainer, **{"class": str(opened.id)})):
        assert "![x](" not in said(app)


def test_the_number_of_queries_does_not_grow_with_the_classes(
    open_page: OpenPage, trainer: Account, provider: Organisation, count_queries: CountQueries
) -> None:
    with transaction() as session:
        employer = factories.create_employer(session)
        for _ in range(classes.PAGE_SIZE + 1):
            course_class = built.create_class(session, provider)
            person = factories.create_person(session, employer=employer)
            built.create_enrolment(session, course_class, person, employer=employer, status=EnrolmentStatus.ACCEPTED)
    app = open_page(PAGE, trainer)
    with count_queries() as queries:
        app.run()
    assert buttons(app).count("查看") == classes.PAGE_SIZE
    assert len(queries) <= 8, queries
    button(app, "下一页").click().run()
    assert buttons(app).count("查看") == 1
