"""What an analyst takes along: the rows or the figures of a question as a table, in words."""

from collections.abc import Sequence
from typing import NamedTuple

from db.snapshots import Snapshot
from services import explored_rows, flat_files, pivots, questions, suppression, workbooks
from services.exploration_files import Exported, FileFormat, MadeFile
from services.long_work import Progress
from services.permissions import Actor
from services.pivots import TOTAL, Pivot
from services.questions import Question
from services.workbooks import Content, Heading, Sheet
from web import explore_rows, explore_words
from web.explore_snapshot import DIGITS
from web.i18n import _
from web.labels import word

WIDTH = 18
# Where a figure stays away; nothing in a file that calculates.
HIDDEN = "*"


class Wanted(NamedTuple):
    """`protecting` leaves groups of few people out of the figures."""

    content: Exported
    format: FileFormat
    protecting: bool


class Written(NamedTuple):
    titles: Sequence[str]
    rows: list[Sequence[Content]]


def make(actor: Actor, snapshot: Snapshot, question: Question, wanted: Wanted, show: Progress) -> MadeFile:
    """Raises TooManyRows, StorageDamaged, StorageUnavailable."""
    pivot = pivots.ask(actor, snapshot, questions.charted(question), counting_people=wanted.protecting)
    if wanted.content is Exported.FIGURES:
        hidden = None if wanted.format is FileFormat.PARQUET else HIDDEN
        table = figures(pivot, hidden, protecting=wanted.protecting)
    else:
        cells = explore_rows.cells()
        found = explored_rows.everything(actor, snapshot, question, on_progress=show)
        table = Written(explore_rows.titles(), [cells(row) for row in found])
    media_type, content = _content(table, wanted.format)
    kind = _("记录") if wanted.content is Exported.ROWS else _("汇总")
    name = _("历史数据%(kind)s_快照%(snapshot)s_%(hash)s") % {
        "kind": kind,
        "snapshot": snapshot.id,
        "hash": pivot.digest[:DIGITS],
    }
    return MadeFile(f"{name}.{wanted.format}", media_type, content, len(table.rows))


def _content(table: Written, wanted: FileFormat) -> tuple[str, bytes]:
    match wanted:
        case FileFormat.CSV:
            return flat_files.CSV_TYPE, flat_files.as_csv(*table)
        case FileFormat.PARQUET:
            return flat_files.PARQUET_TYPE, flat_files.as_parquet(*table)
        case FileFormat.XLSX:
            headings = [Heading(title, WIDTH) for title in table.titles]
            return workbooks.MEDIA_TYPE, workbooks.workbook(Sheet(_("历史数据"), headings), table.rows)


def figures(pivot: Pivot, hidden: str | None, *, protecting: bool) -> Written:
    """With totals; `hidden` stands where a figure stays away."""
    rows, columns = [*pivot.rows, TOTAL], [*pivot.columns, TOTAL]
    away = _left_out(pivot) if protecting else frozenset()
    named = [explore_words.of_key(pivot.question.columns, column) for column in columns]

    def told(row: str, column: str) -> Content:
        return hidden if (row, column) in away else pivot.told(row, column)

    lines = [[explore_words.of_key(pivot.question.rows, row), *(told(row, each) for each in columns)] for row in rows]
    return Written(explore_words.apart([word(pivot.question.rows), *named]), [line for line in lines if pivot.total])


def _left_out(pivot: Pivot) -> frozenset[pivots.Place]:
    people = {place: found.people or 0 for place, found in pivot.cells.items()}
    return frozenset(suppression.left_out(people, columns=pivot.question.columns is not None))
