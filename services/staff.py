"""The staff of an employer, as the employer sees it: who asks, who works here, who has left."""

from collections.abc import Sequence

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from db.accounts import Role
from db.people import Binding, BindingAction, BindingStatus, Person
from services import binding_steps, fields, people, queues
from services.errors import NotFound, WrongStatus
from services.permissions import Actor, Permission, require

PAGE_SIZE = 50

# Whoever works here or is about to; of the others an employer need not know how to reach them.
PRESENT = binding_steps.COMING | binding_steps.ACTIVE


def _visible_to(actor: Actor) -> Select[Binding]:
    """The bindings to employers that the actor acts for."""
    return select(Binding).where(Binding.organisation_id.in_(actor.organisation_ids(Role.EMPLOYER)))


def _with_people(found: Select[Binding]) -> Select[Binding]:
    """Also loads what they went through, and whom they leave for."""
    return found.join(Binding.person).options(
        contains_eager(Binding.person),
        joinedload(Binding.organisation),
        joinedload(Binding.successor).joinedload(Binding.organisation),
        selectinload(Binding.steps),
    )


def roster(
    session: Session, actor: Actor, *, status: BindingStatus, text: str = "", after_id: int = 0
) -> Sequence[Binding]:
    """One page of the staff in a state: who is here or coming in the order they came, the others newest first."""
    require(actor, Permission.STAFF_CONFIRM)
    found = _with_people(_visible_to(actor)).where(Binding.status == status)
    if wanted := fields.search_text(text):
        found = found.where(or_(Person.name.contains(wanted, autoescape=True), Person.mobile == wanted))
    newest_first = status not in PRESENT
    if after_id:
        found = found.where(Binding.id < after_id if newest_first else Binding.id > after_id)
    order = Binding.id.desc() if newest_first else Binding.id
    return session.scalars(found.order_by(order).limit(PAGE_SIZE)).all()


def counts(session: Session, actor: Actor) -> dict[BindingStatus, int]:
    require(actor, Permission.STAFF_CONFIRM)
    grouped = _visible_to(actor).with_only_columns(Binding.status, func.count()).group_by(Binding.status)
    return {status: count for status, count in session.execute(grouped)}  # noqa: C416 - dict() of rows has no type


def waiting(actor: Actor) -> Select[int]:
    """How many requests wait for this actor's decision."""
    return _visible_to(actor).where(Binding.status == BindingStatus.REQUESTED).with_only_columns(func.count())


def get(session: Session, actor: Actor, binding_id: int) -> Binding:
    """Raises NotFound for somebody who is not tied to the actor's employer."""
    require(actor, Permission.STAFF_CONFIRM)
    binding = session.scalar(_with_people(_visible_to(actor)).where(Binding.id == binding_id))
    if binding is None:
        raise NotFound
    return binding


def open_member(session: Session, actor: Actor, listed: Sequence[Binding], named: int | None) -> Binding | None:
    """The row of a list that is open, by the rule of `queues.opened`."""
    return queues.opened(actor, listed, named, lambda number: get(session, actor, number))


def reveal_id_number(session: Session, actor: Actor, binding_id: int) -> str:
    """The full ID number for the employer that decides about a request; the look is recorded."""
    binding = get(session, actor, binding_id)
    if BindingAction.CONFIRM not in binding_steps.possible_actions(actor, binding):
        raise WrongStatus
    return people.reveal(session, actor, binding.person)
