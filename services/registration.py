"""Registration: a new account, and with it the person or the organisation's administrator it is for."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from db.accounts import Account
from services.errors import N_, DomainError
from services.permissions import Scope


class UsernameUnavailable(DomainError):
    message = N_("该账号不可用，请换一个用户名。")


class IdNumberUnavailable(DomainError):
    """Says nothing about whose number it is."""

    message = N_("该证件号码不能用于注册。如已注册过，请直接登录；忘记密码请联系单位管理员或系统管理员重置。")


def register_person(
    session: Session,
    *,
    username: str,
    password: str,
    name: str,
    id_number: str,
    mobile: str,
    email: str,
    address: str,
) -> Account:
    """A professional's account, whose password must be changed before the first entry.

    Raises InvalidField, UsernameUnavailable, IdNumberUnavailable, TooManyAttempts.
    """
    raise NotImplementedError


def register_account(
    session: Session,
    *,
    username: str,
    password: str,
    display_name: str,
    mobile: str,
    address: str,
    scopes: Iterable[Scope] = (),
) -> Account:
    """An account with its roles. Raises InvalidField, UsernameUnavailable, TooManyAttempts."""
    raise NotImplementedError
