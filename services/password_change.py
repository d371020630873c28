"""From an old password to a new one, in steps so that the try is counted first and bcrypt holds up nobody."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.accounts import Account, Attempt, AttemptKind, PasswordHistory
from db.people import Person
from db.session import Recorded, UnitOfWork
from services import identity, passwords, sessions, throttle
from services.clock import now
from services.errors import N_, DomainError, InvalidField, WrongStatus
from services.events import record
from services.permissions import Actor, Permission, require

REMEMBERED_PASSWORDS = 3


class WrongPassword(Recorded, DomainError):
    message = N_("原密码不正确，请重新输入。")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A counted try, with what was stored about the account at that moment."""

    attempt_id: int
    about: passwords.About = field(repr=False)
    password_hash: str = field(repr=False)
    earlier_hashes: Sequence[str] = field(repr=False)


def change(transaction: UnitOfWork, actor: Actor, *, old: str, new: str) -> None:
    """Ends every other session of the account at once.

    The work is cut into transactions, so it is handed the way to open one: what takes long is done between them.
    Raises TooManyAttempts, WrongPassword, InvalidField, WrongStatus.
    """
    require(actor, Permission.PASSWORD_CHANGE)
    with transaction() as session:
        candidate = _begin(session, actor)
    proven = passwords.matches(old, candidate.password_hash)
    with transaction() as session:
        _settle(session, actor, candidate, proven)
    new_hash = _hash_of_new(candidate, old, new)
    with transaction() as session:
        _finish(session, actor, candidate, new_hash)


def _begin(session: Session, actor: Actor) -> Candidate:
    """Whoever sits down at an open browser must not guess. Raises TooManyAttempts.

    Counted apart from the sign-in, so that outsiders cannot lock this and an office need not wait for its neighbour.
    """
    account = session.get_one(Account, actor.account_id)
    key = throttle.key_for(f"change/{account.id}")
    attempt = throttle.count_try(session, AttemptKind.SIGN_IN, key, "")
    about, earlier = _about(session, actor, account), _earlier_hashes(session, actor)
    return Candidate(attempt.id, about, account.password_hash, earlier)


def _about(session: Session, actor: Actor, account: Account) -> passwords.About:
    person = session.scalars(select(Person).where(Person.account_id == actor.account_id)).one_or_none()
    if person is None:
        return passwords.About(account.username)
    return passwords.About(account.username, person.mobile, identity.decrypt(person.id_number), person.birth_date)


def _earlier_hashes(session: Session, actor: Actor) -> Sequence[str]:
    own = select(PasswordHistory.password_hash).where(PasswordHistory.account_id == actor.account_id)
    return session.scalars(own.order_by(PasswordHistory.id.desc()).limit(REMEMBERED_PASSWORDS)).all()


def _settle(session: Session, actor: Actor, candidate: Candidate, proven: bool) -> None:
    """Raises WrongPassword."""
    if not proven:
        record(session, actor, "password_change_fail", session.get_one(Account, actor.account_id))
        raise WrongPassword
    session.get_one(Attempt, candidate.attempt_id).succeeded = True


def _hash_of_new(candidate: Candidate, old: str, new: str) -> str:
    """Raises InvalidField."""
    passwords.check_policy(new, candidate.about, field=passwords.NEW_PASSWORD)
    if passwords.same(old, new) or any(passwords.matches(new, earlier) for earlier in candidate.earlier_hashes):
        raise InvalidField(passwords.NEW_PASSWORD, N_("不能与现在或最近三次使用过的密码相同。"))
    return passwords.hash_password(new)


def _finish(session: Session, actor: Actor, candidate: Candidate, new_hash: str) -> None:
    """Raises WrongStatus when the password was changed or reset meanwhile."""
    account = session.get_one(Account, actor.account_id, with_for_update=True)
    if account.password_hash != candidate.password_hash:
        raise WrongStatus
    replace_hash(session, account, new_hash, must_change=False)
    sessions.end_all(session, account.id, keep=actor.session_id)
    record(session, actor, "password_change", account)


def replace_hash(session: Session, account: Account, password_hash: str, *, must_change: bool) -> None:
    """The old one is remembered."""
    session.add(PasswordHistory(account_id=account.id, password_hash=account.password_hash, set_at=now()))
    account.password_hash = password_hash
    account.must_change_password = must_change
