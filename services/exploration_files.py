"""Files that analysts take along: made at once, recorded each, and kept for whoever made them until the next sweep."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from db.events import Event
from db.snapshots import Snapshot
from services import questions, storage, stored_files
from services.errors import NotFound
from services.events import record
from services.permissions import Actor, Permission, require
from services.questions import Question

ACTION = "exploration_export"
SHOWN = 5
# What somebody has looked for may be somebody's name, and the event log keeps it for good.
UNSAID = "text"


class Exported(StrEnum):
    ROWS = "rows"
    FIGURES = "figures"


class FileFormat(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"
    PARQUET = "parquet"


@dataclass(frozen=True, slots=True)
class MadeFile:
    name: str
    media_type: str
    content: bytes
    rows: int


@dataclass(frozen=True, slots=True)
class KeptFile:
    """`id` is the number of the event that recorded it."""

    id: int
    made_at: datetime
    name: str
    media_type: str
    rows: int
    sha256: str


def keep(session: Session, actor: Actor, snapshot: Snapshot, question: Question, file: MadeFile) -> None:
    """Raises PermissionDenied, StorageUnavailable."""
    require(actor, Permission.LEGACY_EXPLORE)
    sha256 = stored_files.keep(session, file.content)
    stored_files.discard_named(session, [sha256])
    asked = {name: value for name, value in questions.words(question).items() if name != UNSAID}
    said = {"name": file.name, "media_type": file.media_type, "rows": file.rows, "sha256": sha256}
    of_snapshot = {"snapshot": snapshot.sha256, "searched": bool(question.text)}
    record(session, actor, ACTION, snapshot, after={**said, **of_snapshot, "question": asked})


def _made_by(actor: Actor) -> Select[Event]:
    require(actor, Permission.LEGACY_EXPLORE)
    return select(Event).where(Event.action == ACTION, Event.actor_id == actor.account_id)


def list_own(session: Session, actor: Actor) -> Sequence[KeptFile]:
    """The last ones, as far as they are still there."""
    events = session.scalars(_made_by(actor).order_by(Event.id.desc()).limit(SHOWN))
    return [file for file in map(_kept, events) if storage.exists(file.sha256)]


def read(session: Session, actor: Actor, event_id: int) -> tuple[KeptFile, bytes]:
    """Raises PermissionDenied, NotFound, StorageDamaged, StorageUnavailable."""
    event = session.scalar(_made_by(actor).where(Event.id == event_id))
    if event is None:
        raise NotFound
    kept = _kept(event)
    return kept, storage.get(kept.sha256)


def _kept(event: Event) -> KeptFile:
    said = event.after
    return KeptFile(event.id, event.at, said["name"], said["media_type"], said["rows"], said["sha256"])
