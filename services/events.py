"""Writing down every change of state, and proving that what was written still stands."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.base import Base
from db.events import FIRST_HASH, Event, EventHead, append
from services.clock import now
from services.permissions import Actor

BATCH = 2000


def record(
    session: Session,
    actor: Actor,
    action: str,
    subject: Base,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Add one event about `subject`; codes and plain values only, never ID numbers, passwords or translated words."""
    append(
        session,
        Event(
            at=now(),
            actor_id=actor.account_id,
            actor_name=actor.name,
            action=action,
            object_type=subject.__tablename__,
            object_id=getattr(subject, "id", None),
            before=before or {},
            after=after or {},
            address=actor.address,
        ),
    )


def last_about(session: Session, tables: Collection[str]) -> int:
    """The number of the last event about any row of these tables; 0 if there is none."""
    return session.scalar(select(func.max(Event.id)).where(Event.object_type.in_(tables))) or 0


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """What a walk along the chain found; `broken_id` is the first event that does not fit."""

    events: int
    head: str
    broken_id: int | None = None

    @property
    def intact(self) -> bool:
        return self.broken_id is None


def check_chain(session: Session) -> ChainCheck:
    """Recompute every hash from the first event to the recorded head."""
    count, previous = 0, FIRST_HASH
    statement = select(Event).order_by(Event.id).execution_options(yield_per=BATCH)
    with session.scalars(statement) as events:
        for event in events:
            if event.id != count + 1 or event.previous_hash != previous or event.hash != event.computed_hash():
                return ChainCheck(count, previous, broken_id=count + 1)
            count, previous = event.id, event.hash
    head = session.scalars(select(EventHead)).one()
    missing = count + 1 if (head.last_event_id, head.hash) != (count, previous) else None
    return ChainCheck(count, previous, broken_id=missing)
