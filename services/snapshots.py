"""Snapshots of the old systems' rows: made after every change, by one process at a time; the newest two are kept.

Measured with ten million generated rows: a count over two dimensions takes DuckDB 0.2 s over the Parquet file and
SQLite 2.4 s over an index made for it, the top employers 0.3 s and a minute and a half. So nothing that looks at all
rows asks the database, and both databases answer alike. `tests.benchmarks.legacy_queries` compares with Datasette.

Whoever changes `snapshot_rows.SCHEMA` adds a migration that empties this table, so that no old file is asked.
"""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from db import Base
from db.session import UnitOfWork
from db.snapshots import Snapshot
from services import events, leases, snapshot_rows, storage, stored_files
from services.clock import now
from services.errors import N_, DomainError
from services.events import record
from services.long_work import Progress, unwatched
from services.permissions import SYSTEM, Actor, Permission, require

# Whatever happens to a row of these may change what a snapshot says.
ABOUT = [name for name in Base.metadata.tables if name.startswith("legacy_")]
KEPT = 2
LEASE = "snapshot"
LEASE_TIME = timedelta(minutes=30)


class SnapshotBeingMade(DomainError):
    message = N_("正在生成新的数据快照，请稍后再试。")


def newest(session: Session, actor: Actor) -> Snapshot | None:
    require(actor, Permission.LEGACY_EXPLORE)
    return _newest(session)


def _newest(session: Session) -> Snapshot | None:
    return session.scalar(select(Snapshot).order_by(Snapshot.id.desc()).limit(1))


def is_outdated(session: Session, snapshot: Snapshot | None) -> bool:
    """Whether anything about the old systems' data has changed since."""
    return events.last_about(session, ABOUT) > (snapshot.last_event_id if snapshot else 0)


def make_due(reading: UnitOfWork, transaction: UnitOfWork, *, on_progress: Progress = unwatched) -> None:
    """Raises StorageUnavailable, or SnapshotBeingMade when another process is at it."""
    with reading() as session:
        due = is_outdated(session, _newest(session))
    if due:
        _make(reading, transaction, SYSTEM, on_progress)


def make(reading: UnitOfWork, transaction: UnitOfWork, actor: Actor, *, on_progress: Progress = unwatched) -> Snapshot:
    """Raises PermissionDenied, SnapshotBeingMade, StorageUnavailable."""
    require(actor, Permission.LEGACY_EXPLORE)
    return _make(reading, transaction, actor, on_progress)


def _make(reading: UnitOfWork, transaction: UnitOfWork, actor: Actor, on_progress: Progress) -> Snapshot:
    with leases.held(transaction, LEASE, LEASE_TIME, SnapshotBeingMade):
        made = _write(reading, on_progress)
        with transaction() as session:
            _keep(session, actor, made)
    return made


def _write(reading: UnitOfWork, on_progress: Progress) -> Snapshot:
    """Read in one transaction that lets others write meanwhile."""
    made = Snapshot(made_at=now())
    with reading() as session:
        made.last_event_id = events.last_about(session, ABOUT)

        def write(target: Path) -> None:
            made.row_count = snapshot_rows.write(session, target, on_progress)

        made.sha256 = storage.put_written(write)
    return made


def _keep(session: Session, actor: Actor, made: Snapshot) -> None:
    stored_files.hold_named(session, made.sha256)
    session.add(made)
    session.flush()
    record(session, actor, "snapshot_make", made, after={"rows": made.row_count, "sha256": made.sha256})
    old = session.scalars(select(Snapshot).order_by(Snapshot.id.desc()).offset(KEPT)).all()
    session.execute(delete(Snapshot).where(Snapshot.id.in_([each.id for each in old])))
    stored_files.discard_named(session, {each.sha256 for each in old})
