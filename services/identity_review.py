"""Corrections of names and ID numbers as an employer and a supervisor find them."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from db.accounts import Role
from db.identity_changes import IdentityChange, IdentityChangeStatus, IdentityFile
from db.people import Binding, BindingStatus
from services import queues
from services.claim_access import organisations_below
from services.errors import NotFound
from services.permissions import Actor, Permission, allowed, require

PAGE_SIZE = 50
RIGHTS = {Role.EMPLOYER: Permission.STAFF_CONFIRM, Role.SUPERVISOR: Permission.IDENTITY_DECIDE}
WAITING = {Role.EMPLOYER: IdentityChangeStatus.REQUESTED, Role.SUPERVISOR: IdentityChangeStatus.ENDORSED}


def _visible_to(actor: Actor, role: Role) -> Select[IdentityChange]:
    """What the actor decides or has decided about in this role; never his own."""
    seen = _of_employers(actor) if role is Role.EMPLOYER else _of_divisions(actor)
    others = IdentityChange.person_id.is_distinct_from(actor.person_id)
    return select(IdentityChange).where(seen, others, literal(allowed(actor, RIGHTS[role])))


def _of_employers(actor: Actor) -> ColumnElement[bool]:
    """A request is found by the tie and not by a name in it, so that it goes on to the next employer by itself."""
    employers = actor.organisation_ids(Role.EMPLOYER)
    tied = and_(Binding.organisation_id.in_(employers), Binding.status == BindingStatus.ACTIVE)
    works_here = IdentityChange.person_id.in_(select(Binding.person_id).where(tied))
    requested = and_(IdentityChange.status == IdentityChangeStatus.REQUESTED, works_here)
    return or_(requested, IdentityChange.employer_id.in_(employers))


def _of_divisions(actor: Actor) -> ColumnElement[bool]:
    below = IdentityChange.employer_id.in_(organisations_below(actor))
    return and_(IdentityChange.endorsed_at.is_not(None), below)


def queue(
    session: Session, actor: Actor, role: Role, *, status: IdentityChangeStatus, after_id: int = 0
) -> Sequence[IdentityChange]:
    """One page of the corrections in a status: those that wait for this role oldest first, others newest first."""
    require(actor, RIGHTS[role])
    newest_first = status is not WAITING[role]
    found = _visible_to(actor, role).where(IdentityChange.status == status)
    if after_id:
        found = found.where(IdentityChange.id < after_id if newest_first else IdentityChange.id > after_id)
    order = IdentityChange.id.desc() if newest_first else IdentityChange.id
    return session.scalars(_with_all(found).order_by(order).limit(PAGE_SIZE)).all()


def _with_all(found: Select[IdentityChange]) -> Select[IdentityChange]:
    one = (joinedload(IdentityChange.person), joinedload(IdentityChange.employer))
    return found.options(*one, selectinload(IdentityChange.files))


def counts(session: Session, actor: Actor, role: Role) -> dict[IdentityChangeStatus, int]:
    require(actor, RIGHTS[role])
    visible = _visible_to(actor, role).subquery()
    rows = session.execute(select(visible.c.status, func.count()).group_by(visible.c.status))
    return {IdentityChangeStatus(status): count for status, count in rows}


def waiting(actor: Actor, role: Role) -> Select[int]:
    """How many corrections wait for this actor's decision in a role."""
    return select(func.count()).select_from(waiting_for(actor, role).subquery())


def waiting_for_endorsement(actor: Actor) -> Select[int]:
    return waiting(actor, Role.EMPLOYER)


def waiting_for_approval(actor: Actor) -> Select[int]:
    return waiting(actor, Role.SUPERVISOR)


def waiting_for(actor: Actor, role: Role) -> Select[IdentityChange]:
    """Nobody approves what he has endorsed himself."""
    by_another = IdentityChange.endorsed_by_id.is_distinct_from(actor.account_id)
    return _visible_to(actor, role).where(IdentityChange.status == WAITING[role], by_another)


def get(session: Session, actor: Actor, role: Role, change_id: int) -> IdentityChange:
    """With person, employer and files. Raises NotFound for what this role has nothing to do with."""
    require(actor, RIGHTS[role])
    found = _visible_to(actor, role).where(IdentityChange.id == change_id)
    change = session.scalar(_with_all(found))
    if change is None:
        raise NotFound
    return change


def files_to_judge(session: Session, actor: Actor, role: Role, change_id: int) -> Sequence[IdentityFile]:
    """The proofs of one that waits for the actor. Raises NotFound once it does not any more."""
    require(actor, RIGHTS[role])
    change = session.scalar(_with_all(waiting_for(actor, role).where(IdentityChange.id == change_id)))
    if change is None:
        raise NotFound
    return change.files


def open_row(
    session: Session, actor: Actor, role: Role, listed: Sequence[IdentityChange], named: int | None
) -> IdentityChange | None:
    """The row of a list that is open, by the rule of `queues.opened`."""
    return queues.opened(actor, listed, named, lambda number: get(session, actor, role, number))
