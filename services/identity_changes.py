"""The way of a corrected name or ID number: the employer endorses it, the supervisor of its division approves it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, exists, func, literal, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from db.accounts import Account, Role
from db.identity_changes import IdentityChange, IdentityChangeAction, IdentityChangeStatus, IdentityFile
from db.people import Binding, BindingStatus, Person
from services import bindings, fields, identity, identity_review, legacy_settling, registration, storage
from services.clock import now
from services.errors import N_, DomainError, NotFound, WrongStatus
from services.events import record
from services.permissions import Actor, Permission, allowed, require

_Status, _Action = IdentityChangeStatus, IdentityChangeAction


class NumberTaken(DomainError):
    """Says nothing about whose number it is."""

    message = N_("新的证件号码不能使用，不能批准更正。请退回，并请本人核对证件号码。")


class OwnEndorsement(DomainError):
    message = N_("这项更正由您代表单位核实，不能再由您批准，请由主管部门其他人员办理。")


@dataclass(frozen=True, slots=True)
class Move:
    """Where an action leads from a status, and as what: the owner acts without a role of a reviewer."""

    source: IdentityChangeStatus
    action: IdentityChangeAction
    target: IdentityChangeStatus
    role: Role


MOVES = (
    Move(_Status.REQUESTED, _Action.WITHDRAW, _Status.WITHDRAWN, Role.PROFESSIONAL),
    Move(_Status.ENDORSED, _Action.WITHDRAW, _Status.WITHDRAWN, Role.PROFESSIONAL),
    Move(_Status.RETURNED, _Action.WITHDRAW, _Status.WITHDRAWN, Role.PROFESSIONAL),
    Move(_Status.REQUESTED, _Action.ENDORSE, _Status.ENDORSED, Role.EMPLOYER),
    Move(_Status.REQUESTED, _Action.RETURN, _Status.RETURNED, Role.EMPLOYER),
    Move(_Status.ENDORSED, _Action.APPROVE, _Status.APPROVED, Role.SUPERVISOR),
    Move(_Status.ENDORSED, _Action.RETURN, _Status.RETURNED, Role.SUPERVISOR),
)
OPEN = frozenset({_Status.REQUESTED, _Status.ENDORSED})
RIGHTS = {Role.PROFESSIONAL: Permission.PROFILE_WRITE, **identity_review.RIGHTS}


@dataclass(frozen=True, slots=True)
class Numbers:
    """In full; `new` is empty when the number stays."""

    old: str
    new: str


def own_changes(session: Session, actor: Actor) -> Sequence[IdentityChange]:
    """The actor's corrections with employer and files, newest first."""
    require(actor, Permission.PROFILE_WRITE)
    everything = joinedload(IdentityChange.employer), selectinload(IdentityChange.files)
    mine = select(IdentityChange).where(IdentityChange.person_id == actor.person_id).options(*everything)
    return session.scalars(mine.order_by(IdentityChange.id.desc())).all()


def waiting_for_owner(actor: Actor) -> Select[int]:
    """One, for a professional whose last correction was sent back."""
    later = aliased(IdentityChange)
    last = ~exists().where(later.person_id == IdentityChange.person_id, later.id > IdentityChange.id)
    returned = IdentityChange.status == IdentityChangeStatus.RETURNED
    return select(func.count()).where(IdentityChange.person_id == actor.person_id, returned, last)


def get(session: Session, actor: Actor, role: Role, change_id: int) -> IdentityChange:
    """One's own as a professional, or one that a reviewer's role has to do with. Raises NotFound."""
    if role is not Role.PROFESSIONAL:
        return identity_review.get(session, actor, role, change_id)
    change = next((change for change in own_changes(session, actor) if change.id == change_id), None)
    if change is None:
        raise NotFound
    return change


def possible_actions(actor: Actor, role: Role, change: IdentityChange) -> list[IdentityChangeAction]:
    """The actions whose buttons this actor is shown in a role that he has found the change in."""
    if not allowed(actor, RIGHTS[role]) or (role is Role.SUPERVISOR and _endorsed_by(actor, change)):
        return []
    return [move.action for move in MOVES if (move.source, move.role) == (change.status, role)]


