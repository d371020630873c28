"""Makes a new edition of the dashboards: everything is read at one moment, added up from below, and then written.

Nobody waits for it: the reading keeps no lock, and the writing is cut into short transactions. Readers stay with the
last finished edition until the new one is whole. Organisations pass by one at a time, in the order in which the
database hands out all of their figures; only those of the divisions are kept until the end.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from db.dashboards import DashboardPlace, DashboardRun
from db.session import UnitOfWork
from services import asked_hours, clock, dashboard_places, dashboard_sources, leases, statistics
from services.clock import now, today
from services.dashboard_places import Places, Values
from services.dashboard_sources import Years
from services.errors import N_, DomainError
from services.events import record
from services.long_work import Progress, unwatched
from services.permissions import SYSTEM, Actor

LEASE = "dashboard"
# No single statement over tens of millions of claims may take longer.
LEASE_TIME = timedelta(hours=1)
# This year, and those before of which hours may still be decided or taken back.
YEARS = 3
BATCH = 1000


class DashboardBeingMade(DomainError):
    message = N_("正在生成看板数据，请稍后再试。")


class NoStatistics(DomainError):
    message = N_("还没有学时统计的结果，不能生成看板。请先运行学时统计。")


@dataclass(frozen=True, slots=True)
class Writing:
    """The edition that is being written, and the lease under which it is."""

    transaction: UnitOfWork
    holder: str
    run_id: int

    def store(self, year: int, places: Iterator[Values]) -> int:
        """How many; in short transactions, each of which proves that nobody else has taken over."""
        stored = 0
        while part := list(islice(places, BATCH)):
            rows = [{"run_id": self.run_id, "year": year, **place} for place in part]
            with self.transaction() as session:
                leases.renew(session, LEASE, self.holder, LEASE_TIME)
                session.execute(insert(DashboardPlace), rows)
            stored += len(rows)
        return stored

    def finish(self, actor: Actor, places: int, began: float) -> None:
        """From now on it is the one that is read."""
        with self.transaction() as session:
            leases.renew(session, LEASE, self.holder, LEASE_TIME)
            run = session.get_one(DashboardRun, self.run_id)
            run.finished_at, run.places = now(), places
            run.milliseconds = round((time.perf_counter() - began) * 1000)
            record(session, actor, "dashboard_run", run, after={"places": places, "years": run.years})

    def remove_older(self) -> None:
        """Those of the edition before, and of any that broke off."""
        older = select(DashboardPlace.id).where(DashboardPlace.run_id < self.run_id).limit(BATCH)
        removed = BATCH
        while removed == BATCH:
            with self.transaction() as session:
                leases.renew(session, LEASE, self.holder, LEASE_TIME)
                numbers = session.scalars(older).all()
                session.execute(delete(DashboardPlace).where(DashboardPlace.id.in_(numbers)))
                removed = len(numbers)


def make_due(reading: UnitOfWork, transaction: UnitOfWork) -> None:
    """Whenever the official figures were computed anew. Raises DashboardBeingMade when another process is at it."""
    with reading() as session:
        due = _is_due(session)
    if due:
        make(reading, transaction, SYSTEM)


def _is_due(session: Session) -> bool:
    last = statistics.last_finished(session)
    finished = select(DashboardRun.statistics_run_id).where(DashboardRun.finished_at.is_not(None))
    known = session.scalar(finished.order_by(DashboardRun.id.desc()).limit(1))
    return last is not None and (known is None or known < last.id)


def make(reading: UnitOfWork, transaction: UnitOfWork, actor: Actor, *, on_progress: Progress = unwatched) -> int:
    """The number of a new edition. Raises DashboardBeingMade, NoStatistics."""
    began = time.perf_counter()
    with leases.held(transaction, LEASE, LEASE_TIME, DashboardBeingMade) as holder:
        with reading() as session:
            run = _begin(session, transaction)
            writing = Writing(transaction, holder, run.id)
            places = _write(session, run, writing, on_progress)
        writing.finish(actor, places, began)
        writing.remove_older()
    return run.id


def _begin(session: Session, transaction: UnitOfWork) -> DashboardRun:
    last = statistics.last_finished(session)
    if last is None:
        raise NoStatistics
    day = today()
    recent = range(day.year, day.year - YEARS, -1)
    asking = [year for year in recent if asked_hours.of_year(session, year, day).complete]
    run = DashboardRun(read_at=now(), day=day, years=asking, statistics_run_id=last.id)
    with transaction() as writing:
        writing.add(run)
    return run


def _write(session: Session, run: DashboardRun, writing: Writing, on_progress: Progress) -> int:
    known, stored = dashboard_places.organisations(session), 0
    for done, year in enumerate(run.years):
        on_progress(done, len(run.years))
        years = _years(session, run, year)
        places = Places(known, compared=years.before is not None)
        stored += writing.store(year, _places(session, years, places))
    on_progress(len(run.years), len(run.years))
    return stored


def _years(session: Session, run: DashboardRun, year: int) -> Years:
    compared_on = clock.year_before(run.day)
    rules, before = asked_hours.of_year(session, year, run.day), asked_hours.of_year(session, year - 1, compared_on)
    return Years(rules, run.read_at, before if before.complete else None, compared_on)


def _places(session: Session, years: Years, places: Places) -> Iterator[Values]:
    for sums in dashboard_sources.by_organisation(session, years):
        yield from places.take(*sums)
    yield from places.rest()
