"""What is made of the rows of an old system's file: accepted, rejected with all their reasons, or duplicates."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.columns import Columns
from db.legacy import LegacyImport, LegacyImportStatus, LegacyRow, LegacyTrial
from services import legacy_columns, legacy_contradictions, legacy_values, sealing, spreadsheets
from services.errors import N_, DomainError

PURPOSE = "row of an old system"


class NumberTaken(DomainError):
    message = N_("证书编号已用于另一张证书（第 %(line)s 行），内容不同，请核对。")


class NumberTakenBefore(DomainError):
    message = N_("证书编号已用于另一张证书（以前导入的文件“%(file)s”第 %(line)s 行），内容不同，请核对。")


class Seen(NamedTuple):
    """Where a key was first come across; in the same file when it names none."""

    content: str
    line: int
    file: str = ""


@dataclass(slots=True)
class Found:
    """One row. It has a key when nothing is wrong with it, and `twin` when the same was there before."""

    line: int
    digest: str
    errors: Sequence[DomainError] = ()
    key: str = ""
    content: str = ""
    twin: Seen | None = None


class Judged(NamedTuple):
    """Some rows in the order of the file, and the columns of those among them that are accepted."""

    rows: Sequence[Found]
    accepted: Columns


def judge(session: Session, importing: LegacyImport, lines: Sequence[bytes]) -> Judged:
    """The first of several rows that say the same is the one that is accepted."""
    rows = spreadsheets.read_lines(lines)
    said = legacy_columns.read(importing, rows)
    legacy_contradictions.find(importing.kind, said)
    errors = [said.errors.get(at, ()) for at in range(said.count)]
    found = list(map(Found, (row.number for row in rows), map(_digest, lines), errors))
    good = [row for row in found if not row.errors]
    values = legacy_values.of(importing, said.without_errors())
    seen = _seen(session, importing, values["key"])
    for row, key, content in zip(good, values["key"], values["content"], strict=True):
        row.key, row.content = key, content
        _compare(row, seen)
    columns = {**values, "line": [row.line for row in good], "row_digest": [row.digest for row in good]}
    kept = [row.key != "" and row.twin is None for row in good]
    return Judged(found, {name: list(compress(column, kept)) for name, column in columns.items()})


def _digest(line: bytes) -> str:
    """Of a row as it came, wherever in a file it stands."""
    return sealing.keyed_hash_of_bytes(PURPOSE, line.partition(b" ")[2]).hex()


def _seen(session: Session, importing: LegacyImport, keys: Sequence[str]) -> dict[str, Seen]:
    """Those of the keys that were accepted before, and in a dry run those that it has come across."""
    before = select(LegacyRow.key, LegacyRow.content, LegacyRow.line, LegacyRow.import_id, LegacyImport.file_name)
    before = before.join(LegacyImport, LegacyImport.id == LegacyRow.import_id).where(LegacyRow.key.in_(keys))
    seen = {
        str(key): Seen(str(content), line, "" if import_id == importing.id else file_name)
        for key, content, line, import_id, file_name in session.execute(before)
    }
    if importing.status is LegacyImportStatus.CHECKING:
        tried = select(LegacyTrial.key, LegacyTrial.content, LegacyTrial.line)
        tried = tried.where(LegacyTrial.import_id == importing.id, LegacyTrial.key.in_(keys))
        seen |= {key: Seen(content, line) for key, content, line in session.execute(tried) if key not in seen}
    return seen


def _compare(row: Found, seen: dict[str, Seen]) -> None:
    first = seen.setdefault(row.key, Seen(row.content, row.line))
    if first.line == row.line and not first.file:
        return
    if first.content == row.content:
        row.twin = first
    else:
        taken = NumberTakenBefore(file=first.file, line=first.line) if first.file else NumberTaken(line=first.line)
        row.errors, row.key = [taken], ""
