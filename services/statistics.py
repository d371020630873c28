"""The official figures: computed from approved hours once a day, set by set, by one process at a time.

Most runs look only at those of whose claims something was decided since the last one; once a week, and when it is
asked for, a run looks at everybody. One that breaks off is continued by the next.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from db.claims import Claim, ClaimStep
from db.locks import hold
from db.people import Person
from db.session import UnitOfWork
from db.settings import settings
from db.statistics import RunKind, RunStatus, StatisticsRun
from services import asked_hours, leases, summaries
from services.clock import now, today
from services.errors import N_, DomainError
from services.events import record
from services.permissions import Actor

# People, or steps of claims, per transaction: long enough to be set-based, short enough that nobody waits for the lock
# on SQLite.
CHUNK = 20_000
LEASE = "statistics"
LEASE_TIME = timedelta(minutes=10)
WRITING = "annual summaries"
EVERYBODY_EVERY = timedelta(days=7)
CONTINUED_WITHIN = timedelta(days=1)
# A transaction that began before a run may be stored after it, with numbers that the run believes to have seen.
LONGEST_TRANSACTION = timedelta(minutes=10)
# What a run that continues another one goes on from.
TAKEN_OVER = ("since", "reached", "steps_up_to", "rows", "rows_changed", "hours_before", "hours_after", "milliseconds")


class AlreadyRunning(DomainError):
    message = N_("学时统计正在进行，请稍后再试。")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come on its way: in numbers of people or of steps, as its kind says."""

    reached: int
    goal: int
    rows_changed: int


def unwatched(_progress: Progress) -> None:
    """For a run whose progress nobody follows."""


def is_due(session: Session) -> bool:
    """Whether the last successful run is a day old (or the interval that is set), or a clock was ahead that much."""
    last = last_finished(session)
    return last is None or abs(now() - last.started_at) >= interval()


def interval() -> timedelta:
    return timedelta(hours=settings().statistics_hours)


def last_finished(session: Session) -> StatisticsRun | None:
    return session.scalar(_newest().where(StatisticsRun.status == RunStatus.FINISHED))


def _newest() -> Select[StatisticsRun]:
    return select(StatisticsRun).order_by(StatisticsRun.id.desc()).limit(1)


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
        run = _start(session, actor, _kind_due(session))
    _run(transaction, actor, run, holder)
    return run.id


def _kind_due(session: Session) -> RunKind:
    full = (StatisticsRun.status == RunStatus.FINISHED, StatisticsRun.kind == RunKind.FULL)
    last = session.scalar(_newest().where(*full))
    recent = last is not None and abs(now() - last.started_at) < EVERYBODY_EVERY
    return RunKind.CHANGES if recent else RunKind.FULL


def recompute(transaction: UnitOfWork, actor: Actor, *, on_progress: Callable[[Progress], None] = unwatched) -> int:
    """Compute everybody's official hours; returns the number of the run. Raises AlreadyRunning.

    The work is cut into many transactions, so it is handed the way to open one.
    """
    holder = leases.new_holder()
    with transaction() as session:
        if not leases.acquire(session, LEASE, holder, LEASE_TIME):
            raise AlreadyRunning
        run = _start(session, actor, RunKind.FULL)
    _run(transaction, actor, run, holder, on_progress)
    return run.id


def _run(
    transaction: UnitOfWork,
    actor: Actor,
    run: StatisticsRun,
    holder: str,
    on_progress: Callable[[Progress], None] = unwatched,
) -> None:
    finished = False
    try:
        _compute(transaction, run, holder, on_progress)
        finished = True
    finally:
        # Only the kind: the text of an error may hold somebody's data.
        error = "" if finished else type(sys.exception()).__name__
        with transaction() as session:
            _finish(session, actor, run.id, error)
            leases.release(session, LEASE, holder)


