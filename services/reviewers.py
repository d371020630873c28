"""The people who act for an organisation: appointed by one of them or by the supervisor, and never down to nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from db.accounts import Account, AccountStatus, AttemptKind, Grant, Role
from db.locks import hold
from db.organisations import Organisation, OrganisationStatus
from db.session import Recorded
from services import accounts, divisions, organisations, throttle, usernames
from services.clock import now
from services.errors import N_, DomainError, NotFound, PermissionDenied, WrongStatus
from services.events import record
from services.permissions import Actor, Permission, allowed


class NoSuchAccount(Recorded, DomainError):
    """Says nothing about whose accounts there are."""

    message = N_("没有该账号。请核对用户名（区分每一个字符），或为其新建账号。")


class AlreadyReviewer(DomainError):
    message = N_("该账号已经是本单位的审核人。")


class LastReviewer(DomainError):
    message = N_("这是本单位最后一位能登录的审核人。请先增加接任的审核人，再移除。")


class OwnAppointment(DomainError):
    message = N_("主管人员不能指定自己为单位的审核人，请指定该单位的人员。")


class SupervisorAppointed(DomainError):
    """Whoever acts for an organisation cannot decide about it, so it could rid itself of its supervisor."""

    message = N_("该账号属于本单位的主管部门，不能担任本单位的审核人，请指定本单位的人员。")


@dataclass(frozen=True, slots=True)
class Reviewer:
    """One account that acts for an organisation; `appointed_by` is empty for the one that registered it."""

    grant_id: int
    account_id: int
    name: str
    username: str
    is_active: bool
    since: datetime
    appointed_by: str


def of(session: Session, actor: Actor, organisation_id: int) -> Sequence[Reviewer]:
    """Who acts for an organisation, in the order of their appointment. Raises PermissionDenied, NotFound."""
    organisation = _visible(session, actor, organisation_id)
    by = aliased(Account)
    rows = session.execute(
        select(Grant, Account, by.display_name)
        .join(Account, Account.id == Grant.account_id)
        .outerjoin(by, by.id == Grant.granted_by_id)
        .where(Grant.organisation_id == organisation.id)
        .order_by(Grant.id)
    )
    return [_reviewer(grant, account, appointed_by or "") for grant, account, appointed_by in rows]


def _reviewer(grant: Grant, account: Account, appointed_by: str) -> Reviewer:
    return Reviewer(
        grant_id=grant.id,
        account_id=account.id,
        name=account.display_name,
        username=account.username,
        is_active=account.status is AccountStatus.ACTIVE,
        since=grant.granted_at,
        appointed_by=appointed_by,
    )


def can_manage(actor: Actor, organisation: Organisation) -> bool:
    """Its own people while it may work; its supervisor also while it may not, because somebody must hand it over."""
    if organisation.status is OrganisationStatus.MERGED:
        return False
    if organisations.is_own(actor, organisation):
        return organisation.status is OrganisationStatus.APPROVED and allowed(actor, Permission.ORGANISATION_OWN)
    return organisations.supervises(actor, organisation) and allowed(actor, Permission.ORGANISATION_DECIDE)


def _visible(session: Session, actor: Actor, organisation_id: int) -> Organisation:
    get = organisations.get_own if organisation_id in actor.own_organisation_ids else organisations.get
    return get(session, actor, organisation_id)


def _to_manage(session: Session, actor: Actor, organisation_id: int) -> Organisation:
    """Who adds or removes somebody there waits for whoever else does. Raises NotFound, WrongStatus."""
    hold(session, f"reviewers/{organisation_id}")
    organisation = _visible(session, actor, organisation_id)
    if not can_manage(actor, organisation):
        raise WrongStatus
    return organisation


def appoint(session: Session, actor: Actor, organisation_id: int, *, username: str) -> None:
    """Let an existing account act for the organisation; wrong names are counted like wrong passwords.

    Raises NotFound, NoSuchAccount, TooManyAttempts, AlreadyReviewer, OwnAppointment,
    SupervisorAppointed.
    """
    organisation = _to_manage(session, actor, organisation_id)
    key = throttle.key_for(actor.username)
    throttle.count_try(session, AttemptKind.APPOINTMENT, key, actor.address)
    account = _find(session, usernames.normalised(username))
    if account is None:
        raise NoSuchAccount
    throttle.note(session, AttemptKind.APPOINTMENT, key, actor.address, succeeded=True)
    _add(session, actor, organisation, account)


def _find(session: Session, username: str) -> Account | None:
    if not usernames.can_exist(username):
        return None
    active = Account.username == username, Account.status == AccountStatus.ACTIVE
    return session.scalar(select(Account).where(*active))


def appoint_new(session: Session, actor: Actor, organisation_id: int, *, username: str, display_name: str) -> str:
    """A one-time password, shown once, of a new account that acts for the organisation.

    Raises NotFound, InvalidField, UsernameUnavailable.
    """
    if not {Permission.ORGANISATION_OWN, Permission.ORGANISATION_DECIDE} & actor.permissions:
        raise PermissionDenied
    # Before the first statement, because SQLite lets nobody else write while the password is hashed.
    account, password = accounts.issue(session, actor, username, display_name)
    _add(session, actor, _to_manage(session, actor, organisation_id), account)
    return password


def _add(session: Session, actor: Actor, organisation: Organisation, account: Account) -> None:
    if _grants(session, organisation, account.id):
        raise AlreadyReviewer
    if account.id == actor.account_id:
        raise OwnAppointment
    if not organisation.is_holding and _supervises(session, account, organisation):
        raise SupervisorAppointed
    session.add(
        Grant(
            account_id=account.id,
            role=organisations.ROLES[organisation.kind],
            organisation_id=organisation.id,
            granted_by_id=actor.account_id,
            granted_at=now(),
        )
    )
    said = {"account_id": account.id, "username": account.username}
    record(session, actor, "organisation_reviewer_add", organisation, after=said)


def _supervises(session: Session, account: Account, organisation: Organisation) -> bool:
    over = select(Grant.division).where(Grant.account_id == account.id, Grant.role == Role.SUPERVISOR)
    return any(divisions.covers(division, organisation.division) for division in session.scalars(over) if division)


def _grants(session: Session, organisation: Organisation, account_id: int) -> Sequence[Grant]:
    of_account = Grant.organisation_id == organisation.id, Grant.account_id == account_id
    return session.scalars(select(Grant).where(*of_account)).all()


def remove(session: Session, actor: Actor, organisation_id: int, account_id: int) -> None:
    """Effective at the removed one's next click. Raises NotFound, LastReviewer."""
    organisation = _to_manage(session, actor, organisation_id)
    grants = _grants(session, organisation, account_id)
    if not grants:
        raise NotFound
    if not any(each.is_active for each in of(session, actor, organisation_id) if each.account_id != account_id):
        raise LastReviewer
    account = session.get_one(Account, account_id)
    for grant in grants:
        session.delete(grant)
    said = {"account_id": account.id, "username": account.username}
    record(session, actor, "organisation_reviewer_remove", organisation, before=said)
