"""The staff of an employer, as the employer sees it: who asks, who works here, who has left."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from db.accounts import Account, AccountStatus, Role
from db.organisations import Organisation
from db.people import Binding, BindingAction, BindingStatus, Person
from services import binding_steps, fields, people, person_names, queues
from services.errors import NotFound, WrongStatus
from services.events import record
from services.permissions import Actor, Permission, require

PAGE_SIZE = 50
BATCH = 500

CLOSED = Account.status == AccountStatus.CLOSED


def _visible_to(actor: Actor) -> Select[Binding]:
    """The bindings to employers that the actor acts for; who has closed his account is nobody's staff any more."""
    closed = exists().where(Person.id == Binding.person_id, Account.id == Person.account_id, CLOSED)
    shown = or_(Binding.status.in_(binding_steps.OPEN), ~closed)
    return select(Binding).where(Binding.organisation_id.in_(actor.organisation_ids(Role.EMPLOYER)), shown)


def _with_people(found: Select[Binding]) -> Select[Binding]:
    """Also loads whom they leave for."""
    return found.join(Binding.person).options(
        contains_eager(Binding.person),
        joinedload(Binding.organisation),
        joinedload(Binding.successor).joinedload(Binding.organisation),
    )


def _narrowed(actor: Actor, status: BindingStatus, text: str) -> Select[Binding]:
    """Who is here or coming in the order they came, the others newest first."""
    found = _with_people(_visible_to(actor)).where(Binding.status == status)
    if wanted := fields.search_text(text):
        found = found.where(or_(person_names.holds(Person.name, wanted), Person.mobile == wanted))
    return found.order_by(Binding.id if status in binding_steps.OPEN else Binding.id.desc())


def roster(
    session: Session, actor: Actor, *, status: BindingStatus, text: str = "", after_id: int = 0
) -> Sequence[Binding]:
    """One page of the staff in a state, with the steps they took."""
    require(actor, Permission.STAFF_CONFIRM)
    found = _narrowed(actor, status, text)
    if after_id:
        found = found.where(Binding.id > after_id if status in binding_steps.OPEN else Binding.id < after_id)
    return session.scalars(found.limit(PAGE_SIZE).options(selectinload(Binding.steps))).all()


def everybody(session: Session, actor: Actor, *, status: BindingStatus, text: str = "") -> Iterator[Binding]:
    """Whom the list shows, on all its pages."""
    require(actor, Permission.STAFF_CONFIRM)
    return session.scalars(_narrowed(actor, status, text).execution_options(yield_per=BATCH))


def note_export(session: Session, actor: Actor, *, status: BindingStatus) -> None:
    """Who takes a list of the staff along."""
    require(actor, Permission.STAFF_CONFIRM)
    for organisation_id in actor.organisation_ids(Role.EMPLOYER):
        record(session, actor, "staff_export", session.get_one(Organisation, organisation_id), after={"status": status})


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
    named = _with_people(_visible_to(actor)).where(Binding.id == binding_id).options(selectinload(Binding.steps))
    binding = session.scalar(named)
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
