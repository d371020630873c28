"""In which band a staff stood on a day: the same for the whole set as person by person."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, time, timedelta
from decimal import Decimal
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db import reading, transaction
from db.claims import Category, Claim, ClaimAction, ClaimStatus
from db.exemptions import WHOLE, ExemptionStatus
from db.organisations import Organisation
from db.people import Binding, BindingStatus, EndReason, Person
from services import as_of, clock, forecast_bands, forecast_model, summaries
from services.forecast_model import Counted
from services.rules import Standing
from tests import factories, forecasts
from tests.exemption_cases import create_exemption
from tests.forecasts import hire

LAST_YEAR = date(2025, 9, 15)


@pytest.fixture(autouse=True)
def _september() -> Iterator[None]:
    with forecasts.september():
        yield


def band_of(standings: list[Standing]) -> int:
    """As one person's page would say it."""
    reached = sum(min(line.required, line.earned) for line in standings)
    asked = sum(line.required for line in standings)
    return forecast_model.band(int(reached * 10), int(asked * 10), met=all(line.met for line in standings))


@pytest.mark.parametrize("seed", range(3))
def test_the_set_stands_where_each_of_its_people_stood(seed: int) -> None:
    """Hours that came and went, exemptions, employers that changed: counted at once as person by person."""
    dice = Random(seed)
    with transaction() as session:
        employers = [factories.create_employer(session) for _ in range(2)]
        people = [person for each in employers for person in hire(session, each, 8)]
        for person in people:
            _live_at_random(session, dice, person)
            if dice.random() < 0.3:
                _exempt(session, dice, person, employers[0])
        _move(session, people[0], employers[1], LAST_YEAR)
        _move(session, people[1], employers[1], LAST_YEAR + timedelta(days=1))
    expected: Counter[tuple[int, int]] = Counter()
    met: Counter[tuple[int, int]] = Counter()
    with reading() as session:
        names = {each.name: each.id for each in employers}
        for person in people:
            actor = factories.actor_for(session, person)
            then, end = (as_of.on(session, actor, person.id, 2025, day) for day in (LAST_YEAR, date(2025, 12, 31)))
            key = names[then.employer or ""], band_of(then.hours)
            expected[key] += 1
            met[key] += end.met
        found = forecast_bands.then(session, 2025, LAST_YEAR, summaries.numbered(0, 10**9))
    assert found == {key: Counted(count, met[key]) for key, count in expected.items()}


def _live_at_random(session: Session, dice: Random, person: Person) -> None:
    for _ in range(dice.randrange(6)):
        day = date(2025, 1, 1) + timedelta(days=dice.randrange(380))
        category = dice.choice(list(Category))
        with clock.at(clock.moment(day, time(10))):
            claim = factories.create_claim(
                session, person, status=ClaimStatus.APPROVED, category=category, hours=Decimal(25), year=2025
            )
            factories.create_step(session, claim, ClaimStatus.SUBMITTED, action=ClaimAction.SUBMIT)
        _decide(session, dice, claim, day)


def _decide(session: Session, dice: Random, claim: Claim, day: date) -> None:
    for days in range(dice.randrange(3)):
        reached = (ClaimStatus.APPROVED, ClaimStatus.REVOKED)[days]
        with clock.at(clock.moment(day + timedelta(days=40 * days + 3), time(10))):
            factories.create_step(session, claim, reached).hours = dice.choice([Decimal("12.5"), Decimal(42)])


def _exempt(session: Session, dice: Random, person: Person, employer: Organisation) -> None:
    """For a time, or for good."""
    at = clock.moment(date(2025, 1, 1) + timedelta(days=dice.randrange(380)), time(10))
    status = dice.choice([ExemptionStatus.GRANTED, ExemptionStatus.REVOKED])
    category = dice.choice(list(Category))
    hours = {**dict.fromkeys(Category, Decimal(0)), category: WHOLE}
    exemption = create_exemption(session, person, employer, status=status, year=2025, hours=hours, at=at)
    if exemption.ended_at is not None:
        exemption.ended_at += timedelta(days=dice.randrange(200))


def _move(session: Session, person: Person, employer: Organisation, day: date) -> None:
    """To another employer, whose staff he belongs to at the end of the day."""
    (before,) = session.scalars(select(Binding).where(Binding.person_id == person.id))
    before.status, before.ended_on, before.end_reason = BindingStatus.ENDED, day, EndReason.LEFT
    session.flush()
    with clock.at(clock.moment(day, time(10))):
        factories.create_binding(session, person, employer)
