"""Lists of a dashboard: page by page, each row once, at the same cost however many there are."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from db import reading, transaction
from db.dashboards import DashboardPlace, DashboardRun
from services import clock, dashboard_run, dashboards, statistics
from services.dashboards import Order, Row
from services.permissions import SYSTEM, Actor
from tests import factories
from tests.counting import CountQueries
from tests.services.dashboard_world import NOW

YEAR, COUNTY = 2026, "440104"
QUESTIONS: tuple[Callable[..., object], ...] = (
    dashboards.overview,
    dashboards.children,
    dashboards.return_rates,
    dashboards.months,
    dashboards.activities,
)


@pytest.fixture(autouse=True)
def _an_edition() -> Iterator[None]:
    with clock.at(NOW):
        statistics.recompute(transaction, SYSTEM)
        dashboard_run.make(reading, transaction, SYSTEM)
        yield


def many(session: Session, count: int) -> list[int]:
    """Employers in one county, as an edition would have written them."""
    run = session.scalars(select(DashboardRun)).one()
    employer = factories.create_employer(session)
    copied = {"division": COUNTY, "parent": COUNTY, "kind": employer.kind, "year": YEAR, "run_id": run.id}
    first = employer.id
    rows = []
    for number in range(count):
        other = employer if not number else factories.create_employer(session)
        share = {"behind_share": number % 7 * 100, "return_share": number % 5 * 100}
        numbers = {"figures": {"bound": number}, "last_year": None, "name": f"单位{number}"}
        rows.append(copied | share | numbers | {"organisation_id": other.id})
    session.execute(insert(DashboardPlace), rows)
    return list(range(first, first + count))


Listing = Callable[..., list[Row]]


@pytest.mark.parametrize(
    "listing",
    [
        lambda *asked, **named: dashboards.children(*asked, **named),
        lambda *asked, **named: dashboards.children(*asked, order=Order.REGISTER, **named),
        lambda *asked, **named: dashboards.return_rates(*asked, **named),
    ],
    ids=["behind", "register", "returns"],
)
def test_the_pages_of_a_list_hold_every_row_once(
    listing: Listing, supervisor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction() as session:
        many(session, 23)
    monkeypatch.setattr(dashboards, "PAGE_SIZE", 4)
    with reading() as session:
        seen: list[Row] = []
        while page := listing(session, supervisor, YEAR, COUNTY, after_id=seen[-1].id if seen else 0):
            seen += page
    assert sorted(row.figures.bound for row in seen) == list(range(23))


def test_a_page_whose_last_row_is_gone_begins_anew(supervisor: Actor) -> None:
    with transaction() as session:
        many(session, 3)
    with reading() as session:
        assert len(dashboards.children(session, supervisor, YEAR, COUNTY, after_id=10**9)) == 3


def test_the_cost_is_the_same_however_many_rows_there_are(supervisor: Actor, count_queries: CountQueries) -> None:
    for rows in (1, 60):
        with transaction() as session:
            many(session, rows)
        with count_queries() as queries, reading() as session:
            dashboards.years(session, supervisor)
            for question in QUESTIONS:
                question(session, supervisor, YEAR, COUNTY)
        assert len(queries) == 8
