"""From a user name and a password to a ticket, in three steps so that a try is counted before bcrypt runs.

`begin` and `finish` each have a transaction of their own; `verify` runs between the two.
"""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NoReturn

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.accounts import Account, AccountStatus, Attempt, AttemptKind, Grant, Role, Ticket
from db.session import Recorded
from services import passwords, sealing, throttle, totp, usernames
from services.clock import now
from services.errors import N_, DomainError
from services.events import record
from services.permissions import visitor

TICKET_LIFE = timedelta(seconds=60)


class WrongCredentials(Recorded, DomainError):
    """The one answer for an unknown name, a wrong password and a suspended account."""

    message = N_("用户名或密码不正确，请重新输入。")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A counted try at signing in; without an account the name is unknown."""

    attempt_id: int
    account_id: int | None
    password_hash: str = field(repr=False)
    address: str


def begin(session: Session, username: str, *, address: str) -> Candidate:
    """Count the try. Raises TooManyAttempts (with `minutes`), WrongCredentials for an empty name."""
    name = usernames.normalised(username)
    if not name:
        raise WrongCredentials
    attempt = throttle.count_try(session, AttemptKind.SIGN_IN, throttle.key_for(name), address)
    account = _named(session, name)
    if account is None:
        return Candidate(attempt.id, None, passwords.nobodys_hash(), address)
    return Candidate(attempt.id, account.id, account.password_hash, address)


def _named(session: Session, name: str) -> Account | None:
    if not usernames.can_exist(name):
        return None
    return session.scalars(select(Account).where(Account.username == name)).one_or_none()


def verify(candidate: Candidate, password: str) -> bool:
    """Outside any transaction; takes the same time whether the account exists or not."""
    return passwords.matches(password, candidate.password_hash)


def finish(
    session: Session, candidate: Candidate, verified: bool, *, browser: str, remember: bool = False, totp_code: str = ""
) -> str:
    """A ticket for `sessions.redeem`. Raises WrongCredentials, CodeRequired, WrongCode, TooManyAttempts.

    `browser` is the value of the pre-session cookie; `remember` has effect for professionals only.
    """
    attempt = session.get_one(Attempt, candidate.attempt_id)
    account = (
        session.get(Account, candidate.account_id, with_for_update=True) if candidate.account_id is not None else None
    )
    if account is None or not verified or not _may_enter(account, candidate):
        _refuse(session, attempt, account, verified)
    attempt.succeeded = True
    roles = set(session.scalars(select(Grant.role).where(Grant.account_id == account.id)))
    if totp.demanded_of(roles):
        totp.check(session, account, totp_code, candidate.address)
    return _issue(session, account, browser, remember=remember and roles <= {Role.PROFESSIONAL})


def _may_enter(account: Account, candidate: Candidate) -> bool:
    """The password may have been changed while this one was being compared."""
    return account.status is AccountStatus.ACTIVE and account.password_hash == candidate.password_hash


def _refuse(session: Session, attempt: Attempt, account: Account | None, verified: bool) -> NoReturn:
    reason = "unknown" if account is None else "suspended" if verified else "password"
    subject, actor = account or attempt, visitor(attempt.address)
    record(session, actor, "sign_in_fail", subject, after={"reason": reason})
    if throttle.used_up_by(session, attempt):
        record(session, actor, "sign_in_lock", subject)
    raise WrongCredentials


def _issue(session: Session, account: Account, browser: str, *, remember: bool) -> str:
    token = secrets.token_urlsafe(32)
    ticket = Ticket(
        ticket_hash=sealing.fingerprint(token),
        browser_hash=sealing.fingerprint(browser),
        account_id=account.id,
        remember=remember,
        expires_at=now() + TICKET_LIFE,
    )
    session.add(ticket)
    return token
