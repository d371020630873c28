"""From a user name and a password to a ticket, in three steps so that a try is counted before bcrypt runs.

with transaction() as session:
    candidate = begin(session, username, address=address)
verified = verify(candidate, password)
with transaction() as session:
    ticket = finish(session, candidate, verified, browser=browser, remember=remember, totp_code=code)
"""

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from services.errors import N_, DomainError


class WrongCredentials(DomainError):
    """The one answer for an unknown name, a wrong password and a suspended account."""

    message = N_("用户名或密码不正确，请重新输入。")


class CodeRequired(DomainError):
    """The password was right and the account also needs its one-time code."""

    message = N_("请输入动态验证码。")


class WrongCode(DomainError):
    message = N_("动态验证码不正确或已使用过，请等待新的验证码再试。")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A counted try at signing in; without an account the name is unknown."""

    attempt_id: int
    account_id: int | None
    password_hash: str = field(repr=False)
    address: str


def begin(session: Session, username: str, *, address: str) -> Candidate:
    """Count the try. Raises TooManyAttempts (with `minutes`), WrongCredentials for an empty name."""
    raise NotImplementedError


def verify(candidate: Candidate, password: str) -> bool:
    """Outside any transaction; takes the same time whether the account exists or not."""
    raise NotImplementedError


def finish(
    session: Session, candidate: Candidate, verified: bool, *, browser: str, remember: bool = False, totp_code: str = ""
) -> str:
    """A ticket for `sessions.redeem`. Raises WrongCredentials, CodeRequired, WrongCode, TooManyAttempts.

    `browser` is the value of the pre-session cookie; `remember` has effect for professionals only.
    """
    raise NotImplementedError
