"""The way of a binding between a professional and an employer: its steps, and who may take which."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from db.accounts import Role
from db.organisations import Organisation
from db.people import Binding, BindingAction, BindingStatus, BindingStep, Person
from services import people
from services.clock import now
from services.errors import NotFound, WrongStatus
from services.events import record
from services.permissions import Actor, Permission, allowed, require


@dataclass(frozen=True, slots=True)
class Move:
    """From where to where an action leads, and who may take it: nobody, if it takes place by itself."""

    sources: frozenset[BindingStatus]
    target: BindingStatus
    permission: Permission | None = None


NOTHING_YET: frozenset[BindingStatus] = frozenset()
REQUESTED, ACTIVE = frozenset({BindingStatus.REQUESTED}), frozenset({BindingStatus.ACTIVE})
COMING = REQUESTED | {BindingStatus.SCHEDULED}
OPEN = COMING | ACTIVE

MOVES: dict[BindingAction, Move] = {
    BindingAction.REQUEST: Move(NOTHING_YET, BindingStatus.REQUESTED, Permission.PROFILE_WRITE),
    BindingAction.TRANSFER: Move(NOTHING_YET, BindingStatus.REQUESTED, Permission.PROFILE_WRITE),
    BindingAction.ENTER: Move(NOTHING_YET, BindingStatus.ACTIVE, Permission.STAFF_IMPORT),
    BindingAction.WITHDRAW: Move(COMING, BindingStatus.WITHDRAWN, Permission.PROFILE_WRITE),
    BindingAction.CONFIRM: Move(REQUESTED, BindingStatus.SCHEDULED, Permission.STAFF_CONFIRM),
    BindingAction.REFUSE: Move(COMING, BindingStatus.REFUSED, Permission.STAFF_CONFIRM),
    BindingAction.START: Move(frozenset({BindingStatus.SCHEDULED}), BindingStatus.ACTIVE),
    BindingAction.DEPART: Move(ACTIVE, BindingStatus.ENDED),
    BindingAction.END: Move(ACTIVE, BindingStatus.ENDED, Permission.STAFF_CONFIRM),
    BindingAction.MERGE: Move(ACTIVE, BindingStatus.ACTIVE),
}


def possible_actions(actor: Actor, binding: Binding) -> list[BindingAction]:
    """The actions whose buttons this actor is shown on this binding."""
    return [
        action
        for action, move in MOVES.items()
        if binding.status in move.sources and _may_take(actor, binding, move.permission)
    ]


def _may_take(actor: Actor, binding: Binding, permission: Permission | None) -> bool:
    """Professionals move their own, employers those of their staff."""
    if permission is None or not allowed(actor, permission):
        return False
    if permission is Permission.PROFILE_WRITE:
        return binding.person_id == actor.person_id
    return binding.organisation_id in actor.organisation_ids(Role.EMPLOYER)


def _visible_to(actor: Actor) -> Select[Binding]:
    """One's own bindings, and those to employers that the actor acts for."""
    own = Binding.person_id == actor.person_id
    return select(Binding).where(or_(own, Binding.organisation_id.in_(actor.organisation_ids(Role.EMPLOYER))))


def get_to_move(session: Session, actor: Actor, binding_id: int, action: BindingAction) -> Binding:
    """The binding; who employs this person is held until the transaction ends.

    Raises PermissionDenied, NotFound and WrongStatus.
    """
    move = MOVES[action]
    if move.permission:
        require(actor, move.permission)
    found = _visible_to(actor).where(Binding.id == binding_id)
    person_id = session.scalar(found.with_only_columns(Binding.person_id))
    if person_id is None:
        raise NotFound
    people.hold_employment(session, person_id)
    binding = session.scalars(found.execution_options(populate_existing=True)).one()
    if not _may_take(actor, binding, move.permission):
        raise NotFound
    if binding.status not in move.sources:
        raise WrongStatus
    return binding


def current(session: Session, binding: Binding) -> Binding | None:
    """What binds the person of this binding now."""
    return session.scalar(
        select(Binding).where(Binding.person_id == binding.person_id, Binding.status == BindingStatus.ACTIVE)
    )


def begin(
    session: Session, actor: Actor, employer: Organisation, action: BindingAction, *, wished_on: date | None = None
) -> Binding:
    binding = Binding(
        person_id=actor.person_id,
        organisation_id=employer.id,
        status=MOVES[action].target,
        requested_at=now(),
        wished_on=wished_on,
    )
    session.add(binding)
    session.flush()
    _record(session, actor, binding, action, None, wished_on)
    return binding


def enter(
    session: Session, actor: Actor, organisation_id: int, starts: Sequence[tuple[Person, date]]
) -> Sequence[Binding]:
    """People who are new to the system come with the employer that makes their accounts, each from a day on."""
    entered = [_entered(actor, organisation_id, person, first_day) for person, first_day in starts]
    session.add_all(entered)
    session.flush()
    for binding in entered:
        _record(session, actor, binding, BindingAction.ENTER, None, binding.started_on)
    return entered


def _entered(actor: Actor, organisation_id: int, person: Person, first_day: date) -> Binding:
    return Binding(
        person_id=person.id,
        organisation_id=organisation_id,
        status=MOVES[BindingAction.ENTER].target,
        requested_at=now(),
        decided_at=now(),
        decided_by_id=actor.account_id,
        started_on=first_day,
    )


def decide(session: Session, actor: Actor, binding: Binding, action: BindingAction, *, on: date | None = None) -> None:
    """A step that somebody takes."""
    binding.decided_at, binding.decided_by_id = now(), actor.account_id
    take(session, actor, binding, action, on=on)


def take(session: Session, actor: Actor, binding: Binding, action: BindingAction, *, on: date | None) -> None:
    """`on` is the day that the step names, if it names one."""
    before, binding.status = binding.status, MOVES[action].target
    _record(session, actor, binding, action, before, on)


def _record(
    session: Session,
    actor: Actor,
    binding: Binding,
    action: BindingAction,
    before: BindingStatus | None,
    on: date | None,
) -> None:
    session.add(
        BindingStep(
            binding_id=binding.id,
            at=now(),
            actor_id=actor.account_id,
            actor_name=actor.name,
            action=action,
            from_status=before,
            to_status=binding.status,
            effective_on=on,
            reason=binding.reason,
        )
    )
    after = {"status": binding.status, "organisation_id": binding.organisation_id, "reason": binding.reason}
    record(
        session,
        actor,
        f"binding_{action}",
        binding,
        before={"status": before} if before else None,
        after=after | {"on": on and str(on), "end_reason": binding.end_reason},
    )
