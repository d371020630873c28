"""How a class went, and what is unusual about it: counted by the database, for many classes at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, extract, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from db.classes import ClassSession, ClassStatus, CourseClass
from db.enrolments import Attendance, Enrolment, EnrolmentStatus
from services.asked_hours import as_hours
from services.class_hours import MINUTES_PER_HOUR, MOST_HOURS_PER_DAY
from services.columns import flag, tenths

# Of fewer people it is nothing unusual that all of them were always there and passed.
LEAST_TO_WONDER = 5
_TENTHS_PER_HOUR = 10
_MOST_PER_DAY = MOST_HOURS_PER_DAY * MINUTES_PER_HOUR


class Mark(StrEnum):
    """What somebody should look into."""

    TOO_MANY_HOURS = "too_many_hours"
    ALL_PERFECT = "all_perfect"


@dataclass(frozen=True, slots=True)
class Figures:
    """`taught` are the people whose result is registered, `attendance` the percentage of the sessions they were at."""

    taught: int
    completed: int
    hours: Decimal
    attendance: int | None


def _of_class(column: ColumnElement[int], *conditions: ColumnElement[bool]) -> Select[Any]:
    ended = Enrolment.class_id == CourseClass.id, Enrolment.posted_at.is_not(None)
    return select(column).select_from(Enrolment).where(*ended, *conditions).correlate(CourseClass)


def _attended(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    counted = _of_class(func.count(), *conditions)
    return counted.join(Attendance, Attendance.enrolment_id == Enrolment.id).scalar_subquery()


def _of_day(moment: InstrumentedAttribute[time]) -> ColumnElement[int]:
    return extract("hour", moment) * 60 + extract("minute", moment)


def _minutes() -> ColumnElement[int]:
    """The minutes of a class that count, as in `class_hours.allowed`."""
    taught = func.sum(_of_day(ClassSession.ends) - _of_day(ClassSession.begins))
    counted = case((taught > _MOST_PER_DAY, _MOST_PER_DAY), else_=taught).label("counted")
    by_day = select(counted).where(ClassSession.class_id == CourseClass.id).group_by(ClassSession.held_on)
    days = by_day.correlate(CourseClass).subquery()
    return select(func.coalesce(func.sum(days.c.counted), 0)).scalar_subquery()


_TAUGHT = _of_class(func.count()).scalar_subquery()
_COMPLETED = _of_class(func.count(), Enrolment.status == EnrolmentStatus.COMPLETED).scalar_subquery()
_HOURS = _of_class(func.coalesce(func.sum(tenths(Enrolment.hours_awarded)), 0)).scalar_subquery()
_MOST_AWARDED = _of_class(func.coalesce(func.max(tenths(Enrolment.hours_awarded)), 0)).scalar_subquery()
_PRESENT, _REGISTERED = _attended(Attendance.present.is_(True)), _attended()
_SESSIONS = select(func.count()).where(ClassSession.class_id == CourseClass.id).correlate(CourseClass).scalar_subquery()
# Tenths of an hour on one side and minutes on the other, both multiplied: nothing is rounded.
_ALLOWED = _minutes() * _TENTHS_PER_HOUR

CONDITIONS: dict[Mark, ColumnElement[bool]] = {
    Mark.TOO_MANY_HOURS: or_(
        tenths(CourseClass.hours) * MINUTES_PER_HOUR > _ALLOWED, _MOST_AWARDED * MINUTES_PER_HOUR > _ALLOWED
    ),
    Mark.ALL_PERFECT: and_(
        CourseClass.status == ClassStatus.COMPLETED,
        _TAUGHT >= LEAST_TO_WONDER,
        _COMPLETED == _TAUGHT,
        _PRESENT == _TAUGHT * _SESSIONS,
    ),
}
UNUSUAL = or_(*CONDITIONS.values())

# What `figures` and `marks` are made of, in this order.
FIGURES = (_TAUGHT, _COMPLETED, _HOURS, _PRESENT, _REGISTERED)
MARKS = tuple(map(flag, CONDITIONS.values()))


def figures(numbers: Sequence[int]) -> Figures:
    """From the numbers of one class, or from those of several added up."""
    taught, completed, hours, present, registered = map(int, numbers)
    return Figures(taught, completed, as_hours(hours), present * 100 // registered if registered else None)


def marks(flags: Sequence[int]) -> list[Mark]:
    return [mark for mark, holds in zip(CONDITIONS, flags, strict=True) if holds]
