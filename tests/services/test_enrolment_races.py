"""Many who want the last seats at the same moment: no seat is given twice, and nobody falls out of the queue."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import reading, transaction
from db.classes import CourseClass
from db.enrolments import Enrolment, EnrolmentAction, EnrolmentStatus
from db.events import Event
from db.organisations import Organisation
from db.people import Person
from services import enrolling, enrolments, events, seats
from services.clock import now
from services.permissions import Actor
from tests import classes, factories
from tests.services.racing import Call, at_once

A, S = EnrolmentAction, EnrolmentStatus
APPLICANTS, SEATS, LEAVING = 50, 30, 5


def scene(capacity: int, *, inside: int = 0) -> tuple[CourseClass, list[Enrolment], Organisation]:
    """A class in which some have seats already."""
    with transaction() as session:
        employer = factories.create_employer(session)
        course_class = classes.create_class(session, classes.create_provider(session), capacity=capacity)
        enrolled = [
            classes.create_enrolment(
                session,
                course_class,
                factories.create_person(session, employer=employer),
                employer=employer,
                status=S.ACCEPTED,
            )
            for _ in range(inside)
        ]
    return course_class, enrolled, employer


def applicants(employer: Organisation, number: int) -> list[Actor]:
    with transaction() as session:
        people = [factories.create_person(session, employer=employer) for _ in range(number)]
        return [factories.actor_for(session, person) for person in people]


def enrol(course_class: CourseClass, actor: Actor) -> Call:
    return lambda session: enrolling.enrol(session, actor, course_class.id, seen=course_class.version)


def act(enrolment: Enrolment, action: EnrolmentAction) -> Call:
    def call(session: Session) -> None:
        owner = factories.actor_for(session, session.get_one(Person, enrolment.person_id))
        enrolments.act(session, owner, enrolment.id, action, seen=enrolment.version)

    return call


def enrolled_in(course_class: CourseClass) -> list[Enrolment]:
    with reading() as session:
        mine = select(Enrolment).where(Enrolment.class_id == course_class.id)
        return list(session.scalars(mine.order_by(Enrolment.waiting_since, Enrolment.id)))


def taken(course_class: CourseClass) -> int:
    with reading() as session:
        return session.get_one(CourseClass, course_class.id).taken


def state(enrolment: Enrolment) -> str:
    return "offered" if enrolment.offered_until else enrolment.status


def in_the_log(action: str) -> list[int | None]:
    """The enrolments, in the order in which they were stored."""
    with reading() as session:
        assert events.check_chain(session).intact
        return list(session.scalars(select(Event.object_id).where(Event.action == action).order_by(Event.id)))


def test_fifty_at_once_for_the_last_thirty_seats_while_others_leave() -> None:
    course_class, inside, employer = scene(SEATS + LEAVING, inside=LEAVING)
    coming = applicants(employer, APPLICANTS)
    calls = [enrol(course_class, actor) for actor in coming] + [act(each, A.CANCEL) for each in inside]
    assert at_once(*calls) == [False] * len(calls)

    came = [each for each in enrolled_in(course_class) if each.person_id in {actor.person_id for actor in coming}]
    assert len(came) == APPLICANTS
    states = Counter(map(state, came))
    assert states[S.APPLIED] + states["offered"] == SEATS + LEAVING == taken(course_class)
    assert states[S.WAITLISTED] == APPLICANTS - SEATS - LEAVING
    assert states.total() == APPLICANTS
    queue = [each.id for each in came if each.status is S.WAITLISTED]
    assert queue == in_the_log("enrolment_wait")
    assert (
        queue[: states["offered"]] == [each.id for each in came if each.offered_until] == in_the_log("enrolment_offer")
    )


def test_fifty_at_once_for_thirty_seats_and_nobody_leaves() -> None:
    course_class, _inside, employer = scene(SEATS)
    calls = [enrol(course_class, actor) for actor in applicants(employer, APPLICANTS)]
    assert at_once(*calls) == [False] * APPLICANTS
    assert Counter(map(state, enrolled_in(course_class))) == {S.APPLIED: SEATS, S.WAITLISTED: APPLICANTS - SEATS}
    assert taken(course_class) == SEATS


def test_thirty_leave_at_once_and_the_first_who_wait_are_asked() -> None:
    course_class, inside, employer = scene(SEATS, inside=SEATS)
    for actor in applicants(employer, SEATS):
        with transaction() as session:
            enrolling.enrol(session, actor, course_class.id, seen=course_class.version)
    queue = [each.id for each in enrolled_in(course_class) if each.status is S.WAITLISTED]
    leaving = inside[: SEATS // 2]
    assert at_once(*[act(each, A.CANCEL) for each in leaving]) == [False] * len(leaving)
    offered = [each.id for each in enrolled_in(course_class) if each.offered_until]
    assert offered == queue[: len(leaving)] == in_the_log("enrolment_offer")
    assert taken(course_class) == SEATS


def test_who_enrols_three_times_at_once_has_one_seat() -> None:
    course_class, _inside, employer = scene(SEATS)
    (actor,) = applicants(employer, 1)
    assert at_once(*[enrol(course_class, actor)] * 3) == [False, True, True]
    assert (len(enrolled_in(course_class)), taken(course_class)) == (1, 1)


def test_who_takes_an_offer_and_gives_it_up_at_once_does_one_of_both() -> None:
    course_class, inside, employer = scene(1, inside=1)
    first, second = applicants(employer, 2)
    for actor in (first, second):
        with transaction() as session:
            enrolling.enrol(session, actor, course_class.id, seen=course_class.version)
    assert at_once(act(inside[0], A.CANCEL)) == [False]
    offered = next(each for each in enrolled_in(course_class) if each.offered_until)
    assert at_once(act(offered, A.TAKE), act(offered, A.CANCEL)) == [False, True]
    assert taken(course_class) == 1


def test_an_expired_offer_goes_to_one_other_however_many_processes_look_for_it() -> None:
    course_class, _inside, employer = scene(1)
    asked, *queue = applicants(employer, 3)
    with transaction() as session:
        course_class = session.get_one(CourseClass, course_class.id)
        classes.create_enrolment(
            session,
            course_class,
            session.get_one(Person, asked.person_id),
            employer=employer,
            status=S.WAITLISTED,
            offered_until=now() - timedelta(minutes=1),
        )
    for actor in queue:
        assert at_once(enrol(course_class, actor)) == [False]
    with ThreadPoolExecutor(3) as processes:
        for each in [processes.submit(seats.expire_due, transaction) for _ in range(3)]:
            each.result()
    states = {each.person_id: state(each) for each in enrolled_in(course_class)}
    assert [states[actor.person_id or 0] for actor in (asked, *queue)] == [S.CANCELLED, "offered", S.WAITLISTED]
    assert taken(course_class) == 1
