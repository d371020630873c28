"""The seats of a class, counted by nothing else; what is given back goes to those who wait, in their order.

Whoever changes an enrolment holds its class first, so that nobody joins the waiting list while a seat becomes free.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import Select, and_, or_, select, update
from sqlalchemy.orm import Session

from db.classes import RUNNING, ClassStatus, CourseClass
from db.enrolments import Enrolment, EnrolmentAction
from db.locks import hold
from db.session import UnitOfWork
from services import enrolment_moves, enrolment_steps
from services.clock import midnight, now, today
from services.errors import WrongStatus
from services.permissions import SYSTEM
from services.waiting_list import waits

OFFER_TIME = timedelta(hours=24)


def hold_class(session: Session, class_id: int) -> None:
    """Nobody else changes who is in this class until this transaction ends."""
    hold(session, f"class/{class_id}")


def take(session: Session, class_id: int) -> bool:
    """False when none is free."""
    hold_class(session, class_id)
    free = CourseClass.id == class_id, CourseClass.status.in_(RUNNING), CourseClass.taken < CourseClass.capacity
    taking = update(CourseClass).where(*free).values(taken=CourseClass.taken + 1)
    return session.scalar(taking.returning(CourseClass.id)) is not None


def give_back(session: Session, class_id: int) -> None:
    """One seat, which is offered to the first who waits, or free. It was held by an enrolment that has left it."""
    hold_class(session, class_id)
    if not _offer_to_the_first(session, class_id):
        _set_free(session, class_id)


def give_all_back(session: Session, class_id: int) -> None:
    """Of a class that does not take place: nobody is offered any."""
    hold_class(session, class_id)
    session.execute(update(CourseClass).where(CourseClass.id == class_id).values(taken=0))


def offer_free(session: Session, class_id: int) -> None:
    """To as many as wait, after a class has got more seats."""
    while take(session, class_id):
        if not _offer_to_the_first(session, class_id):
            _set_free(session, class_id)
            return


def _set_free(session: Session, class_id: int) -> None:
    session.execute(update(CourseClass).where(CourseClass.id == class_id).values(taken=CourseClass.taken - 1))


def _offer_to_the_first(session: Session, class_id: int) -> bool:
    """A seat that is counted as taken. False when nobody waits, or when the class has begun."""
    row = session.execute(select(CourseClass.status, CourseClass.start_on).where(CourseClass.id == class_id)).one()
    until = _answer_until(row.status, row.start_on)
    first = _first_waiting(session, class_id) if until else None
    if first is None:
        return False
    _go(session, first, EnrolmentAction.OFFER, until)
    return True


def _answer_until(status: ClassStatus, start_on: date | None) -> datetime | None:
    """None for a class that begins today or has begun, even while it is open: it offers nothing any more."""
    if status not in RUNNING or start_on is None or start_on <= today():
        return None
    return min(now() + OFFER_TIME, midnight(start_on))


def _first_waiting(session: Session, class_id: int) -> Enrolment | None:
    waiting = select(Enrolment).where(Enrolment.class_id == class_id, waits())
    return session.scalar(waiting.order_by(Enrolment.waiting_since, Enrolment.id).limit(1))


def _go(session: Session, enrolment: Enrolment, action: EnrolmentAction, until: datetime | None = None) -> None:
    """What happens by itself."""
    move = enrolment_moves.find(action, enrolment)
    if move is None:
        raise WrongStatus
    enrolment_steps.go(session, SYSTEM, enrolment, move, offered_until=until)


def expire_due(transaction: UnitOfWork) -> None:
    """Offers that nobody answered go to the next, and whoever still waits when a class begins waits no longer.

    Each class in a transaction of its own.
    """
    with transaction() as session:
        due = session.scalars(_due().with_only_columns(Enrolment.class_id).distinct()).all()
    for class_id in sorted(due):
        with transaction() as session:
            _expire(session, class_id)


def _due() -> Select[Enrolment]:
    has_begun = select(CourseClass.id).where(CourseClass.status.in_(RUNNING), CourseClass.start_on <= today())
    in_vain = and_(waits(), Enrolment.class_id.in_(has_begun))
    return select(Enrolment).where(or_(Enrolment.offered_until <= now(), in_vain))


def _expire(session: Session, class_id: int) -> None:
    hold_class(session, class_id)
    for enrolment in session.scalars(_due().where(Enrolment.class_id == class_id).order_by(Enrolment.id)).all():
        held_a_seat = enrolment.offered_until is not None
        _go(session, enrolment, EnrolmentAction.EXPIRE)
        if held_a_seat:
            give_back(session, class_id)
