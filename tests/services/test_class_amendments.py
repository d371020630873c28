"""What may still change about a class in which people can enrol."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.classes import ClassAction, ClassStatus, CourseClass
from db.enrolments import Enrolment, EnrolmentAction, EnrolmentStatus, EnrolmentStep
from db.events import pending
from db.organisations import Organisation
from services import class_amendments, class_form, clock
from services.class_amendments import Amendment, amendment_of
from services.errors import DomainError, InvalidField, LeftOut, NotFound, WrongStatus
from services.permissions import Actor
from tests import classes as built
from tests import factories
from tests.services.class_forms import TODAY, published, step


@pytest.fixture(autouse=True)
def _june() -> Iterator[None]:
    with clock.at(TODAY):
        yield


@pytest.fixture
def course_class(open_session: Session, trainer: Actor, provider: Organisation) -> CourseClass:
    return published(open_session, trainer, provider)


def amend(session: Session, actor: Actor, course_class: CourseClass, amendment: Amendment) -> None:
    class_amendments.amend(session, actor, course_class.id, amendment, seen=course_class.version)
    session.flush()


def enrolled(session: Session, course_class: CourseClass, status: EnrolmentStatus) -> None:
    employer = factories.create_employer(session)
    person = factories.create_person(session, employer=employer)
    built.create_enrolment(session, course_class, person, employer=employer, status=status)


def test_contact_teacher_description_seats_end_and_places_are_changed(
    open_session: Session, trainer: Actor, course_class: CourseClass
) -> None:
    until = datetime(2026, 7, 3, tzinfo=UTC)
    first, *others = course_class.sessions
    wanted = Amendment("温以宁", "陈望舒", "020-81111111", "改为两位教师授课。", 40, until, {first.id: "第二教室"})
    amend(open_session, trainer, course_class, wanted)
    kept = amendment_of(course_class)
    assert kept == replace(wanted, places={first.id: "第二教室", **{each.id: each.place for each in others}})
    event = pending(open_session)[-1]
    assert (event.action, event.before["capacity"], event.after["capacity"]) == ("class_amend", "30", "40")


def test_who_takes_part_is_told_of_another_place_or_teacher(
    open_session: Session, trainer: Actor, course_class: CourseClass
) -> None:
    for status in (EnrolmentStatus.ACCEPTED, EnrolmentStatus.WAITLISTED, EnrolmentStatus.DECLINED):
        enrolled(open_session, course_class, status)
    first = course_class.sessions[0]
    wanted = replace(amendment_of(course_class), teacher="温以宁", places={first.id: "第二教室"})
    amend(open_session, trainer, course_class, wanted)
    steps = open_session.scalars(select(EnrolmentStep).order_by(EnrolmentStep.id)).all()
    news = f"授课教师：温以宁；{first.held_on} {first.begins:%H:%M} 上课地点：第二教室"
    assert [(each.action, each.to_status, each.opinion) for each in steps] == [
        (EnrolmentAction.INFORM, EnrolmentStatus.ACCEPTED, news),
        (EnrolmentAction.INFORM, EnrolmentStatus.WAITLISTED, news),
    ]
    told = select(Enrolment.status).where(Enrolment.news_at.is_not(None)).order_by(Enrolment.id)
    assert open_session.scalars(told).all() == [EnrolmentStatus.ACCEPTED, EnrolmentStatus.WAITLISTED]


def test_nobody_is_told_of_what_does_not_concern_him(
    open_session: Session, trainer: Actor, course_class: CourseClass
) -> None:
    enrolled(open_session, course_class, EnrolmentStatus.ACCEPTED)
    amend(open_session, trainer, course_class, replace(amendment_of(course_class), description="新的简介", capacity=50))
    assert open_session.scalars(select(EnrolmentStep)).all() == []


@pytest.mark.parametrize("status", [each for each in ClassStatus if each not in class_amendments.AMENDABLE])
def test_a_draft_and_what_is_over_are_not_amended(
    open_session: Session, trainer: Actor, provider: Organisation, status: ClassStatus
) -> None:
    other = built.create_class(open_session, provider, status=status)
    with pytest.raises(WrongStatus):
        amend(open_session, trainer, other, amendment_of(other))


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"contact_name": " ", "contact_phone": ""}, LeftOut),
        ({"capacity": None}, LeftOut),
        ({"capacity": 0}, InvalidField),
        ({"capacity": class_form.MOST_SEATS + 1}, InvalidField),
        ({"contact_phone": "来电"}, InvalidField),
        ({"enrol_until": None}, LeftOut),
        ({"enrol_until": TODAY - timedelta(minutes=1)}, class_form.EnrolmentIsOver),
        ({"enrol_until": datetime(2026, 7, 6, 1, 1, tzinfo=UTC)}, class_form.EnrolmentEndsLate),
        ({"enrol_until": TODAY + timedelta(minutes=1)}, InvalidField),
        ({"description": "介" * 2001}, InvalidField),
    ],
)
def test_what_is_amended_stays_complete(
    open_session: Session,
    trainer: Actor,
    course_class: CourseClass,
    change: dict[str, object],
    refusal: type[DomainError],
) -> None:
    with pytest.raises(refusal):
        amend(open_session, trainer, course_class, replace(amendment_of(course_class), **change))  # type: ignore[arg-type]


def test_seats_that_are_taken_stay(open_session: Session, trainer: Actor, course_class: CourseClass) -> None:
    for _ in range(2):
        enrolled(open_session, course_class, EnrolmentStatus.ACCEPTED)
    open_session.flush()
    with pytest.raises(class_amendments.FewerThanTaken, match="2"):
        amend(open_session, trainer, course_class, replace(amendment_of(course_class), capacity=1))
    amend(open_session, trainer, course_class, replace(amendment_of(course_class), capacity=2))
    assert course_class.capacity == 2


def test_seats_that_are_added_are_offered_to_those_who_wait(
    open_session: Session, trainer: Actor, course_class: CourseClass
) -> None:
    amend(open_session, trainer, course_class, replace(amendment_of(course_class), capacity=1))
    enrolled(open_session, course_class, EnrolmentStatus.ACCEPTED)
    for _ in range(3):
        enrolled(open_session, course_class, EnrolmentStatus.WAITLISTED)
    amend(open_session, trainer, course_class, replace(amendment_of(course_class), capacity=3))
    open_session.refresh(course_class)
    assert (course_class.capacity, course_class.taken) == (3, 3)
    offered = [event for event in pending(open_session) if event.action == "enrolment_offer"]
    assert len(offered) == 2


def test_a_closed_enrolment_is_prolonged_by_opening_it(
    open_session: Session, trainer: Actor, course_class: CourseClass
) -> None:
    step(open_session, trainer, course_class, ClassAction.CLOSE)
    later = replace(amendment_of(course_class), enrol_until=datetime(2026, 7, 2, tzinfo=UTC))
    with pytest.raises(class_amendments.EnrolmentIsClosed, match="开放报名"):
        amend(open_session, trainer, course_class, later)
    amend(open_session, trainer, course_class, replace(amendment_of(course_class), teacher="温以宁"))
    assert course_class.teacher == "温以宁"


def test_only_coming_sessions_are_held_somewhere_else(
    open_session: Session, trainer: Actor, course_class: CourseClass
) -> None:
    morning, afternoon, _ = course_class.sessions
    step(open_session, trainer, course_class, ClassAction.CLOSE)
    with clock.at(datetime(2026, 7, 6, 1, tzinfo=UTC)):  # nine o'clock: the first one begins
        moved = replace(amendment_of(course_class), places={morning.id: "别处"})
        with pytest.raises(class_amendments.SessionHasBegun):
            amend(open_session, trainer, course_class, moved)
        amend(open_session, trainer, course_class, replace(moved, places={afternoon.id: "别处"}))
    assert (morning.place, afternoon.place) == ("第一教室", "别处")


def test_a_session_without_a_place_is_where_the_class_is(
    open_session: Session, trainer: Actor, course_class: CourseClass
) -> None:
    first = course_class.sessions[0]
    nowhere = replace(amendment_of(course_class), places={first.id: " "})
    amend(open_session, trainer, course_class, nowhere)
    assert first.place == ""
    first.place, course_class.place = "第一教室", ""
    open_session.flush()
    with pytest.raises(LeftOut, match="上课地点"):
        amend(open_session, trainer, course_class, nowhere)


def test_the_class_of_another_provider_is_not_amended(open_session: Session, course_class: CourseClass) -> None:
    elsewhere = built.create_trainer(open_session, built.create_provider(open_session))
    with pytest.raises(NotFound):
        amend(open_session, factories.actor_of(open_session, elsewhere), course_class, amendment_of(course_class))


def test_an_amendment_of_what_changed_meanwhile_is_refused(
    open_session: Session, trainer: Actor, course_class: CourseClass
) -> None:
    wanted = amendment_of(course_class)
    with pytest.raises(WrongStatus):
        class_amendments.amend(open_session, trainer, course_class.id, wanted, seen=course_class.version - 1)
