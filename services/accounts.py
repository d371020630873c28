"""Accounts as administrators and employers handle them: one-time passwords, roles and suspension."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select
from sqlalchemy.orm import Session, aliased, selectinload

from db.accounts import Account, AccountStatus, AttemptKind, Grant, Role
from db.locks import hold
from db.organisations import Organisation
from db.people import Binding, BindingStatus, Person
from services import divisions, fields, password_change, passwords, person_names, registration, sessions, throttle
from services.clock import now
from services.errors import N_, DomainError, InvalidField, NotFound, WrongStatus
from services.events import record
from services.permissions import SYSTEM, Actor, Permission, require

LANGUAGES = ("zh_CN", "en")
DIVISION = N_("行政区划")
ROLE = N_("角色")
LANGUAGE = N_("语言")
# The others come with what they are for: a registration, an organisation.
GRANTABLE = frozenset({Role.SUPERVISOR, Role.ANALYST, Role.ADMINISTRATOR})


class OwnAccount(DomainError):
    message = N_("不能对自己的账号进行此操作，请由其他管理员处理。")


class LastAdministrator(DomainError):
    message = N_("这是最后一个系统管理员，请先指定另一位系统管理员。")


@dataclass(frozen=True, slots=True)
class Held:
    """A role of an account with the name of its organisation, and who granted it: empty for what came by itself."""

    grant: Grant
    organisation: str
    granted_by: str


def reset_password(session: Session, actor: Actor, account_id: int) -> str:
    """A one-time password, shown once; all sessions of the account end, and so does a lock of its sign-in.

    Raises NotFound outside the actor's scope.
    """
    require(actor, Permission.PASSWORD_RESET)
    password = passwords.one_time_password()
    # Before the first statement, because SQLite lets nobody else write after it.
    password_hash = passwords.hash_password(password)
    account = session.scalars(_resettable_by(actor).where(Account.id == account_id).with_for_update()).one_or_none()
    if account is None:
        raise NotFound
    password_change.replace_hash(session, account, password_hash, must_change=True)
    sessions.end_all(session, account.id)
    throttle.note(session, AttemptKind.SIGN_IN, throttle.key_for(account.username), actor.address, succeeded=True)
    record(session, actor, "password_reset", account)
    return password


def _resettable_by(actor: Actor) -> Select[Account]:
    others = select(Account).where(Account.id != actor.account_id, Account.status != AccountStatus.CLOSED)
    if Role.ADMINISTRATOR in actor.roles:
        return others
    return others.where(only_on_the_staff_of(actor.organisation_ids(Role.EMPLOYER)))


def only_on_the_staff_of(organisation_ids: list[int]) -> ColumnElement[bool]:
    """An employee who also is, say, a supervisor must not be taken over by his employer."""
    bound = exists().where(
        Person.account_id == Account.id,
        Binding.person_id == Person.id,
        Binding.status == BindingStatus.ACTIVE,
        Binding.organisation_id.in_(organisation_ids),
    )
    more = exists().where(Grant.account_id == Account.id, Grant.role != Role.PROFESSIONAL)
    return and_(bound, ~more) if organisation_ids else false()


def suspend(session: Session, actor: Actor, account_id: int) -> None:
    """All sessions of the account end at once. Raises NotFound, OwnAccount, LastAdministrator, WrongStatus."""
    require(actor, Permission.ACCOUNT_MANAGE)
    if account_id == actor.account_id:
        raise OwnAccount
    _keep_an_administrator(session, account_id)
    _set_status(session, actor, account_id, AccountStatus.SUSPENDED, "account_suspend")
    sessions.end_all(session, account_id)


def reinstate(session: Session, actor: Actor, account_id: int) -> None:
    """Raises NotFound, WrongStatus."""
    require(actor, Permission.ACCOUNT_MANAGE)
    _set_status(session, actor, account_id, AccountStatus.ACTIVE, "account_reinstate")


def _set_status(session: Session, actor: Actor, account_id: int, status: AccountStatus, action: str) -> None:
    account = _existing(session, account_id)
    if account.status is status:
        raise WrongStatus
    before, account.status = account.status, status
    record(session, actor, action, account, before={"status": before}, after={"status": status})


def _existing(session: Session, account_id: int) -> Account:
    """Locked until the transaction ends. Raises NotFound, and WrongStatus for one that its owner has closed."""
    account = session.get(Account, account_id, with_for_update=True)
    if account is None:
        raise NotFound
    if account.status is AccountStatus.CLOSED:
        raise WrongStatus
    return account


def _keep_an_administrator(session: Session, account_id: int) -> None:
    """Raises LastAdministrator unless there is another one; two at once wait for each other."""
    hold(session, "administrators")
    others = select(Grant.id).join(Account, Account.id == Grant.account_id)
    others = others.where(Grant.role == Role.ADMINISTRATOR, Account.status == AccountStatus.ACTIVE)
    if session.scalars(others.where(Account.id != account_id).limit(1)).one_or_none() is None:
        raise LastAdministrator


def search(session: Session, actor: Actor, text: str = "", *, after_id: int = 0, limit: int = 50) -> Sequence[Account]:
    """Accounts with their grants whose user name begins with or whose name contains the text, in order of id."""
    require(actor, Permission.ACCOUNT_MANAGE)
    wanted = fields.search_text(text)
    found = select(Account).where(Account.id > after_id)
    if wanted:
        username = Account.username.startswith(wanted.lower(), autoescape=True)
        found = found.where(or_(username, person_names.holds(Account.display_name, wanted)))
    return session.scalars(found.options(selectinload(Account.grants)).order_by(Account.id).limit(limit)).all()


def roles_of(session: Session, actor: Actor, account_id: int) -> Sequence[Held]:
    """In the order in which they were granted."""
    require(actor, Permission.ACCOUNT_MANAGE)
    by = aliased(Account)
    rows = session.execute(
        select(Grant, Organisation.name, by.display_name)
        .outerjoin(Organisation, Organisation.id == Grant.organisation_id)
        .outerjoin(by, by.id == Grant.granted_by_id)
        .where(Grant.account_id == account_id)
        .order_by(Grant.id)
    )
    return [Held(grant, organisation or "", granted_by or "") for grant, organisation, granted_by in rows]


def create_account(session: Session, actor: Actor, *, username: str, display_name: str) -> str:
    """A one-time password for the new account, shown once. Raises InvalidField, UsernameUnavailable."""
    require(actor, Permission.ACCOUNT_MANAGE)
    return issue(session, actor, username, display_name)[1]


def create_first_administrator(session: Session, username: str) -> str:
    """A one-time password; for the command line, whose user owns the database anyway."""
    account, password = issue(session, SYSTEM, username, "系统管理员")
    _add_grant(session, SYSTEM, account, Role.ADMINISTRATOR, None)
    return password


def issue(session: Session, actor: Actor, username: str, display_name: str) -> tuple[Account, str]:
    """A new account with its one-time password, for whoever may appoint its owner to something.

    Raises InvalidField, UsernameUnavailable.
    """
    password = passwords.one_time_password()
    account = registration.open_account(session, username=username, display_name=display_name, password=password)
    record(session, actor, "account_create", account, after={"username": account.username})
    return account, password


def grant(session: Session, actor: Actor, account_id: int, role: Role, *, division: str | None = None) -> Grant:
    """Supervisor (of a division), analyst or administrator. Raises NotFound, InvalidField."""
    require(actor, Permission.ACCOUNT_MANAGE)
    if role not in GRANTABLE:
        raise InvalidField(ROLE, N_("该角色随注册或单位审核产生，不能在此授予。"))
    if (role is Role.SUPERVISOR) != (division is not None and divisions.can_be_chosen(division)):
        raise InvalidField(DIVISION, N_("主管部门须选择现行的行政区划，其他角色不选。"))
    return _add_grant(session, actor, _existing(session, account_id), role, division)


def _add_grant(session: Session, actor: Actor, account: Account, role: Role, division: str | None) -> Grant:
    same = select(Grant).where(Grant.account_id == account.id, Grant.role == role, Grant.division == division)
    if existing := session.scalars(same).one_or_none():
        return existing
    added = Grant(account_id=account.id, role=role, division=division, granted_by_id=actor.account_id, granted_at=now())
    session.add(added)
    session.flush()
    record(session, actor, "grant_add", account, after={"role": role, "division": division})
    return added


def revoke_grant(session: Session, actor: Actor, grant_id: int) -> None:
    """Effective at the next interaction. Raises NotFound, LastAdministrator, InvalidField."""
    require(actor, Permission.ACCOUNT_MANAGE)
    revoked = session.get(Grant, grant_id, with_for_update=True)
    if revoked is None:
        raise NotFound
    if revoked.role is Role.PROFESSIONAL:
        raise InvalidField(ROLE, N_("专业技术人员的角色不能取消；如需停止使用，请停用账号。"))
    if revoked.role is Role.ADMINISTRATOR:
        _keep_an_administrator(session, revoked.account_id)
    said = {"role": revoked.role, "organisation_id": revoked.organisation_id, "division": revoked.division}
    record(session, actor, "grant_remove", _existing(session, revoked.account_id), before=said)
    session.delete(revoked)


def set_language(session: Session, actor: Actor, language: str) -> None:
    """Raises InvalidField."""
    require(actor, Permission.ACCOUNT_OWN)
    if language not in LANGUAGES:
        raise InvalidField(LANGUAGE, N_("请选择列表中的语言。"))
    account = session.get_one(Account, actor.account_id)
    before, account.language = account.language, language
    record(session, actor, "language_change", account, before={"language": before}, after={"language": language})
