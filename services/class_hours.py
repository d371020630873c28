"""What the sessions of a class are worth: pure arithmetic over their times."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, time
from decimal import Decimal
from typing import Protocol

from db.classes import CourseClass
from services.rules import NONE

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


def taught(course_class: CourseClass) -> int:
    """Minutes."""
    return sum(map(minutes, course_class.sessions))


def earned(course_class: CourseClass, present: Collection[int], *, passed: bool | None = None) -> Decimal:
    """What somebody earns who was present at these sessions; the class is loaded with its own."""
    attended = sum(minutes(each) for each in course_class.sessions if each.id in present)
    return earned_in(course_class, attended, passed=passed)


def earned_in(course_class: CourseClass, attended: int, *, passed: bool | None) -> Decimal:
    """The share of the class's hours that the attended minutes are of all, rounded down to half an hour.

    Nothing below the attendance that the class asks for, and nothing without passing its exam.
    """
    whole = taught(course_class)
    if attended * 100 < course_class.attendance_needed * whole or (course_class.has_exam and not passed):
        return NONE
    hours = course_class.hours or NONE
    return hours if attended == whole else hours * 2 * attended // whole / 2
