"""The list of classes, one of them, and the way into it."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

from db import reading, transaction
from db.accounts import Account
from db.claims import Category
from db.classes import ClassStatus, CourseClass
from db.enrolments import Enrolment, EnrolmentStatus
from db.organisations import Organisation, OrganisationStatus
from db.people import Person, TitleSeries
from services import class_choice
from services.clock import now, today
from tests import classes, factories
from tests.counting import CountQueries
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, links, said

PAGE = "personal/classes"


@dataclass(frozen=True)
class Cast:
    """A professional, his employer, and a provider of his division."""

    person: Person
    account: Account
    employer: Organisation
    provider: Organisation


@pytest.fixture
def cast() -> Cast:
    with transaction() as session:
        employer = factories.create_employer(session)
        person = factories.create_person(session, employer=employer)
        account = session.get_one(Account, person.account_id)
        return Cast(person, account, employer, classes.create_provider(session, name="晴川学院"))


def offer(cast: Cast, name: str = "桥梁检测实务", **more: object) -> CourseClass:
    with transaction() as session:
        return classes.create_class(session, cast.provider, name=name, **more)  # type: ignore[arg-type]


def enrolments() -> list[EnrolmentStatus]:
    with reading() as session:
        return list(session.scalars(select(Enrolment.status).order_by(Enrolment.id)))


def test_one_click_in_the_list_enrols_and_the_card_says_so(open_page: OpenPage, cast: Cast) -> None:
    offer(cast)
    app = open_page(PAGE, cast.account)
    assert "晴川学院" in said(app)
    assert "剩余名额 **30** / 30" in said(app)
    assert "待审核" not in said(app)
    button(app, "报名").click().run()
    assert enrolments() == [EnrolmentStatus.APPLIED]
    assert app.toast[0].value == "报名已提交，请留意审核结果"
    assert "待审核" in said(app)
    assert "报名" not in buttons(app)
    assert links(app)["查看报名情况"].startswith("personal-enrolments?id=")


def test_a_full_class_says_how_many_wait_and_then_ones_place(open_page: OpenPage, cast: Cast) -> None:
    course_class = offer(cast, capacity=1)
    with transaction() as session:
        for status in (EnrolmentStatus.ACCEPTED, EnrolmentStatus.WAITLISTED):
            other = factories.create_person(session, employer=cast.employer)
            full = session.get_one(CourseClass, course_class.id)
            classes.create_enrolment(session, full, other, employer=cast.employer, status=status)
    app = open_page(PAGE, cast.account)
    assert "名额已满]，1 人候补" in said(app)
    button(app, "报名").click().run()
    assert app.toast[0].value.startswith("名额已满，已加入候补")
    assert "第 **2** 位" in said(app)


def test_what_clashes_is_said_in_the_list_and_agreed_to_on_the_class(open_page: OpenPage, cast: Cast) -> None:
    taken, wanted = offer(cast, "结构抗震加固"), offer(cast)
    with transaction() as session:
        classes.create_enrolment(session, session.get_one(CourseClass, taken.id), cast.person, employer=cast.employer)
    app = open_page(PAGE, cast.account)
    assert f"与您的培训班“结构抗震加固”在 {wanted.start_on} 时间冲突" in said(app)
    button(app, "报名").click().run()
    assert app.query_params["id"] == str(wanted.id)
    assert len(enrolments()) == 1
    button(app, "报名").click().run()
    assert "请先勾选确认" in said(app)
    assert len(enrolments()) == 1
    app.checkbox[0].check().run()
    button(app, "报名").click().run()
    assert len(enrolments()) == 2
    assert "请先勾选确认" not in said(app)


def test_a_class_that_was_taken_before_is_said(open_page: OpenPage, cast: Cast) -> None:
    before = offer(cast, status=ClassStatus.COMPLETED)
    with transaction() as session:
        done = session.get_one(CourseClass, before.id)
        classes.create_enrolment(session, done, cast.person, employer=cast.employer, status=EnrolmentStatus.COMPLETED)
    again = offer(cast, starts=before.start_on)
    app = open_page(PAGE, cast.account, id=str(again.id))
    assert "已报名或参加过同名培训班“桥梁检测实务”" in said(app)


def test_who_may_not_enrol_reads_why_and_finds_no_button(open_page: OpenPage, cast: Cast) -> None:
    offer(cast, audience=(TitleSeries.HEALTH, TitleSeries.LAW))
    app = open_page(PAGE, cast.account)
    assert "您的职称系列不在其中" in said(app)
    assert "适用职称系列：卫生、法律" in said(app)
    assert "报名" not in buttons(app)


def test_a_class_whose_enrolment_begins_later_says_when(open_page: OpenPage, cast: Cast) -> None:
    offer(cast, enrol_from=now() + timedelta(days=1), enrol_until=now() + timedelta(days=2))
    app = open_page(PAGE, cast.account)
    assert "起接受报名，请届时再来" in said(app)
    assert "报名" not in buttons(app)


def test_everything_about_a_class(open_page: OpenPage, cast: Cast) -> None:
    course_class = offer(cast)
    with transaction() as session:
        stored = session.get_one(CourseClass, course_class.id)
        stored.teacher, stored.fee_fen, stored.has_exam = "温怀瑾", 18050, True
        stored.description = "请携带 **安全帽**"
        stored.contact_name, stored.contact_phone = "谢予安", "020-81234567"
    app = open_page(PAGE, cast.account, id=str(course_class.id))
    text = said(app).replace("\\", "")
    for expected in (
        "温怀瑾",
        "180.50 元",
        "80%，并考试合格",
        "请携带 **安全帽**",
        "020-81234567",
        "广东省广州市越秀区",
        "接受报名",
    ):
        assert expected in text, expected
    assert list(app.dataframe[0].value["时间"]) == ["09:00–12:00"] * 2
    button(app, "报名").click().run()
    assert enrolments() == [EnrolmentStatus.APPLIED]


@pytest.mark.parametrize(
    "narrowing",
    [{"text": "桥梁"}, {"category": "general"}, {"seats": "free"}, {"from": "2031-01-01", "until": "2031-12-31"}],
)
def test_filters_of_the_address_narrow_the_list(open_page: OpenPage, cast: Cast, narrowing: dict[str, str]) -> None:
    far = today().replace(year=2031, month=3, day=10)
    offer(cast, category=Category.GENERAL, starts=far, capacity=1)
    other = offer(cast, "结构抗震加固", capacity=1)
    with transaction() as session:
        person = factories.create_person(session, employer=cast.employer)
        classes.create_enrolment(session, session.get_one(CourseClass, other.id), person, employer=cast.employer)
    assert "结构抗震加固" in said(open_page(PAGE, cast.account))
    app = open_page(PAGE, cast.account, **narrowing)
    assert "桥梁检测实务" in said(app)
    assert "结构抗震加固" not in said(app)


def test_a_filter_goes_into_the_address_and_can_be_cleared(open_page: OpenPage, cast: Cast) -> None:
    offer(cast)
    app = open_page(PAGE, cast.account)
    app.text_input(key="text_filter").input("岩土").run()
    assert app.query_params["text"] == "岩土"
    assert "没有符合筛选条件的培训班" in said(app)
    button(app, "清除筛选条件").click().run()
    assert "桥梁检测实务" in said(app)
    app.date_input(key="from_filter").set_value(today()).run()
    assert app.query_params["from"] == today().isoformat()
    app.toggle(key="seats_filter").set_value(True).run()
    assert app.query_params["seats"] == "free"
    assert "桥梁检测实务" in said(app)


@pytest.mark.parametrize(
    "bad", [{"from": "gestern"}, {"category": "x"}, {"after": "9999999999999999999"}, {"seats": "1"}]
)
def test_an_address_that_makes_no_sense_narrows_nothing(open_page: OpenPage, cast: Cast, bad: dict[str, str]) -> None:
    offer(cast)
    app = open_page(PAGE, cast.account, **bad)
    assert not app.exception
    assert "桥梁检测实务" in said(app)


def test_an_empty_list_says_which_of_the_reasons_it_is(open_page: OpenPage, cast: Cast) -> None:
    with transaction() as session:
        alone = session.get_one(Account, factories.create_person(session).account_id)
    app = open_page(PAGE, alone)
    assert "您还没有确认的工作单位" in said(app)
    assert "选择工作单位" in links(app)
    assert "广东省广州市越秀区及上级区划的施教机构还没有开展培训班" in said(open_page(PAGE, cast.account))
    offer(cast, status=ClassStatus.CLOSED)
    assert "目前都不接受报名" in said(open_page(PAGE, cast.account))
    offer(cast)
    assert "没有符合筛选条件" in said(open_page(PAGE, cast.account, text="岩土"))


def test_the_staff_of_a_suspended_employer_are_told_before_they_try(open_page: OpenPage, cast: Cast) -> None:
    offer(cast)
    with transaction() as session:
        session.get_one(Organisation, cast.employer.id).status = OrganisationStatus.SUSPENDED
    app = open_page(PAGE, cast.account)
    assert "您的工作单位已被停用" in said(app)
    button(app, "报名").click().run()
    assert enrolments() == []


def test_a_class_of_another_division_does_not_exist(open_page: OpenPage, cast: Cast) -> None:
    elsewhere = offer(cast, divisions=("440300",))
    app = open_page(PAGE, cast.account, id=str(elsewhere.id))
    assert "没有找到该内容" in said(app)
    assert "报名" not in buttons(app)


def test_a_click_on_a_class_that_was_closed_meanwhile_says_so(open_page: OpenPage, cast: Cast) -> None:
    course_class = offer(cast)
    app = open_page(PAGE, cast.account, id=str(course_class.id))
    with transaction() as session:
        session.get_one(CourseClass, course_class.id).status = ClassStatus.CLOSED
    button(app, "报名").click().run()
    assert "不再接受报名" in said(app)
    assert enrolments() == []


def test_page_follows_page(open_page: OpenPage, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(class_choice, "PAGE_SIZE", 1)
    offer(cast)
    offer(cast, "结构抗震加固", enrol_until=now() + timedelta(days=2))
    app = open_page(PAGE, cast.account)
    assert "结构抗震加固" not in said(app)
    button(app, "下一页").click().run()
    assert "结构抗震加固" in said(app)
    assert "桥梁检测实务" not in said(app)
    button(app, "查看详情").click().run()
    button(app, "返回列表").click().run()
    assert "结构抗震加固" in said(app)
    button(app, "回到第一页").click().run()
    assert "桥梁检测实务" in said(app)


def test_stored_text_is_shown_as_it_is(open_page: OpenPage, cast: Cast) -> None:
    course_class = offer(cast, "![图](http://x.example/i.png)")
    for query in ({}, {"id": str(course_class.id)}):
        assert "![图](" not in said(open_page(PAGE, cast.account, **query))


def test_a_full_page_takes_no_more_queries_than_a_short_one(
    open_page: OpenPage, cast: Cast, count_queries: CountQueries
) -> None:
    offer(cast)
    app = open_page(PAGE, cast.account)
    with count_queries() as few:
        app.run()
    with transaction() as session:
        for number in range(class_choice.PAGE_SIZE):
            more = classes.create_class(session, cast.provider, audience=(TitleSeries.LAW,))
            if number % 5 == 0:
                classes.create_enrolment(
                    session, more, cast.person, employer=cast.employer, status=EnrolmentStatus.WAITLISTED
                )
    with count_queries() as many:
        app.run()
    assert len(buttons(app)) > class_choice.PAGE_SIZE
    assert len(many) <= len(few)
    assert len(many) <= 12, many
