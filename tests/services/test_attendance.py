"""Attendance of a class: cell by cell, for all who are left, never before a session and never after the hours."""

from datetime import timedelta

from sqlalchemy import select

from db import reading, transaction
from db.accounts import Account
from db.classes import ClassStatus
from db.enrolments import Attendance, Enrolment, EnrolmentStatus
from db.events import Event
from db.people import Person
from services import attendance, clock, completion
from services.attendance import Marks, SessionNotBegun
from services.enrolment_moves import OwnEnrolment
from services.errors import NotFound, PermissionDenied, WrongStatus
from services.permissions import Actor
from tests import classes, factories
from tests.services import taught as over
from tests.services.acting import refused
from tests.services.taught import Taught


def registered(enrolment: Enrolment) -> dict[int, bool]:
    with reading() as session:
        found = session.scalars(select(Attendance).where(Attendance.enrolment_id == enrolment.id))
        return {row.session_id: row.present for row in found}


def register(taught: Taught, marks: dict[int, Marks], actor: Actor | None = None) -> type | None:
    return refused(attendance.register, actor or taught.trainer, taught.course_class.id, marks)


def test_cells_are_registered_and_changed_and_the_others_stay() -> None:
    taught, (first, second) = over.new((), (True, True))
    one, two = taught.sessions
    register(taught, {first.id: Marks({one: True}), second.id: Marks({two: False}, passed=True)})
    assert (registered(first), registered(second)) == ({one: True}, {one: True, two: False})
    assert (over.stored(first).passed, over.stored(second).passed) == (None, True)


def test_each_change_is_in_the_log_and_what_changes_nothing_is_not() -> None:
    taught, (first, second) = over.new((True,), (True,))
    one = taught.sessions[0]
    register(taught, {first.id: Marks({one: False}), second.id: Marks({one: True})})
    with reading() as session:
        events = session.scalars(select(Event).where(Event.action == "attendance_register")).all()
    assert [(event.object_id, event.before["present"], event.after["present"]) for event in events] == [
        (first.id, {str(one): True}, {str(one): False})
    ]


def test_whoever_is_left_is_registered_with_one_click() -> None:
    taught, (absent, unknown, late) = over.new((False,), (), (True,))
    one, two = taught.sessions
    with transaction() as session:
        count = attendance.register_rest(session, taught.trainer, taught.course_class.id, one, was_present=True)
    assert count == 1
    assert [registered(each) for each in (absent, unknown, late)] == [{one: False}, {one: True}, {one: True}]
    with transaction() as session:
        attendance.register_rest(session, taught.trainer, taught.course_class.id, two, was_present=False)
    assert [registered(each)[two] for each in (absent, unknown, late)] == [False, False, False]


def test_nothing_is_registered_before_a_session_has_begun() -> None:
    taught, (enrolment,) = over.new(())
    one, two = taught.sessions
    last = taught.course_class.sessions[-1]
    begins = clock.moment(last.held_on, last.begins)
    with clock.at(begins - timedelta(minutes=1)):
        assert register(taught, {enrolment.id: Marks({one: True})}) is None
        assert register(taught, {enrolment.id: Marks({two: True})}) is SessionNotBegun
        rest = (taught.trainer, taught.course_class.id, two)
        assert refused(attendance.register_rest, *rest, was_present=True) is SessionNotBegun
    with clock.at(begins):
        assert register(taught, {enrolment.id: Marks({two: True})}) is None


def test_once_hours_are_posted_attendance_is_corrected_and_not_registered() -> None:
    taught, (enrolment,) = over.new((True, True))
    completion.post(transaction, taught.trainer, taught.course_class.id)
    assert register(taught, {enrolment.id: Marks({taught.sessions[0]: False})}) is WrongStatus
    assert registered(enrolment)[taught.sessions[0]] is True


def test_of_several_people_none_is_registered_if_one_cannot_be() -> None:
    taught, (first, second) = over.new((), ())
    with transaction() as session:
        session.get_one(Enrolment, second.id).status = EnrolmentStatus.CANCELLED
    one = taught.sessions[0]
    assert register(taught, {first.id: Marks({one: True}), second.id: Marks({one: True})}) is WrongStatus
    assert registered(first) == {}


def test_a_session_or_a_person_of_another_class_is_not_found() -> None:
    taught, (enrolment,) = over.new(())
    other, (stranger,) = over.new(())
    assert register(taught, {enrolment.id: Marks({other.sessions[0]: True})}) is NotFound
    assert register(taught, {stranger.id: Marks({taught.sessions[0]: True})}) is WrongStatus
    assert register(other, {stranger.id: Marks({other.sessions[0]: True})}, taught.trainer) is NotFound


def test_nobody_registers_himself() -> None:
    with transaction() as session:
        taught = over.create(session)
        account = classes.create_trainer(session, taught.provider)
        person = factories.create_person(session, employer=taught.employer, account=account)
        own = over.accept(session, taught, person=person)
        himself = factories.actor_of(session, account)
    one = taught.sessions[0]
    assert register(taught, {own.id: Marks({one: True})}, himself) is OwnEnrolment
    with transaction() as session:
        assert attendance.register_rest(session, himself, taught.course_class.id, one, was_present=True) == 0
    assert registered(own) == {}


def test_a_cancelled_class_registers_nothing() -> None:
    with transaction() as session:
        taught = over.create(session, status=ClassStatus.CANCELLED)
        enrolment = over.accept(session, taught)
    assert register(taught, {enrolment.id: Marks({taught.sessions[0]: True})}) is WrongStatus


def test_who_takes_part_reads_nothing_of_it_there() -> None:
    taught, (enrolment,) = over.new(())
    with transaction() as session:
        account = session.get_one(Account, session.get_one(Person, enrolment.person_id).account_id)
        person = factories.actor_of(session, account)
    assert refused(attendance.roster, person, taught.course_class.id) is PermissionDenied


def test_the_roster_goes_on_where_the_page_before_ended_and_finds_a_name() -> None:
    taught, people = over.new((), (), ())
    with transaction() as session:
        session.get_one(Person, people[1].person_id).name = "温若谷"
    with reading() as session:
        numbers = [each.id for each in attendance.roster(session, taught.trainer, taught.course_class.id)]
        rest = attendance.roster(session, taught.trainer, taught.course_class.id, after_id=numbers[0])
        found = attendance.roster(session, taught.trainer, taught.course_class.id, text="若谷")
    assert numbers == [each.id for each in people]
    assert [each.id for each in rest] == numbers[1:]
    assert [each.id for each in found] == [people[1].id]
