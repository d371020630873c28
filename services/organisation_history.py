"""What was done about an organisation so far, read from the event log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.events import Event
from db.organisations import Organisation, OrganisationAction
from services import organisation_form

LONGEST = 50
ACTIONS = {f"organisation_{action}": action for action in OrganisationAction}


@dataclass(frozen=True, slots=True)
class Step:
    """`about` is the opinion that was given, or the account name or the organisation that it concerned.

    `changes` are the facts that were, or were to be, different afterwards: their labels with both values.
    """

    at: datetime
    actor_name: str
    action: OrganisationAction
    about: str
    changes: Sequence[tuple[str, str, str]]


def of(session: Session, organisation: Organisation) -> Sequence[Step]:
    """The newest steps first, at most LONGEST. The caller has found the organisation in the actor's scope."""
    about = Event.object_type == Organisation.__tablename__, Event.object_id == organisation.id
    found = select(Event).where(*about, Event.action.in_(ACTIONS)).order_by(Event.id.desc()).limit(LONGEST)
    return [_step(event) for event in session.scalars(found)]


def _step(event: Event) -> Step:
    said = event.before | event.after
    changes = [
        (label, event.before[name], event.after[name])
        for name, label in organisation_form.LABELS.items()
        if name in event.before and name in event.after and event.before[name] != event.after[name]
    ]
    about = said.get("username") or said.get("other") or said.get("opinion", "")
    return Step(event.at, event.actor_name, ACTIONS[event.action], about, changes)
