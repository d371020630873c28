"""Accounts of people whom their employer brings into the system."""

import secrets
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.accounts import Account, Role
from db.imports import Import
from db.people import Binding, Person, TitleLevel
from services import (
    binding_steps,
    first_passwords,
    identity,
    legacy_settling,
    passwords,
    people,
    qualifications,
    registration,
    staff_columns,
)
from services.clock import now, today
from services.events import record
from services.permissions import Actor, Scope
from services.spreadsheets import Line

# Without the characters that look like others, and hardly ever a word.
_LETTERS, _CHARACTERS = "bcdfghjkmnpqrstvwxz", "bcdfghjkmnpqrstvwxz23456789"
_LENGTH = 8


def hire(
    session: Session, actor: Actor, importing: Import, lines: Sequence[Line]
) -> tuple[Sequence[Binding], Sequence[Account]]:
    """In the order of the lines, which nobody else may have registered meanwhile."""
    accounts = [_account(name, line) for name, line in zip(_usernames(session, len(lines)), lines, strict=True)]
    session.add_all(accounts)
    session.flush()
    hired = [_person(account, line.values) for account, line in zip(accounts, lines, strict=True)]
    session.add_all(hired)
    session.flush()
    legacy_settling.find_rows_of(session, hired)
    session.add_all(filter(None, map(qualifications.listed_title, hired)))
    for account in accounts:
        registration.give_role(session, account, Scope(Role.PROFESSIONAL))
        first_passwords.give(importing, account)
        record(session, actor, "account_import", account, after={"import_id": importing.id})
    session.flush()
    starts = [_first_day(line) for line in lines]
    entered = binding_steps.enter(session, actor, importing.organisation_id, list(zip(hired, starts, strict=True)))
    return entered, accounts


def _usernames(session: Session, number: int) -> Iterable[str]:
    """Names that nobody has; of eight characters there are so many that a second round is hardly ever needed."""
    names: set[str] = set()
    while len(names) < number:
        names |= {_username() for _ in range(number - len(names))}
        names -= set(session.scalars(select(Account.username).where(Account.username.in_(names))))
    return names


def _username() -> str:
    return secrets.choice(_LETTERS) + "".join(secrets.choice(_CHARACTERS) for _ in range(_LENGTH - 1))


def _account(username: str, line: Line) -> Account:
    return Account(
        username=username,
        display_name=line.values[registration.NAME],
        password_hash=passwords.nobodys_hash(),
        must_change_password=True,
        created_at=now(),
    )


def _person(account: Account, values: Any) -> Person:
    number = values[identity.ID_NUMBER]
    about = passwords.About(account.username, values[people.MOBILE], number)
    person = registration.new_person(account, about, values.get(people.EMAIL, ""))
    person.department = values.get(people.DEPARTMENT, "")
    person.title_series = values.get(staff_columns.TITLE_SERIES)
    person.title_level = values.get(staff_columns.TITLE_LEVEL, TitleLevel.NONE)
    person.title_name = values.get(people.TITLE_NAME, "")
    return person


def _first_day(line: Line) -> Any:
    return line.values.get(staff_columns.STARTED_ON) or today()
