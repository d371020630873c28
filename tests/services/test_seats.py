"""Seats: counted once, given back to those who wait, in their order."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db import reading, transaction
from db.classes import ClassStatus, CourseClass
from db.enrolments import Enrolment, EnrolmentAction, EnrolmentStatus, EnrolmentStep
from db.organisations import Organisation
from db.people import Person
from services import clock, enrolment_moves, enrolments, seats
from services.permissions import Actor
from tests import classes, factories

A, S = EnrolmentAction, EnrolmentStatus
NOON = datetime(2026, 6, 1, 4, tzinfo=UTC)  # in Shanghai
FIRST_DAY = date(2026, 6, 11)


@pytest.fixture(autouse=True)
def _june() -> Iterator[None]:
    with clock.at(NOON):
        yield


def full_class(session: Session, *, waiting: int, starts: date = FIRST_DAY) -> list[Enrolment]:
    """Of one seat: who has it, and those who wait, each come a minute after the other."""
    employer = factories.create_employer(session)
    course_class = classes.create_class(session, classes.create_provider(session), capacity=1, starts=starts)
    enrolled = []
    for minute in range(waiting + 1):
        with clock.at(NOON + timedelta(minutes=minute)):
            person = factories.create_person(session, employer=employer)
            status = S.WAITLISTED if minute else S.ACCEPTED
            enrolled.append(classes.create_enrolment(session, course_class, person, employer=employer, status=status))
    return enrolled


def act(session: Session, enrolment: Enrolment, action: EnrolmentAction) -> None:
    actor = owner_of(session, enrolment)
    enrolments.act(session, actor, enrolment.id, action, seen=enrolment.version)
    session.flush()


def owner_of(session: Session, enrolment: Enrolment) -> Actor:
    return factories.actor_for(session, session.get_one(Person, enrolment.person_id))


def class_of(session: Session, enrolment: Enrolment) -> CourseClass:
    return session.get_one(CourseClass, enrolment.class_id, populate_existing=True)


def states(enrolled: list[Enrolment]) -> list[str]:
    return ["offered" if each.offered_until else each.status for each in enrolled]


def test_a_freed_seat_is_held_for_the_first_who_waits(open_session: Session) -> None:
    enrolled = full_class(open_session, waiting=2)
    act(open_session, enrolled[0], A.CANCEL)
    assert states(enrolled) == [S.CANCELLED, "offered", S.WAITLISTED]
    assert enrolled[1].offered_until == NOON + timedelta(hours=24)
    assert enrolled[1].news_at == NOON
    assert class_of(open_session, enrolled[0]).taken == 1


def test_who_takes_the_offer_has_applied_and_the_others_go_on_waiting(open_session: Session) -> None:
    enrolled = full_class(open_session, waiting=2)
    act(open_session, enrolled[0], A.CANCEL)
    act(open_session, enrolled[1], A.TAKE)
    assert states(enrolled) == [S.CANCELLED, S.APPLIED, S.WAITLISTED]
    assert (enrolled[1].waiting_since, enrolled[1].news_at) == (None, None)
    assert class_of(open_session, enrolled[0]).taken == 1


def test_a_refused_offer_goes_to_the_next_and_without_one_the_seat_is_free(open_session: Session) -> None:
    enrolled = full_class(open_session, waiting=2)
    act(open_session, enrolled[0], A.CANCEL)
    act(open_session, enrolled[1], A.CANCEL)
    assert states(enrolled) == [S.CANCELLED, S.CANCELLED, "offered"]
    act(open_session, enrolled[2], A.CANCEL)
    assert class_of(open_session, enrolled[0]).taken == 0


def test_who_leaves_the_waiting_list_gives_no_seat_back(open_session: Session) -> None:
    enrolled = full_class(open_session, waiting=2)
    act(open_session, enrolled[1], A.CANCEL)
    assert states(enrolled) == [S.ACCEPTED, S.CANCELLED, S.WAITLISTED]
    assert class_of(open_session, enrolled[0]).taken == 1


def test_an_offer_is_over_when_the_first_day_begins(open_session: Session) -> None:
    enrolled = full_class(open_session, waiting=1, starts=date(2026, 6, 2))
    act(open_session, enrolled[0], A.CANCEL)
    assert enrolled[1].offered_until == clock.midnight(date(2026, 6, 2))


def test_a_class_that_begins_today_offers_nothing(open_session: Session) -> None:
    enrolled = full_class(open_session, waiting=1, starts=date(2026, 6, 1))
    provider = open_session.get_one(Organisation, class_of(open_session, enrolled[0]).provider_id)
    trainer = factories.actor_of(open_session, classes.create_trainer(open_session, provider))
    enrolments.act(open_session, trainer, enrolled[0].id, A.REMOVE, seen=enrolled[0].version, opinion="未到场")
    assert states(enrolled) == [S.CANCELLED, S.WAITLISTED]
    assert class_of(open_session, enrolled[0]).taken == 0


def test_more_seats_are_offered_to_as_many_as_wait(open_session: Session) -> None:
    enrolled = full_class(open_session, waiting=3)
    class_of(open_session, enrolled[0]).capacity = 3
    open_session.flush()
    seats.offer_free(open_session, enrolled[0].class_id)
    assert states(enrolled) == [S.ACCEPTED, "offered", "offered", S.WAITLISTED]
    class_of(open_session, enrolled[0]).capacity = 9
    open_session.flush()
    seats.offer_free(open_session, enrolled[0].class_id)
    assert states(enrolled) == [S.ACCEPTED, "offered", "offered", "offered"]
    assert class_of(open_session, enrolled[0]).taken == 4


@pytest.mark.parametrize("status", sorted({ClassStatus.DRAFT, ClassStatus.COMPLETED, ClassStatus.CANCELLED}))
def test_no_seat_is_taken_in_a_class_that_admits_nobody(open_session: Session, status: ClassStatus) -> None:
    course_class = classes.create_class(open_session, classes.create_provider(open_session), status=status)
    assert not seats.take(open_session, course_class.id)


def test_the_database_itself_refuses_one_seat_too_many(open_session: Session) -> None:
    course_class = classes.create_class(open_session, classes.create_provider(open_session), capacity=1)
    course_class.taken = 2
    with pytest.raises(IntegrityError, match="seats_are_never_oversold"):
        open_session.flush()


def test_an_offer_that_nobody_answers_goes_to_the_next(database: Engine) -> None:
    with transaction() as session:
        enrolled = full_class(session, waiting=2)
        act(session, enrolled[0], A.CANCEL)
        other = full_class(session, waiting=1)
    with clock.at(NOON + timedelta(hours=23, minutes=59)):
        seats.expire_due(transaction)
    assert now_in_database(enrolled) == [S.CANCELLED, "offered", S.WAITLISTED]
    with clock.at(NOON + timedelta(hours=24)):
        with pytest.raises(enrolment_moves.OfferExpired), transaction() as session:
            act(session, session.get_one(Enrolment, enrolled[1].id), A.TAKE)
        seats.expire_due(transaction)
        seats.expire_due(transaction)
    assert now_in_database(enrolled) == [S.CANCELLED, S.CANCELLED, "offered"]
    assert now_in_database(other) == [S.ACCEPTED, S.WAITLISTED]
    with reading() as session:
        assert class_of(session, enrolled[0]).taken == 1
        steps = select(EnrolmentStep).where(EnrolmentStep.enrolment_id == enrolled[1].id).order_by(EnrolmentStep.id)
        last = session.scalars(steps).all()[-1]
        assert (last.action, last.actor_id, last.to_status) == (A.EXPIRE, None, S.CANCELLED)


def test_on_the_first_day_the_waiting_list_ends_and_everybody_on_it_is_told(database: Engine) -> None:
    with transaction() as session:
        enrolled = full_class(session, waiting=2, starts=date(2026, 6, 2))
        act(session, enrolled[0], A.CANCEL)
    begins = clock.midnight(date(2026, 6, 2))
    with clock.at(begins):
        seats.expire_due(transaction)
    assert now_in_database(enrolled) == [S.CANCELLED] * 3
    with reading() as session:
        assert class_of(session, enrolled[0]).taken == 0
        assert [session.get_one(Enrolment, each.id).news_at for each in enrolled] == [None, begins, begins]


def now_in_database(enrolled: list[Enrolment]) -> list[str]:
    with reading() as session:
        return states([session.get_one(Enrolment, each.id) for each in enrolled])
