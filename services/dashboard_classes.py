"""How the classes of a year went: counted provider by provider, now and as it was at the end of an earlier day."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from db.classes import RUNNING, ClassStatus, ClassStep, CourseClass
from db.enrolments import POSTED, Attendance, Enrolment, EnrolmentStatus, EnrolmentStep
from services import as_of
from services.columns import number_of
from services.dashboard_figures import Count, Query

HELD = RUNNING | {ClassStatus.COMPLETED}
TAKING_PART = POSTED | {EnrolmentStatus.ACCEPTED}


def now(years: Collection[int]) -> Iterator[Query]:
    """Each by year and provider, in this order."""
    published = CourseClass.status.in_(HELD)
    yield _classes().where(CourseClass.year.in_(years), published)
    yield _enrolments(Enrolment.status).where(CourseClass.year.in_(years), published)
    yield _attendance().where(CourseClass.year.in_(years), published, Enrolment.posted_at.is_not(None))


def then(years: Collection[int], day: date) -> Iterator[Query]:
    """Seats and attendance as they are known today, of the classes published and the results posted by then."""
    reached = _last(ClassStep, ClassStep.class_id, day)
    published = ClassStep.id.in_(reached), ClassStep.to_status.in_(HELD), CourseClass.year.in_(years)
    own = ClassStep.class_id == CourseClass.id
    yield _classes().join(ClassStep, own).where(*published)
    steps = EnrolmentStep.id.in_(_last(EnrolmentStep, EnrolmentStep.enrolment_id, day))
    enrolments = _enrolments(EnrolmentStep.to_status).join(EnrolmentStep, EnrolmentStep.enrolment_id == Enrolment.id)
    yield enrolments.join(ClassStep, own).where(*published, steps)
    posted = Enrolment.posted_at < as_of.end_of(day)
    yield _attendance().join(ClassStep, own).where(*published, posted)


def _last(steps: type[ClassStep] | type[EnrolmentStep], of: InstrumentedAttribute[int], day: date) -> Select[int]:
    return select(func.max(steps.id)).where(steps.at < as_of.end_of(day)).group_by(of)


def _by_provider(*numbers: ColumnElement[Any]) -> Query:
    keys = CourseClass.year, CourseClass.provider_id
    counted: Query = select(*keys, *numbers).select_from(CourseClass)
    return counted.group_by(*keys).order_by(*keys)


def _classes() -> Query:
    return _by_provider(func.count().label(Count.CLASSES), func.sum(CourseClass.capacity).label(Count.SEATS))


def _enrolments(status: InstrumentedAttribute[EnrolmentStatus]) -> Query:
    taking_part = number_of(status.in_(TAKING_PART)).label(Count.ENROLLED)
    completed = number_of(status == EnrolmentStatus.COMPLETED).label(Count.COMPLETED)
    return _by_provider(taking_part, completed).join(Enrolment, Enrolment.class_id == CourseClass.id)


def _attendance() -> Query:
    expected = func.count().label(Count.EXPECTED)
    present = number_of(Attendance.present.is_(True)).label(Count.PRESENT)
    registered = _by_provider(expected, present).join(Enrolment, Enrolment.class_id == CourseClass.id)
    return registered.join(Attendance, Attendance.enrolment_id == Enrolment.id)
