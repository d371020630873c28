"""Employers and providers: applying, being approved by the division's supervisor, being found."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from db.accounts import Role
from db.locks import hold
from db.organisations import Organisation, OrganisationKind, OrganisationStatus
from services import divisions, fields, queues, registration
from services.clock import now
from services.errors import N_, DomainError, InvalidField, NotFound, PermissionDenied, WrongStatus
from services.events import record
from services.permissions import Actor, Permission, Scope, allowed, require

PAGE_SIZE = 50
CHOICES = 50

USCC = N_("统一社会信用代码")
NAME = N_("单位名称")
DIVISION = N_("行政区划")
CONTACT = N_("联系人")
PHONE = N_("联系电话")
OPINION = N_("审核意见")

ROLES = {OrganisationKind.EMPLOYER: Role.EMPLOYER, OrganisationKind.PROVIDER: Role.PROVIDER}


class AlreadyRegistered(DomainError):
    message = N_("该统一社会信用代码已经注册。请联系本单位的管理员；不清楚是谁时，请联系所在区划的主管部门。")


@dataclass(frozen=True, slots=True)
class Application:
    """What an organisation says about itself."""

    uscc: str
    name: str
    division: str
    kind: OrganisationKind
    contact_name: str
    contact_phone: str


def checked(application: Application) -> Application:
    """The same application in its standard form. Raises InvalidField for the first field that is wrong."""
    if not divisions.can_be_chosen(application.division):
        raise InvalidField(DIVISION, N_("请选择现行的行政区划。"))
    return Application(
        uscc=_checked_uscc(application.uscc),
        name=fields.required_text(NAME, application.name),
        division=application.division,
        kind=application.kind,
        contact_name=fields.required_text(CONTACT, application.contact_name),
        contact_phone=fields.phone(PHONE, application.contact_phone),
    )


def _checked_uscc(text: str) -> str:
    try:
        return uscc.validate(text)
    except ValidationError:
        raise InvalidField(USCC, N_("应为18位且校验位正确，请对照营业执照或法人证书核对。")) from None


def register(session: Session, application: Application, *, username: str, password: str, address: str) -> Organisation:
    """Store an application together with the account of its administrator.

    Raises InvalidField, AlreadyRegistered and the refusals of registering an account.
    """
    content = checked(application)
    account = registration.register_account(
        session,
        username=username,
        password=password,
        display_name=content.contact_name,
        mobile=content.contact_phone,
        address=address,
    )
    if _registered(session, content):
        raise AlreadyRegistered
    organisation = Organisation(applied_at=now(), **_columns(content))
    session.add(organisation)
    session.flush()
    registration.give_role(session, account, Scope(ROLES[content.kind], organisation.id))
    applicant = Actor(account_id=account.id, name=account.display_name, address=address)
    record(session, applicant, "organisation_apply", organisation, after=_said(organisation))
    return organisation


def _registered(session: Session, content: Application) -> bool:
    """The answer holds until this transaction ends."""
    hold(session, f"organisation {content.uscc}")
    same = select(Organisation.id).where(Organisation.uscc == content.uscc, Organisation.kind == content.kind)
    return session.scalar(same) is not None


def _columns(content: Application) -> dict[str, str]:
    return {name: getattr(content, name) for name in Application.__slots__}


def _said(organisation: Organisation) -> dict[str, str]:
    return {name: getattr(organisation, name) for name in (*Application.__slots__, "status")}


def resubmit(session: Session, actor: Actor, organisation_id: int, application: Application) -> None:
    """A returned application, corrected by its own administrator. Code and kind stay as they are."""
    organisation = _own(session, actor, organisation_id)
    if organisation.status is not OrganisationStatus.RETURNED:
        raise WrongStatus
    content, before = checked(application), _said(organisation)
    if (content.uscc, content.kind) != (organisation.uscc, organisation.kind):
        raise InvalidField(USCC, N_("提交后不能更改代码和单位类型；如有错误，请用正确的代码重新注册。"))
    organisation.name, organisation.division = content.name, content.division
    organisation.contact_name, organisation.contact_phone = content.contact_name, content.contact_phone
    organisation.status, organisation.applied_at = OrganisationStatus.APPLIED, now()
    record(session, actor, "organisation_resubmit", organisation, before=before, after=_said(organisation))


def _own(session: Session, actor: Actor, organisation_id: int) -> Organisation:
    """Raises NotFound unless the actor administers this organisation."""
    require(actor, Permission.ORGANISATION_OWN)
    own = {scope.organisation_id for scope in actor.scopes if scope.organisation_id is not None}
    organisation = session.get(Organisation, organisation_id) if organisation_id in own else None
    if organisation is None:
        raise NotFound
    return organisation


def list_own(session: Session, actor: Actor) -> Sequence[Organisation]:
    """The organisations this account administers, whatever their status."""
    require(actor, Permission.ORGANISATION_OWN)
    own = [scope.organisation_id for scope in actor.scopes if scope.organisation_id is not None]
    return session.scalars(select(Organisation).where(Organisation.id.in_(own)).order_by(Organisation.id)).all()


def _visible_to(actor: Actor) -> Select[Organisation]:
    """The organisations of the divisions that the actor supervises."""
    return select(Organisation).where(
        or_(False, *(divisions.within(Organisation.division, d) for d in actor.divisions))
    )


def queue(
    session: Session, actor: Actor, *, status: OrganisationStatus, text: str = "", after_id: int = 0
) -> Sequence[Organisation]:
    """One page of the division's organisations in a status, oldest first."""
    require(actor, Permission.ORGANISATION_DECIDE)
    found = _visible_to(actor).where(Organisation.status == status, Organisation.id > after_id)
    if wanted := fields.search_text(text):
        same_code = Organisation.uscc == wanted.upper()
        found = found.where(or_(Organisation.name.contains(wanted, autoescape=True), same_code))
    return session.scalars(found.order_by(Organisation.id).limit(PAGE_SIZE)).all()


