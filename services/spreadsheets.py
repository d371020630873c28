"""Tables that people upload as Excel workbooks: let in or refused, their header found, their rows read one by one."""

import hashlib
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import chain, islice
from typing import Any

from db.settings import settings
from services import sandbox
from services.errors import N_, DomainError, InvalidField, LeftOut
from services.evidence_files import MEGABYTE, clean_name
from services.file_refusals import FileEmpty, FileUnreadable
from services.scanning import scan
from services.spreadsheet_cells import Value, halfwidth
from services.spreadsheet_refusals import (
    MOST_ROWS,
    MOST_ROWS_ABOVE,
    NoRows,
    NotASpreadsheet,
    OldOrProtected,
    SpreadsheetTooLarge,
    SpreadsheetUnreadable,
    TooManyRows,
)

MOST_BYTES = 8 * MEGABYTE
ENDING = ".xlsx"
_ZIP, _COMPOUND_FILE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_FAULTS = {
    "merged": N_("是合并的单元格。请取消合并，每行分别填写。"),
    "error": N_("公式结果是错误值（如 #N/A）。请改为直接填写。"),
    "not_computed": N_("公式没有计算结果。请用 Excel 打开并保存，或改为直接填写。"),
}
_UNKNOWN_CHOICE = N_("不在可选范围内，请从模板的下拉列表中选择。")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: how its cells are understood, and of which codes they are words."""

    title: str
    read: Callable[[Value], object]
    required: bool = False
    choices: type[StrEnum] | None = None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What people may write, in any language of the screens, for the titles of columns and for codes."""

    titles: Mapping[str, str]
    codes: Mapping[type[StrEnum], Mapping[str, StrEnum]]


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is not empty, `number` as Excel shows it; faults are codes by the position of their cell."""

    number: int
    values: Sequence[Value] = field(repr=False)
    faults: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class CheckedSpreadsheet:
    """A workbook that was let in, with the lines in which the confined process has told its rows."""

    file_name: str
    sha256: str
    content: bytes = field(repr=False)
    _lines: bytes = field(repr=False)

    def rows(self) -> Iterator[Row]:
        """Raises SpreadsheetUnreadable when the lines are none of ours."""
        return map(read_line, io.BytesIO(self._lines))


def check(file_name: str, content: bytes) -> CheckedSpreadsheet:
    """Raises one of `services.spreadsheet_refusals`, FileEmpty, VirusFound, ScannerUnavailable, CheckUnavailable."""
    if not content:
        raise FileEmpty
    if len(content) > MOST_BYTES:
        raise SpreadsheetTooLarge(megabytes=MOST_BYTES // MEGABYTE)
    if content.startswith(_COMPOUND_FILE):
        raise OldOrProtected
    name = clean_name(file_name)
    if not name.lower().endswith(ENDING) or not content.startswith(_ZIP):
        raise NotASpreadsheet
    if address := settings().clamd_address:
        scan(address, content)
    return CheckedSpreadsheet(name, hashlib.sha256(content).hexdigest(), content, _read(content))


def _read(content: bytes) -> bytes:
    try:
        return sandbox.run("read_rows", content)
    except FileUnreadable:
        raise SpreadsheetUnreadable from None


def read_line(line: bytes) -> Row:
    """A row as a confined process tells it, which may say anything. Raises SpreadsheetUnreadable."""
    (row,) = read_lines([line])
    return row


def read_lines(lines: Sequence[bytes]) -> list[Row]:
    """All at once, which takes half the time. Raises SpreadsheetUnreadable."""
    try:
        rows = list(map(_row, json.loads(f"[{b','.join(lines).decode()}]")))
    except (ValueError, TypeError, AttributeError):
        raise SpreadsheetUnreadable from None
    if len(rows) != len(lines):
        raise SpreadsheetUnreadable
    return rows


def _row(told: Any) -> Row:
    number, values, faults = told
    known = {int(position): fault for position, fault in faults.items() if fault in _FAULTS}
    return Row(int(number), list(values if set(map(type, values)) == {str} else map(_value, values)), known)


def number_of(line: bytes) -> int:
    """Of the row, without reading its cells. Raises SpreadsheetUnreadable."""
    try:
        return int(line[1 : line.index(b",")])
    except ValueError:
        raise SpreadsheetUnreadable from None


def _value(told: Any) -> Value:
    if isinstance(told, list):
        (day,) = told
        return date.fromisoformat(day)
    if not isinstance(told, str | float | int):
        raise TypeError
    return told


@dataclass(frozen=True, slots=True)
class Table:
    """The rows below the header; `header` as it stands in the file, `places` by the columns' titles."""

    header: Row
    places: Mapping[str, int]
    rows: Iterator[Row]


