"""Closing one's own account: what must be settled before, and how somebody whose hours stay comes back."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, exists, func, select, union_all
from sqlalchemy.orm import Session, aliased

from db.accounts import Account, AccountStatus, Grant, Role
from db.certificates import Certificate
from db.claims import Claim, ClaimStatus
from db.identity_changes import IdentityChange
from db.legacy import LegacyRow
from db.locks import hold
from db.misconduct import MisconductRecord
from db.organisations import Organisation, OrganisationStatus
from db.people import Binding, BindingAction, BindingStatus, EndReason, Person
from db.profile_changes import ProfileChange, ProfileChangeStatus
from db.session import UnitOfWork
from services import (
    binding_steps,
    enrolments,
    forgetting,
    identity_changes,
    own_account,
    own_password,
    passwords,
    people,
    profile_changes,
    registration,
    stored_files,
    usernames,
)
from services.claim_access import COUNTED, hold_claims
from services.clock import today
from services.errors import N_, DomainError, InvalidField, NotFound, WrongStatus
from services.events import record
from services.permissions import Actor, Permission, Scope, require
from services.storage import StorageUnavailable


class Obstacle(StrEnum):
    """What its owner must settle before the account can be closed."""

    CLAIMS_WAITING = "claims_waiting"
    EMPLOYER_ASKED = "employer_asked"
    CHANGES_WAITING = "changes_waiting"
    LAST_REVIEWER = "last_reviewer"
    LAST_ADMINISTRATOR = "last_administrator"


class NotSettled(DomainError):
    message = N_("还有事项没有办完，暂时不能注销账号。请先办完列出的事项。")


class IdentityNotChecked(DomainError):
    message = N_("请先核对本人的身份证件并勾选，再恢复账号。")


class NothingKept(DomainError):
    message = N_("该账号注销时没有需要保留的学时和证书，不能恢复。请当事人重新注册。")


@dataclass(frozen=True, slots=True)
class Outlook:
    """What stands in the way, and whether hours or certificates would hold on to name and ID number."""

    obstacles: dict[Obstacle, int]
    keeps_record: bool


WAITING = frozenset({ClaimStatus.SUBMITTED, ClaimStatus.ENDORSED})
# A merged or returned one needs nobody any more.
IN_NEED = (OrganisationStatus.APPLIED, OrganisationStatus.APPROVED, OrganisationStatus.SUSPENDED)


def _waiting_claims(actor: Actor) -> Select[int]:
    return select(func.count(Claim.id)).where(Claim.person_id == actor.person_id, Claim.status.in_(WAITING))


def _asked_employers(actor: Actor) -> Select[int]:
    coming = Binding.status.in_(binding_steps.COMING)
    return select(func.count(Binding.id)).where(Binding.person_id == actor.person_id, coming)


def _waiting_changes(actor: Actor) -> Select[int]:
    """Of the basic information, and of name or ID number."""
    profile = select(ProfileChange.id).where(
        ProfileChange.person_id == actor.person_id, ProfileChange.status == ProfileChangeStatus.REQUESTED
    )
    identities = select(IdentityChange.id).where(
        IdentityChange.person_id == actor.person_id, IdentityChange.status.in_(identity_changes.OPEN)
    )
    return select(func.count()).select_from(union_all(profile, identities).subquery())


def _organisations_without_others(actor: Actor) -> Select[int]:
    # From the grants: who has no organisation would have SQLite look at every one that needs somebody.
    held = aliased(Grant)
    own = held.account_id == actor.account_id, Organisation.id.in_(actor.own_organisation_ids)
    found = select(func.count(Organisation.id.distinct())).join(held, held.organisation_id == Organisation.id)
    alone = ~_another(actor, Grant.organisation_id == Organisation.id)
    return found.where(*own, Organisation.status.in_(IN_NEED), alone)


def _administration_without_others(actor: Actor) -> Select[int]:
    mine = Grant.account_id == actor.account_id, Grant.role == Role.ADMINISTRATOR
    other = aliased(Grant)
    return select(func.count(Grant.id)).where(*mine, ~_another(actor, other.role == Role.ADMINISTRATOR, other))


def _another(actor: Actor, same: ColumnElement[bool], grant: type[Grant] = Grant) -> ColumnElement[bool]:
    """Somebody else who can sign in holds a grant like this."""
    active = and_(Account.id == grant.account_id, Account.status == AccountStatus.ACTIVE)
    return exists().where(same, active, grant.account_id != actor.account_id)


OBSTACLES: dict[Obstacle, Callable[[Actor], Select[int]]] = {
    Obstacle.CLAIMS_WAITING: _waiting_claims,
    Obstacle.EMPLOYER_ASKED: _asked_employers,
    Obstacle.CHANGES_WAITING: _waiting_changes,
    Obstacle.LAST_REVIEWER: _organisations_without_others,
    Obstacle.LAST_ADMINISTRATOR: _administration_without_others,
}


def outlook(session: Session, actor: Actor) -> Outlook:
    """In one query."""
    require(actor, Permission.ACCOUNT_OWN)
    counts = [count(actor).scalar_subquery() for count in OBSTACLES.values()]
    *found, keeps_record = session.execute(select(*counts, _has_record(actor.person_id))).one()
    obstacles = {kind: count for kind, count in zip(OBSTACLES, found, strict=True) if count}
    return Outlook(obstacles, bool(keeps_record))


def _has_record(person_id: int | None) -> ColumnElement[bool]:
    hours = exists().where(Claim.person_id == person_id, Claim.status.in_(COUNTED))
    stands = MisconductRecord.status.not_in(forgetting.UNFOUNDED)
    case = exists().where(MisconductRecord.person_id == person_id, stands)
    old = exists().where(LegacyRow.person_id == person_id)
    return hours | case | exists().where(Certificate.person_id == person_id) | old


def close(transaction: UnitOfWork, actor: Actor, *, username: str, password: str) -> None:
    """For good. The user name is typed as the sign that it is meant.

    Raises InvalidField, TooManyAttempts, WrongPassword, WrongStatus, NotSettled.
    """
    require(actor, Permission.ACCOUNT_OWN)
    if usernames.normalised(username) != actor.username:
        raise InvalidField(usernames.USERNAME, N_("与您的用户名不一致，请重新输入。"))
    proven = own_password.prove(transaction, actor, password, to="account_close")
    with transaction() as session:
        own_account.keep_open(session, actor)  # what is on its way is stored, and forgotten with the rest
        enrolments.leave_all(session, actor)  # classes are held before people, as by who enrols
        _keep_still(session, actor)
        account = own_password.take(session, actor, proven)
        expected = outlook(session, actor)
        if expected.obstacles:
            raise NotSettled
        _leave_employer(session, actor)
        before, kept = {"status": account.status}, expected.keeps_record
        forgetting.forget(session, actor, account, keeps_record=kept)
        after = {"status": account.status, "keeps_record": kept}
        record(session, actor, "account_close", account, before=before, after=after)
    with suppress(StorageUnavailable):  # the account is closed all the same, and the daily sweep tries again
        stored_files.remove_discarded(transaction)


def _keep_still(session: Session, actor: Actor) -> None:
    """Nothing that stands in the way can come up until the transaction ends; who closes beside waits."""
    hold(session, "administrators")
    for organisation_id in sorted(actor.own_organisation_ids):
        hold(session, f"reviewers/{organisation_id}")
    profile_changes.hold_profile(session, actor.person_id)
    hold_claims(session, session.scalars(select(Claim.id).where(Claim.person_id == actor.person_id)).all())
    people.hold_employment(session, actor.person_id)
    session.execute(select(Person.id).where(Person.id == actor.person_id).with_for_update())
    session.execute(select(Claim.id).where(Claim.person_id == actor.person_id).with_for_update())


def _leave_employer(session: Session, actor: Actor) -> None:
    mine = select(Binding).where(Binding.person_id == actor.person_id, Binding.status == BindingStatus.ACTIVE)
    for binding in session.scalars(mine):
        binding.end_reason, binding.ended_on, binding.reason = EndReason.LEFT, today(), ""
        binding_steps.decide(session, actor, binding, BindingAction.END, on=today())
    session.flush()


def can_reopen(account: Account) -> bool:
    return account.status is AccountStatus.CLOSED and account.display_name != forgetting.NOBODY


def reopen(session: Session, actor: Actor, account_id: int, *, username: str, identity_checked: bool) -> str:
    """A one-time password for somebody whose hours were kept, and who has proven in person that he is the one.

    Raises IdentityNotChecked, NotFound, WrongStatus, NothingKept, InvalidField, UsernameUnavailable.
    """
    require(actor, Permission.ACCOUNT_MANAGE)
    if not identity_checked:
        raise IdentityNotChecked
    name, password = usernames.checked(username), passwords.one_time_password()
    # Before the first statement, because SQLite lets nobody else write after it.
    password_hash = passwords.hash_password(password)
    account = session.get(Account, account_id, with_for_update=True)
    if account is None:
        raise NotFound
    if account.status is not AccountStatus.CLOSED:
        raise WrongStatus
    if not can_reopen(account):
        raise NothingKept
    if registration.username_taken(session, name):
        raise registration.UsernameUnavailable
    account.username, account.password_hash, account.must_change_password = name, password_hash, True
    account.status = AccountStatus.ACTIVE
    registration.give_role(session, account, Scope(Role.PROFESSIONAL))
    before, after = {"status": AccountStatus.CLOSED}, {"status": account.status, "username": name}
    record(session, actor, "account_reopen", account, before=before, after=after)
    return password
