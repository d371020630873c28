"""The log of events as an administrator reads it: narrowed down, exported, and proven to be whole."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import CompoundSelect, Select, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

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
    if after_id:
        last = aliased(Event)
        place = [getattr(last, column.key) for column in _order(wanted)]
        after = select(*place).where(last.id == after_id).scalar_subquery()
        found = found.where(tuple_(*_order(wanted)) < after)
    return session.scalars(found).all()


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


def _written_by(who: str) -> CompoundSelect[int]:
    """One look into the index of the accounts and one into that of the names: with OR all events would be read."""
    account = select(Account.id).where(Account.username == usernames.normalised(who))
    by_account = select(Event.id).where(Event.actor_id.in_(account))
    return by_account.union_all(select(Event.id).where(Event.actor_name == fields.search_text(who)))


def _order(wanted: Wanted) -> list[InstrumentedAttribute[Any]]:
    """Of a period by time, whose index then finds its end at once, however much was written since."""
    return [Event.at, Event.id] if wanted.since or wanted.until else [Event.id]


def _found(actor: Actor, wanted: Wanted) -> Select[Event]:
    require(actor, Permission.EVENTS_READ)
    if wanted.since and wanted.until and wanted.since > wanted.until:
        raise WrongPeriod
    found = select(Event).order_by(*(column.desc() for column in _order(wanted)))
    if wanted.since:
        found = found.where(Event.at >= clock.midnight(wanted.since))
    if wanted.until:
        found = found.where(Event.at < clock.midnight(wanted.until + timedelta(days=1)))
    if wanted.who:
        found = found.where(Event.id.in_(_written_by(wanted.who)))
    if wanted.action:
        found = found.where(Event.action == wanted.action)
    if wanted.object_type:
        found = found.where(Event.object_type == wanted.object_type)
    if wanted.object_id:
        found = found.where(Event.object_id == wanted.object_id)
    return found