def _endorsed_by(actor: Actor, change: IdentityChange) -> bool:
    return change.endorsed_by_id is not None and change.endorsed_by_id == actor.account_id


def act(
    session: Session,
    actor: Actor,
    role: Role,
    change_id: int,
    action: IdentityChangeAction,
    *,
    seen: int,
    reason: str = "",
) -> IdentityChange:
    """Take one step in a role; `seen` is the version the actor decided about.

    Raises PermissionDenied, NotFound, WrongStatus, OwnEndorsement, NumberTaken, and InvalidField without a reason.
    """
    require(actor, RIGHTS[role])
    change = get(session, actor, role, change_id)
    move = next((m for m in MOVES if (m.source, m.action, m.role) == (change.status, action, role)), None)
    if move is None or change.version != seen:
        raise WrongStatus
    if role is Role.SUPERVISOR and _endorsed_by(actor, change):
        raise OwnEndorsement
    checked = fields.required_text if action is IdentityChangeAction.RETURN else fields.optional_text
    change.reason = checked(bindings.REASON, reason, fields.LONGEST_TEXT)
    if role is Role.EMPLOYER:
        change.employer_id = session.scalar(_employer_of(actor, change.person_id))
    before, change.status = change.status, move.target
    change.decided_at, change.decided_by_id = now(), actor.account_id
    if change.status is IdentityChangeStatus.ENDORSED:
        change.endorsed_at, change.endorsed_by_id = now(), actor.account_id
    elif change.status is IdentityChangeStatus.APPROVED:
        _apply(session, change)
    after = {"status": change.status, "reason": change.reason}
    record(session, actor, f"identity_change_{action}", change, before={"status": before}, after=after)
    return change


def _employer_of(actor: Actor, person_id: int) -> Select[int]:
    """Where the person works now, which is what let the actor decide."""
    return select(Binding.organisation_id).where(
        Binding.person_id == person_id,
        Binding.status == BindingStatus.ACTIVE,
        Binding.organisation_id.in_(actor.organisation_ids(Role.EMPLOYER)),
    )


def _apply(session: Session, change: IdentityChange) -> None:
    """Certificates that were issued say what they said. Raises NumberTaken."""
    if change.new_name is not None:
        rename(session, change.person, change.new_name)
    if change.new_id_number is not None:
        number = identity.decrypt(change.new_id_number)
        if registration.id_number_taken(session, number):
            raise NumberTaken
        renumber(change.person, number)
    legacy_settling.find_rows_of(session, [change.person])


def rename(session: Session, person: Person, name: str) -> None:
    person.name = session.get_one(Account, person.account_id).display_name = name


def renumber(person: Person, number: str) -> None:
    """What is read from the number changes with it."""
    for column, value in identity.columns(number).items():
        setattr(person, column, value)


def reveal(session: Session, actor: Actor, role: Role, change_id: int) -> Numbers:
    """The full numbers for the owner and for whoever decides now; the look is recorded. Raises WrongStatus."""
    change = get(session, actor, role, change_id)
    if not possible_actions(actor, role, change):
        raise WrongStatus
    record(session, actor, "id_number_reveal", change)
    new = identity.decrypt(change.new_id_number) if change.new_id_number else ""
    return Numbers(identity.decrypt(change.old_id_number), new)


def read_file(session: Session, actor: Actor, file_id: int) -> tuple[IdentityFile, bytes]:
    """A proof for its owner at any time, and for a reviewer while he decides; his look is recorded. Raises NotFound."""
    wanted = select(IdentityFile).where(IdentityFile.id == file_id, _readable_by(actor))
    file = session.scalar(wanted.options(joinedload(IdentityFile.change)))
    if file is None:
        raise NotFound
    if file.change.person_id != actor.person_id:
        record(session, actor, "identity_file_read", file)
    return file, storage.get(file.sha256)


def _readable_by(actor: Actor) -> ColumnElement[bool]:
    decides = [identity_review.waiting_for(actor, role) for role in identity_review.RIGHTS]
    own = IdentityChange.person_id == actor.person_id
    readable = [select(IdentityChange).where(own, literal(allowed(actor, Permission.PROFILE_WRITE))), *decides]
    return or_(*(IdentityFile.change_id.in_(each.with_only_columns(IdentityChange.id)) for each in readable))
