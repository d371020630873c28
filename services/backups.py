"""Everything that is stored, in one file: all rows of one moment, and every file that they name.

Neither the secret key nor the keys of certificates are in it: whoever finds a backup cannot read ID numbers.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tarfile import TarFile
from time import monotonic

from sqlalchemy import CompoundSelect, func, select, union
from sqlalchemy.orm import Session

from db import migrate
from db.backups import BackupKind, BackupRun
from db.events import EventHead
from db.restoring import TABLES, last_numbers
from db.session import UnitOfWork
from db.settings import settings
from services import backup_archive, backup_rows, leases, sealing, storage, stored_files
from services.clock import now
from services.errors import N_, DomainError
from services.events import record
from services.permissions import SYSTEM

FORMAT = 1
MANIFEST, MISSING = "manifest.json", "missing.json"
ROWS, FILES = "rows/", "files/"
# Longer than any backup takes; a crash in the middle only puts off the removal of files that nobody needs.
LONGEST = timedelta(hours=12)

Progress = Callable[[int, int], None]


class BackupRunning(DomainError):
    message = N_("正在进行另一个备份，请等它完成后再试。")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in a backup; `key_check` tells whether the secret key at hand is the one of its ID numbers."""

    format: int
    revision: str
    taken_at: str
    rows: dict[str, int]
    files: int
    last_numbers: dict[str, int]
    events: int
    events_hash: str
    key_check: str

    @property
    def steps(self) -> int:
        return sum(self.rows.values()) + self.files


@dataclass(frozen=True, slots=True)
class Made:
    """`missing` are files that rows name and the storage has not, or not whole."""

    run: BackupRun
    missing: list[str]


def make(transaction: UnitOfWork, reading: UnitOfWork, path: Path, on_progress: Progress) -> Made:
    """Raises BackupRunning, NotABackupKey, OSError."""
    began = monotonic()
    with leases.held(transaction, stored_files.STAY, LONGEST, BackupRunning), reading() as session:
        manifest = _manifest(session)
        with backup_archive.create(path, settings().backup_key) as archive:
            backup_archive.add(archive, MANIFEST, json.dumps(asdict(manifest)).encode())
            _add_rows(session, archive, manifest, on_progress)
            missing = _add_files(session, archive, manifest, on_progress)
            backup_archive.add(archive, MISSING, json.dumps(missing).encode())
    return Made(note(transaction, BackupKind.MADE, path, manifest, began), missing)


def note(transaction: UnitOfWork, kind: BackupKind, path: Path, manifest: Manifest, began: float) -> BackupRun:
    with transaction() as session:
        return note_in(session, kind, path, manifest, began)


def note_in(session: Session, kind: BackupKind, path: Path, manifest: Manifest, began: float) -> BackupRun:
    """Kept for the administrator, and an event of the log."""
    run = BackupRun(
        kind=kind,
        finished_at=now(),
        taken_at=datetime.fromisoformat(manifest.taken_at),
        file_name=path.name[-100:],
        encrypted=backup_archive.is_encrypted(path),
        size=path.stat().st_size,
        rows=sum(manifest.rows.values()),
        files=manifest.files,
        milliseconds=round((monotonic() - began) * 1000),
    )
    session.add(run)
    session.flush()
    record(session, SYSTEM, f"backup_{kind}", run, after={"taken_at": manifest.taken_at, "rows": run.rows})
    return run


def key_check() -> str:
    return sealing.keyed_hash("backup", "").hex()


def _manifest(session: Session) -> Manifest:
    head = session.scalars(select(EventHead)).one()
    return Manifest(
        format=FORMAT,
        revision=migrate.HEAD,
        taken_at=now().isoformat(),
        rows={name: session.scalar(select(func.count()).select_from(table)) or 0 for name, table in TABLES.items()},
        files=session.scalar(select(func.count()).select_from(_named().subquery())) or 0,
        last_numbers=last_numbers(session),
        events=head.last_event_id,
        events_hash=head.hash,
        key_check=key_check(),
    )


def _named() -> CompoundSelect[str]:
    """The files that rows name, each once."""
    return union(*(select(name.label("sha256")).where(name.is_not(None)) for name in stored_files.NAMES))


def _add_rows(session: Session, archive: TarFile, manifest: Manifest, on_progress: Progress) -> None:
    done = 0
    for name, table in TABLES.items():
        for number, (count, part) in enumerate(backup_rows.dump(session, table)):
            backup_archive.add(archive, f"{ROWS}{name}/{number:06}.jsonl.gz", part)
            done += count
            on_progress(done, manifest.steps)


def _add_files(session: Session, archive: TarFile, manifest: Manifest, on_progress: Progress) -> list[str]:
    missing, done = [], sum(manifest.rows.values())
    for sha256 in session.scalars(_named().order_by("sha256"), execution_options={"yield_per": 1000}):
        try:
            backup_archive.add(archive, f"{FILES}{sha256}", storage.get(sha256))
        except storage.StorageDamaged:
            missing.append(sha256)
        done += 1
        on_progress(done, manifest.steps)
    return missing
