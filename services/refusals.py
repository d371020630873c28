"""A try at what somebody may not do, or at what is not his, is written down; a flood of them is not."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.accounts import Account
from db.events import Event
from db.locks import hold
from services.clock import now
from services.errors import DomainError, NotFound, PermissionDenied
from services.events import record
from services.permissions import Actor

ACTION = "refused"
MOST_PER_HOUR = 20


def is_noted(refusal: DomainError) -> bool:
    """What else is refused is everyday work."""
    return isinstance(refusal, PermissionDenied | NotFound)


def note(session: Session, actor: Actor, why: str, tried: str, number: int | None) -> None:
    """`tried` is the service that was called for the thing with this number, `why` the name of the rule."""
    if actor.account_id is None:
        return
    hold(session, f"refused/{actor.account_id}")
    lately = Event.actor_id == actor.account_id, Event.at > now() - timedelta(hours=1)
    if (session.scalar(select(func.count()).where(Event.action == ACTION, *lately)) or 0) < MOST_PER_HOUR:
        account = session.get_one(Account, actor.account_id)
        record(session, actor, "refused", account, after={"tried": tried, "number": number, "why": why})
