"""Writes Excel workbooks, row by row at constant memory; what people typed stays text, whatever it looks like."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import xlsxwriter  # type: ignore[import-untyped]  # comes without types
from xlsxwriter.format import Format  # type: ignore[import-untyped]  # likewise
from xlsxwriter.workbook import Workbook  # type: ignore[import-untyped]  # likewise
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]  # likewise

from services.clock import local

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Content = str | Decimal | int | date | datetime | None

# What Excel, or a program that the workbook is passed on to as CSV, would take for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_LONGEST_CELL = 32_767
_LAST_ROW = 50_000
_LONGEST_CHOICES = 255
_NOTES_WIDTH = 100
_HEADER = {"bold": True, "bg_color": "#F4F6F9", "bottom": 1, "text_wrap": True}


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: its title, its width in characters, and, in a template, what may be chosen."""

    title: str
    width: int = 14
    choices: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    title: str
    headings: Sequence[Heading]


def workbook(sheet: Sheet, rows: Iterable[Sequence[Content]]) -> bytes:
    """One sheet with its header, which stays in sight and can be filtered by."""
    return workbook_of([(sheet, rows)])


def workbook_of(sheets: Iterable[tuple[Sheet, Iterable[Sequence[Content]]]]) -> bytes:
    """Several such sheets, written one after the other."""
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, {"constant_memory": True}) as book:
        formats = _Formats(book)
        for sheet, rows in sheets:
            written = book.add_worksheet(sheet.title)
            _write_header(written, sheet, formats)
            last = _write_rows(written, rows, formats)
            written.autofilter(0, 0, last, len(sheet.headings) - 1)
    return output.getvalue()


def template(sheet: Sheet, notes_title: str, notes: Iterable[str], rows: Iterable[Sequence[Content]] = ()) -> bytes:
    """A sheet to fill in, whose cells are all text, so that Excel rounds no ID number, and one that explains it."""
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, {"in_memory": True}) as book:
        written, formats = book.add_worksheet(sheet.title), _Formats(book)
        _write_header(written, sheet, formats)
        for column, heading in enumerate(sheet.headings):
            written.set_column(column, column, heading.width, formats.text)
            if heading.choices:
                _offer(book, written, column, heading.choices)
        _write_rows(written, rows, formats)
        explained = book.add_worksheet(notes_title)
        explained.set_column(0, 0, _NOTES_WIDTH, formats.wrapped)
        for number, note in enumerate(notes):
            explained.write_string(number, 0, note)
    return output.getvalue()


class _Formats:
    """How cells look; made once for each workbook."""

    def __init__(self, book: Workbook) -> None:
        self.header: Format = book.add_format(_HEADER)
        self.quoted_header: Format = book.add_format({**_HEADER, "quote_prefix": True})
        self.text: Format = book.add_format({"num_format": "@"})
        self.quoted: Format = book.add_format({"num_format": "@", "quote_prefix": True})
        self.hours: Format = book.add_format({"num_format": "0.0"})
        self.day: Format = book.add_format({"num_format": "yyyy-mm-dd"})
        self.moment: Format = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self.wrapped: Format = book.add_format({"text_wrap": True, "valign": "top"})


def _write_header(written: Worksheet, sheet: Sheet, formats: _Formats) -> None:
    written.freeze_panes(1, 0)
    for column, heading in enumerate(sheet.headings):
        written.set_column(column, column, heading.width)
        style = formats.quoted_header if heading.title.startswith(FORMULA_STARTS) else formats.header
        written.write_string(0, column, heading.title[:_LONGEST_CELL], style)


def _write_rows(written: Worksheet, rows: Iterable[Sequence[Content]], formats: _Formats) -> int:
    """Returns how many they were."""
    last = 0
    for last, row in enumerate(rows, 1):
        for column, content in enumerate(row):
            _write(written, last, column, content, formats)
    return last


def _write(written: Worksheet, row: int, column: int, content: Content, formats: _Formats) -> None:
    match content:
        case str():
            style = formats.quoted if content.startswith(FORMULA_STARTS) else formats.text
            written.write_string(row, column, content[:_LONGEST_CELL], style)
        case Decimal():
            written.write_number(row, column, float(content), formats.hours)
        case int():
            written.write_number(row, column, content)
        case datetime():
            written.write_datetime(row, column, local(content).replace(tzinfo=None), formats.moment)
        case date():
            written.write_datetime(row, column, content, formats.day)


def _offer(book: Workbook, written: Worksheet, column: int, choices: Sequence[str]) -> None:
    """A drop-down list; Excel takes at most 255 characters in the cell itself, so longer ones lie on a hidden sheet."""
    source: Sequence[str] | str = choices
    if len(",".join(choices)) > _LONGEST_CHOICES:
        name = f"choices{column}"
        hidden = book.add_worksheet(name)
        hidden.hide()
        hidden.write_column(0, 0, choices)
        source = f"={name}!$A$1:$A${len(choices)}"
    written.data_validation(1, column, _LAST_ROW, column, {"validate": "list", "source": source})
