"""Registration: a new account, and with it the person or the organisation's administrator it is for."""

import unicodedata
from collections.abc import Callable

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from db.accounts import Account, AttemptKind, Grant, Role
from db.locks import hold
from db.people import Person
from db.session import Recorded
from services import fields, identity, legacy_settling, passwords, person_names, throttle, usernames
from services.clock import now
from services.errors import N_, DomainError, InvalidField
from services.events import record
from services.permissions import Actor, Scope, visitor

NAME = N_("姓名")
MOBILE = N_("手机号码")
EMAIL = N_("电子邮箱")
LONGEST_NAME = 50
_BETWEEN = frozenset(f" {person_names.INTERPUNCT}-.'’")


class UsernameUnavailable(Recorded, DomainError):
    message = N_("该账号不可用，请换一个用户名。")


class IdNumberUnavailable(Recorded, DomainError):
    """Says nothing about whose number it is."""

    message = N_(
        "该证件号码不能用于注册。如已注册过，请直接登录；忘记密码请联系单位管理员或系统管理员重置；"
        "注销过账号的，请联系系统管理员恢复。"
    )


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
    fields.refuse_blanks(
        {
            usernames.USERNAME: username,
            passwords.PASSWORD: password,
            NAME: name,
            identity.ID_NUMBER: id_number,
            MOBILE: mobile,
            EMAIL: email,
        }
    )
    username, name, number = usernames.checked(username), person_name(name), identity.parse(id_number)
    about = passwords.About(username, fields.phone(MOBILE, mobile), number, identity.birth_date(number))
    email = fields.email(EMAIL, email)
    account = _new_account(about, password, name)
    _refuse_too_many(session, address)
    _refuse_taken(session, about, address)
    _store(session, account, address)
    give_role(session, account, Scope(Role.PROFESSIONAL))
    person = new_person(account, about, email)
    session.add(person)
    legacy_settling.find_rows_of(session, [person])
    return account


def register_account(
    session: Session,
    *,
    username: str,
    password: str,
    display_name: str,
    mobile: str,
    address: str,
    guard: Callable[[], None],
) -> Account:
    """An account without a role, whose password must be changed before the first entry; `give_role` adds its role.

    To be called before anything else is stored, because a refusal stores what was stored by then; `guard` raises
    what else refuses this registration. Raises InvalidField, UsernameUnavailable, TooManyAttempts.
    """
    about = passwords.About(usernames.checked(username), fields.phone(MOBILE, mobile))
    account = _new_account(about, password, person_name(display_name))
    _refuse_too_many(session, address)
    _refuse_taken(session, about, address)
    guard()
    _store(session, account, address)
    return account


def give_role(session: Session, account: Account, scope: Scope) -> None:
    """The role that a registration is for."""
    session.add(
        Grant(
            account_id=account.id,
            role=scope.role,
            organisation_id=scope.organisation_id,
            division=scope.division,
            granted_at=now(),
        )
    )


def person_name(text: str, field: str = NAME) -> str:
    """Letters of any script with what stands between them, such as 阿卜杜拉·买买提. Raises InvalidField."""
    name = person_names.with_one_dot(fields.required_text(field, text, LONGEST_NAME))
    letters = [character for character in name if character not in _BETWEEN]
    if not letters or any(unicodedata.category(character)[0] not in "LM" for character in letters):
        raise InvalidField(field, N_("只能含有文字、间隔号、空格和连字符，请按证件填写。"))
    return name


def open_account(session: Session, *, username: str, display_name: str, password: str) -> Account:
    """An account that somebody else makes, with a one-time password. Raises InvalidField, UsernameUnavailable."""
    account = _unsaved(usernames.checked(username), person_name(display_name), password)
    if username_taken(session, account.username):
        raise UsernameUnavailable
    session.add(account)
    session.flush()
    return account


def username_taken(session: Session, username: str) -> bool:
    """The answer holds until this transaction ends."""
    hold(session, f"username {username}")
    return _exists(session, Account.username == username)


def _new_account(about: passwords.About, password: str, display_name: str) -> Account:
    """Hashed before the first statement, because SQLite lets nobody else write after it."""
    passwords.check_policy(password, about)
    return _unsaved(about.username, display_name, password)


def _unsaved(username: str, display_name: str, password: str) -> Account:
    return Account(
        username=username,
        display_name=display_name,
        password_hash=passwords.hash_password(password),
        must_change_password=True,
        created_at=now(),
    )


def _refuse_too_many(session: Session, address: str) -> None:
    """Offices share an address, hence many successes but few guesses at what is taken. Raises TooManyAttempts."""
    if not address:
        return
    kind = AttemptKind.REGISTRATION
    hold(session, f"{kind}@{address}")
    throttle.refuse_beyond(session, throttle.REFUSED_REGISTRATIONS, throttle.failures_of_address(kind, address))
    throttle.refuse_beyond(session, throttle.REGISTRATIONS, throttle.successes_of_address(kind, address))


def _refuse_taken(session: Session, about: passwords.About, address: str) -> None:
    if username_taken(session, about.username):
        note_refusal(session, about.username, address)
        raise UsernameUnavailable
    if about.id_number and id_number_taken(session, about.id_number):
        note_refusal(session, about.id_number, address)
        raise IdNumberUnavailable


def hold_id_number(session: Session, digest: str) -> None:
    """Nobody else registers with it until this transaction ends."""
    hold(session, f"id number {digest}")


def id_number_taken(session: Session, number: str) -> bool:
    """The answer holds until this transaction ends."""
    digest = identity.digest(number)
    hold_id_number(session, digest)
    return _exists(session, Person.id_number_digest == digest)


def _exists(session: Session, which: ColumnElement[bool]) -> bool:
    return bool(session.scalar(select(exists().where(which))))


def note_refusal(session: Session, tried: str, address: str) -> None:
    """Guesses at what is registered are counted; `tried` is what the refusal was about."""
    key = throttle.key_for(tried)
    attempt = throttle.note(session, AttemptKind.REGISTRATION, key, address, succeeded=False)
    record(session, visitor(address), "account_register_refuse", attempt)


def _store(session: Session, account: Account, address: str) -> None:
    session.add(account)
    session.flush()
    key = throttle.key_for(account.username)
    throttle.note(session, AttemptKind.REGISTRATION, key, address, succeeded=True)
    actor = Actor(account.id, account.display_name, username=account.username, address=address)
    record(session, actor, "account_register", account, after={"username": account.username})


def new_person(account: Account, about: passwords.About, email: str) -> Person:
    return Person(
        account_id=account.id,
        name=account.display_name,
        mobile=about.mobile,
        email=email,
        registered_at=now(),
        **identity.columns(about.id_number),
    )
