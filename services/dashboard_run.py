"""Makes a new edition of the dashboards: everything is read at one moment, added up from below, and then written.

Nobody waits for it: the reading keeps no lock, and the writing is cut into short transactions. Readers stay with the
last finished edition until the new one is whole. The claims are walked through once for all years. Year by year the
organisations pass by one at a time, in the order in which the database hands out all of their figures; only those of
the divisions are kept until the end of a year.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby, islice
from operator import attrgetter

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from db.dashboards import DashboardPlace, DashboardRun
from db.session import UnitOfWork
from services import asked_hours, clock, dashboard_places, dashboard_sources, leases, statistics
from services.clock import now, today
from services.dashboard_places import Places, Values
from services.dashboard_sources import Asked
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

    def store(self, places: Iterator[Values]) -> int:
        """How many; in short transactions, each of which proves that nobody else has taken over."""
        stored = 0
        while part := list(islice(places, BATCH)):
            rows = [{"run_id": self.run_id, **place} for place in part]
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
            places = writing.store(_places(session, _asked(session, run), on_progress))
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


def _asked(session: Session, run: DashboardRun) -> Asked:
    compared_on = clock.year_before(run.day)
    now = [asked_hours.of_year(session, year, run.day) for year in run.years]
    before = [asked_hours.of_year(session, year - 1, compared_on) for year in run.years]
    return Asked(now, run.read_at, [rules for rules in before if rules.complete], compared_on)


def _places(session: Session, asked: Asked, on_progress: Progress) -> Iterator[Values]:
    known, compared = dashboard_places.organisations(session), {rules.year + 1 for rules in asked.before}
    years = groupby(dashboard_sources.by_organisation(session, asked), key=attrgetter("year"))
    for done, (year, organisations) in enumerate(years):
        on_progress(done, len(asked.now))
        places = Places(known, year, compared=year in compared)
        for sums in organisations:
            yield from places.take(sums.organisation_id, sums.now, sums.before)
        yield from places.rest()
    on_progress(len(asked.now), len(asked.now))