def counts(session: Session, actor: Actor) -> dict[OrganisationStatus, int]:
    require(actor, Permission.ORGANISATION_DECIDE)
    visible = _visible_to(actor).subquery()
    rows = session.execute(select(visible.c.status, func.count()).group_by(visible.c.status))
    return {OrganisationStatus(status): count for status, count in rows}


def waiting(actor: Actor) -> Select[int]:
    """How many applications wait for this actor's decision."""
    applied = _visible_to(actor).where(Organisation.status == OrganisationStatus.APPLIED)
    return applied.with_only_columns(func.count())


def get(session: Session, actor: Actor, organisation_id: int) -> Organisation:
    """Raises NotFound outside the actor's divisions."""
    require(actor, Permission.ORGANISATION_DECIDE)
    organisation = session.scalar(_visible_to(actor).where(Organisation.id == organisation_id))
    if organisation is None:
        raise NotFound
    return organisation


def open_application(
    session: Session, actor: Actor, listed: Sequence[Organisation], named: int | None
) -> Organisation | None:
    """The row of a list that is open, by the rule of `queues.opened`."""
    return queues.opened(actor, listed, named, lambda number: get(session, actor, number))


def approve(session: Session, actor: Actor, organisation_id: int, *, seen: int) -> None:
    _decide(session, actor, organisation_id, OrganisationStatus.APPROVED, "", seen)


def return_(session: Session, actor: Actor, organisation_id: int, *, opinion: str, seen: int) -> None:
    """Send an application back; the opinion says what to correct."""
    checked_opinion = fields.required_text(OPINION, opinion, fields.LONGEST_TEXT)
    _decide(session, actor, organisation_id, OrganisationStatus.RETURNED, checked_opinion, seen)


def _decide(
    session: Session, actor: Actor, organisation_id: int, status: OrganisationStatus, opinion: str, seen: int
) -> None:
    """`seen` is the version the supervisor looked at. Raises WrongStatus when it is no longer the one."""
    organisation = get(session, actor, organisation_id)
    if organisation.status is not OrganisationStatus.APPLIED or organisation.version != seen:
        raise WrongStatus
    if organisation.id in {scope.organisation_id for scope in actor.scopes}:
        raise PermissionDenied
    before = _said(organisation)
    organisation.status, organisation.opinion = status, opinion
    organisation.decided_at, organisation.decided_by_id = now(), actor.account_id
    record(session, actor, f"organisation_{status}", organisation, before=before, after=_said(organisation))


def possible_decisions(actor: Actor, organisation: Organisation) -> bool:
    """Whether the actor may decide about this organisation now."""
    return allowed(actor, Permission.ORGANISATION_DECIDE) and organisation.status is OrganisationStatus.APPLIED


def employers_to_choose(session: Session, actor: Actor, *, division: str, text: str = "") -> Sequence[Organisation]:
    """Approved employers of a division and below, by part of the name; at most CHOICES."""
    require(actor, Permission.PROFILE_WRITE)
    found = select(Organisation).where(
        Organisation.kind == OrganisationKind.EMPLOYER,
        Organisation.status == OrganisationStatus.APPROVED,
        divisions.within(Organisation.division, division),
    )
    if wanted := fields.search_text(text):
        found = found.where(Organisation.name.contains(wanted, autoescape=True))
    return session.scalars(found.order_by(Organisation.name, Organisation.id).limit(CHOICES)).all()