def _start(session: Session, actor: Actor, kind: RunKind) -> StatisticsRun:
    broken_off = _to_continue(session, kind)
    # A run that still says it is running although nobody holds the lease died with its process.
    session.execute(
        update(StatisticsRun)
        .where(StatisticsRun.status == RunStatus.RUNNING)
        .values(status=RunStatus.FAILED, finished_at=now())
    )
    run = StatisticsRun(kind=kind, started_by=actor.name, started_at=now())
    run.rule_edition = asked_hours.newest_begun(session, today())
    if broken_off is not None:
        run.continues_id = broken_off.id
        for name in TAKEN_OVER:
            setattr(run, name, getattr(broken_off, name))
    else:
        run.since = run.reached = _beginning(session, kind)
        run.steps_up_to = session.scalar(_settled_steps()) or 0
    run.goal = session.scalar(select(func.max(Person.id if kind is RunKind.FULL else ClaimStep.id))) or 0
    session.add(run)
    session.flush()
    return run


def _beginning(session: Session, kind: RunKind) -> int:
    """The number before the first person, or before the first step that earlier runs have not seen for certain."""
    if kind is RunKind.FULL:
        return (session.scalar(select(func.min(Person.id))) or 1) - 1
    last = last_finished(session)
    seen = last.steps_up_to if last is not None else 0
    return (session.scalar(select(func.min(ClaimStep.id)).where(ClaimStep.id > seen)) or seen + 1) - 1


def _to_continue(session: Session, kind: RunKind) -> StatisticsRun | None:
    """The last run if it broke off not long ago and looked at the same people."""
    last = session.scalar(_newest())
    if last is None or last.status is RunStatus.FINISHED or last.kind is not kind:
        return None
    return last if last.started_at > now() - CONTINUED_WITHIN else None


def _settled_steps() -> Select[int]:
    """The number below which no step can appear any more."""
    settled = select(ClaimStep.id).where(ClaimStep.at <= now() - LONGEST_TRANSACTION)
    return settled.order_by(ClaimStep.id.desc()).limit(1)


def _compute(transaction: UnitOfWork, run: StatisticsRun, holder: str, on_progress: Callable[[Progress], None]) -> None:
    whose = summaries.numbered if run.kind is RunKind.FULL else summaries.touched
    for low in range(run.reached, run.goal, CHUNK):
        began, high = time.perf_counter(), min(low + CHUNK, run.goal)
        with transaction() as session:
            leases.renew(session, LEASE, holder, LEASE_TIME)
            hold(session, WRITING)
            done = summaries.recompute(session, run.id, whose(low, high))
            _note(session, run.id, high, done, began)
        on_progress(Progress(high, run.goal, done.changed))


def _note(session: Session, run_id: int, reached: int, done: summaries.Outcome, began: float) -> None:
    run = session.get_one(StatisticsRun, run_id)
    run.reached = reached
    run.rows += done.after.rows
    run.rows_changed += done.changed
    run.hours_before += done.before.hours
    run.hours_after += done.after.hours
    run.milliseconds += round((time.perf_counter() - began) * 1000)


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


def _finish(session: Session, actor: Actor, run_id: int, error: str) -> None:
    run = session.get_one(StatisticsRun, run_id)
    run.status, run.finished_at = RunStatus.FAILED if error else RunStatus.FINISHED, now()
    run.error, run.people = error, session.scalar(_looked_at(run)) or 0
    after = {"status": run.status, "kind": run.kind, "people": run.people, "rows_changed": run.rows_changed}
    record(session, actor, "statistics_run", run, after=after)


def _looked_at(run: StatisticsRun) -> Select[int]:
    """How many people; a run that broke off counts as far as it came."""
    if run.kind is RunKind.FULL:
        return select(func.count()).select_from(Person).where(Person.id <= run.reached)
    owners = select(func.count(Claim.person_id.distinct())).join(ClaimStep, ClaimStep.claim_id == Claim.id)
    return owners.where(ClaimStep.id > run.since, ClaimStep.id <= run.reached)
