"""Changes of what the employer answers for: sent by the professional, confirmed or returned by the employer.

A change that waits when its employer loses the person goes on to the next employer, because it is found by the tie and
not by a name in it: nothing has to be moved, and nothing that was typed is lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, and_, func, literal, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from db.accounts import Role
from db.locks import hold
from db.people import Binding, BindingStatus, Person
from db.profile_changes import ProfileChange, ProfileChangeAction, ProfileChangeItem, ProfileChangeStatus
from services import binding_steps, bindings, fields, own_account, people, profile_fields, qualifications, queues
from services.clock import now
from services.errors import N_, DomainError, NotFound, WrongStatus
from services.events import record
from services.permissions import Actor, Permission, allowed, require
from services.profile_fields import Values

PAGE_SIZE = 50


class EmployerIsReading(DomainError):
    message = N_("单位正在核对您提交的内容，现在不能修改。请先撤回，再修改。")


class NothingToSubmit(DomainError):
    message = N_("还没有需要提交的变更。请先修改资料并保存。")


class ChangedOtherwise(DomainError):
    message = N_("这些资料在提交后已另有变化，不能确认。请退回，由本人核对后重新提交。")


@dataclass(frozen=True, slots=True)
class Move:
    """From where to where an action leads, and who may take it."""

    sources: frozenset[ProfileChangeStatus]
    target: ProfileChangeStatus
    permission: Permission


EDITABLE = frozenset({ProfileChangeStatus.DRAFT, ProfileChangeStatus.RETURNED})
_WAITING = frozenset({ProfileChangeStatus.REQUESTED})
_OPEN = EDITABLE | _WAITING

MOVES: dict[ProfileChangeAction, Move] = {
    ProfileChangeAction.SUBMIT: Move(EDITABLE, ProfileChangeStatus.REQUESTED, Permission.PROFILE_WRITE),
    ProfileChangeAction.WITHDRAW: Move(_WAITING, ProfileChangeStatus.DRAFT, Permission.PROFILE_WRITE),
    ProfileChangeAction.DISCARD: Move(EDITABLE, ProfileChangeStatus.DISCARDED, Permission.PROFILE_WRITE),
    ProfileChangeAction.CONFIRM: Move(_WAITING, ProfileChangeStatus.CONFIRMED, Permission.STAFF_CONFIRM),
    ProfileChangeAction.RETURN: Move(_WAITING, ProfileChangeStatus.RETURNED, Permission.STAFF_CONFIRM),
}


def hold_profile(session: Session, person_id: int | None) -> None:
    """Nobody else changes what is known of this person until this transaction ends; held before the employment."""
    hold(session, f"profile of {person_id}")


def own_person(session: Session, actor: Actor) -> Person:
    """Whoever else means to change this person's profile waits. Raises NotFound for an account without a person."""
    require(actor, Permission.PROFILE_WRITE)
    own_account.keep_open(session, actor)
    hold_profile(session, actor.person_id)
    person = session.get(Person, actor.person_id) if actor.person_id else None
    if person is None:
        raise NotFound
    return person


def has_employer(session: Session, person_id: int) -> bool:
    """Raises EmployerIsReading while the first employer has not answered: what it sees must be what it confirms."""
    people.hold_employment(session, person_id)
    mine = select(Binding.status).where(Binding.person_id == person_id, Binding.status.in_(binding_steps.OPEN))
    found = set(session.scalars(mine))
    if found == {BindingStatus.REQUESTED}:
        raise EmployerIsReading
    return bool(found)


def own_change(session: Session, actor: Actor) -> ProfileChange | None:
    """The actor's open change with its items."""
    require(actor, Permission.PROFILE_WRITE)
    mine = select(ProfileChange).where(ProfileChange.person_id == actor.person_id, ProfileChange.status.in_(_OPEN))
    loaded = mine.options(joinedload(ProfileChange.person), joinedload(ProfileChange.items))
    return session.scalars(loaded).unique().one_or_none()


