"""Basic information of professionals, and their ties to employers."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from db.accounts import Role
from db.locks import hold
from db.organisations import Organisation, OrganisationKind, OrganisationStatus
from db.people import Binding, BindingStatus, Person, TitleLevel, TitleSeries
from services import fields, identity, queues
from services.clock import now, today
from services.errors import N_, DomainError, NotFound, WrongStatus
from services.events import record
from services.permissions import Actor, Permission, allowed, require

PAGE_SIZE = 50
OPEN_STATES = (BindingStatus.REQUESTED, BindingStatus.ACTIVE)

MOBILE = N_("手机号码")
EMAIL = N_("电子邮箱")
DEPARTMENT = N_("所在部门")
TITLE_NAME = N_("职称名称")
REASON = N_("退回原因")


class StaffAction(StrEnum):
    """What an employer does about its staff."""

    CONFIRM = "confirm"
    REFUSE = "refuse"
    REVEAL = "reveal"
    RESET_PASSWORD = "reset_password"  # noqa: S105  # an action's code, not a password


STAFF_ACTIONS = {
    BindingStatus.REQUESTED: frozenset({StaffAction.CONFIRM, StaffAction.REFUSE, StaffAction.REVEAL}),
    BindingStatus.ACTIVE: frozenset({StaffAction.RESET_PASSWORD}),
}


class NoEmployer(DomainError):
    message = N_("您还没有确认的工作单位。请先在“人员基本信息维护”中选择单位并提交，由单位确认。")


class AlreadyBound(DomainError):
    message = N_("您已有确认的单位或待确认的申请，不能再次提交。")


class EmployerNotAvailable(DomainError):
    message = N_("该单位尚未通过审核或已停用，请重新选择。")


@dataclass(frozen=True, slots=True)
class Profile:
    """The part of the basic information that the person edits at once."""

    mobile: str
    email: str
    department: str
    title_series: TitleSeries | None
    title_level: TitleLevel
    title_name: str


def own_profile(session: Session, actor: Actor) -> Person:
    """The actor's basic information with every binding and its organisation, newest first. Raises NotFound."""
    require(actor, Permission.PROFILE_WRITE)
    bindings = joinedload(Person.bindings).joinedload(Binding.organisation)
    person = (
        session.scalars(select(Person).where(Person.id == actor.person_id).options(bindings)).unique().one_or_none()
    )
    if person is None:
        raise NotFound
    return person


def current_binding(person: Person) -> Binding | None:
    """The active binding, else the waiting request, of a person loaded with his bindings."""
    by_status = {binding.status: binding for binding in person.bindings}
    return by_status.get(BindingStatus.ACTIVE) or by_status.get(BindingStatus.REQUESTED)


def update_profile(session: Session, actor: Actor, profile: Profile) -> None:
    require(actor, Permission.PROFILE_WRITE)
    person = session.get(Person, actor.person_id)
    if person is None:
        raise NotFound
    person.mobile = fields.phone(MOBILE, profile.mobile)
    person.email = fields.email(EMAIL, profile.email)
    person.department = fields.optional_text(DEPARTMENT, profile.department)
    person.title_series, person.title_level = profile.title_series, profile.title_level
    person.title_name = fields.optional_text(TITLE_NAME, profile.title_name)
    record(session, actor, "profile_update", person, after={"department": person.department})


def request_binding(session: Session, actor: Actor, organisation_id: int) -> Binding:
    """Ask an approved employer to confirm that the actor works there."""
    require(actor, Permission.PROFILE_WRITE)
    employer = session.get(Organisation, organisation_id)
    if employer is None or employer.kind is not OrganisationKind.EMPLOYER:
        raise NotFound
    if employer.status is not OrganisationStatus.APPROVED:
        raise EmployerNotAvailable
    if _bound_or_waiting(session, actor):
        raise AlreadyBound
    binding = Binding(person_id=actor.person_id, organisation_id=employer.id, requested_at=now())
    session.add(binding)
    session.flush()
    record(session, actor, "binding_request", binding, after={"organisation_id": employer.id})
    return binding


def _bound_or_waiting(session: Session, actor: Actor) -> bool:
    """The answer holds until this transaction ends."""
    hold(session, f"binding of {actor.person_id}")
    mine = select(Binding.id).where(Binding.person_id == actor.person_id, Binding.status.in_(OPEN_STATES))
    return session.scalar(mine.limit(1)) is not None


def withdraw_request(session: Session, actor: Actor, binding_id: int) -> None:
    require(actor, Permission.PROFILE_WRITE)
    mine = select(Binding).where(Binding.id == binding_id, Binding.person_id == actor.person_id)
    _close(session, actor, session.scalar(mine), BindingStatus.WITHDRAWN)


