"""Everything the database has added up for a dashboard, brought together organisation by organisation."""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import IntEnum
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from db.claims import ActivityType, Category
from db.organisations import Organisation, OrganisationKind, OrganisationStatus
from services import as_of, dashboard_claims, dashboard_classes, dashboard_figures, dashboard_people
from services.asked_hours import Rules
from services.dashboard_figures import Query, Tally

FETCHED = 1000
Read = Callable[[Tally, Row[Any]], None]


class Side(IntEnum):
    """Of which of the two years that stand beside each other a number is."""

    NOW = 0
    BEFORE = 1


@dataclass(frozen=True, slots=True)
class Years:
    """A year as it stands at a moment and, unless it asked for nothing, the one before as it stood on a day."""

    rules: Rules
    moment: datetime
    before: Rules | None
    compared_on: date


class Sums(NamedTuple):
    """All about one organisation."""

    organisation_id: int
    now: Tally
    before: Tally


def by_organisation(session: Session, years: Years) -> Iterator[Sums]:
    """In the order of their numbers: those that anything is known of, and every approved employer."""
    streams = [_rows(session, *source) for source in _sources(years)]
    merged = heapq.merge(*streams, key=itemgetter(0))
    for organisation_id, parts in groupby(merged, key=itemgetter(0)):
        sums = Sums(organisation_id, Tally(), Tally())
        for _number, side, read, row in parts:
            read((sums.now, sums.before)[side], row)
        yield sums


def _rows(session: Session, side: Side, query: Query, read: Read) -> Iterator[tuple[int, Side, Read, Row[Any]]]:
    for row in session.execute(query.execution_options(yield_per=FETCHED)):
        yield row[0], side, read, row


def _sources(years: Years) -> Iterator[tuple[Side, Query, Read]]:
    employers = Organisation.kind == OrganisationKind.EMPLOYER, Organisation.status == OrganisationStatus.APPROVED
    yield Side.NOW, select(Organisation.id).where(*employers).order_by(Organisation.id), _read_columns
    year = years.rules.year
    yield Side.NOW, dashboard_people.now(years.rules), _read_columns
    yield Side.NOW, dashboard_claims.hours(year), _read_hours
    yield Side.NOW, dashboard_claims.waiting(year, years.moment), _read_columns
    yield Side.NOW, dashboard_claims.decisions(year), _read_columns
    for query in dashboard_classes.now(year):
        yield Side.NOW, query, _read_columns
    if years.before is not None:
        yield from _sources_before(years.before, years.compared_on)


def _sources_before(rules: Rules, day: date) -> Iterator[tuple[Side, Query, Read]]:
    yield Side.BEFORE, dashboard_people.then(rules, day), _read_columns
    yield Side.BEFORE, dashboard_claims.hours_then(rules.year, day), _read_hours
    yield Side.BEFORE, dashboard_claims.waiting_then(rules.year, day), _read_columns
    yield Side.BEFORE, dashboard_claims.decisions(rules.year, as_of.end_of(day)), _read_columns
    for query in dashboard_classes.then(rules.year, day):
        yield Side.BEFORE, query, _read_columns


def _read_columns(tally: Tally, row: Row[Any]) -> None:
    """Every column but the first is named as its figure is kept."""
    value: datetime | int | Decimal  # whole ones: PostgreSQL adds up large numbers so
    for key, value in zip(row._fields[1:], row[1:], strict=True):
        tally.add(key, dashboard_figures.moment(value) if isinstance(value, datetime) else int(value))


def _read_hours(tally: Tally, row: Row[Any]) -> None:
    activity, category, tenths = ActivityType(row.activity), Category(row.category), int(row.tenths)
    tally.add(dashboard_figures.hours(category), tenths)
    tally.add(dashboard_figures.of_month(int(row.month), category), tenths)
    tally.add(dashboard_figures.of_activity(activity, category), tenths)
    tally.add(dashboard_figures.claims_of(activity, category), row.claims)
