"""Enrolling: what stands in the way, what is said before, and what comes of it."""

from datetime import time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.classes import ClassStatus, CourseClass
from db.enrolments import Enrolment, EnrolmentAction, EnrolmentStatus, EnrolmentStep
from db.events import pending
from db.organisations import Organisation, OrganisationStatus
from db.people import Person, TitleSeries
from services import class_clashes, enrolling, enrolments, waiting_list
from services.class_clashes import Clash
from services.clock import now, today
from services.enrolling import (
    AlreadyEnrolled,
    Clashing,
    DeclinedBefore,
    EnrolmentNotBegun,
    EnrolmentOver,
    NotForThisSeries,
)
from services.errors import DomainError, NotFound, WrongStatus
from services.people import EmployerSuspended, NoEmployer
from services.permissions import Actor
from tests import classes, factories

A, S = EnrolmentAction, EnrolmentStatus


@pytest.fixture
def course_class(open_session: Session, provider: Organisation) -> CourseClass:
    """Of one seat."""
    return classes.create_class(open_session, provider, capacity=1)


@pytest.fixture
def owner(open_session: Session, person: Person) -> Actor:
    return factories.actor_for(open_session, person)


def enrol(session: Session, actor: Actor, course_class: CourseClass, *, despite_clash: bool = False) -> Enrolment:
    return enrolling.enrol(session, actor, course_class.id, seen=course_class.version, despite_clash=despite_clash)


def refused(session: Session, actor: Actor, course_class: CourseClass) -> type[DomainError] | None:
    try:
        enrol(session, actor, course_class)
    except DomainError as refusal:
        return type(refusal)
    return None


def test_a_free_seat_is_taken_and_the_next_waits(
    open_session: Session, professional: Actor, owner: Actor, employer: Organisation, course_class: CourseClass
) -> None:
    first, second = (enrol(open_session, actor, course_class) for actor in (professional, owner))
    open_session.flush()
    assert [each.status for each in (first, second)] == [S.APPLIED, S.WAITLISTED]
    assert second.waiting_since is not None
    assert (first.waiting_since, second.news_at, second.employer_id) == (None, None, employer.id)
    open_session.refresh(course_class)
    assert course_class.taken == 1
    steps = open_session.scalars(select(EnrolmentStep).order_by(EnrolmentStep.id)).all()
    assert [(step.action, step.from_status, step.to_status) for step in steps] == [
        (A.ENROL, None, S.APPLIED),
        (A.WAIT, None, S.WAITLISTED),
    ]
    assert [event.action for event in pending(open_session)] == ["enrolment_enrol", "enrolment_wait"]


def test_who_cancelled_enrols_again_in_the_same_row_behind_the_others(
    open_session: Session, professional: Actor, owner: Actor, course_class: CourseClass
) -> None:
    first = enrol(open_session, professional, course_class)
    second = enrol(open_session, owner, course_class)
    enrolments.act(open_session, professional, first.id, A.CANCEL, seen=first.version)
    again = enrol(open_session, professional, course_class)
    assert again is first
    assert again.status is S.WAITLISTED
    assert second.offered_until is not None
    assert waiting_list.places(open_session, [first, second]) == {first.id: 1}


def test_the_place_in_the_waiting_list_is_the_order_of_coming(
    open_session: Session,
    professional: Actor,
    employer: Organisation,
    course_class: CourseClass,
    provider: Organisation,
) -> None:
    enrol(open_session, professional, course_class)
    queue = []
    for _ in range(3):
        actor = factories.actor_for(open_session, factories.create_person(open_session, employer=employer))
        queue.append(enrol(open_session, actor, course_class))
    other = classes.create_class(open_session, provider, capacity=1)
    assert waiting_list.places(open_session, queue) == {each.id: place for place, each in enumerate(queue, 1)}
    assert waiting_list.lengths(open_session, [course_class.id, other.id]) == {course_class.id: 3}


@pytest.mark.parametrize("status", sorted(set(ClassStatus) - {ClassStatus.OPEN, ClassStatus.DRAFT}))
def test_a_class_that_is_not_open_takes_nobody(
    open_session: Session, owner: Actor, provider: Organisation, status: ClassStatus
) -> None:
    assert refused(open_session, owner, classes.create_class(open_session, provider, status=status)) is EnrolmentOver


def test_a_draft_does_not_exist_for_professionals(open_session: Session, owner: Actor, provider: Organisation) -> None:
    draft = classes.create_class(open_session, provider, status=ClassStatus.DRAFT)
    assert refused(open_session, owner, draft) is NotFound


def test_nobody_enrols_before_or_after_the_window_nor_on_the_first_day(
    open_session: Session, owner: Actor, provider: Organisation
) -> None:
    hour, days = timedelta(hours=1), timedelta(days=2)
    early = classes.create_class(open_session, provider, enrol_from=now() + hour, enrol_until=now() + days)
    late = classes.create_class(open_session, provider, enrol_from=now() - days, enrol_until=now() - hour)
    begun = classes.create_class(open_session, provider, starts=today())
    assert [refused(open_session, owner, each) for each in (early, late, begun)] == [
        EnrolmentNotBegun,
        EnrolmentOver,
        EnrolmentOver,
    ]


