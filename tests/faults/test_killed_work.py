"""Work that is killed at a random moment, on both databases. `python -m tests.faults` does it hundreds of times."""

import pytest
from sqlalchemy import select

from db import transaction
from db.classes import CourseClass
from tests.faults import invariants
from tests.faults.killing import Summary, build_world, kill_once

KILLS = 3


@pytest.mark.usefixtures("database")
def test_nothing_that_was_acknowledged_is_lost_and_nothing_is_half_done() -> None:
    build_world()
    summary = Summary()
    for seed in range(KILLS):
        kill_once(seed, summary)
    assert summary.faults == []
    assert summary.kills == KILLS
    assert summary.acknowledged > 0


@pytest.mark.usefixtures("database")
def test_what_is_half_done_is_noticed() -> None:
    build_world()
    assert invariants.broken() == []
    with transaction() as session:
        session.scalars(select(CourseClass)).all()[0].taken += 1
    assert len(invariants.broken()) == 1
