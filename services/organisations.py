"""Employers and providers: the way of an organisation as data, and the only functions that walk it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from db.accounts import Role
from db.locks import hold
from db.organisations import Organisation, OrganisationAction, OrganisationKind, OrganisationStatus
from db.session import Recorded
from services import divisions, fields, organisation_form, queues, registration, resemblances
from services.clock import now
from services.errors import N_, DomainError, InvalidField, NotFound, WrongStatus
from services.events import record
from services.organisation_form import Application
from services.permissions import Actor, Permission, Scope, allowed, require
from services.resemblances import Lookalike

PAGE_SIZE = 50
OPINION = N_("审核意见")

ROLES = {OrganisationKind.EMPLOYER: Role.EMPLOYER, OrganisationKind.PROVIDER: Role.PROVIDER}


class AlreadyRegistered(Recorded, DomainError):
    message = N_("该统一社会信用代码已经注册。请联系本单位的管理员；不清楚是谁时，请联系所在区划的主管部门。")


class SimilarRegistered(Recorded, DomainError):
    """`found` are the organisations that may be the same."""

    message = N_("已有名称相近的单位注册：%(names)s。请核对：是同一单位的，不要重复注册；不是的，请勾选后再次提交。")

    def __init__(self, found: Sequence[Lookalike]) -> None:
        super().__init__(names="、".join(each.name for each in found))
        self.found = found


class OwnOrganisation(DomainError):
    message = N_("不能对自己所在的单位作出决定，请由其他主管人员处理。")


@dataclass(frozen=True, slots=True)
class Move:
    """From where to where an action leads, and who may take it."""

    sources: frozenset[OrganisationStatus]
    target: OrganisationStatus
    permission: Permission
    needs_opinion: bool = False


_APPLIED = frozenset({OrganisationStatus.APPLIED})
_APPROVED = frozenset({OrganisationStatus.APPROVED})
_RETURNED = frozenset({OrganisationStatus.RETURNED})
_SUSPENDED = frozenset({OrganisationStatus.SUSPENDED})
_DECIDE = Permission.ORGANISATION_DECIDE

MOVES: dict[OrganisationAction, Move] = {
    OrganisationAction.RESUBMIT: Move(_RETURNED, OrganisationStatus.APPLIED, Permission.ORGANISATION_OWN),
    OrganisationAction.APPROVE: Move(_APPLIED, OrganisationStatus.APPROVED, _DECIDE),
    OrganisationAction.RETURN: Move(_APPLIED, OrganisationStatus.RETURNED, _DECIDE, needs_opinion=True),
    OrganisationAction.SUSPEND: Move(_APPROVED, OrganisationStatus.SUSPENDED, _DECIDE, needs_opinion=True),
    OrganisationAction.REINSTATE: Move(_SUSPENDED, OrganisationStatus.APPROVED, _DECIDE),
    OrganisationAction.MERGE: Move(_APPLIED | _APPROVED | _RETURNED | _SUSPENDED, OrganisationStatus.MERGED, _DECIDE),
}
# What is decided about one alone; merging takes two (services/mergers.py).
DECISIONS = [
    action for action, move in MOVES.items() if move.permission is _DECIDE and action is not OrganisationAction.MERGE
]


def is_own(actor: Actor, organisation: Organisation) -> bool:
    return organisation.id in actor.own_organisation_ids


def supervises(actor: Actor, organisation: Organisation) -> bool:
    return any(divisions.covers(division, organisation.division) for division in actor.divisions)


def _stands_right(actor: Actor, organisation: Organisation, permission: Permission) -> bool:
    """Its own people correct what was sent back, its supervisor decides, and nobody decides about his own."""
    own = is_own(actor, organisation)
    return own if permission is Permission.ORGANISATION_OWN else supervises(actor, organisation) and not own


def possible_actions(actor: Actor, organisation: Organisation) -> list[OrganisationAction]:
    """The actions whose buttons this actor is shown on this organisation."""
    return [
        action
        for action, move in MOVES.items()
        if organisation.status in move.sources
        and allowed(actor, move.permission)
        and _stands_right(actor, organisation, move.permission)
    ]


def possible_decisions(actor: Actor, organisation: Organisation) -> list[OrganisationAction]:
    return [action for action in possible_actions(actor, organisation) if action in DECISIONS]


def register(
    session: Session,
    application: Application,
    *,
    username: str,
    password: str,
    address: str,
    different_from: Collection[int] = (),
) -> Organisation:
    """Store an application together with the account of its administrator.

    `different_from` are organisations of a similar name of which the applicant says that they are others.
    Raises InvalidField, AlreadyRegistered, SimilarRegistered and the refusals of registering an account.
    """
    content = organisation_form.checked(application)
    account = registration.register_account(
        session,
        username=username,
        password=password,
        display_name=content.contact_name,
        mobile=content.contact_phone,
        address=address,
        guard=lambda: _refuse_known(session, content, different_from, address),
    )
    organisation = Organisation(applied_at=now(), **_columns(content))
    session.add(organisation)
    session.flush()
    resemblances.note(session, organisation)
    registration.give_role(session, account, Scope(ROLES[content.kind], organisation.id))
    applicant = Actor(account_id=account.id, name=account.display_name, address=address)
    record(session, applicant, "organisation_apply", organisation, after=_said(organisation))
    return organisation


def _refuse_known(session: Session, content: Application, different_from: Collection[int], address: str) -> None:
    """Who guesses at what is registered is slowed down like everybody who guesses."""
    if is_registered(session, content.uscc, content.kind):
        registration.note_refusal(session, content.uscc, address)
        raise AlreadyRegistered
    found = resemblances.find(session, content.name, content.division, content.kind)
    if {each.id for each in found} - set(different_from):
        registration.note_refusal(session, content.uscc, address)
        raise SimilarRegistered(found)


def is_registered(session: Session, uscc: str, kind: OrganisationKind) -> bool:
    """The answer holds until this transaction ends."""
    hold(session, f"organisation {uscc}")
    same = select(Organisation.id).where(Organisation.uscc == uscc, Organisation.kind == kind)
    return session.scalar(same) is not None


def _columns(content: Application) -> dict[str, str]:
    return {name: getattr(content, name) for name in Application.__slots__}


def _said(organisation: Organisation) -> dict[str, str]:
    return {name: getattr(organisation, name) for name in (*Application.__slots__, "status", "opinion")}


def resubmit(session: Session, actor: Actor, organisation_id: int, application: Application) -> None:
    """A returned application, corrected by its own administrator. Code and kind stay as they are."""
    organisation = get_own(session, actor, organisation_id)
    if OrganisationAction.RESUBMIT not in possible_actions(actor, organisation):
        raise WrongStatus
    content, before = organisation_form.checked(application), _said(organisation)
    if (content.uscc, content.kind) != (organisation.uscc, organisation.kind):
        raise InvalidField(
            organisation_form.USCC, N_("提交后不能更改代码和单位类型；如有错误，请用正确的代码重新注册。")
        )
    organisation.name, organisation.division = content.name, content.division
    organisation.contact_name, organisation.contact_phone = content.contact_name, content.contact_phone
    organisation.status, organisation.applied_at = OrganisationStatus.APPLIED, now()
    resemblances.note(session, organisation)
    record(session, actor, "organisation_resubmit", organisation, before=before, after=_said(organisation))


def get_own(session: Session, actor: Actor, organisation_id: int) -> Organisation:
    """Raises NotFound unless the actor administers this organisation."""
    require(actor, Permission.ORGANISATION_OWN)
    own = select(Organisation).where(Organisation.id.in_(actor.own_organisation_ids))
    organisation = session.scalar(own.where(Organisation.id == organisation_id))
    if organisation is None:
        raise NotFound
    return organisation


def hold_approved(session: Session, organisation_id: int | None) -> None:
    """For a decision in its name: it is neither suspended nor merged before this transaction ends.

    Raises WrongStatus.
    """
    found = session.get(Organisation, organisation_id, with_for_update={"read": True}) if organisation_id else None
    if found is None or found.status is not OrganisationStatus.APPROVED:
        raise WrongStatus


def list_own(session: Session, actor: Actor) -> Sequence[Organisation]:
    """The organisations this account administers, whatever their status, with what they were merged into."""
    require(actor, Permission.ORGANISATION_OWN)
    own = select(Organisation).where(Organisation.id.in_(actor.own_organisation_ids)).order_by(Organisation.id)
    return session.scalars(own.options(joinedload(Organisation.merged_into))).all()


def visible_to(actor: Actor) -> Select[Organisation]:
    """The organisations of the divisions that the actor supervises."""
    return select(Organisation).where(divisions.within_any(Organisation.division, actor.divisions))


def queue(
    session: Session, actor: Actor, *, status: OrganisationStatus, text: str = "", after_id: int = 0
) -> Sequence[Organisation]:
    """One page of the division's organisations in a status, oldest first, with what they were merged into."""
    require(actor, Permission.ORGANISATION_DECIDE)
    found = visible_to(actor).where(Organisation.status == status, Organisation.id > after_id)
    if wanted := fields.search_text(text):
        same_code = Organisation.uscc == wanted.upper()
        found = found.where(or_(Organisation.name.contains(wanted, autoescape=True), same_code))
    loaded = found.options(joinedload(Organisation.merged_into))
    return session.scalars(loaded.order_by(Organisation.id).limit(PAGE_SIZE)).all()


