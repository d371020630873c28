"""Taking a whole import back, as far as nobody has built on it: what has moved on since is named and stays.

Refusing the whole would leave an employer with a wrong list of five hundred for the sake of one who has signed in.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, or_, select
from sqlalchemy.orm import Session

from db.accounts import Account, AccountStatus, Grant, Role
from db.base import Base
from db.claims import Claim, ClaimStatus
from db.imports import Import, ImportRow, ImportStatus, RowOutcome
from db.people import Binding, BindingStatus, BindingStep, Person
from db.qualifications import Title
from db.reminders import Reminder
from db.session import UnitOfWork
from services import employer_claims, import_access, legacy_settling, passwords
from services.clock import now
from services.errors import WrongStatus
from services.events import record
from services.imports import CHUNK
from services.permissions import Actor

UNDOABLE = frozenset({ImportStatus.RUNNING, ImportStatus.IMPORTED, ImportStatus.UNDOING})
MOST_NAMED = 50
CLOSED = "（导入已撤销）"


@dataclass(frozen=True, slots=True)
class Outlook:
    """What undoing an import would do: how many rows it takes back, how many stay, and the first of those by name."""

    taken_back: int
    staying: int
    named: Sequence[str]


def outlook(session: Session, actor: Actor, import_id: int) -> Outlook:
    importing = import_access.get(session, actor, import_id)
    accepted, untouched = _accepted(importing), _untouched()
    taken_back = session.scalar(accepted.where(untouched).with_only_columns(func.count(ImportRow.id))) or 0
    staying = accepted.where(~untouched)
    named = session.scalars(staying.with_only_columns(Person.name).order_by(ImportRow.line).limit(MOST_NAMED)).all()
    return Outlook(taken_back, session.scalar(staying.with_only_columns(func.count(ImportRow.id))) or 0, named)


def _accepted(importing: Import) -> Select[ImportRow]:
    """The rows that something came of, with what it was."""
    return (
        select(ImportRow)
        .outerjoin(Claim, Claim.id == ImportRow.claim_id)
        .outerjoin(Binding, Binding.id == ImportRow.binding_id)
        .outerjoin(Person, Person.id == func.coalesce(Claim.person_id, Binding.person_id))
        .outerjoin(Account, Account.id == ImportRow.account_id)
        .where(ImportRow.import_id == importing.id, ImportRow.outcome == RowOutcome.ACCEPTED)
    )


def _untouched() -> ColumnElement[bool]:
    """Hours that the supervisor has not decided about; a new account that nobody has used, still with this employer."""
    more = exists().where(Grant.account_id == Account.id, Grant.role != Role.PROFESSIONAL)
    has_claims = exists().where(Claim.person_id == Binding.person_id).correlate(Binding)
    hours = and_(ImportRow.claim_id.is_not(None), Claim.status == ClaimStatus.ENDORSED)
    hired = and_(
        ImportRow.account_id.is_not(None),
        import_access.never_in(),
        Binding.status == BindingStatus.ACTIVE,
        ~has_claims,
        ~more,
    )
    return or_(hours, hired)


def undo(transaction: UnitOfWork, actor: Actor, import_id: int) -> None:
    """In chunks, like the import itself: a second try goes on where the first one stopped.

    Raises NotFound, WrongStatus.
    """
    while True:
        with transaction() as session:
            if not _undo_some(session, actor, import_id):
                return


def _undo_some(session: Session, actor: Actor, import_id: int) -> int:
    importing = import_access.get_to_change(session, actor, import_id)
    if importing.status not in UNDOABLE:
        raise WrongStatus
    importing.status = ImportStatus.UNDOING
    rows = session.scalars(_accepted(importing).where(_untouched()).limit(CHUNK)).all()
    _dismiss(session, actor, [row for row in rows if row.account_id is not None])
    for row in rows:
        if row.claim_id is not None:
            _take_back(session, actor, row, row.claim_id)
    if not rows:
        importing.status, importing.undone_at = ImportStatus.UNDONE, now()
        record(session, actor, "import_undo", importing, after={"status": importing.status})
    return len(rows)


def _take_back(session: Session, actor: Actor, row: ImportRow, claim_id: int) -> None:
    try:
        employer_claims.take_back(session, actor, claim_id)
    except WrongStatus:  # decided a moment ago, so it is one of those that stay
        return
    session.delete(row)


def _dismiss(session: Session, actor: Actor, rows: Sequence[ImportRow]) -> None:
    """Nobody's account is left behind closed, and empty, so that whoever it was for can register himself."""
    accounts = [row.account_id for row in rows]
    bindings = [row.binding_id for row in rows]
    for account in session.scalars(select(Account).where(Account.id.in_(accounts))):
        record(session, actor, "account_import_undo", account, before={"username": account.username})
        account.status, account.password_hash = AccountStatus.CLOSED, passwords.nobodys_hash()
        account.display_name = CLOSED
    people = select(Person.id).where(Person.account_id.in_(accounts))
    legacy_settling.let_go(session, actor, Person.account_id.in_(accounts))
    gone: list[tuple[type[Base], ColumnElement[bool]]] = [
        (ImportRow, ImportRow.id.in_([row.id for row in rows])),
        (BindingStep, BindingStep.binding_id.in_(bindings)),
        (Binding, Binding.id.in_(bindings)),
        (Reminder, Reminder.person_id.in_(people)),
        (Title, Title.person_id.in_(people)),
        (Person, Person.account_id.in_(accounts)),
        (Grant, Grant.account_id.in_(accounts)),
    ]
    for table, condition in gone:
        session.execute(delete(table).where(condition), execution_options={"synchronize_session": False})
