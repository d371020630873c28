"""Rows of old systems as they are explored, and what a plain loop in Python finds out about them."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from db import reading, transaction
from db.accounts import Role
from db.legacy import LegacyKind
from db.snapshots import Snapshot
from services import explored_rows, legacy_imports, snapshots
from services.explored_rows import ExploredRow
from services.permissions import SYSTEM, Actor, Scope
from services.pivots import TOTAL, Pivot
from services.questions import Dimension, Measure, Question
from tests import factories
from tests import legacy_files as files
from tests.services.legacy import receive

YEARS, HOURS = (2015, 2016, 2017), ("3", "8", "8.5", "16", "130")
KEYS: dict[Dimension, Callable[[ExploredRow], str]] = {
    Dimension.YEAR: lambda row: str(row.year),
    Dimension.DIVISION: lambda row: f"{row.division[:2]}0000" if row.division else "",
    Dimension.CATEGORY: lambda row: row.category,
    Dimension.KIND: lambda row: row.kind,
    Dimension.SYSTEM: lambda row: row.system,
    Dimension.MATCHING: lambda row: row.matching,
    Dimension.EMPLOYER: lambda row: row.employer,
    Dimension.HOURS: lambda row: str(min(int(row.hours // 8 * 8), 120)),
    Dimension.RESULT: lambda row: row.result,
}


def analyst() -> Actor:
    with transaction() as session:
        return factories.actor_of(session, factories.create_account(session, Role.ANALYST))


def somebody(role: Role) -> Actor:
    """Who may do whatever that role may, everywhere."""
    return Actor(1, "某人", scopes=(Scope(role, organisation_id=1, division="440000"),))


def records(count: int) -> list[Sequence[object]]:
    """Of people who have several each, at employers of whom one is known here, and of any length."""
    return [
        files.RECORD_HEADER,
        *(files.record(number, 年度=YEARS[number % 3], 学时=HOURS[number % 5]) for number in range(count)),
    ]


def imported(rows: Iterable[Sequence[object]], *, system: str = "省旧系统", name: str = "旧数据.csv") -> None:
    kind = LegacyKind.CERTIFICATE if "证书" in name else LegacyKind.RECORD
    importing = receive(files.text(rows), system=system, name=name, kind=kind)
    legacy_imports.run(transaction, SYSTEM, importing.id)


def snapshot(actor: Actor) -> Snapshot:
    return snapshots.make(reading, transaction, actor)


def everything(actor: Actor, made: Snapshot, question: Question) -> list[ExploredRow]:
    """Page by page to the end."""
    found: list[ExploredRow] = []
    while page := explored_rows.page(actor, made, question, after_id=found[-1].id if found else 0):
        found += page
    return found


def recomputed(rows: Sequence[ExploredRow], question: Question) -> dict[tuple[str, str], Decimal | int]:
    """The measure of every cell and total, by the plainest loop."""
    groups: dict[tuple[str, str], list[ExploredRow]] = {}
    for row in rows:
        keys = {KEYS[question.rows](row), TOTAL}
        columns = {KEYS[question.columns](row), TOTAL} if question.columns else {TOTAL}
        for place in ((key, column) for key in keys for column in columns):
            groups.setdefault(place, []).append(row)
    return {place: _measured(found, question.measure) for place, found in groups.items()}


def _measured(rows: Sequence[ExploredRow], measure: Measure) -> Decimal | int:
    hours = sum((row.hours for row in rows), Decimal(0))
    if measure is Measure.PEOPLE:
        return len({row.id_number_masked for row in rows})
    if measure is Measure.ROWS:
        return len(rows)
    return hours if measure is Measure.HOURS else (hours / len(rows)).quantize(Decimal("0.01"))


def told(pivot: Pivot) -> dict[tuple[str, str], Decimal | int]:
    return {place: found.told(pivot.question.measure) for place, found in pivot.cells.items()}