def begin(session: Session, actor: Actor, person: Person) -> ProfileChange:
    """A new draft; the caller has found no open change."""
    change = ProfileChange(person=person, items=[])
    session.add(change)
    session.flush()
    record(session, actor, "profile_change_create", change, after={"status": change.status})
    return change


def _visible_to(actor: Actor) -> Select[ProfileChange]:
    """What was sent by staff of the actor's employers, and what they have confirmed; never one's own."""
    employers = actor.organisation_ids(Role.EMPLOYER)
    staff = select(Binding.person_id).where(
        Binding.organisation_id.in_(employers), Binding.status == BindingStatus.ACTIVE
    )
    works_here = ProfileChange.person_id.in_(staff)
    decided_here = ProfileChange.employer_id.in_(employers)
    seen = or_(
        and_(ProfileChange.status == ProfileChangeStatus.REQUESTED, works_here),
        and_(ProfileChange.status == ProfileChangeStatus.RETURNED, works_here, decided_here),
        and_(ProfileChange.status == ProfileChangeStatus.CONFIRMED, decided_here),
    )
    return select(ProfileChange).where(seen, ProfileChange.person_id.is_distinct_from(actor.person_id))


def queue(session: Session, actor: Actor, *, status: ProfileChangeStatus, after_id: int = 0) -> Sequence[ProfileChange]:
    """One page of the changes in a status: waiting ones oldest first, decided ones newest first."""
    require(actor, Permission.STAFF_CONFIRM)
    newest_first = status not in _WAITING
    found = _visible_to(actor).where(ProfileChange.status == status)
    if after_id:
        found = found.where(ProfileChange.id < after_id if newest_first else ProfileChange.id > after_id)
    order = ProfileChange.id.desc() if newest_first else ProfileChange.id
    return session.scalars(_with_all(found).order_by(order).limit(PAGE_SIZE)).all()


def _with_all(found: Select[ProfileChange]) -> Select[ProfileChange]:
    return found.options(joinedload(ProfileChange.person), selectinload(ProfileChange.items))


def counts(session: Session, actor: Actor) -> dict[ProfileChangeStatus, int]:
    require(actor, Permission.STAFF_CONFIRM)
    visible = _visible_to(actor).subquery()
    rows = session.execute(select(visible.c.status, func.count()).group_by(visible.c.status))
    return {ProfileChangeStatus(status): count for status, count in rows}


def waiting(actor: Actor) -> Select[int]:
    """How many changes wait for this actor's decision."""
    decides = allowed(actor, Permission.STAFF_CONFIRM)
    sent = _visible_to(actor).where(ProfileChange.status == ProfileChangeStatus.REQUESTED, literal(decides))
    return select(func.count()).select_from(sent.subquery())


def waiting_for_owner(actor: Actor) -> Select[int]:
    """One, for a professional who means to change something and has not submitted it, or has it back."""
    unsent = and_(ProfileChange.person_id == actor.person_id, ProfileChange.status.in_(EDITABLE))
    return select(func.count()).where(unsent, ProfileChange.items.any())


def get(session: Session, actor: Actor, change_id: int) -> ProfileChange:
    """One that the actor's employer decides or has decided about. Raises NotFound."""
    require(actor, Permission.STAFF_CONFIRM)
    change = session.scalar(_with_all(_visible_to(actor).where(ProfileChange.id == change_id)))
    if change is None:
        raise NotFound
    return change


def open_row(
    session: Session, actor: Actor, listed: Sequence[ProfileChange], named: int | None
) -> ProfileChange | None:
    """The row of a list that is open, by the rule of `queues.opened`."""
    return queues.opened(actor, listed, named, lambda number: get(session, actor, number))


