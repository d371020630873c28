"""Everything the database has added up for a dashboard, brought together organisation by organisation."""

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import IntEnum
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Row, literal, select
from sqlalchemy.orm import Session

from db.claims import ActivityType, Category
from db.organisations import Organisation, OrganisationKind, OrganisationStatus
from services import as_of, dashboard_claims, dashboard_classes, dashboard_figures, dashboard_people
from services.asked_hours import Rules
from services.dashboard_figures import Query, Tally

FETCHED = 1000
Read = Callable[[Tally, Row[Any]], None]


class Side(IntEnum):
    """Of which of the two years that stand beside each other a number is, and how many years ago that was."""

    NOW = 0
    BEFORE = 1


@dataclass(frozen=True, slots=True)
class Asked:
    """What years ask for as they stand at a moment; those before that asked for something, as they stood on a day."""

    now: Sequence[Rules]
    moment: datetime
    before: Sequence[Rules]
    compared_on: date


class Sums(NamedTuple):
    """All about one organisation in a year, and the year before beside it."""

    year: int
    organisation_id: int
    now: Tally
    before: Tally


def by_organisation(session: Session, asked: Asked) -> Iterator[Sums]:
    """Year by year in the order of their numbers: those that anything is known of, and every approved employer."""
    streams = [_rows(session, *source) for source in (*_sources(asked), *_sources_before(asked))]
    merged = heapq.merge(*streams, key=itemgetter(0))
    for (year, organisation_id), parts in groupby(merged, key=itemgetter(0)):
        sums = Sums(year, organisation_id, Tally(), Tally())
        for _place, side, read, row in parts:
            read((sums.now, sums.before)[side], row)
        yield sums


def _rows(
    session: Session, side: Side, query: Query, read: Read
) -> Iterator[tuple[tuple[int, int], Side, Read, Row[Any]]]:
    """With the year beside which they stand, and the organisation."""
    for row in session.execute(query.execution_options(yield_per=FETCHED)):
        yield (row[0] + side, row[1]), side, read, row


def _sources(asked: Asked) -> Iterator[tuple[Side, Query, Read]]:
    employers = Organisation.kind == OrganisationKind.EMPLOYER, Organisation.status == OrganisationStatus.APPROVED
    for rules in asked.now:
        everywhere = select(literal(rules.year), Organisation.id).where(*employers)
        yield Side.NOW, everywhere.order_by(Organisation.id), _read_columns
        yield Side.NOW, dashboard_people.now(rules), _read_columns
    years = [rules.year for rules in asked.now]
    yield Side.NOW, dashboard_claims.hours(years), _read_hours
    yield Side.NOW, dashboard_claims.waiting(years, asked.moment), _read_columns
    yield Side.NOW, dashboard_claims.decisions(years), _read_columns
    for query in dashboard_classes.now(years):
        yield Side.NOW, query, _read_columns


def _sources_before(asked: Asked) -> Iterator[tuple[Side, Query, Read]]:
    day, years = asked.compared_on, [rules.year for rules in asked.before]
    for rules in asked.before:
        yield Side.BEFORE, dashboard_people.then(rules, day), _read_columns
    yield Side.BEFORE, dashboard_claims.hours_then(years, day), _read_hours
    yield Side.BEFORE, dashboard_claims.waiting_then(years, day), _read_columns
    yield Side.BEFORE, dashboard_claims.decisions(years, as_of.end_of(day)), _read_columns
    for query in dashboard_classes.then(years, day):
        yield Side.BEFORE, query, _read_columns


def _read_columns(tally: Tally, row: Row[Any]) -> None:
    """Every column behind the year and the organisation is named as its figure is kept."""
    value: datetime | int | Decimal  # whole ones: PostgreSQL adds up large numbers so
    for key, value in zip(row._fields[2:], row[2:], strict=True):
        tally.add(key, dashboard_figures.moment(value) if isinstance(value, datetime) else int(value))


def _read_hours(tally: Tally, row: Row[Any]) -> None:
    keys, key_of_claims = _keys(row.category, int(row.month), row.activity)
    for key in keys:
        tally.add(key, int(row.tenths))
    tally.add(key_of_claims, row.claims)


@cache
def _keys(category: Category, month: int, activity: ActivityType) -> tuple[Sequence[str], str]:
    """Of hours, and of the number of claims."""
    of = dashboard_figures
    hours = of.hours(category), of.of_month(month, category), of.of_activity(activity, category)
    return hours, of.claims_of(activity, category)
