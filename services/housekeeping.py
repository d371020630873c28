"""Once a day: removes old tries, tickets, sessions and files nobody needs, notes names, and counts what is stored."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from enum import StrEnum
from functools import partial

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session

from db.accounts import Attempt, AuthSession, Ticket
from db.session import UnitOfWork
from db.settings import settings
from services import imports, leases, legacy_undo, page_times, resemblances, storage, stored_files, unfinished_files
from services.clock import now

LEASE = "housekeeping"
EVERY = timedelta(days=1)
# Longer than any limit remembers.
ATTEMPTS_KEPT = timedelta(days=1)
TICKETS_KEPT = timedelta(days=1)
# The event log keeps the history of sign-ins; this is for whoever looks into something recent.
SESSIONS_KEPT = timedelta(days=30)
# Rows per transaction, so that nobody waits for the lock on SQLite.
BATCH = 2000

# Also in its report: the evidence files that are kept, and their bytes.
STORED_FILES, STORED_BYTES = "stored_files", "stored_bytes"


class Removed(StrEnum):
    """What is not kept for ever; the event log is nowhere among it."""

    ATTEMPTS = "attempts"
    TICKETS = "tickets"
    SESSIONS = "sessions"
    UPLOADS = "uploads"
    LEGACY_UPLOADS = "legacy_uploads"
    FILES = "files"
    PAGE_TIMES = "page_times"


# After which time it goes; files go as soon as nothing names them.
KEPT = {
    Removed.ATTEMPTS: ATTEMPTS_KEPT,
    Removed.TICKETS: TICKETS_KEPT,
    Removed.SESSIONS: SESSIONS_KEPT,
    Removed.UPLOADS: imports.FILES_KEPT,
    Removed.LEGACY_UPLOADS: legacy_undo.UNUSED_KEPT,
    Removed.FILES: timedelta(),
    Removed.PAGE_TIMES: page_times.KEPT,
}
Swept = type[Attempt] | type[Ticket] | type[AuthSession]


def run_due(transaction: UnitOfWork) -> Mapping[str, int] | None:
    """Whichever process asks first does the day's work: it keeps the lease, so that it comes free a day later.

    What it removed, and how much is stored; None for whoever comes later.
    """
    with transaction() as session:
        if not leases.acquire(session, LEASE, leases.new_holder(), EVERY):
            return None
    report: dict[str, int] = {
        kind: _batch_by_batch(transaction, partial(_delete, table=table, outdated=outdated))
        for kind, table, outdated in _outdated()
    }
    _batch_by_batch(transaction, resemblances.note_missing)
    with transaction() as session:
        report[Removed.UPLOADS] = imports.forget_old(session)
        report[Removed.LEGACY_UPLOADS] = legacy_undo.forget_unused(session)
        report[Removed.PAGE_TIMES] = page_times.forget_old(session)
    report[Removed.FILES] = stored_files.remove_discarded(transaction)
    storage.remove_unfinished(before=now() - unfinished_files.KEPT)
    unfinished_files.remove_left(settings().data_dir)
    with transaction() as session:
        report[STORED_FILES], report[STORED_BYTES] = stored_files.total(session)
    return report


def _batch_by_batch(transaction: UnitOfWork, work: Callable[[Session], int]) -> int:
    """Until there is none left; how many there were."""
    count, done = 0, 1
    while done:
        with transaction() as session:
            done = work(session)
        count += done
    return count


def _outdated() -> Iterator[tuple[Removed, Swept, ColumnElement[bool]]]:
    sessions_before = now() - SESSIONS_KEPT
    ended = or_(AuthSession.revoked_at < sessions_before, AuthSession.expires_at < sessions_before)
    yield Removed.TICKETS, Ticket, Ticket.expires_at < now() - TICKETS_KEPT
    yield Removed.ATTEMPTS, Attempt, Attempt.at < now() - ATTEMPTS_KEPT
    yield Removed.SESSIONS, AuthSession, ended


def _delete(session: Session, *, table: Swept, outdated: ColumnElement[bool]) -> int:
    """One batch of rows; how many there were."""
    # SQLite would give the last row's number once more, and events name rows by their numbers.
    last = select(func.max(table.id)).scalar_subquery()
    batch = select(table.id).where(outdated, table.id < last).order_by(table.id).limit(BATCH)
    return session.connection().execute(delete(table).where(table.id.in_(batch))).rowcount
