"""A new edition of the dashboards: every figure is what a plain loop counts, and nobody sees half of one."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from db import reading, transaction
from db.dashboards import DashboardPlace
from services import clock, dashboard_run
from services.permissions import SYSTEM
from tests.services import dashboard_world
from tests.services.dashboard_oracle import Oracle, Place
from tests.services.dashboard_world import COMPARED_ON, NOW

YEARS = (2026, 2025, 2024)


@pytest.fixture(autouse=True)
def _june() -> Iterator[None]:
    with clock.at(NOW):
        yield


def written(year: int) -> list[DashboardPlace]:
    with reading() as session:
        return list(session.scalars(select(DashboardPlace).where(DashboardPlace.year == year)))


def place_of(row: DashboardPlace) -> Place:
    return row.organisation_id or row.division


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_figure_of_every_place_is_what_a_plain_loop_counts(seed: int) -> None:
    dashboard_world.play(seed)
    dashboard_run.make(reading, transaction, SYSTEM)
    for year in YEARS:
        rows = written(year)
        with reading() as session:
            now, before = dict(Oracle(session, year).all()), dict(Oracle(session, year - 1, COMPARED_ON).all())
        assert {place_of(row): row.figures for row in rows if row.figures} == now
        assert {place_of(row): row.last_year for row in rows if row.last_year} == before
