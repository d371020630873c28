"""培训班监管: what a supervisor sees of classes and providers."""

import json
from collections.abc import Sequence

import pytest

from db import transaction
from db.accounts import Account
from db.classes import ClassStatus, CourseClass
from db.enrolments import Attendance, EnrolmentStatus
from db.organisations import Organisation
from services import class_supervision
from tests import classes as built
from tests import factories
from tests.counting import CountQueries
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, said

PAGE = "authority/classes"


@pytest.fixture
def provider() -> Organisation:
    with transaction() as session:
        return built.create_provider(session, name="晴川继续教育学院")


def taught(provider: Organisation, results: Sequence[EnrolmentStatus], name: str) -> CourseClass:
    """Everybody was at every session."""
    with transaction() as session:
        course_class = built.create_class(session, provider, status=ClassStatus.COMPLETED, name=name)
        employer = factories.create_employer(session)
        for result in results:
            person = factories.create_person(session, employer=employer)
            enrolment = built.create_enrolment(session, course_class, person, employer=employer, status=result)
            for each in course_class.sessions:
                session.add(Attendance(enrolment_id=enrolment.id, session_id=each.id, present=True))
        return course_class


def test_classes_are_listed_with_their_figures_and_the_unusual_ones_marked(
    open_page: OpenPage, supervisor: Account, provider: Organisation
) -> None:
    taught(provider, [EnrolmentStatus.COMPLETED] * 5, "消防设施检测班")
    taught(provider, [EnrolmentStatus.COMPLETED, EnrolmentStatus.NOT_COMPLETED], "施工安全班")
    app = open_page(PAGE, supervisor)
    table = app.dataframe[0].value
    assert list(table["培训班名称"]) == ["施工安全班", "消防设施检测班"]
    assert list(table["异常"]) == ["", "全员全勤结业"]
    assert json.loads(app.dataframe[0].proto.columns)["异常"]["width"] >= 140
    assert list(table["登记学时合计"]) == ["8", "40"]
    assert list(table["结业人数"]) == ["1 / 2", "5 / 5"]
    assert list(table["出勤率"]) == ["100%", "100%"]
    app.toggle[0].set_value(True).run()
    assert list(app.dataframe[0].value["培训班名称"]) == ["消防设施检测班"]


def test_a_class_is_looked_at_but_not_changed(open_page: OpenPage, supervisor: Account, provider: Organisation) -> None:
    perfect = taught(provider, [EnrolmentStatus.COMPLETED] * 5, "消防*设施*检测班")
    app = open_page(PAGE, supervisor, id=str(perfect.id))
    assert "消防\\*设施\\*检测班" in said(app)
    assert "全员全勤结业" in app.warning[0].value
    assert not [each for each in app.button if each.label in {"截止报名", "确认取消培训班", "保存修改"}]


def test_providers_are_listed_with_what_their_classes_add_up_to_and_lead_to_them(
    open_page: OpenPage, supervisor: Account, provider: Organisation
) -> None:
    taught(provider, [EnrolmentStatus.COMPLETED] * 5, "消防设施检测班")
    with transaction() as session:
        built.create_class(session, built.create_provider(session, name="望江培训中心"), name="别家的班")
    app = open_page(PAGE, supervisor, view="providers")
    table = app.dataframe[0].value
    assert list(table["施教机构"]) == ["晴川继续教育学院", "望江培训中心"]
    assert list(table["登记学时合计"]) == ["40", "0"]
    assert list(table["异常培训班数"]) == [1, 0]
    app.selectbox(key="provider_to_show").set_value(str(provider.id)).run()
    assert list(app.dataframe[0].value["培训班名称"]) == ["消防设施检测班"]
    button(app, "显示全部施教机构的培训班").click().run()
    assert len(app.dataframe[0].value) == 2


def test_a_class_outside_the_divisions_is_not_found(open_page: OpenPage, supervisor: Account) -> None:
    with transaction() as session:
        elsewhere = built.create_class(session, built.create_provider(session, division="440300"), name="别处的班")
    app = open_page(PAGE, supervisor, id=str(elsewhere.id))
    assert "没有找到" in app.error[0].value
    assert "别处的班" not in said(app)


def test_an_empty_list_says_why(open_page: OpenPage, supervisor: Account) -> None:
    assert "没有符合条件的培训班" in said(open_page(PAGE, supervisor))
    assert "没有符合条件的施教机构" in said(open_page(PAGE, supervisor, view="providers"))


def test_the_number_of_queries_does_not_grow_with_the_classes(
    open_page: OpenPage, supervisor: Account, provider: Organisation, count_queries: CountQueries
) -> None:
    with transaction() as session:
        for _ in range(class_supervision.PAGE_SIZE + 1):
            built.create_class(session, provider)
    app = open_page(PAGE, supervisor)
    with count_queries() as queries:
        app.run()
    assert len(app.dataframe[0].value) == class_supervision.PAGE_SIZE
    assert len(queries) <= 8, queries
    button(app, "下一页").click().run()
    assert len(app.dataframe[0].value) == 1
