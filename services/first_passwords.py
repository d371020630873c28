"""Passwords for the first entry, which an employer hands out to the people it has brought into the system.

They are stored nowhere: each is made from the installation's key, its account and the moment they were given, so that
the list can be printed again until it expires. Only whoever has not been in yet stands on it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from db.accounts import Account
from db.imports import Import, ImportRow
from db.people import Person
from services import accounts, import_access, passwords, sealing
from services.clock import now
from services.events import record
from services.permissions import Actor, Permission, require

LIFE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Handout:
    """What one person is handed."""

    name: str
    department: str
    mobile: str
    username: str
    password: str
    until: datetime


def give(importing: Import, account: Account) -> None:
    """Whoever knows the earlier one knows nothing any more."""
    account.password_hash = passwords.hash_once(_password(importing, account.id), _until(importing))


def _password(importing: Import, account_id: int) -> str:
    said = f"{importing.id}/{account_id}/{_given(importing).astimezone(UTC).isoformat(timespec='microseconds')}"
    return passwords.one_time_password(int.from_bytes(sealing.keyed_hash("first password", said)))


def _given(importing: Import) -> datetime:
    return importing.passwords_from or importing.uploaded_at


def _until(importing: Import) -> datetime:
    return _given(importing) + LIFE


def handouts(session: Session, actor: Actor, import_id: int) -> Iterator[Handout]:
    """Of everybody who has not been in; the look is recorded. Raises NotFound."""
    require(actor, Permission.PASSWORD_RESET)
    importing = import_access.get(session, actor, import_id)
    record(session, actor, "first_password_list", importing)
    for account, person in session.execute(_without_entry(importing).order_by(ImportRow.line)):
        password = _password(importing, account.id)
        yield Handout(person.name, person.department, person.mobile, account.username, password, _until(importing))


def _without_entry(importing: Import) -> Select[Account, Person]:
    """They must still be on the staff, and be nothing else, which is the rule for resetting passwords too."""
    return (
        select(Account, Person)
        .join(ImportRow, ImportRow.account_id == Account.id)
        .join(Person, Person.account_id == Account.id)
        .where(ImportRow.import_id == importing.id, import_access.never_in())
        .where(accounts.only_on_the_staff_of([importing.organisation_id]))
    )


def count(session: Session, actor: Actor, import_id: int) -> int:
    """How many have not been in yet."""
    importing = import_access.get(session, actor, import_id)
    return session.scalar(_without_entry(importing).with_only_columns(func.count())) or 0


def has_expired(importing: Import) -> bool:
    return _until(importing) <= now()


def renew(session: Session, actor: Actor, import_id: int) -> None:
    """New passwords for everybody who has not been in; the list that was printed before is worth nothing any more."""
    require(actor, Permission.PASSWORD_RESET)
    importing = import_access.get_to_change(session, actor, import_id)
    importing.passwords_from = now()
    for account, _person in session.execute(_without_entry(importing)):
        give(importing, account)
    record(session, actor, "first_password_renew", importing)
