"""The official figures: computed from approved hours once a day, set by set, by one process at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from db.locks import hold
from db.people import Person
from db.session import UnitOfWork
from db.settings import settings
from db.statistics import RunStatus, StatisticsRun
from services import leases, summaries
from services.clock import now
from services.errors import N_, DomainError
from services.events import record
from services.permissions import Actor

# People per transaction: long enough to be set-based, short enough that nobody waits for the lock on SQLite.
CHUNK = 20_000
LEASE = "statistics"
LEASE_TIME = timedelta(minutes=10)
WRITING = "annual summaries"


class AlreadyRunning(DomainError):
    message = N_("学时统计正在进行，请稍后再试。")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come, in people's numbers."""

    person_id: int
    last_person_id: int
    rows_changed: int


def unwatched(_progress: Progress) -> None:
    """For a run whose progress nobody follows."""


def is_due(session: Session) -> bool:
    """Whether the last successful run is older than a day (or the interval that is set)."""
    last = last_finished(session)
    return last is None or last.started_at <= now() - timedelta(hours=settings().statistics_hours)


def last_finished(session: Session) -> StatisticsRun | None:
    finished = select(StatisticsRun).where(StatisticsRun.status == RunStatus.FINISHED)
    return session.scalar(finished.order_by(StatisticsRun.id.desc()).limit(1))


def run_due(transaction: UnitOfWork, actor: Actor) -> int | None:
    """Compute if it is time: the number of the run, or None when it is not or another process is at it."""
    holder = leases.new_holder()
    with transaction() as session:
        if not is_due(session) or not leases.acquire(session, LEASE, holder, LEASE_TIME):
            return None
        # Another process may have finished while this one waited for the lease.
        if not is_due(session):
            leases.release(session, LEASE, holder)
            return None
        run_id, chunks = _start(session, actor)
    _run(transaction, actor, run_id, chunks, holder)
    return run_id


def recompute(transaction: UnitOfWork, actor: Actor, *, on_progress: Callable[[Progress], None] = unwatched) -> int:
    """Compute everybody's official hours; returns the number of the run. Raises AlreadyRunning.

    The work is cut into many transactions, so it is handed the way to open one.
    """
    holder = leases.new_holder()
    with transaction() as session:
        if not leases.acquire(session, LEASE, holder, LEASE_TIME):
            raise AlreadyRunning
        run_id, chunks = _start(session, actor)
    _run(transaction, actor, run_id, chunks, holder, on_progress)
    return run_id


def _run(
    transaction: UnitOfWork,
    actor: Actor,
    run_id: int,
    chunks: range,
    holder: str,
    on_progress: Callable[[Progress], None] = unwatched,
) -> None:
    finished = False
    try:
        _compute(transaction, run_id, chunks, holder, on_progress)
        finished = True
    finally:
        with transaction() as session:
            _finish(session, actor, run_id, RunStatus.FINISHED if finished else RunStatus.FAILED)
            leases.release(session, LEASE, holder)


def _start(session: Session, actor: Actor) -> tuple[int, range]:
    """The number of the new run, and below which numbers of people each of its chunks begins."""
    # A run that still says it is running although nobody holds the lease died with its process.
    session.execute(
        update(StatisticsRun)
        .where(StatisticsRun.status == RunStatus.RUNNING)
        .values(status=RunStatus.FAILED, finished_at=now())
    )
    run = StatisticsRun(started_by=actor.name, started_at=now())
    session.add(run)
    session.flush()
    first, last = session.execute(select(func.min(Person.id), func.max(Person.id))).one()
    return run.id, range((first or 1) - 1, last or 0, CHUNK)


def _compute(
    transaction: UnitOfWork, run_id: int, chunks: range, holder: str, on_progress: Callable[[Progress], None]
) -> None:
    for low in chunks:
        with transaction() as session:
            leases.renew(session, LEASE, holder, LEASE_TIME)
            hold(session, WRITING)
            changed = summaries.recompute(session, run_id, above=low, up_to=low + chunks.step)
            session.execute(
                update(StatisticsRun)
                .where(StatisticsRun.id == run_id)
                .values(rows_changed=StatisticsRun.rows_changed + changed)
            )
        on_progress(Progress(min(low + chunks.step, chunks.stop), chunks.stop, changed))


def correct(session: Session, person_id: int) -> bool:
    """Bring one person's official hours up to date between two runs; whether there are official figures yet.

    A run that is just summing would overwrite them with what it read before, hence the lock that both take.
    """
    last = last_finished(session)
    if last is None:
        return False
    hold(session, WRITING)
    summaries.correct(session, last.id, person_id)
    return True


def _finish(session: Session, actor: Actor, run_id: int, status: RunStatus) -> None:
    run = session.get_one(StatisticsRun, run_id)
    run.status, run.finished_at = status, now()
    run.people = session.scalar(select(func.count()).select_from(Person)) or 0
    record(session, actor, "statistics_run", run, after={"status": status, "people": run.people})
