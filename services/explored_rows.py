"""The rows behind a figure, page by page and as a whole; ID numbers are masked, as they already are in a snapshot."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from db.claims import Category
from db.snapshots import Snapshot
from services import snapshot_queries
from services.asked_hours import as_hours
from services.errors import N_, DomainError
from services.long_work import Progress, unwatched
from services.permissions import Actor, Permission, require
from services.questions import Question

PAGE_SIZE = 50
MOST_ROWS, BATCH = 100_000, 10_000
_COLUMNS = (
    "id, system, file, line, kind, matching, name, id_number_masked, birth_year, employer, division, year, category,"
    " hours, general, professional, elective, number, title, starts_on, ends_on, approved_on, result"
)


class TooManyRows(DomainError):
    message = N_("共 %(rows)s 条记录，超过一次导出的上限 %(most)s 条。请增加筛选条件后再导出。")


class ExploredRow(NamedTuple):
    """A row as an analyst sees it; codes and words are empty where it says nothing."""

    id: int
    system: str
    file: str
    line: int
    kind: str
    matching: str
    name: str
    id_number_masked: str
    birth_year: int | None
    employer: str
    division: str
    year: int
    category: str
    hours: Decimal
    general: Decimal | None
    professional: Decimal | None
    elective: Decimal | None
    number: str
    title: str
    starts_on: date | None
    ends_on: date | None
    approved_on: date | None
    result: str


def page(actor: Actor, snapshot: Snapshot, question: Question, *, after_id: int = 0) -> Sequence[ExploredRow]:
    """In the order in which they came. Raises PermissionDenied, StorageDamaged, StorageUnavailable."""
    return list(_some(actor, snapshot, question, after_id, PAGE_SIZE))


def everything(
    actor: Actor, snapshot: Snapshot, question: Question, *, on_progress: Progress = unwatched
) -> Iterator[ExploredRow]:
    """Batch by batch. Raises like `page`, and TooManyRows before the first one."""
    require(actor, Permission.LEGACY_EXPLORE)
    ((count,),) = snapshot_queries.ask(snapshot.sha256, question, "SELECT count(*) FROM asked")
    if count > MOST_ROWS:
        raise TooManyRows(rows=count, most=MOST_ROWS)
    return _in_batches(actor, snapshot, question, count, on_progress)


def _in_batches(
    actor: Actor, snapshot: Snapshot, question: Question, count: int, on_progress: Progress
) -> Iterator[ExploredRow]:
    done = last = 0
    while done < count:
        batch = list(_some(actor, snapshot, question, last, BATCH))
        yield from batch
        done, last = done + len(batch), batch[-1].id
        on_progress(done, count)


def _some(actor: Actor, snapshot: Snapshot, question: Question, after_id: int, most: int) -> Iterator[ExploredRow]:
    require(actor, Permission.LEGACY_EXPLORE)
    statement = f"SELECT {_COLUMNS} FROM asked WHERE id > ? ORDER BY id LIMIT ?"  # noqa: S608
    return map(_row, snapshot_queries.ask(snapshot.sha256, question, statement, (after_id, most)))


def _row(found: Sequence[Any]) -> ExploredRow:
    told = list(found)
    for position in _IN_TENTHS:
        if told[position] is not None:
            told[position] = _hours(told[position])
    return ExploredRow(*told)


# Rows tell the same few hours again and again.
_hours = lru_cache(as_hours)
_IN_TENTHS = [ExploredRow._fields.index(name) for name in ("hours", *Category)]
