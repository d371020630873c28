"""The classes that a provider can pick from on a page of work, those where something is to be done first."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, case, exists, func
from sqlalchemy.orm import Session

from db.classes import RUNNING, ClassStatus, CourseClass
from db.enrolments import Enrolment, EnrolmentStatus
from services.class_access import run_by
from services.clock import today
from services.permissions import Actor, Permission, require

MOST_OFFERED = 200


def to_review(session: Session, actor: Actor, named: int | None = None) -> Sequence[CourseClass]:
    """First those with people who wait for a decision; the named one is among them if it is the actor's."""
    return _offered(session, actor, _has_undecided(), named)


def to_complete(session: Session, actor: Actor, named: int | None = None) -> Sequence[CourseClass]:
    """First those that are over and have no hours yet; the named one is among them if it is the actor's."""
    return _offered(session, actor, _is_over(), named)


def waiting_to_review(actor: Actor) -> Select[int]:
    """How many people wait for the decision of the actor's providers."""
    applied = run_by(actor).join(Enrolment, Enrolment.class_id == CourseClass.id)
    return applied.where(Enrolment.status == EnrolmentStatus.APPLIED).with_only_columns(func.count())


def waiting_to_complete(actor: Actor) -> Select[int]:
    """How many classes of the actor's providers are over and have no hours yet."""
    return run_by(actor).where(_is_over()).with_only_columns(func.count())


def _offered(session: Session, actor: Actor, urgent: ColumnElement[bool], named: int | None) -> Sequence[CourseClass]:
    require(actor, Permission.CLASS_MANAGE)
    own = run_by(actor).where(CourseClass.status != ClassStatus.DRAFT)
    order = case((urgent, 0), else_=1), CourseClass.start_on.desc(), CourseClass.id.desc()
    found = session.scalars(own.order_by(*order).limit(MOST_OFFERED)).all()
    if named is None or any(each.id == named for each in found):
        return found
    return [*found, *session.scalars(own.where(CourseClass.id == named))]


def _has_undecided() -> ColumnElement[bool]:
    return exists().where(Enrolment.class_id == CourseClass.id, Enrolment.status == EnrolmentStatus.APPLIED)


def _is_over() -> ColumnElement[bool]:
    return CourseClass.status.in_(RUNNING) & (CourseClass.end_on < today())
