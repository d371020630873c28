"""How long pages take the server: counted by the hour in buckets that grow by a fifth, which add up to percentiles."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import case, delete, func, select
from sqlalchemy.orm import Session

from db.dialects import insert_or_update
from db.operations import PageTime
from services.clock import now
from services.permissions import Actor, Permission, require

DAY, WEEK = timedelta(days=1), timedelta(days=7)
KEPT = timedelta(days=8)
# Four steps to twice the time.
STEPS = 4
# An interaction should feel immediate; half a second of the server's time is where it no longer does.
SLOW = 500  # milliseconds


class Place(NamedTuple):
    """A page, or a route of ours, in one hour, and how long it took."""

    hour: datetime
    page: str
    bucket: int


@dataclass(frozen=True, slots=True)
class Pace:
    """How often something ran, and within how many milliseconds half of the runs and 95 of 100 were done."""

    runs: int
    median: int
    most: int


@dataclass(frozen=True, slots=True)
class PageTimes:
    """`day` is of the last 24 hours, without runs None; `week` of the last 7 days."""

    page: str
    day: Pace | None
    week: Pace


def place(page: str, milliseconds: float) -> Place:
    """Where a run that ends now is counted."""
    hour = now().replace(minute=0, second=0, microsecond=0)
    return Place(hour, page, max(0, math.ceil(STEPS * math.log2(max(milliseconds, 1)))))


def longest(bucket: int) -> int:
    """The milliseconds that no run of the bucket exceeds."""
    return round(2 ** (bucket / STEPS))


def store(session: Session, counted: Mapping[Place, int]) -> None:
    """Added to what this and other processes have counted."""
    if not counted:
        return
    insert = insert_or_update(session, PageTime)
    rows = [{**each._asdict(), "runs": runs} for each, runs in sorted(counted.items())]
    adds = {"runs": PageTime.runs + insert.excluded.runs}
    session.execute(insert.values(rows).on_conflict_do_update(index_elements=list(Place._fields), set_=adds))


def slowest(session: Session, actor: Actor) -> Sequence[PageTimes]:
    """Every page that ran in the last 7 days, from the slowest of them on."""
    require(actor, Permission.SYSTEM_WATCH)
    recently = func.sum(case((PageTime.hour > now() - DAY, PageTime.runs), else_=0))
    found = session.execute(
        select(PageTime.page, PageTime.bucket, recently, func.sum(PageTime.runs))
        .where(PageTime.hour > now() - WEEK)
        .group_by(PageTime.page, PageTime.bucket)
        .order_by(PageTime.page, PageTime.bucket)
    )
    times = [_times(page, list(rows)) for page, rows in groupby(found, key=lambda row: row[0])]
    return sorted(times, key=lambda each: (-each.week.most, -each.week.median, each.page))


def forget_old(session: Session) -> int:
    """How many rows were removed."""
    return session.connection().execute(delete(PageTime).where(PageTime.hour < now() - KEPT)).rowcount


def _times(page: str, rows: Sequence[tuple[str, int, int, int]]) -> PageTimes:
    day = _pace((bucket, int(runs)) for _page, bucket, runs, _week in rows)
    week = _pace((bucket, int(runs)) for _page, bucket, _day, runs in rows)
    return PageTimes(page, day, week or Pace(0, 0, 0))


def _pace(counted: Iterable[tuple[int, int]]) -> Pace | None:
    """From buckets in their order."""
    buckets = [(bucket, runs) for bucket, runs in counted if runs]
    total = sum(runs for _bucket, runs in buckets)
    return Pace(total, _within(buckets, total * 0.5), _within(buckets, total * 0.95)) if total else None


def _within(buckets: Sequence[tuple[int, int]], wanted: float) -> int:
    reached = 0
    for bucket, runs in buckets:
        reached += runs
        if reached >= wanted:
            return longest(bucket)
    return 0
