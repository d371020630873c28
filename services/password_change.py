"""From an old password to a new one, which ends every other session."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.accounts import Account, PasswordHistory
from db.people import Person
from db.session import UnitOfWork
from services import identity, own_password, passwords, sessions
from services.clock import now
from services.errors import N_, InvalidField
from services.events import record
from services.permissions import Actor, Permission, require

OLD_PASSWORD = N_("原密码")
REMEMBERED_PASSWORDS = 3


def change(transaction: UnitOfWork, actor: Actor, *, old: str, new: str) -> None:
    """Ends every other session of the account at once.

    The work is cut into transactions, so it is handed the way to open one: what takes long is done between them.
    Raises TooManyAttempts, WrongPassword, InvalidField, WrongStatus.
    """
    require(actor, Permission.PASSWORD_CHANGE)
    proven = own_password.prove(transaction, actor, old, to="password_change", field=OLD_PASSWORD)
    with transaction() as session:
        about, earlier_hashes = _about(session, actor), _earlier_hashes(session, actor)
    new_hash = _hash_of_new(about, earlier_hashes, old, new)
    with transaction() as session:
        account = own_password.take(session, actor, proven)
        replace_hash(session, account, new_hash, must_change=False)
        sessions.end_all(session, account.id, keep=actor.session_id)
        record(session, actor, "password_change", account)


def _about(session: Session, actor: Actor) -> passwords.About:
    account = session.get_one(Account, actor.account_id)
    person = session.scalars(select(Person).where(Person.account_id == actor.account_id)).one_or_none()
    if person is None:
        return passwords.About(account.username)
    return passwords.About(account.username, person.mobile, identity.decrypt(person.id_number), person.birth_date)


def _earlier_hashes(session: Session, actor: Actor) -> Sequence[str]:
    own = select(PasswordHistory.password_hash).where(PasswordHistory.account_id == actor.account_id)
    return session.scalars(own.order_by(PasswordHistory.id.desc()).limit(REMEMBERED_PASSWORDS)).all()


def _hash_of_new(about: passwords.About, earlier_hashes: Sequence[str], old: str, new: str) -> str:
    """Raises InvalidField."""
    passwords.check_policy(new, about, field=passwords.NEW_PASSWORD)
    if passwords.same(old, new) or any(passwords.matches(new, earlier) for earlier in earlier_hashes):
        raise InvalidField(passwords.NEW_PASSWORD, N_("不能与现在或最近三次使用过的密码相同。"))
    return passwords.hash_password(new)


def replace_hash(session: Session, account: Account, password_hash: str, *, must_change: bool) -> None:
    """The old one is remembered."""
    session.add(PasswordHistory(account_id=account.id, password_hash=account.password_hash, set_at=now()))
    account.password_hash = password_hash
    account.must_change_password = must_change
