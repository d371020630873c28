"""Calls of services, each in a transaction of its own, and what they leave in the log."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm.exc import StaleDataError

from db import reading, transaction
from db.events import Event
from services.errors import DomainError, WrongStatus


def refused(act: Callable[..., object], *arguments: object, **named: object) -> type[DomainError] | None:
    try:
        with transaction() as session:
            act(session, *arguments, **named)
    except StaleDataError:
        return WrongStatus  # what a page says of it
    except DomainError as refusal:
        return type(refusal)
    return None


def last_event() -> Event:
    with reading() as session:
        return session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()
