"""Reminders: once a week, to those who are behind, and only while something can still be done."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from db import reading, transaction
from db.accounts import Role
from db.claims import Category, ClaimStatus
from db.organisations import Organisation
from db.people import Binding, Person
from db.reminders import Reminder
from services import clock, reminders, standing, statistics
from services.errors import DomainError, PermissionDenied
from services.permissions import SYSTEM, Actor
from services.progress import Reached, Wanted
from services.reminders import NobodyToRemind
from services.requirements import WindowClosed
from tests import factories
from tests.services.acting import last_event, refused

WEDNESDAY = datetime(2026, 6, 17, 9, 0, tzinfo=UTC)
YEAR = 2026
FULL = {Category.GENERAL: Decimal(30), Category.PROFESSIONAL: Decimal(42), Category.ELECTIVE: Decimal(18)}


@pytest.fixture(autouse=True)
def _on_a_wednesday() -> Iterator[None]:
    with clock.at(WEDNESDAY):
        yield


@pytest.fixture
def behind(employer: Organisation) -> Person:
    with transaction() as session:
        return factories.create_person(session, employer=employer)


@pytest.fixture
def done(employer: Organisation) -> Person:
    with transaction() as session:
        person = factories.create_person(session, employer=employer)
        for category, hours in FULL.items():
            factories.create_claim(session, person, status=ClaimStatus.APPROVED, category=category, hours=hours)
    statistics.recompute(transaction, SYSTEM)
    return person


def binding_of(person: Person) -> int:
    with reading() as session:
        return session.scalars(select(Binding.id).where(Binding.person_id == person.id)).one()


def remind(actor: Actor, *people: Person, year: int = YEAR) -> int:
    named = [binding_of(person) for person in people] or None
    with transaction() as session:
        return reminders.remind(session, actor, Wanted(year), named)


def reminded() -> list[int]:
    with reading() as session:
        return list(session.scalars(select(Reminder.person_id).order_by(Reminder.id)))


def test_whoever_is_behind_is_reminded_and_whoever_is_not_is_left_alone(
    reviewer: Actor, behind: Person, done: Person
) -> None:
    assert remind(reviewer) == 1
    assert reminded() == [behind.id]
    event = last_event()
    assert (event.action, event.after) == ("staff_remind", {"year": YEAR, "count": 1})


def test_naming_somebody_who_is_done_reminds_nobody(reviewer: Actor, done: Person) -> None:
    with pytest.raises(NobodyToRemind):
        remind(reviewer, done)


def test_one_reminder_a_week(reviewer: Actor, behind: Person) -> None:
    remind(reviewer, behind)
    for days in (0, 1, 4):
        with clock.at(WEDNESDAY + timedelta(days=days)), pytest.raises(NobodyToRemind):
            remind(reviewer, behind)
    with clock.at(WEDNESDAY + timedelta(days=5)):
        assert remind(reviewer, behind) == 1


def test_two_clicks_at_once_remind_once(reviewer: Actor, behind: Person, employer: Organisation) -> None:
    def click(_: int) -> type[DomainError] | None:
        with clock.at(WEDNESDAY):
            return refused(reminders.remind, reviewer, Wanted(YEAR))

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(click, range(4)))
    assert sorted(answers, key=str) == [NobodyToRemind] * 3 + [None]
    assert reminded() == [behind.id]


def test_only_whom_the_list_shows_is_reminded(reviewer: Actor, behind: Person) -> None:
    wanted = Wanted(YEAR, Reached.BEHIND, text="没有这个人")
    assert refused(reminders.remind, reviewer, wanted) is NobodyToRemind


def test_a_year_that_is_closed_is_past_reminding(reviewer: Actor, behind: Person) -> None:
    assert refused(reminders.remind, reviewer, Wanted(2024)) is WindowClosed


def test_nobody_reminds_the_staff_of_another_employer(behind: Person) -> None:
    with transaction() as session:
        stranger = factories.actor_of(session, factories.create_reviewer(session, factories.create_employer(session)))
    assert refused(reminders.remind, stranger, Wanted(YEAR), [binding_of(behind)]) is NobodyToRemind
    assert reminded() == []


@pytest.mark.parametrize("role", [Role.PROFESSIONAL, Role.ANALYST, Role.ADMINISTRATOR])
def test_who_is_no_employer_reminds_nobody(role: Role) -> None:
    with transaction() as session:
        actor = factories.actor_of(session, factories.create_account(session, role))
    assert refused(reminders.remind, actor, Wanted(YEAR)) is PermissionDenied


def seen_by(person: Person) -> datetime | None:
    with reading() as session:
        overview = standing.overview(session, factories.actor_for(session, person))
    return overview.years[YEAR].reminded_at


def test_a_reminder_is_seen_until_the_year_closes(reviewer: Actor, behind: Person) -> None:
    assert seen_by(behind) is None
    remind(reviewer)
    assert seen_by(behind) == WEDNESDAY
    with clock.at(datetime(2027, 4, 1, tzinfo=UTC)):
        assert seen_by(behind) == WEDNESDAY
    with clock.at(datetime(2028, 1, 1, tzinfo=UTC)):
        assert seen_by(behind) is None
