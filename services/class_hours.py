"""What the sessions of a class are worth: pure arithmetic over their times."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, time
from decimal import Decimal
from typing import Protocol

MINUTES_PER_HOUR = 45
MOST_HOURS_PER_DAY = 8


class Held(Protocol):
    """When somebody is taught, in local time."""

    held_on: date
    begins: time
    ends: time


def allowed(sessions: Iterable[Held]) -> Decimal:
    """The most hours that a class with these sessions can have: 45 minutes are an hour, a day has at most eight.

    (GD-2023; domain.md 1.2.) One decimal place, rounded down.
    """
    by_day: dict[date, int] = defaultdict(int)
    for each in sessions:
        by_day[each.held_on] += minutes(each)
    counted = sum(min(taught, MOST_HOURS_PER_DAY * MINUTES_PER_HOUR) for taught in by_day.values())
    return Decimal(counted * 10 // MINUTES_PER_HOUR).scaleb(-1)


def minutes(session: Held) -> int:
    return _of_day(session.ends) - _of_day(session.begins)


def _of_day(moment: time) -> int:
    return moment.hour * 60 + moment.minute
