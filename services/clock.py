"""The time, in one place, so that a test or the demo can live on another day."""

import calendar
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time

from db.settings import settings

_set_to: ContextVar[datetime | None] = ContextVar("clock", default=None)


def now() -> datetime:
    return _set_to.get() or datetime.now(UTC)


def today() -> date:
    """The calendar day where the installation is, which is what deadlines are counted in."""
    return local(now()).date()


def moment(day: date, shown: time) -> datetime:
    """The moment of that day at which the clocks of the installation show this time."""
    return datetime.combine(day, shown, settings().timezone)


def midnight(day: date) -> datetime:
    """The moment at which a day of the installation begins."""
    return moment(day, time.min)


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last one; of an earlier month for a negative number."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def year_before(day: date) -> date:
    """The same day of the year before."""
    return months_later(day, -12)


def local(moment: datetime) -> datetime:
    """The moment as the clocks of the installation show it."""
    return moment.astimezone(settings().timezone)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Everything inside happens at this moment."""
    token = _set_to.set(moment)
    try:
        yield
    finally:
        _set_to.reset(token)
