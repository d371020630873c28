"""The log of events as an administrator reads it: narrowed down, exported, and proven to be whole."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from db.accounts import Account
from db.events import Event
from services import clock, events, fields, usernames
from services.errors import N_, DomainError
from services.events import ChainCheck, record
from services.permissions import Actor, Permission, require

PAGE_SIZE = 50
MOST_EXPORTED = 50_000


class WrongPeriod(DomainError):
    message = N_("开始日期不能晚于结束日期。")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; what is empty asks for nothing. `who` is a user name or a whole name."""

    since: date | None = None
    until: date | None = None
    who: str = ""
    action: str = ""
    object_type: str = ""
    object_id: int | None = None


EVERYTHING = Wanted()


def search(session: Session, actor: Actor, wanted: Wanted, *, after_id: int = 0) -> Sequence[Event]:
    """One page, the newest first. Raises WrongPeriod."""
    found = _found(actor, wanted).limit(PAGE_SIZE)
    return session.scalars(found.where(Event.id < after_id) if after_id else found).all()


def everything(session: Session, actor: Actor, wanted: Wanted) -> Iterator[Event]:
    """The newest of them, at most MOST_EXPORTED. Raises WrongPeriod."""
    found = _found(actor, wanted).limit(MOST_EXPORTED)
    yield from session.scalars(found.execution_options(yield_per=events.BATCH))


def note_export(session: Session, actor: Actor, wanted: Wanted) -> None:
    """Who takes a part of the log along is in it as well."""
    require(actor, Permission.EVENTS_READ)
    account = session.get_one(Account, actor.account_id)
    asked = {name: str(value) for name in Wanted.__slots__ if (value := getattr(wanted, name))}
    record(session, actor, "event_export", account, after=asked)


def check(session: Session, actor: Actor) -> ChainCheck:
    require(actor, Permission.EVENTS_READ)
    return events.check_chain(session)


def as_text(state: dict[str, Any]) -> str:
    """What an event says of its object before or after, on one line."""
    return json.dumps(state, ensure_ascii=False) if state else ""


def _found(actor: Actor, wanted: Wanted) -> Select[Event]:
    require(actor, Permission.EVENTS_READ)
    if wanted.since and wanted.until and wanted.since > wanted.until:
        raise WrongPeriod
    found = select(Event).order_by(Event.id.desc())
    if wanted.since:
        found = found.where(Event.at >= clock.midnight(wanted.since))
    if wanted.until:
        found = found.where(Event.at < clock.midnight(wanted.until + timedelta(days=1)))
    if wanted.who:
        named = select(Account.id).where(Account.username == usernames.normalised(wanted.who))
        found = found.where(Event.actor_id.in_(named) | (Event.actor_name == fields.search_text(wanted.who)))
    if wanted.action:
        found = found.where(Event.action == wanted.action)
    if wanted.object_type:
        found = found.where(Event.object_type == wanted.object_type)
    if wanted.object_id:
        found = found.where(Event.object_id == wanted.object_id)
    return found
