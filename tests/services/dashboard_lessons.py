"""The classes of an invented province: published, over or called off, with who took part and who was there."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

from sqlalchemy.orm import Session

from db.classes import ClassAction, ClassStatus, ClassStep, CourseClass
from db.enrolments import Attendance, Enrolment, EnrolmentAction, EnrolmentStatus, EnrolmentStep
from db.organisations import Organisation
from db.people import Person
from services.clock import now
from tests import classes

DIVISIONS = ("440104", "440111", "440303")


@dataclass(frozen=True, slots=True)
class Lessons:
    """Everything is decided by the dice."""

    dice: Random
    people: list[Person]
    employers: list[Organisation]

    def play(self, session: Session) -> None:
        providers = [classes.create_provider(session, division=each) for each in DIVISIONS]
        for number in range(9):
            begins = date(self.dice.choice((2024, 2025, 2026)), self.dice.randint(1, 5), 10)
            taught = classes.create_class(session, self.dice.choice(providers), starts=begins, capacity=20 + number)
            self.course(session, taught, begins)

    def course(self, session: Session, taught: CourseClass, begins: date) -> None:
        """Published two months before, and over or called off some time later."""
        published = datetime(begins.year, begins.month, 1, tzinfo=UTC) - timedelta(days=60)
        _class_step(session, taught, ClassAction.PUBLISH, ClassStatus.OPEN, published)
        over = published + timedelta(days=self.dice.randint(70, 160))
        completes = not self._chance(4)
        for person in self.dice.sample(self.people, 6):
            self.enrolment(session, taught, person, published, over if completes and over < now() else None)
        if over < now():
            taught.status = ClassStatus.COMPLETED if completes else ClassStatus.CANCELLED
            action = ClassAction.COMPLETE if completes else ClassAction.CANCEL
            _class_step(session, taught, action, taught.status, over)
            taught.completed_at = over if completes else None

    def enrolment(
        self, session: Session, taught: CourseClass, person: Person, published: datetime, over: datetime | None
    ) -> None:
        enrolment = classes.create_enrolment(session, taught, person, employer=self.dice.choice(self.employers))
        _enrolment_step(session, enrolment, EnrolmentAction.ENROL, EnrolmentStatus.APPLIED, published)
        if self._chance(6):
            return
        accepted = published + timedelta(days=self.dice.randrange(60))
        _enrolment_step(session, enrolment, EnrolmentAction.ACCEPT, EnrolmentStatus.ACCEPTED, accepted)
        if over:
            passed = not self._chance(3)
            enrolment.posted_at = over
            enrolment.hours_awarded = Decimal(8) if passed else None
            status = EnrolmentStatus.COMPLETED if passed else EnrolmentStatus.NOT_COMPLETED
            _enrolment_step(session, enrolment, EnrolmentAction.COMPLETE, status, over)
        for each in taught.sessions:
            session.add(Attendance(enrolment_id=enrolment.id, session_id=each.id, present=not self._chance(3)))

    def _chance(self, one_in: int) -> bool:
        return self.dice.randrange(one_in) == 0


def _class_step(session: Session, taught: CourseClass, action: ClassAction, to: ClassStatus, at: datetime) -> None:
    session.add(ClassStep(class_id=taught.id, at=at, actor_name="示范", action=action, to_status=to))
    session.flush()


def _enrolment_step(
    session: Session, enrolment: Enrolment, action: EnrolmentAction, to: EnrolmentStatus, at: datetime
) -> None:
    enrolment.status = to
    session.add(EnrolmentStep(enrolment_id=enrolment.id, at=at, actor_name="示范", action=action, to_status=to))
    session.flush()
