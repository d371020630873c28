"""Invented classes and enrolments, beside the people of factories.py; a test names only what it is about."""

import itertools
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from db.accounts import Account, Role
from db.claims import Category
from db.classes import ClassAudience, ClassDivision, ClassSession, ClassStatus, CourseClass
from db.enrolments import UNDECIDED, Enrolment, EnrolmentStatus
from db.organisations import Organisation, OrganisationKind
from db.people import Person, TitleSeries
from services.clock import now, today
from tests import factories

HOLDS_A_SEAT = {
    EnrolmentStatus.APPLIED,
    EnrolmentStatus.ACCEPTED,
    EnrolmentStatus.COMPLETED,
    EnrolmentStatus.NOT_COMPLETED,
}
ENDED = {EnrolmentStatus.COMPLETED, EnrolmentStatus.NOT_COMPLETED}
MORNING, NOON = time(9), time(12)  # four hours of 45 minutes
_numbers = itertools.count(1)


def create_provider(session: Session, *, name: str | None = None, division: str = factories.DIVISION) -> Organisation:
    return factories.create_organisation(session, kind=OrganisationKind.PROVIDER, name=name, division=division)


def create_trainer(session: Session, provider: Organisation) -> Account:
    """The account that acts for a provider."""
    account = factories.create_account(session)
    factories.grant(session, account, Role.PROVIDER, organisation=provider)
    return account


def create_class(
    session: Session,
    provider: Organisation,
    *,
    status: ClassStatus = ClassStatus.OPEN,
    name: str | None = None,
    category: Category = Category.PROFESSIONAL,
    hours: Decimal = Decimal(8),
    capacity: int = 30,
    starts: date | None = None,
    days: int = 2,
    divisions: tuple[str, ...] = (factories.DIVISION,),
    audience: tuple[TitleSeries, ...] = (),
    enrol_from: datetime | None = None,
    enrol_until: datetime | None = None,
) -> CourseClass:
    """With a session on each morning of its days, from ten days on unless told; enrolment is open until tomorrow."""
    number = next(_numbers)
    held = _days(starts, days)
    course_class = CourseClass(
        provider_id=provider.id,
        name=name or f"岗位能力提升班{number}",
        category=category,
        hours=hours,
        year=held[0].year,
        capacity=capacity,
        enrol_from=enrol_from or now() - timedelta(days=1),
        enrol_until=enrol_until or now() + timedelta(days=1),
        start_on=held[0],
        end_on=held[-1],
        status=status,
        created_at=now(),
        sessions=[ClassSession(held_on=day, begins=MORNING, ends=NOON) for day in held],
        divisions=[ClassDivision(division=division) for division in divisions],
        audience=[ClassAudience(series=series) for series in audience],
    )
    _pass_what_lies_before(course_class, number)
    session.add(course_class)
    session.flush()
    return course_class


def _days(first: date | None, count: int) -> list[date]:
    first = first or today() + timedelta(days=10)
    return [first + timedelta(days=day) for day in range(count)]


def _pass_what_lies_before(course_class: CourseClass, number: int) -> None:
    """The moments of the steps that a class of this status has behind it."""
    if course_class.status is not ClassStatus.DRAFT:
        course_class.code, course_class.published_at = f"{course_class.year}-{number:06d}", now()
    if course_class.status is ClassStatus.COMPLETED:
        course_class.completed_at = now()


def create_enrolment(
    session: Session,
    course_class: CourseClass,
    person: Person,
    *,
    employer: Organisation,
    status: EnrolmentStatus = EnrolmentStatus.APPLIED,
    offered_until: datetime | None = None,
) -> Enrolment:
    """With its seat, as far as its status holds one; a completed one has all hours, without a claim of them."""
    ended = status in ENDED
    enrolment = Enrolment(
        class_id=course_class.id,
        person_id=person.id,
        employer_id=employer.id,
        status=status,
        applied_at=now(),
        waiting_since=now() if status is EnrolmentStatus.WAITLISTED else None,
        offered_until=offered_until,
        decided_at=None if status in UNDECIDED else now(),
        hours_awarded=course_class.hours if status is EnrolmentStatus.COMPLETED else None,
        posted_at=now() if ended else None,
    )
    if status in HOLDS_A_SEAT or offered_until:
        course_class.taken += 1
    session.add(enrolment)
    session.flush()
    return enrolment