def table(sheet: CheckedSpreadsheet, columns: Sequence[Column], words: Vocabulary) -> Table:
    """Raises LeftOut for a header without a required column, InvalidField for a column that is there twice, NoRows."""
    rows = sheet.rows()
    header = _header(list(islice(rows, MOST_ROWS_ABOVE)), columns, words)
    above = islice(sheet.rows(), MOST_ROWS_ABOVE)
    below = chain((row for row in above if row.number > header.number), rows)
    first = next(below, None)
    if first is None:
        raise NoRows
    return Table(header, _places(header, columns, words), _limited(chain([first], below)))


def _limited(rows: Iterator[Row]) -> Iterator[Row]:
    for count, row in enumerate(rows, 1):
        if count > MOST_ROWS:
            raise TooManyRows(limit=MOST_ROWS)
        yield row


def _header(candidates: Sequence[Row], columns: Sequence[Column], words: Vocabulary) -> Row:
    """The first row with all required titles; a title of the whole list may stand above it."""
    required = [column.title for column in columns if column.required]
    fewest = required
    for row in candidates:
        titles = {_title(value, words) for value in row.values}
        missing = [title for title in required if title not in titles]
        if not missing:
            return row
        fewest = min(fewest, missing, key=len)
    raise LeftOut(fewest, N_("表头中没有这一列，请下载模板并保留其表头。"))


def _title(value: Value, words: Vocabulary) -> str:
    """The column that a header means, whatever is added in brackets, as in 证件号码（必填）."""
    written = halfwidth(value).partition("(")[0].strip(" *")
    return words.titles.get(written, "")


def _places(header: Row, columns: Sequence[Column], words: Vocabulary) -> dict[str, int]:
    known = {column.title for column in columns}
    places: dict[str, int] = {}
    for place, value in enumerate(header.values):
        title = _title(value, words)
        if title in places:
            raise InvalidField(title, N_("表头中有两列同名，请只保留一列。"))
        if title in known:
            places[title] = place
    return places


@dataclass(frozen=True, slots=True)
class Line:
    """What a row says: its values by the columns' titles, or everything that is wrong with it."""

    number: int
    values: Mapping[str, Any] = field(repr=False)
    errors: Sequence[DomainError] = ()


def understood(row: Row, places: Mapping[str, int], columns: Sequence[Column], words: Vocabulary) -> Line:
    """An optional cell that is empty has no value."""
    values: dict[str, Any] = {}
    errors: list[DomainError] = []
    for column in columns:
        try:
            value = _cell(row, places.get(column.title), column, words)
        except InvalidField as error:
            errors.append(error)
        else:
            if value is not None:
                values[column.title] = value
    return Line(row.number, values, errors)


def _cell(row: Row, place: int | None, column: Column, words: Vocabulary) -> object | None:
    if place is not None and (fault := row.faults.get(place)):
        raise InvalidField(column.title, _FAULTS[fault])
    value = row.values[place] if place is not None and place < len(row.values) else ""
    if value == "":
        if column.required:
            raise LeftOut([column.title])
        return None
    return _choice(column, value, words) if column.choices else column.read(value)


def _choice(column: Column, value: Value, words: Vocabulary) -> StrEnum:
    choices = column.choices
    code = words.codes[choices].get(halfwidth(value)) if choices else None
    if code is None:
        raise InvalidField(column.title, _UNKNOWN_CHOICE)
    return code