def counts(session: Session, actor: Actor) -> dict[OrganisationStatus, int]:
    require(actor, Permission.ORGANISATION_DECIDE)
    visible = visible_to(actor).subquery()
    rows = session.execute(select(visible.c.status, func.count()).group_by(visible.c.status))
    return {OrganisationStatus(status): count for status, count in rows}


def waiting(actor: Actor) -> Select[int]:
    """How many applications wait for this actor's decision."""
    applied = visible_to(actor).where(Organisation.status == OrganisationStatus.APPLIED)
    return applied.with_only_columns(func.count())


def get(session: Session, actor: Actor, organisation_id: int) -> Organisation:
    """With what it was merged into. Raises NotFound outside the actor's divisions."""
    require(actor, Permission.ORGANISATION_DECIDE)
    found = visible_to(actor).where(Organisation.id == organisation_id)
    organisation = session.scalar(found.options(joinedload(Organisation.merged_into)))
    if organisation is None:
        raise NotFound
    return organisation


def open_organisation(
    session: Session, actor: Actor, listed: Sequence[Organisation], named: int | None
) -> Organisation | None:
    """The row of a list that is open, by the rule of `queues.opened`."""
    return queues.opened(actor, listed, named, lambda number: get(session, actor, number))


def decide(
    session: Session, actor: Actor, organisation_id: int, action: OrganisationAction, *, seen: int, opinion: str = ""
) -> None:
    """Approve, return, suspend or reinstate; `seen` is the version that the supervisor looked at.

    Raises NotFound, OwnOrganisation, WrongStatus, and InvalidField for an opinion that is missing.
    """
    organisation = get(session, actor, organisation_id)
    if action not in DECISIONS:
        raise WrongStatus
    move = MOVES[action]
    checked = fields.required_text if move.needs_opinion else fields.optional_text
    text = checked(OPINION, opinion, fields.LONGEST_TEXT)
    refuse_unless_possible(actor, organisation, action, seen)
    before = _said(organisation)
    organisation.status, organisation.opinion = move.target, text
    organisation.decided_at, organisation.decided_by_id = now(), actor.account_id
    record(session, actor, f"organisation_{action}", organisation, before=before, after=_said(organisation))


def refuse_unless_possible(actor: Actor, organisation: Organisation, action: OrganisationAction, seen: int) -> None:
    """Raises OwnOrganisation or WrongStatus."""
    if is_own(actor, organisation):
        raise OwnOrganisation
    if action not in possible_actions(actor, organisation) or organisation.version != seen:
        raise WrongStatus