def _close(session: Session, actor: Actor, binding: Binding | None, status: BindingStatus, reason: str = "") -> None:
    if binding is None:
        raise NotFound
    if binding.status is not BindingStatus.REQUESTED:
        raise WrongStatus
    binding.status, binding.reason = status, reason
    binding.decided_at, binding.decided_by_id = now(), actor.account_id
    record(
        session,
        actor,
        f"binding_{status}",
        binding,
        before={"status": BindingStatus.REQUESTED},
        after={"status": status, "reason": reason},
    )


def employer_of(session: Session, person_id: int | None) -> Organisation:
    """The employer that confirmed this person and may act. Raises NoEmployer."""
    employer = find_employer(session, person_id)
    if employer is None:
        raise NoEmployer
    return employer


def find_employer(session: Session, person_id: int | None) -> Organisation | None:
    return session.scalar(
        select(Organisation)
        .join(Binding, Binding.organisation_id == Organisation.id)
        .where(Binding.person_id == person_id, Binding.status == BindingStatus.ACTIVE)
        .where(Organisation.status == OrganisationStatus.APPROVED)
    )


def _visible_to(actor: Actor) -> Select[Binding]:
    """The bindings to employers that the actor acts for, with their people."""
    return (
        select(Binding)
        .join(Binding.person)
        .where(Binding.organisation_id.in_(actor.organisation_ids(Role.EMPLOYER)))
        .options(contains_eager(Binding.person), joinedload(Binding.organisation))
    )


def list_staff(
    session: Session, actor: Actor, *, status: BindingStatus, text: str = "", after_id: int = 0
) -> Sequence[Binding]:
    """One page of the staff in a state, longest waiting first."""
    require(actor, Permission.STAFF_CONFIRM)
    staff = _visible_to(actor).where(Binding.status == status, Binding.id > after_id)
    if wanted := fields.search_text(text):
        staff = staff.where(or_(Person.name.contains(wanted, autoescape=True), Person.mobile == wanted))
    return session.scalars(staff.order_by(Binding.id).limit(PAGE_SIZE)).all()


def count_staff(session: Session, actor: Actor) -> dict[BindingStatus, int]:
    require(actor, Permission.STAFF_CONFIRM)
    own = Binding.organisation_id.in_(actor.organisation_ids(Role.EMPLOYER))
    rows = session.execute(select(Binding.status, func.count().label("count")).where(own).group_by(Binding.status))
    return {status: count for status, count in rows}  # noqa: C416 - dict() of rows has no type


def waiting(actor: Actor) -> Select[int]:
    """How many requests wait for this actor's confirmation."""
    own = Binding.organisation_id.in_(actor.organisation_ids(Role.EMPLOYER))
    return select(func.count()).where(own, Binding.status == BindingStatus.REQUESTED)


def waiting_for_choice(actor: Actor) -> Select[int]:
    """One, for a professional who is neither confirmed by an employer nor waiting for it."""
    bound = Person.bindings.any(Binding.status.in_(OPEN_STATES))
    return select(func.count()).where(Person.id == actor.person_id, ~bound)


def get_staff(session: Session, actor: Actor, binding_id: int) -> Binding:
    """Raises NotFound for somebody who is not tied to the actor's employer."""
    require(actor, Permission.STAFF_CONFIRM)
    binding = session.scalar(_visible_to(actor).where(Binding.id == binding_id))
    if binding is None:
        raise NotFound
    return binding


def open_staff(session: Session, actor: Actor, staff: Sequence[Binding], named: int | None) -> Binding | None:
    """The row of a list that is open, by the rule of `queues.opened`."""
    return queues.opened(actor, staff, named, lambda number: get_staff(session, actor, number))


def possible_actions(actor: Actor, binding: Binding) -> frozenset[StaffAction]:
    """What the actor may do about this member of the staff now."""
    if not allowed(actor, Permission.STAFF_CONFIRM):
        return frozenset()
    return STAFF_ACTIONS.get(binding.status, frozenset())


def confirm(session: Session, actor: Actor, binding_id: int) -> None:
    binding = get_staff(session, actor, binding_id)
    _close(session, actor, binding, BindingStatus.ACTIVE)
    binding.started_on = today()


def refuse(session: Session, actor: Actor, binding_id: int, *, reason: str) -> None:
    checked_reason = fields.required_text(REASON, reason, fields.LONGEST_TEXT)
    _close(session, actor, get_staff(session, actor, binding_id), BindingStatus.REFUSED, checked_reason)


def reveal_own_id_number(session: Session, actor: Actor) -> str:
    """The full ID number for its owner; the look is recorded."""
    return _reveal(session, actor, own_profile(session, actor))


def reveal_id_number(session: Session, actor: Actor, binding_id: int) -> str:
    """The full ID number for the employer that decides about a request; the look is recorded."""
    binding = get_staff(session, actor, binding_id)
    if binding.status is not BindingStatus.REQUESTED:
        raise WrongStatus
    return _reveal(session, actor, binding.person)


def _reveal(session: Session, actor: Actor, person: Person) -> str:
    record(session, actor, "id_number_reveal", person)
    return identity.decrypt(person.id_number)
