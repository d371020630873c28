"""The moment at which the enrolment of a class ends by itself."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from db.classes import ClassAction, ClassStatus, CourseClass
from db.session import UnitOfWork
from services import classes, seats
from services.clock import now
from services.permissions import SYSTEM


def close_due(transaction: UnitOfWork) -> int:
    """Close every class whose time to enrol has passed, each in a transaction of its own; how many there were."""
    with transaction() as session:
        due = session.scalars(_due().with_only_columns(CourseClass.id)).all()
    return sum(_close_if_due(transaction, class_id) for class_id in due)


def _due() -> Select[CourseClass]:
    over = CourseClass.status == ClassStatus.OPEN, CourseClass.enrol_until <= now()
    return select(CourseClass).where(*over).order_by(CourseClass.id)


def _close_if_due(transaction: UnitOfWork, class_id: int) -> bool:
    """False for what its provider has closed, cancelled or prolonged a moment before."""
    with transaction() as session:
        return _close(session, class_id)


def _close(session: Session, class_id: int) -> bool:
    seats.hold_class(session, class_id)
    course_class = session.scalar(_due().where(CourseClass.id == class_id))
    if course_class is not None:
        classes.take_step(session, SYSTEM, course_class, ClassAction.CLOSE)
    return course_class is not None
