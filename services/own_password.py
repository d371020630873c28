"""The own password once more, before what nobody may do who merely sits down at somebody's open browser.

Cut into transactions, so that a try is counted first and bcrypt holds up nobody.
"""

from sqlalchemy.orm import Session

from db.accounts import Account, Attempt, AttemptKind
from db.session import Recorded, UnitOfWork
from services import passwords, throttle
from services.errors import N_, InvalidField, WrongStatus
from services.events import record
from services.permissions import Actor


class WrongPassword(Recorded, InvalidField):
    """Refused under the label of its field."""


def prove(transaction: UnitOfWork, actor: Actor, password: str, *, to: str, field: str = passwords.PASSWORD) -> str:
    """The stored hash that the password fits, for `take`. `to` is the code of what it is asked for.

    Raises TooManyAttempts, WrongPassword.
    """
    with transaction() as session:
        account = session.get_one(Account, actor.account_id)
        attempt_id = _count(session, account)
    proven = passwords.matches(password, account.password_hash)
    with transaction() as session:
        if not proven:
            record(session, actor, f"{to}_fail", session.get_one(Account, account.id))
            raise WrongPassword(field, N_("不正确，请重新输入。"))
        session.get_one(Attempt, attempt_id).succeeded = True
    return account.password_hash


def _count(session: Session, account: Account) -> int:
    """Apart from the sign-in, so that outsiders cannot lock this and an office need not wait for its neighbour."""
    return throttle.count_try(session, AttemptKind.SIGN_IN, throttle_key(account.id), "").id


def throttle_key(account_id: int) -> str:
    return throttle.key_for(f"own password/{account_id}")


def take(session: Session, actor: Actor, proven: str) -> Account:
    """The account, locked to be changed. Raises WrongStatus when its password was changed or reset meanwhile."""
    # Rows that merely refer to the account are written beside; to wait for them could be a deadlock.
    account = session.get_one(Account, actor.account_id, with_for_update={"key_share": True})
    if account.password_hash != proven:
        raise WrongStatus
    return account
