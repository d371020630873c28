"""The enrolments of a class as its provider reviews them, one by one or many at once."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased, contains_eager, joinedload

from db.enrolments import Enrolment, EnrolmentAction, EnrolmentStatus
from db.people import Person
from db.session import UnitOfWork
from services import attendance, enrolment_moves, enrolments, fields, one_by_one, person_names
from services.errors import NotFound
from services.one_by_one import Outcome
from services.organisations import OPINION
from services.permissions import Actor, Permission, require

PAGE_SIZE = 50
DECISIONS = (
    EnrolmentAction.ACCEPT,
    EnrolmentAction.DECLINE,
    EnrolmentAction.RECONSIDER,
    EnrolmentAction.REMOVE,
)


def counts(session: Session, actor: Actor, class_id: int) -> dict[EnrolmentStatus, int]:
    """Raises NotFound."""
    course_class = attendance.of_class(session, actor, class_id)
    counted = select(Enrolment.status, func.count()).where(Enrolment.class_id == course_class.id)
    return {EnrolmentStatus(status): number for status, number in session.execute(counted.group_by(Enrolment.status))}


def queue(
    session: Session, actor: Actor, class_id: int, *, status: EnrolmentStatus, text: str = "", after_id: int = 0
) -> Sequence[Enrolment]:
    """One page of a class, with person and employer: those who wait for a seat in their order, all others as enrolled.

    Raises NotFound.
    """
    course_class = attendance.of_class(session, actor, class_id)
    moment = _moment(status)
    found = select(Enrolment).join(Enrolment.person)
    found = found.where(Enrolment.class_id == course_class.id, Enrolment.status == status)
    if wanted := fields.search_text(text):
        found = found.where(person_names.holds(Person.name, wanted))
    if after_id:
        last = aliased(Enrolment)
        place = select(getattr(last, moment.key), last.id).where(last.id == after_id).scalar_subquery()
        found = found.where(tuple_(moment, Enrolment.id) > place)
    loaded = found.options(contains_eager(Enrolment.person), joinedload(Enrolment.employer))
    return session.scalars(loaded.order_by(moment, Enrolment.id).limit(PAGE_SIZE)).all()


def _moment(status: EnrolmentStatus) -> InstrumentedAttribute[object]:
    """By which of their moments those in a status are ordered; an index of the class has it."""
    return Enrolment.waiting_since if status is EnrolmentStatus.WAITLISTED else Enrolment.applied_at


def places(session: Session, page: Sequence[Enrolment]) -> dict[int, int]:
    """The place on the waiting list of those on a page of it, counted from 1."""
    if not page:
        return {}
    order = func.row_number().over(order_by=(Enrolment.waiting_since, Enrolment.id))
    listed = select(Enrolment.id, order.label("place")).where(
        Enrolment.class_id == page[0].class_id, Enrolment.status == EnrolmentStatus.WAITLISTED
    )
    numbered = listed.subquery()
    shown = select(numbered.c.id, numbered.c.place).where(numbered.c.id.in_([each.id for each in page]))
    return {number: place for number, place in session.execute(shown)}  # noqa: C416 - dict() of rows has no type


def open_enrolment(
    session: Session, actor: Actor, class_id: int, page: Sequence[Enrolment], named: int | None
) -> Enrolment | None:
    """The named one of this class; without one, and after the actor's own decision, the next of the page."""
    found = _find(session, actor, named)
    if found is not None and found.class_id != class_id:
        found = None
    if found is not None and (any(each.id == found.id for each in page) or not _decided_by(actor, found)):
        return found
    return _find(session, actor, _following(page, found))


def _decided_by(actor: Actor, enrolment: Enrolment) -> bool:
    return bool(enrolment.steps) and enrolment.steps[-1].actor_id == actor.account_id


def _following(page: Sequence[Enrolment], decided: Enrolment | None) -> int | None:
    """The one that had enrolled after the decided one; from the end it goes on at the beginning."""
    later = (each for each in page if decided and (each.applied_at, each.id) > (decided.applied_at, decided.id))
    following = next(later, page[0] if page else None)
    return following.id if following else None


def _find(session: Session, actor: Actor, enrolment_id: int | None) -> Enrolment | None:
    try:
        return enrolments.get(session, actor, enrolment_id) if enrolment_id else None
    except NotFound:
        return None


def possible_decisions(actor: Actor, enrolment: Enrolment) -> list[EnrolmentAction]:
    """What the actor may do as the provider; he may be the one who enrolled as well."""
    possible = enrolment_moves.possible_actions(actor, enrolment)
    return [action for action in DECISIONS if action in possible]


def decide(
    transaction: UnitOfWork, actor: Actor, chosen: Mapping[int, int], action: EnrolmentAction, *, opinion: str = ""
) -> list[Outcome]:
    """`chosen` are the enrolments with the versions that the actor has seen. Raises PermissionDenied, InvalidField."""
    require(actor, Permission.CLASS_MANAGE)
    checked = fields.required_text if action is EnrolmentAction.DECLINE else fields.optional_text
    words = checked(OPINION, opinion, fields.LONGEST_TEXT)
    return one_by_one.decide(
        transaction,
        chosen,
        lambda session, number, seen: enrolments.act(session, actor, number, action, seen=seen, opinion=words),
    )


def names(session: Session, actor: Actor, numbers: Sequence[int]) -> dict[int, str]:
    """Of those who enrolled, as far as the actor may see them."""
    found = enrolments.visible_to(actor).join(Enrolment.person).where(Enrolment.id.in_(numbers))
    return {number: name for number, name in session.execute(found.with_only_columns(Enrolment.id, Person.name))}  # noqa: C416 - dict() of rows has no type
