"""The log of every change of state: rows that are only ever added, each chained to the one before by its hash."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from db.base import Base, Code, Digest, Name, PrimaryKey

FIRST_HASH = "0" * 64
_PENDING = "events waiting for the commit"


class Event(Base):
    """One change: who did what to which object, what it was before and after."""

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_object", "object_type", "object_id"),
        Index("ix_event_kind", "object_type", "id"),
        Index("ix_event_actor", "actor_id", "id"),
        Index("ix_event_actor_name", "actor_name", "id"),
        Index("ix_event_action", "action", "id"),
        Index("ix_event_at", "at", "id"),
    )

    id: Mapped[PrimaryKey] = mapped_column(autoincrement=False)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    actor_name: Mapped[Name]
    action: Mapped[Code]
    object_type: Mapped[Code]
    object_id: Mapped[int | None]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    address: Mapped[str] = mapped_column(String(45))
    previous_hash: Mapped[Digest]
    hash: Mapped[Digest] = mapped_column(unique=True)

    def computed_hash(self) -> str:
        """SHA-256 over the canonical JSON of everything the row says and the hash before it."""
        content = {
            "id": self.id,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor_id": self.actor_id,
            "actor_name": self.actor_name,
            "action": self.action,
            "object_type": self.object_type,
            "object_id": self.object_id,
            "before": self.before,
            "after": self.after,
            "address": self.address,
            "previous_hash": self.previous_hash,
        }
        canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


class EventHead(Base):
    """The one row that says where the chain ends; its lock puts simultaneous commits into one order."""

    __tablename__ = "event_head"

    id: Mapped[PrimaryKey]
    last_event_id: Mapped[int]
    hash: Mapped[Digest]


def append(session: Session, event: Event) -> None:
    """The event is chained and stored when the transaction ends, so that the lock is held for moments only."""
    session.info.setdefault(_PENDING, []).append(event)


def pending(session: Session) -> list[Event]:
    """The events that the running transaction will store."""
    return list(session.info.get(_PENDING, ()))


def seal(session: Session) -> None:
    events: list[Event] = session.info.pop(_PENDING, [])
    if not events:
        return
    session.flush()
    head = session.scalars(select(EventHead).with_for_update()).one()
    for event in events:
        event.id = head.last_event_id + 1
        event.previous_hash = head.hash
        event.hash = event.computed_hash()
        head.last_event_id, head.hash = event.id, event.hash
    session.add_all(events)
