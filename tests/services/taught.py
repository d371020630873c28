"""Classes that are over, with people whose attendance is registered or not."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import reading, transaction
from db.claims import Claim
from db.classes import ClassStatus, CourseClass
from db.enrolments import Attendance, Enrolment, EnrolmentStatus
from db.organisations import Organisation
from db.people import Person
from services.clock import today
from services.permissions import Actor
from tests import classes, factories


class Taught(NamedTuple):
    """A class of eight hours in two mornings, the last of them yesterday."""

    course_class: CourseClass
    provider: Organisation
    trainer: Actor
    employer: Organisation

    @property
    def sessions(self) -> list[int]:
        return [each.id for each in self.course_class.sessions]


def create(session: Session, *, hours: int = 8, status: ClassStatus = ClassStatus.CLOSED, days: int = 2) -> Taught:
    provider = classes.create_provider(session)
    first = today() - timedelta(days=days)
    held = classes.create_class(session, provider, status=status, starts=first, days=days, hours=Decimal(hours))
    trainer = factories.actor_of(session, classes.create_trainer(session, provider))
    return Taught(held, provider, trainer, factories.create_employer(session))


def accept(
    session: Session, taught: Taught, *present: bool, person: Person | None = None, passed: bool | None = None
) -> Enrolment:
    """Somebody who takes part, with what is registered about the first sessions."""
    person = person or factories.create_person(session, employer=taught.employer)
    accepted = EnrolmentStatus.ACCEPTED
    held = session.get_one(CourseClass, taught.course_class.id)
    enrolment = classes.create_enrolment(session, held, person, employer=taught.employer, status=accepted)
    enrolment.passed = passed
    for number, here in zip(taught.sessions, present, strict=False):
        session.add(Attendance(enrolment_id=enrolment.id, session_id=number, present=here))
    session.flush()
    return enrolment


def new(*people: Sequence[bool], hours: int = 8) -> tuple[Taught, list[Enrolment]]:
    """In a transaction of its own."""
    with transaction() as session:
        taught = create(session, hours=hours)
        return taught, [accept(session, taught, *present) for present in people]


def claims_of(enrolment: Enrolment) -> Sequence[Claim]:
    with reading() as session:
        return session.scalars(select(Claim).where(Claim.enrolment_id == enrolment.id).order_by(Claim.id)).all()


def stored(enrolment: Enrolment) -> Enrolment:
    with reading() as session:
        return session.get_one(Enrolment, enrolment.id)


def stored_class(taught: Taught) -> CourseClass:
    with reading() as session:
        return session.get_one(CourseClass, taught.course_class.id)
