"""报名审核: one by one and many at once, with the waiting list in its order."""

from datetime import timedelta
from typing import NamedTuple

import pytest
from streamlit.testing.v1 import AppTest

from db import reading, transaction
from db.accounts import Account
from db.classes import ClassStatus, CourseClass
from db.enrolments import Enrolment, EnrolmentStatus
from db.organisations import Organisation
from services.clock import now
from tests import classes, factories
from tests.counting import CountQueries
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, said
from web import worklist

PAGE = "provider/enrolments"


class Stage(NamedTuple):
    trainer: Account
    course_class: CourseClass
    employer: Organisation


@pytest.fixture
def stage() -> Stage:
    with transaction() as session:
        provider = classes.create_provider(session)
        trainer = classes.create_trainer(session, provider)
        return Stage(
            trainer, classes.create_class(session, provider, name="桥梁检测培训班"), factories.create_employer(session)
        )


def enrol(stage: Stage, name: str, status: EnrolmentStatus = EnrolmentStatus.APPLIED, *, minutes: int = 0) -> Enrolment:
    """`minutes` later than the others."""
    with transaction() as session:
        course_class = session.get_one(CourseClass, stage.course_class.id)
        person = factories.create_person(session, name=name, employer=stage.employer)
        enrolment = classes.create_enrolment(session, course_class, person, employer=stage.employer, status=status)
        later = timedelta(minutes=minutes)
        enrolment.applied_at += later
        if enrolment.waiting_since:
            enrolment.waiting_since += later
        return enrolment


def status(enrolment: Enrolment) -> tuple[EnrolmentStatus, str]:
    with reading() as session:
        found = session.get_one(Enrolment, enrolment.id)
        return found.status, found.opinion


def test_somebody_is_accepted_and_the_next_is_opened(open_page: OpenPage, stage: Stage) -> None:
    first, second = enrol(stage, "林知夏"), enrol(stage, "陈望舒", minutes=1)
    app = open_page(PAGE, stage.trainer)
    assert "林知夏" in said(app)
    button(app, "通过").click().run()
    assert (status(first), status(second)) == (
        (EnrolmentStatus.ACCEPTED, ""),
        (EnrolmentStatus.APPLIED, ""),
    )
    assert app.header[-1].value.startswith("陈望舒")


def test_declining_needs_a_reason_and_keeps_what_was_typed(open_page: OpenPage, stage: Stage) -> None:
    enrolment = enrol(stage, "林知夏")
    app = open_page(PAGE, stage.trainer)
    button(app, "不通过").click().run()
    assert "审核意见：请填写。" in app.error[0].value
    app.text_area(key=f"opinion_enrolment_{enrolment.id}_{enrolment.version}").input("不属于培训对象")
    button(app, "不通过").click().run()
    assert status(enrolment) == (EnrolmentStatus.DECLINED, "不属于培训对象")


def test_a_mistake_is_taken_back_and_somebody_accepted_is_taken_out(open_page: OpenPage, stage: Stage) -> None:
    declined = enrol(stage, "林知夏", EnrolmentStatus.DECLINED)
    accepted = enrol(stage, "陈望舒", EnrolmentStatus.ACCEPTED)
    app = open_page(PAGE, stage.trainer, status="declined")
    button(app, "恢复待审核").click().run()
    assert status(declined)[0] is EnrolmentStatus.APPLIED
    app = open_page(PAGE, stage.trainer, status="accepted")
    app.text_area[0].input("本人书面申请退班")
    button(app, "退班").click().run()
    assert status(accepted) == (EnrolmentStatus.CANCELLED, "本人书面申请退班")


def tick(app: AppTest, *enrolments: Enrolment) -> None:
    view = repr([("class", str(enrolments[0].class_id))])
    app.session_state[worklist.CHOSEN] = (view, 0, {each.id: each.version for each in enrolments})


def test_many_are_accepted_with_one_click_and_each_refusal_has_its_name(open_page: OpenPage, stage: Stage) -> None:
    people = [enrol(stage, name, minutes=at) for at, name in enumerate(("林知夏", "陈望舒", "黄景行"))]
    app = open_page(PAGE, stage.trainer)
    with transaction() as session:
        changed = session.get_one(Enrolment, people[1].id)
        changed.status, changed.decided_at = EnrolmentStatus.CANCELLED, now()
    tick(app, *people)
    app.run()
    button(app, "确认批量通过").click().run()
    assert "已审核 2 人" in app.success[0].value
    assert "陈望舒" in app.error[0].value
    assert [status(each)[0] for each in people] == [
        EnrolmentStatus.ACCEPTED,
        EnrolmentStatus.CANCELLED,
        EnrolmentStatus.ACCEPTED,
    ]
    button(app, "知道了").click().run()
    assert not app.error


