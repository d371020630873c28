"""Once a day: removes old tries, tickets, sessions and files nobody needs, and notes names that are not noted yet."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session

from db.accounts import Attempt, AuthSession, Ticket
from db.session import UnitOfWork
from services import imports, leases, legacy_undo, resemblances, storage, stored_files
from services.clock import now

LEASE = "housekeeping"
EVERY = timedelta(days=1)
# Longer than any limit remembers.
ATTEMPTS_KEPT = timedelta(days=1)
TICKETS_KEPT = timedelta(days=1)
# The event log keeps the history of sign-ins; this is for whoever looks into something recent.
SESSIONS_KEPT = timedelta(days=30)
UNFINISHED_FILES_KEPT = timedelta(days=1)
# Rows per transaction, so that nobody waits for the lock on SQLite.
BATCH = 2000

Swept = type[Attempt] | type[Ticket] | type[AuthSession]


def run_due(transaction: UnitOfWork) -> None:
    """Whichever process asks first does the day's work: it keeps the lease, so that it comes free a day later."""
    with transaction() as session:
        if not leases.acquire(session, LEASE, leases.new_holder(), EVERY):
            return
    for work in (sweep, resemblances.note_missing):
        _batch_by_batch(transaction, work)
    with transaction() as session:
        imports.forget_old(session)
        legacy_undo.forget_unused(session)
    stored_files.remove_discarded(transaction)
    storage.remove_unfinished(before=now() - UNFINISHED_FILES_KEPT)


def _batch_by_batch(transaction: UnitOfWork, work: Callable[[Session], int]) -> None:
    """Until there is none left."""
    while True:
        with transaction() as session:
            if not work(session):
                return


def sweep(session: Session) -> int:
    """Delete one batch of rows; how many there were, 0 when all is swept."""
    return next((swept for swept in (_delete(session, *each) for each in _outdated()) if swept), 0)


def _outdated() -> Iterator[tuple[Swept, ColumnElement[bool]]]:
    sessions_before = now() - SESSIONS_KEPT
    yield Ticket, Ticket.expires_at < now() - TICKETS_KEPT
    yield Attempt, Attempt.at < now() - ATTEMPTS_KEPT
    yield AuthSession, or_(AuthSession.revoked_at < sessions_before, AuthSession.expires_at < sessions_before)


def _delete(session: Session, table: Swept, outdated: ColumnElement[bool]) -> int:
    # SQLite would give the last row's number once more, and events name rows by their numbers.
    last = select(func.max(table.id)).scalar_subquery()
    batch = select(table.id).where(outdated, table.id < last).order_by(table.id).limit(BATCH)
    return session.connection().execute(delete(table).where(table.id.in_(batch))).rowcount
