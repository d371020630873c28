"""What professionals and employers do about the tie between them, from the request to the end."""

from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from db.organisations import Organisation, OrganisationKind, OrganisationStatus
from db.people import Binding, BindingAction, BindingStatus, EndReason, Person
from services import binding_steps, fields, obstacles, own_account, people, transfers
from services.clock import today
from services.errors import N_, DomainError, InvalidField, NotFound, WrongStatus
from services.permissions import Actor, Permission, require

REASON = N_("退回原因")
END_REASON = N_("离职原因")
ENDED_ON = N_("离职日期")


class AlreadyBound(DomainError):
    message = N_("您已有确认的单位或待确认的申请，不能再次提交。")


class AlreadyAsked(DomainError):
    message = N_("您已有一个还没有完成的申请。如需改向其他单位申请，请先撤回。")


class SameEmployer(DomainError):
    message = N_("您已是该单位的人员，请选择要调往的单位。")


class EmployerNotAvailable(DomainError):
    message = N_("该单位尚未通过审核或已停用，请重新选择。")


class UnfinishedBusiness(DomainError):
    message = N_("您在原单位还有 %(count)s 条学时待审核。请先撤回，或等原单位审核完，再申请调转。")


class UnfinishedElsewhere(DomainError):
    message = N_("该人员在原单位还有 %(count)s 条学时待审核，现在不能调入。请本人先撤回，或等原单位审核完，再来确认。")


class ClaimsToDecide(DomainError):
    message = N_("该人员还有 %(count)s 条学时待本单位审核。请先在“学时审核”中处理，再办理离职。")


END_REASONS = (EndReason.LEFT, EndReason.RETIRED)


def request(session: Session, actor: Actor, organisation_id: int) -> Binding:
    """Ask an approved employer to confirm that the actor works there.

    Raises NotFound, EmployerNotAvailable and AlreadyBound.
    """
    require(actor, Permission.PROFILE_WRITE)
    own_account.keep_open(session, actor)
    employer = _available(session, organisation_id)
    if _open_ones(session, actor):
        raise AlreadyBound
    return binding_steps.begin(session, actor, employer, BindingAction.REQUEST)


def request_transfer(session: Session, actor: Actor, organisation_id: int, *, wished_on: date | None) -> Binding:
    """Ask another employer to take the actor over; it alone decides, and on which day.

    Raises NotFound, EmployerNotAvailable, InvalidField, WrongStatus, AlreadyAsked, SameEmployer, UnfinishedBusiness.
    """
    require(actor, Permission.PROFILE_WRITE)
    own_account.keep_open(session, actor)
    employer = _available(session, organisation_id)
    wished = transfers.checked_start(wished_on)
    mine = _open_ones(session, actor)
    if binding_steps.COMING & mine.keys():
        raise AlreadyAsked
    if BindingStatus.ACTIVE not in mine:
        raise WrongStatus
    current = mine[BindingStatus.ACTIVE]
    if current.organisation_id == employer.id:
        raise SameEmployer
    if waiting := obstacles.waiting_claims(session, current):
        raise UnfinishedBusiness(count=len(waiting))
    return binding_steps.begin(session, actor, employer, BindingAction.TRANSFER, wished_on=wished)


def _available(session: Session, organisation_id: int) -> Organisation:
    # Until this transaction ends it stays what it is, or who merges it meanwhile finds the request.
    employer = session.get(Organisation, organisation_id, with_for_update={"read": True})
    if employer is None or employer.kind is not OrganisationKind.EMPLOYER:
        raise NotFound
    if employer.status is not OrganisationStatus.APPROVED:
        raise EmployerNotAvailable
    return employer


def _open_ones(session: Session, actor: Actor) -> dict[BindingStatus, Binding]:
    """What binds the actor or is going to; the answer holds until this transaction ends. Raises NotFound."""
    if actor.person_id is None:
        raise NotFound
    people.hold_employment(session, actor.person_id)
    mine = select(Binding).where(Binding.person_id == actor.person_id, Binding.status.in_(binding_steps.OPEN))
    return {binding.status: binding for binding in session.scalars(mine)}


def waiting_for_choice(actor: Actor) -> Select[int]:
    """One, for a professional who neither has an employer nor has asked one."""
    bound = Person.bindings.any(Binding.status.in_(binding_steps.OPEN))
    return select(func.count()).where(Person.id == actor.person_id, ~bound)


def withdraw(session: Session, actor: Actor, binding_id: int) -> None:
    """Take back a request, or one that is confirmed and has not begun."""
    binding = binding_steps.get_to_move(session, actor, binding_id, BindingAction.WITHDRAW)
    call_off(session, actor, binding, BindingAction.WITHDRAW)


def refuse(session: Session, actor: Actor, binding_id: int, *, reason: str) -> None:
    """Send a request back, or call off what was confirmed and has not begun."""
    checked_reason = fields.required_text(REASON, reason, fields.LONGEST_TEXT)
    binding = binding_steps.get_to_move(session, actor, binding_id, BindingAction.REFUSE)
    binding.reason = checked_reason
    call_off(session, actor, binding, BindingAction.REFUSE)


def call_off(session: Session, actor: Actor, binding: Binding, action: BindingAction) -> None:
    """What has not begun never will."""
    for predecessor in session.scalars(select(Binding).where(Binding.successor_id == binding.id)):
        predecessor.successor_id = None
    binding.started_on = None
    binding_steps.decide(session, actor, binding, action)


def confirm(session: Session, actor: Actor, binding_id: int, *, starts_on: date | None = None) -> None:
    """The tie begins today, a transfer on the day that is named; until then the person stays where he is.

    Raises InvalidField and UnfinishedElsewhere.
    """
    binding = binding_steps.get_to_move(session, actor, binding_id, BindingAction.CONFIRM)
    first_day = today() if binding.wished_on is None else transfers.checked_start(starts_on)
    if current := binding_steps.current(session, binding):
        if waiting := obstacles.waiting_claims(session, current):
            raise UnfinishedElsewhere(count=len(waiting))
        current.successor_id = binding.id
    binding.started_on = first_day
    binding_steps.decide(session, actor, binding, BindingAction.CONFIRM, on=first_day)
    if first_day <= today():
        transfers.start(session, actor, binding)


def end(session: Session, actor: Actor, binding_id: int, *, reason: EndReason | None, on: date | None) -> None:
    """Somebody left or retired, today or on an earlier day. Raises InvalidField and ClaimsToDecide."""
    binding = binding_steps.get_to_move(session, actor, binding_id, BindingAction.END)
    if reason not in END_REASONS:
        raise InvalidField(END_REASON, N_("请选择。"))
    if on is None:
        raise InvalidField(ENDED_ON, N_("请填写。"))
    if on > today():
        raise InvalidField(ENDED_ON, N_("不能晚于今天。"))
    if binding.started_on and on < binding.started_on:
        raise InvalidField(ENDED_ON, N_("不能早于到本单位的日期 %(day)s。"), day=binding.started_on)
    if waiting := obstacles.waiting_claims(session, binding):
        raise ClaimsToDecide(count=len(waiting))
    binding.end_reason, binding.ended_on = reason, on
    binding_steps.decide(session, actor, binding, BindingAction.END, on=on)
