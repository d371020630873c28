"""Accounts: passwords, roles and suspension."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from db.accounts import Account, Grant, Role
from services.permissions import Actor


def change_password(session: Session, actor: Actor, *, old: str, new: str) -> None:
    """Ends every other session of the account at once. Raises WrongPassword, InvalidField, TooManyAttempts."""
    raise NotImplementedError


def reset_password(session: Session, actor: Actor, account_id: int) -> str:
    """A one-time password, shown once; all sessions of the account end. Raises NotFound outside the actor's scope."""
    raise NotImplementedError


def suspend(session: Session, actor: Actor, account_id: int) -> None:
    """All sessions of the account end at once. Raises NotFound, OwnAccount."""
    raise NotImplementedError


def reinstate(session: Session, actor: Actor, account_id: int) -> None:
    raise NotImplementedError


def search(session: Session, actor: Actor, text: str = "", *, after_id: int = 0, limit: int = 50) -> Sequence[Account]:
    """Accounts with their grants whose user name begins with or whose name contains the text, in order of id."""
    raise NotImplementedError


def create_account(session: Session, actor: Actor, *, username: str, display_name: str) -> str:
    """A one-time password for the new account, shown once. Raises InvalidField, UsernameUnavailable."""
    raise NotImplementedError


def grant(session: Session, actor: Actor, account_id: int, role: Role, *, division: str | None = None) -> Grant:
    """Supervisor (of a division), analyst or administrator. Raises NotFound, InvalidField."""
    raise NotImplementedError


def revoke_grant(session: Session, actor: Actor, grant_id: int) -> None:
    """Raises NotFound, LastAdministrator."""
    raise NotImplementedError


def set_language(session: Session, actor: Actor, language: str) -> None:
    raise NotImplementedError


def create_first_administrator(session: Session, username: str) -> str:
    """A one-time password; for the command line, whose user owns the database anyway."""
    raise NotImplementedError
