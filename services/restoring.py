"""A backup becomes a database and a storage again: all of it, proven, or nothing."""

import json
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from gzip import BadGzipFile
from pathlib import Path
from time import monotonic

from sqlalchemy import delete, exists, select, update
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from db import migrate
from db.accounts import Account, AuthSession, Ticket
from db.backups import BackupKind, BackupRun
from db.events import Event
from db.restoring import TABLES, clear, foreign_keys_at_the_end, go_on_from
from db.session import UnitOfWork
from db.statistics import Lease
from services import backup_archive, backup_rows, backups, events, storage
from services.backup_archive import BackupDamaged
from services.backups import FILES, MANIFEST, MISSING, ROWS, Manifest, Progress
from services.clock import now
from services.errors import N_, DomainError


class NotEmpty(DomainError):
    message = N_("只能恢复到空的数据库。请用 HOURBOOK_DATABASE_URL 指定新的数据库，再恢复一次。")


class AnotherRelease(DomainError):
    message = N_("该备份由另一版本的程序生成（数据库版本 %(revision)s）。请用那一版程序恢复，再升级程序。")


class AnotherSecretKey(DomainError):
    message = N_("HOURBOOK_SECRET_KEY 与备份时的不同，证件号码将无法读取。请换成备份时的密钥，再恢复一次。")


@dataclass(frozen=True, slots=True)
class Restored:
    """`missing` are files that were missing already when the backup was made."""

    run: BackupRun
    events: int
    missing: list[str]


def manifest_of(path: Path, private_key: Path | None) -> Manifest:
    """Raises what reading an archive raises, and BackupDamaged when it is none of ours."""
    return _manifest(backup_archive.read(path, private_key))


def restore(transaction: UnitOfWork, path: Path, private_key: Path | None, on_progress: Progress) -> Restored:
    """Into the database and the storage of the settings; everybody has to sign in again.

    Raises NotEmpty, AnotherRelease, AnotherSecretKey, BackupDamaged, KeyNeeded, NotABackupKey, OSError.
    """
    began = monotonic()
    members = backup_archive.read(path, private_key)
    manifest = _manifest(members)
    if manifest.revision != migrate.HEAD:
        raise AnotherRelease(revision=manifest.revision)
    if manifest.key_check != backups.key_check():
        raise AnotherSecretKey
    with _only_what_is_whole(), transaction() as session, storage.in_bulk():
        if session.scalar(select(exists(select(Account.id)) | exists(select(Event.id)))):
            raise NotEmpty
        clear(session)
        with foreign_keys_at_the_end(session):
            missing = _load(session, members, manifest, on_progress)
        go_on_from(session, manifest.last_numbers)
        check = events.check_chain(session)
        if (check.intact, check.events, check.head) != (True, manifest.events, manifest.events_hash):
            raise BackupDamaged
        _start_anew(session)
        run = backups.note_in(session, BackupKind.RESTORED, path, manifest, began)
    return Restored(run, manifest.events, missing)


@contextmanager
def _only_what_is_whole() -> Iterator[None]:
    """What cannot be unpacked, read or fitted together was changed after it was written."""
    try:
        yield
    except (EOFError, BadGzipFile, zlib.error, ValueError, LookupError, DataError, IntegrityError) as error:
        raise BackupDamaged from error


def _manifest(members: Iterator[tuple[str, bytes]]) -> Manifest:
    name, content = next(members, ("", b""))
    if name != MANIFEST:
        raise BackupDamaged
    try:
        return Manifest(**json.loads(content))
    except (ValueError, TypeError) as error:
        raise BackupDamaged from error


def _load(session: Session, members: Iterator[tuple[str, bytes]], manifest: Manifest, show: Progress) -> list[str]:
    """What was missing; every row and file is counted, and a file is what its name says."""
    counted, missing = Counter[str](), []
    for name, content in members:
        kind, _slash, rest = name.partition("/")
        if name == MISSING:
            missing = json.loads(content)
        elif f"{kind}/" == FILES and storage.put(content) == rest:
            counted[FILES] += 1
        elif f"{kind}/" == ROWS and (table := TABLES.get(rest.partition("/")[0])) is not None:
            counted[table.name] += backup_rows.load(session, table, content)
        else:
            raise BackupDamaged
        show(counted.total(), manifest.steps)
    expected = Counter(manifest.rows) + Counter({FILES: manifest.files - len(missing)})
    if counted != expected:
        raise BackupDamaged
    return missing


def _start_anew(session: Session) -> None:
    """Who was signed out since then must not be let in again, and whoever did a job does it no longer."""
    session.execute(update(AuthSession).where(AuthSession.revoked_at.is_(None)).values(revoked_at=now()))
    session.execute(update(Ticket).where(Ticket.used_at.is_(None)).values(used_at=now()))
    session.execute(delete(Lease))
