"""Deadlines in working days, by the public holidays and make-up working days that the State Council publishes.

A year's days are published late in the year before, and come with an update of the library. Of a year that is not
known yet Monday to Friday count, and the deadline says of itself that it is not certain.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar  # type: ignore[import-untyped]  # comes without types

_KNOWN = range(min(chinese_calendar.holidays).year, max(chinese_calendar.holidays).year + 1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day on which something is still in time; not certain where it reaches into a year that is not known."""

    day: date
    is_certain: bool


def is_working_day(day: date) -> bool:
    if day.year in _KNOWN:
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < _SATURDAY


def after(day: date, count: int) -> Deadline:
    """The working day that comes as number `count` after a day, which does not count itself."""
    reached = day
    while count:
        reached += timedelta(days=1)
        count -= is_working_day(reached)
    return Deadline(reached, is_certain=reached.year in _KNOWN)


def before(day: date, count: int) -> date:
    """The last day from which `count` working days were over when `day` began."""
    reached = day - timedelta(days=1)
    while after(reached, count).day >= day:
        reached -= timedelta(days=1)
    return reached