def test_many_are_declined_for_one_reason_and_for_none_nobody_is(open_page: OpenPage, stage: Stage) -> None:
    people = [enrol(stage, "林知夏"), enrol(stage, "陈望舒", minutes=1)]
    app = open_page(PAGE, stage.trainer)
    tick(app, *people)
    app.run()
    button(app, "确认批量不通过").click().run()
    assert "请填写" in app.error[0].value
    assert {status(each)[0] for each in people} == {EnrolmentStatus.APPLIED}
    app.text_area(key="bulk_opinion").input("名额调整")
    button(app, "确认批量不通过").click().run()
    assert {status(each) for each in people} == {(EnrolmentStatus.DECLINED, "名额调整")}


def test_the_waiting_list_stands_in_its_order(open_page: OpenPage, stage: Stage) -> None:
    waiting = EnrolmentStatus.WAITLISTED
    enrol(stage, "陈望舒", waiting, minutes=2)
    enrol(stage, "林知夏", waiting, minutes=1)
    app = open_page(PAGE, stage.trainer, status="waitlisted")
    frame = app.dataframe[0].value
    assert list(zip(frame["候补顺序"], frame["姓名"], strict=True)) == [(1, "林知夏"), (2, "陈望舒")]
    app = open_page(PAGE, stage.trainer, status="waitlisted", text="望舒")
    assert list(app.dataframe[0].value["候补顺序"]) == [2]


def test_nobody_is_offered_to_decide_about_himself(open_page: OpenPage, stage: Stage) -> None:
    with transaction() as session:
        course_class = session.get_one(CourseClass, stage.course_class.id)
        account = session.get_one(Account, stage.trainer.id)
        person = factories.create_person(session, employer=stage.employer, account=account)
        classes.create_enrolment(session, course_class, person, employer=stage.employer)
    app = open_page(PAGE, stage.trainer)
    assert "不能审核自己的报名" in said(app)
    assert "通过" not in buttons(app)


def test_a_hostile_name_is_shown_as_it_is(open_page: OpenPage, stage: Stage) -> None:
    enrol(stage, "[点我](https://example.com)")
    assert r"\[点我\]" in open_page(PAGE, stage.trainer).header[-1].value


def test_an_empty_list_says_why(open_page: OpenPage, stage: Stage) -> None:
    assert "没有待审核的报名" in said(open_page(PAGE, stage.trainer))
    assert "没有“候补”的报名人员" in said(open_page(PAGE, stage.trainer, status="waitlisted"))
    assert "没有找到符合条件的报名人员" in said(open_page(PAGE, stage.trainer, text="没有这个人"))


def test_without_a_published_class_the_page_says_what_to_do(open_page: OpenPage) -> None:
    with transaction() as session:
        provider = classes.create_provider(session)
        trainer = classes.create_trainer(session, provider)
        classes.create_class(session, provider, status=ClassStatus.DRAFT)
    assert "还没有发布的培训班" in said(open_page(PAGE, trainer))


def test_the_class_where_somebody_waits_comes_first_and_stays(open_page: OpenPage, stage: Stage) -> None:
    enrolment = enrol(stage, "林知夏")
    with transaction() as session:
        provider = session.get_one(Organisation, stage.course_class.provider_id)
        classes.create_class(session, provider, name="较晚的培训班", starts=stage.course_class.end_on)
    app = open_page(PAGE, stage.trainer)
    button(app, "通过").click().run()
    assert status(enrolment)[0] is EnrolmentStatus.ACCEPTED
    assert "桥梁检测培训班" in said(app)


def test_a_class_of_another_provider_gives_way_to_ones_own(open_page: OpenPage, stage: Stage) -> None:
    with transaction() as session:
        other = classes.create_class(session, classes.create_provider(session), name="别家的培训班")
    app = open_page(PAGE, stage.trainer, **{"class": str(other.id)})
    assert "桥梁检测培训班" in said(app)
    assert "别家的培训班" not in said(app)


def test_a_long_list_costs_no_more_queries_than_a_short_one(
    open_page: OpenPage, stage: Stage, count_queries: CountQueries
) -> None:
    enrol(stage, "林知夏")
    with count_queries() as few:
        open_page(PAGE, stage.trainer)
    with transaction() as session:
        session.get_one(CourseClass, stage.course_class.id).capacity = 100
    for number in range(60):
        enrol(stage, factories.invented_name(number), minutes=number)
    with count_queries() as many:
        app = open_page(PAGE, stage.trainer)
    assert len(many) == len(few)
    assert len(app.dataframe[0].value) == 50
