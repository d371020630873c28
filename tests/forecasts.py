"""Employers whose staff goes through several years, for tests of what is forecast."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, time

from sqlalchemy.orm import Session

from db import reading, transaction
from db.claims import Category, Claim, ClaimStatus
from db.organisations import Organisation
from db.people import Person
from services import clock, forecast_run, statistics
from services.permissions import SYSTEM
from tests import factories
from tests.services.requirement_forms import FULL

BEGAN = date(2023, 1, 5)
TODAY = date(2026, 9, 15)
SPRING, AUTUMN = (3, 10), (11, 20)


def hire(session: Session, employer: Organisation, count: int) -> list[Person]:
    """Confirmed since 2023."""
    with clock.at(clock.moment(BEGAN, time(10))):
        return [factories.create_person(session, employer=employer) for _ in range(count)]


def earn(session: Session, person: Person, day: date, *categories: Category) -> list[Claim]:
    """All that the year of a day asks for in some categories, approved on the day."""
    return [_approved(session, person, day, category) for category in categories]


def _approved(session: Session, person: Person, day: date, category: Category) -> Claim:
    with clock.at(clock.moment(day, time(10))):
        claim = factories.create_claim(
            session, person, status=ClaimStatus.APPROVED, category=category, hours=FULL[category], year=day.year
        )
        factories.create_step(session, claim, ClaimStatus.APPROVED).hours = FULL[category]
    return claim


def live(session: Session, people: Sequence[Person], year: int, done: int) -> None:
    """A third of what is asked in spring, and the first `done` of them the rest in autumn."""
    for number, person in enumerate(people):
        earn(session, person, date(year, *SPRING), Category.GENERAL)
        if number < done:
            earn(session, person, date(year, *AUTUMN), Category.PROFESSIONAL, Category.ELECTIVE)


@contextmanager
def september() -> Iterator[None]:
    with clock.at(clock.moment(TODAY, time(10))):
        yield


def make() -> None:
    statistics.recompute(transaction, SYSTEM)
    forecast_run.make(reading, transaction)


def staffed(employer: Organisation, neighbour: Organisation) -> list[Person]:
    """Those of twelve at the one of whom three meet a year, beside six at the other of whom two do; with a forecast."""
    with transaction() as session:
        people, others = hire(session, employer, 12), hire(session, neighbour, 6)
        for year in (2023, 2024, 2025):
            live(session, people, year, 3)
            live(session, others, year, 2)
        live(session, people, 2026, 0)
        live(session, others, 2026, 0)
        earn(session, people[1], date(2026, 4, 1), Category.PROFESSIONAL)
        earn(session, people[0], date(2026, 4, 2), Category.PROFESSIONAL, Category.ELECTIVE)
    make()
    return people