def test_only_with_a_confirmed_employer_that_may_work(
    open_session: Session, owner: Actor, employer: Organisation, course_class: CourseClass
) -> None:
    alone = factories.actor_for(open_session, factories.create_person(open_session))
    assert refused(open_session, alone, course_class) is NoEmployer
    employer.status = OrganisationStatus.SUSPENDED
    assert refused(open_session, owner, course_class) is EmployerSuspended


def test_only_in_classes_of_ones_own_division_of_providers_that_may_teach(
    open_session: Session, owner: Actor, course_class: CourseClass, provider: Organisation
) -> None:
    elsewhere = classes.create_class(open_session, provider, divisions=("440103",))
    assert refused(open_session, owner, elsewhere) is NotFound
    provider.status = OrganisationStatus.SUSPENDED
    assert refused(open_session, owner, course_class) is EnrolmentOver


def test_a_class_for_some_title_series_is_for_nobody_else(
    open_session: Session, owner: Actor, person: Person, provider: Organisation
) -> None:
    series = (TitleSeries.ENGINEERING, TitleSeries.HEALTH)
    course_class = classes.create_class(open_session, provider, audience=series)
    assert refused(open_session, owner, course_class) is NotForThisSeries
    person.title_series = TitleSeries.TEACHING
    assert refused(open_session, owner, course_class) is NotForThisSeries
    person.title_series = TitleSeries.HEALTH
    assert refused(open_session, owner, course_class) is None


@pytest.mark.parametrize("status", sorted(set(S) - {S.CANCELLED}))
def test_nobody_is_in_one_class_twice(
    open_session: Session,
    owner: Actor,
    person: Person,
    employer: Organisation,
    course_class: CourseClass,
    status: EnrolmentStatus,
) -> None:
    classes.create_enrolment(open_session, course_class, person, employer=employer, status=status)
    expected = DeclinedBefore if status is S.DECLINED else AlreadyEnrolled
    assert refused(open_session, owner, course_class) is expected


def test_a_class_that_was_changed_since_it_was_read_is_read_again(
    open_session: Session, owner: Actor, course_class: CourseClass
) -> None:
    with pytest.raises(WrongStatus):
        enrolling.enrol(open_session, owner, course_class.id, seen=course_class.version - 1)


def test_another_class_at_the_same_time_is_said_before_and_may_be_agreed_to(
    open_session: Session, owner: Actor, provider: Organisation
) -> None:
    taken = classes.create_class(open_session, provider, name="桥梁检测实务", days=3)
    wanted = classes.create_class(open_session, provider, starts=taken.start_on, days=3)
    assert class_clashes.find(open_session, owner, [wanted.id]) == {}
    enrol(open_session, owner, taken)
    clash = Clash("桥梁检测实务", taken.start_on)
    assert class_clashes.find(open_session, owner, [wanted.id, taken.id]) == {wanted.id: [clash]}
    with pytest.raises(Clashing, match="桥梁检测实务"):
        enrol(open_session, owner, wanted)
    assert enrol(open_session, owner, wanted, despite_clash=True).status is S.APPLIED


def test_classes_on_the_same_day_one_after_the_other_do_not_clash(
    open_session: Session, owner: Actor, provider: Organisation
) -> None:
    morning, afternoon = (classes.create_class(open_session, provider) for _ in range(2))
    for session in afternoon.sessions:
        session.begins, session.ends = classes.NOON, time(15)
    open_session.flush()
    enrol(open_session, owner, morning)
    assert class_clashes.find(open_session, owner, [afternoon.id]) == {}


@pytest.mark.parametrize("status", [S.CANCELLED, S.DECLINED, S.NOT_COMPLETED, S.COMPLETED])
def test_a_class_that_one_is_no_longer_in_is_at_no_time(
    open_session: Session,
    owner: Actor,
    person: Person,
    employer: Organisation,
    provider: Organisation,
    status: EnrolmentStatus,
) -> None:
    left, wanted = (classes.create_class(open_session, provider) for _ in range(2))
    classes.create_enrolment(open_session, left, person, employer=employer, status=status)
    assert class_clashes.find(open_session, owner, [wanted.id]) == {}


@pytest.mark.parametrize("status", sorted(S))
def test_a_class_of_the_same_name_in_the_same_year_is_said_before_if_it_is_or_was_taken(
    open_session: Session, owner: Actor, person: Person, employer: Organisation, status: EnrolmentStatus
) -> None:
    before = classes.create_class(open_session, classes.create_provider(open_session), name="桥梁检测实务")
    again = classes.create_class(
        open_session, classes.create_provider(open_session), name="桥梁检测实务", starts=today() + timedelta(days=20)
    )
    again.year = before.year
    open_session.flush()
    classes.create_enrolment(open_session, before, person, employer=employer, status=status)
    counts = status not in {S.CANCELLED, S.DECLINED, S.NOT_COMPLETED}
    found = {again.id: [Clash("桥梁检测实务")]} if counts else {}
    assert class_clashes.find(open_session, owner, [again.id]) == found


def test_somebody_elses_classes_are_no_clash(
    open_session: Session, owner: Actor, professional: Actor, provider: Organisation
) -> None:
    first, second = (classes.create_class(open_session, provider, name="桥梁检测实务") for _ in range(2))
    enrol(open_session, professional, first)
    assert class_clashes.find(open_session, owner, [second.id]) == {}
