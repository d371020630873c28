"""The life of a stored file: kept for a row that names it, and removed when the last of them is gone."""

from collections.abc import Collection, Iterable
from typing import cast

from sqlalchemy import delete, exists, func, or_, select, union
from sqlalchemy.orm import Session

from db import Base
from db.certificates import Certificate
from db.claims import Evidence
from db.classes import ClassFile
from db.dialects import insert_or_update
from db.exemptions import ExemptionFile
from db.files import DiscardedFile, StoredFile
from db.identity_changes import IdentityFile
from db.imports import ImportEvidence
from db.locks import hold
from db.misconduct import MisconductFile
from db.missing_records import MissingRecordFile
from db.session import UnitOfWork
from db.snapshots import Snapshot
from services import leases, storage
from services.clock import now
from services.events import record
from services.evidence_files import CheckedFile
from services.permissions import Actor

# Every column that names a stored file.
NAMES = (
    Certificate.pdf_sha256,
    ClassFile.sha256,
    ClassFile.original_sha256,
    Evidence.sha256,
    Evidence.original_sha256,
    ExemptionFile.sha256,
    ExemptionFile.original_sha256,
    IdentityFile.sha256,
    IdentityFile.original_sha256,
    ImportEvidence.sha256,
    ImportEvidence.original_sha256,
    MisconductFile.sha256,
    MisconductFile.original_sha256,
    MissingRecordFile.sha256,
    MissingRecordFile.original_sha256,
    Snapshot.sha256,
)
# What people have uploaded as proof.
EVIDENCE = (ClassFile, Evidence, ExemptionFile, IdentityFile, ImportEvidence, MisconductFile, MissingRecordFile)
# The lease of whoever copies all files; until it ends none is removed.
STAY = "stored files stay"
_COPIED = ("file_name", "media_type", "size", "sha256", "original_sha256")


def keep(session: Session, content: bytes) -> str:
    """The SHA-256 to be written into a row, while nobody removes the same content. Raises StorageUnavailable."""
    sha256 = storage.digest(content)
    hold_named(session, sha256)
    return storage.put(content)


def note_download(session: Session, actor: Actor, row: StoredFile | Certificate) -> None:
    """What leaves as a file is in the log, its owner's own as well; `row` is the one that names it."""
    record(session, actor, "file_download", cast(Base, row))


def total(session: Session) -> tuple[int, int]:
    """How many evidence files there are, and their bytes; of one content that several rows name only one counts."""
    kept = union(*(select(table.sha256, table.size) for table in EVIDENCE)).subquery()
    figures = select(func.count(), func.coalesce(func.sum(kept.c.size), 0)).select_from(kept)
    count, size = session.execute(figures).one()
    return count, int(size)


def hold_named(session: Session, sha256: str) -> None:
    """Nobody else keeps or removes this content until the transaction ends."""
    hold(session, f"file/{sha256}")


def keep_checked(session: Session, file: CheckedFile) -> dict[str, object]:
    """The columns of a row that names both copies of a file that was let in. Raises StorageUnavailable."""
    return {
        "file_name": file.file_name,
        "media_type": file.media_type,
        "size": len(file.clean),
        "sha256": keep(session, file.clean),
        "original_sha256": keep(session, file.original),
    }


def copied(row: StoredFile) -> dict[str, object]:
    """The columns of another row that names the same file."""
    return {name: getattr(row, name) for name in _COPIED}


def discard(session: Session, files: Iterable[StoredFile]) -> None:
    """Their rows go. Only a later transaction removes what they name: a rollback brings no file back."""
    discard_named(session, {name for file in files for name in (file.sha256, file.original_sha256)})


def discard_named(session: Session, names: Collection[str]) -> None:
    """Likewise, of rows that are gone already."""
    rows = [{"sha256": sha256, "discarded_at": now()} for sha256 in sorted(names)]
    if rows:
        session.execute(insert_or_update(session, DiscardedFile).values(rows).on_conflict_do_nothing())


def remove_discarded(transaction: UnitOfWork) -> int:
    """Each in a transaction of its own, so that nobody waits for many, and none is forgotten when a process dies.

    How many there were, those included that another row has named since. While somebody copies all files they wait
    for the next time.
    """
    last: str | None = ""
    count = -1
    while last is not None:
        count += 1
        with transaction() as session:
            last = _remove_next(session, last)
    return count


def _remove_next(session: Session, last: str) -> str | None:
    """The file that was dealt with, or None at the end."""
    following = select(DiscardedFile.sha256).where(DiscardedFile.sha256 > last)
    sha256 = session.scalar(following.order_by(DiscardedFile.sha256).limit(1))
    if sha256 is None or leases.is_held(session, STAY):
        return None
    hold_named(session, sha256)
    if not session.scalar(select(or_(*(exists().where(name == sha256) for name in NAMES)))):
        storage.remove(sha256)
    session.execute(delete(DiscardedFile).where(DiscardedFile.sha256 == sha256))
    return sha256
