"""The dry run of a requirement: whose year would turn, each of them counted once."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from db import reading, transaction
from db.claims import Category
from db.people import Person, TitleSeries
from services import (
    clock,
    requirement_trials,
    statistics,
)
from services.permissions import SYSTEM, Actor
from services.requirement_trials import Flip
from tests.services.claim_forms import TODAY
from tests.services.requirement_forms import FORM, FULL, draft, hire, tried


@pytest.fixture(autouse=True)
def _june() -> Iterator[None]:
    with clock.at(TODAY):
        yield


def test_the_dry_run_names_those_whose_year_would_turn(topmost: Actor) -> None:
    hire()
    enough = hire({**FULL, Category.PROFESSIONAL: Decimal(48)})
    nearly = hire({**FULL, Category.PROFESSIONAL: Decimal("47.5")})
    hire({**FULL, Category.GENERAL: Decimal("29.5")})
    statistics.recompute(transaction, SYSTEM)
    found = tried(topmost)
    assert (found.losing, found.gaining) == (2, 0)
    with reading() as session:
        losing = requirement_trials.flipping(session, topmost, found.id, Flip.LOSING)
        rest = requirement_trials.flipping(session, topmost, found.id, Flip.LOSING, after_id=losing[0].person_id)
        assert not requirement_trials.flipping(session, topmost, found.id, Flip.GAINING)
    assert [each.person_id for each in losing[1:]] == [each.person_id for each in rest] == [nearly.id]
    assert enough.id not in {each.person_id for each in losing}
    assert [(line.earned, line.required) for line in losing[1].hours][1] == (Decimal("47.5"), Decimal(48))


def test_what_is_asked_less_of_lets_people_meet_it(topmost: Actor) -> None:
    hire({**FULL, Category.ELECTIVE: Decimal("17.5")})
    gaining = hire({**FULL, Category.ELECTIVE: Decimal("17.5")}, series=TitleSeries.HEALTH)
    statistics.recompute(transaction, SYSTEM)
    form = replace(FORM, title_series=TitleSeries.HEALTH, hours={Category.ELECTIVE: "17.5"})
    found = tried(topmost, form)
    assert (found.losing, found.gaining) == (0, 1)
    with reading() as session:
        (named,) = requirement_trials.flipping(session, topmost, found.id, Flip.GAINING)
    assert named.person_id == gaining.id


@pytest.mark.parametrize("chunk", [1, 2, 3])
def test_nobody_is_counted_twice_or_lost_between_two_looks(
    topmost: Actor, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        hire()
    statistics.recompute(transaction, SYSTEM)
    with reading() as session:
        first = session.scalar(select(func.min(Person.id))) or 0
    monkeypatch.setattr(requirement_trials, "CHUNK", first + chunk)
    seen: list[tuple[int, int]] = []
    made = draft(topmost)
    found = requirement_trials.run(
        reading, transaction, topmost, made.id, seen=made.version, on_progress=lambda *now: seen.append(now)
    )
    assert found.losing == 3
    assert seen[-1][0] == seen[-1][1]
