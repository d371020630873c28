"""Whether the official figures are as new as they should be, and what every run did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Select, case, exists, func, or_, select, union
from sqlalchemy.orm import Session

from db.statistics import RunStatus, StatisticsRun
from services import leases, statistics
from services.clock import now
from services.permissions import Actor, Permission, require

PAGE_SIZE = 50
# The application looks every ten minutes whether a run is due, and a run takes its time.
GRACE = timedelta(hours=1)


class Punctuality(StrEnum):
    """How the official figures stand."""

    NEVER = "never"
    ON_TIME = "on_time"
    RUNNING = "running"
    LATE = "late"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class State:
    """`last` is the run whose figures are shown; the next one is due at `next_at`."""

    punctuality: Punctuality
    last: StatisticsRun | None
    next_at: datetime | None


def state(session: Session) -> State:
    """Says nothing about anybody, so whoever sees official figures may know it."""
    newest = select(func.max(StatisticsRun.id))
    last_finished = newest.where(StatisticsRun.status == RunStatus.FINISHED)
    both = StatisticsRun.id.in_(union(newest, last_finished))
    runs = session.scalars(select(StatisticsRun).where(both).order_by(StatisticsRun.id.desc())).all()
    last = next((run for run in runs if run.status is RunStatus.FINISHED), None)
    next_at = last.started_at + statistics.interval() if last else None
    return State(_punctuality(session, runs[0] if runs else None, next_at), last, next_at)


def _punctuality(session: Session, newest: StatisticsRun | None, next_at: datetime | None) -> Punctuality:
    if newest is None:
        return Punctuality.NEVER
    if newest.status is RunStatus.RUNNING and _is_at_work(session):
        return Punctuality.RUNNING
    if newest.status is not RunStatus.FINISHED:
        return Punctuality.FAILED
    return Punctuality.LATE if next_at is not None and next_at + GRACE < now() else Punctuality.ON_TIME


def _is_at_work(session: Session) -> bool:
    """Otherwise a run that says it is running died with its process."""
    return leases.is_held(session, statistics.LEASE)


def late(_actor: Actor) -> Select[int]:
    """One, when the last run failed or the next one is overdue: for whoever must know that figures may be old."""
    finished = StatisticsRun.status == RunStatus.FINISHED
    last_start = select(func.max(StatisticsRun.started_at)).where(finished).scalar_subquery()
    last = select(func.coalesce(func.max(StatisticsRun.id), 0)).where(finished).scalar_subquery()
    failed = exists().where(StatisticsRun.status == RunStatus.FAILED, StatisticsRun.id > last)
    overdue = last_start < now() - statistics.interval() - GRACE
    return select(case((or_(failed, overdue), 1), else_=0))


def list_runs(session: Session, actor: Actor, *, after_id: int = 0) -> Sequence[StatisticsRun]:
    """One page, the newest first."""
    require(actor, Permission.SYSTEM_WATCH)
    runs = select(StatisticsRun).order_by(StatisticsRun.id.desc()).limit(PAGE_SIZE)
    return session.scalars(runs.where(StatisticsRun.id < after_id) if after_id else runs).all()
