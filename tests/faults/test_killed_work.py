"""Work that is killed at a random moment, on both databases. `python -m tests.faults` does it hundreds of times."""

from collections.abc import Callable
from contextlib import suppress
from random import Random

import pytest
from sqlalchemy import Connection, Engine, delete, func, select, text, update

from db import reading, transaction
from db.accounts import Role
from db.certificates import Certificate
from db.claims import ClaimStatus, ClaimStep
from db.classes import CourseClass
from db.enrolments import Enrolment, EnrolmentStatus, EnrolmentStep
from db.events import Event, EventHead
from db.people import Person
from db.session import make_engine
from services import storage
from services.errors import DomainError
from tests import factories
from tests.database import bound, copy_of, unguarded
from tests.faults import invariants, workload
from tests.faults.killing import Summary, build_world, kill_once, lost
from tests.faults.workload import Fact, Work

KILLS = 3


@pytest.mark.usefixtures("database")
def test_nothing_that_was_acknowledged_is_lost_and_nothing_is_half_done() -> None:
    build_world()
    summary = Summary()
    for seed in range(KILLS):
        kill_once(seed, summary)
    assert summary.faults == []
    assert summary.kills == KILLS
    assert summary.acknowledged.total() > 0
    assert all(summary.examined[table.__tablename__] for table in invariants.EXAMINED[:2])


def work_in_peace() -> list[Fact]:
    """What the process that is killed does, done here: claims decided, a seat taken and certificates printed."""
    build_world()
    with reading() as session:
        reviewers = [factories.actor_of(session, account) for account in workload.accounts(session, Role.EMPLOYER)]
        holders = [factories.actor_for(session, person) for person in session.scalars(select(Person))]
    return [
        *_until(ClaimStatus.APPROVED, workload.review(reviewers)),
        *_until(EnrolmentStatus.APPLIED, workload.attend(holders[:1])),
        *(fact for holder in holders[:2] for fact in _until("", workload.print_one([holder]))),
    ]


def _until(said: str, work: Work) -> list[Fact]:
    facts: list[Fact] = []
    random = Random(0)
    while not facts or said not in facts[-1]["said"]:
        with suppress(DomainError), transaction() as session:
            facts += [fact for fact in [work(session, random)] if fact]
    return facts


def last_of(table: type[ClaimStep] | type[EnrolmentStep] | type[Event]) -> int:
    with reading() as session:
        return session.scalars(select(func.max(table.id))).one()


def _a_seat_too_many(connection: Connection) -> None:
    connection.execute(update(CourseClass).values(taken=CourseClass.taken + 1))


def _a_claim_without_its_step(connection: Connection) -> None:
    connection.execute(update(ClaimStep).where(ClaimStep.id == last_of(ClaimStep)).values(to_status=ClaimStatus.DRAFT))


def _other_hours(connection: Connection) -> None:
    approved = ClaimStep.to_status == ClaimStatus.APPROVED
    connection.execute(update(ClaimStep).where(approved).values(hours=ClaimStep.hours + 1))


def _an_enrolment_without_its_step(connection: Connection) -> None:
    connection.execute(update(Enrolment).values(status=EnrolmentStatus.ACCEPTED))


def _an_event_too_few(connection: Connection) -> None:
    """Cut off at the end, so that the chain is whole."""
    last = last_of(Event)
    with reading() as session:
        before = session.get_one(Event, last - 1)
    connection.execute(text(f"DELETE FROM event WHERE id = {last}"))
    connection.execute(update(EventHead).values(last_event_id=before.id, hash=before.hash))


def _an_event_cut_out(connection: Connection) -> None:
    connection.execute(text(f"DELETE FROM event WHERE id = {last_of(Event) - 1}"))


def _another_event(connection: Connection) -> None:
    connection.execute(update(Event).where(Event.id == last_of(Event)).values(actor_name="林知夏"))


def _a_second_certificate(connection: Connection) -> None:
    connection.execute(text("DROP INDEX uq_certificate_one_issued"))
    holder = select(func.min(Certificate.person_id)).scalar_subquery()
    connection.execute(update(Certificate).values(person_id=holder))


def _a_file_gone(connection: Connection) -> None:
    for sha256 in connection.scalars(select(Certificate.pdf_sha256)):
        storage.remove(sha256)


HARM: dict[str, Callable[[Connection], None]] = {
    "seats, ": _a_seat_too_many,
    "its last step led to draft": _a_claim_without_its_step,
    "hours, its last step gave": _other_hours,
    "enrolment": _an_enrolment_without_its_step,
    "events of the table certificate differ": _an_event_too_few,
    "the chain of events is broken": _an_event_cut_out,
    "chain": _another_event,
    "is there twice": _a_second_certificate,
    "is missing or damaged": _a_file_gone,
}


def test_what_is_half_done_is_noticed(database: Engine) -> None:
    work_in_peace()
    assert invariants.broken() == []
    database.dispose()
    assert [said for said, harm in HARM.items() if not noticed(database, said, harm)] == []


def noticed(whole: Engine, said: str, harm: Callable[[Connection], None]) -> bool:
    url = copy_of(whole.url.render_as_string(hide_password=False))
    with bound(make_engine(url)) as engine:
        with unguarded(engine) as connection:
            harm(connection)
        return any(said in fault for fault in invariants.broken())


def test_what_is_lost_is_noticed(database: Engine) -> None:
    facts = work_in_peace()
    assert list(lost(facts)) == []
    with unguarded(database) as connection:
        for table in (ClaimStep, EnrolmentStep, Certificate):
            connection.execute(delete(table))
    assert {fact["table"] for fact in facts} == {"claim_step", "enrolment_step", "certificate"}
    assert len(list(lost(facts))) == len(facts)