def possible_actions(actor: Actor, change: ProfileChange) -> list[ProfileChangeAction]:
    """The actions whose buttons this actor is shown."""
    needed = Permission.PROFILE_WRITE if change.person_id == actor.person_id else Permission.STAFF_CONFIRM
    return [
        action
        for action, move in MOVES.items()
        if change.status in move.sources and move.permission is needed and allowed(actor, needed)
    ]


def act(
    session: Session, actor: Actor, change_id: int, action: ProfileChangeAction, *, seen: int, reason: str = ""
) -> ProfileChange:
    """Take one step; `seen` is the version the actor decided about.

    Raises PermissionDenied, NotFound, WrongStatus, and the refusals of sending, confirming and returning.
    """
    move = MOVES[action]
    change = _to_move(session, actor, change_id, move.permission)
    if change.status not in move.sources or change.version != seen:
        raise WrongStatus
    checked = fields.required_text if action is ProfileChangeAction.RETURN else fields.optional_text
    change.reason = checked(bindings.REASON, reason, fields.LONGEST_TEXT)
    before = change.status
    if move.permission is Permission.STAFF_CONFIRM:
        change.employer_id = session.scalar(_employer_of(actor, change.person_id))
        change.decided_at, change.decided_by_id = now(), actor.account_id
    change.status = _send(session, change) if action is ProfileChangeAction.SUBMIT else move.target
    if change.status is ProfileChangeStatus.CONFIRMED:
        _store(session, change)
    after = {"status": change.status, "reason": change.reason, "items": _items(change)}
    record(session, actor, f"profile_change_{action}", change, before={"status": before}, after=after)
    return change


def _to_move(session: Session, actor: Actor, change_id: int, permission: Permission) -> ProfileChange:
    require(actor, permission)
    if permission is Permission.STAFF_CONFIRM:
        return get(session, actor, change_id)
    own_person(session, actor)
    change = own_change(session, actor)
    if change is None or change.id != change_id:
        raise NotFound
    return change


def _send(session: Session, change: ProfileChange) -> ProfileChangeStatus:
    """To the employer; without one it holds at once."""
    _bring_up_to_date(session, change)
    if not change.items:
        raise NothingToSubmit
    change.requested_at, change.employer_id = now(), None
    if has_employer(session, change.person_id):
        return ProfileChangeStatus.REQUESTED
    change.decided_at, change.decided_by_id = now(), None
    return ProfileChangeStatus.CONFIRMED


def _bring_up_to_date(session: Session, change: ProfileChange) -> None:
    """What was done otherwise meanwhile need not be done any more, and the employer sees what really is before."""
    for item in list(change.items):
        item.before = _stands(session, change.person, item)
        is_gone = item.entry_id is not None and not item.before
        if is_gone or item.after == item.before:
            change.items.remove(item)


def _employer_of(actor: Actor, person_id: int) -> Select[int]:
    """Where the person works now, which is what let the actor decide."""
    return select(Binding.organisation_id).where(
        Binding.person_id == person_id,
        Binding.status == BindingStatus.ACTIVE,
        Binding.organisation_id.in_(actor.organisation_ids(Role.EMPLOYER)),
    )


def _store(session: Session, change: ProfileChange) -> None:
    """Raises ChangedOtherwise when something is no longer what it was when it was meant to be changed."""
    if any(_stands(session, change.person, item) != item.before for item in change.items):
        raise ChangedOtherwise
    # Last what becomes the current title, which the one before it must not take back.
    for item in sorted(change.items, key=qualifications.becomes_current):
        qualifications.store(session, change.person, item)


def _stands(session: Session, person: Person, item: ProfileChangeItem) -> Values:
    if item.entry_id is None:
        return {}
    try:
        return profile_fields.said(item.part, qualifications.find(session, person, item.part, item.entry_id))
    except NotFound:
        return {}


def _items(change: ProfileChange) -> list[dict[str, object]]:
    return [{"part": item.part, "before": item.before, "after": item.after} for item in change.items]
