"""The waiting list of a class: how long it is, and where somebody stands in it."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from db.enrolments import Enrolment, EnrolmentStatus


def waits() -> ColumnElement[bool]:
    """Whoever has been offered a seat waits no longer."""
    return and_(Enrolment.status == EnrolmentStatus.WAITLISTED, Enrolment.offered_until.is_(None))


def lengths(session: Session, class_ids: Sequence[int]) -> dict[int, int]:
    """How many wait in each class; classes without anybody are left out."""
    waiting = select(Enrolment.class_id, func.count()).where(Enrolment.class_id.in_(class_ids), waits())
    return {class_id: count for class_id, count in session.execute(waiting.group_by(Enrolment.class_id))}  # noqa: C416 - dict() of rows has no type


def places(session: Session, enrolments: Sequence[Enrolment]) -> dict[int, int]:
    """Counted from 1, by the number of the enrolment; who does not wait is left out."""
    mine = aliased(Enrolment)
    not_behind = tuple_(Enrolment.waiting_since, Enrolment.id) <= tuple_(mine.waiting_since, mine.id)
    ahead = select(func.count()).where(Enrolment.class_id == mine.class_id, waits(), not_behind)
    asked = select(mine.id, ahead.scalar_subquery()).where(
        mine.id.in_([each.id for each in enrolments if each.status is EnrolmentStatus.WAITLISTED]),
        mine.offered_until.is_(None),
    )
    return {enrolment_id: place for enrolment_id, place in session.execute(asked)}  # noqa: C416 - likewise
