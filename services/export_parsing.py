"""Reads what another system has exported as a workbook, in the old format too: long, but not filled in by hand.

Runs only in the limited processes of `services.sandbox`. Measured with 300,000 rows of nine cells: 8 s and 600 MB.
"""

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from services import archives, spreadsheet_faults
from services.spreadsheet_parsing import Limits, lines, merged, visible_sheets
from services.spreadsheet_refusals import NoVisibleSheet, SeveralSheets, SpreadsheetUnreadable

# As far as a sheet of Excel goes.
EXPORTED = Limits(1_048_576, 200, 32_767)
MOST_BYTES = 1024 * 1024 * 1024
ZIP = b"PK\x03\x04"
FAST = 1


def read_export(content: bytes) -> bytes:
    """The lines of `spreadsheet_parsing.read_rows`, compressed. Raises one of SPREADSHEET_REFUSALS."""
    try:
        return b"".join(_compressed(_read_zipped(content) if content.startswith(ZIP) else _read_old(content)))
    except (CalamineError, zipfile.BadZipFile, KeyError):
        raise SpreadsheetUnreadable from None


def _read_zipped(content: bytes) -> Iterator[bytes]:
    with archives.opened(content, MOST_BYTES) as archive:
        sheet = _only_one(CalamineWorkbook.from_filelike(io.BytesIO(content)))
        faults = spreadsheet_faults.found(archive, sheet.name) | merged(sheet, EXPORTED)
    return lines(sheet, faults, EXPORTED)


def _read_old(content: bytes) -> Iterator[bytes]:
    sheet = _only_one(CalamineWorkbook.from_filelike(io.BytesIO(content)))
    return lines(sheet, merged(sheet, EXPORTED), EXPORTED)


def _only_one(workbook: CalamineWorkbook) -> CalamineSheet:
    """Nothing may be left out unnoticed: old programs begin another sheet after 65,536 rows."""
    names = visible_sheets(workbook)
    if not names:
        raise NoVisibleSheet
    sheets = [sheet for sheet in map(workbook.get_sheet_by_name, names) if sheet.height]
    if len(sheets) > 1:
        raise SeveralSheets
    return sheets[0] if sheets else workbook.get_sheet_by_name(names[0])


def _compressed(parts: Iterable[bytes]) -> Iterator[bytes]:
    compressor = zlib.compressobj(FAST)
    for part in parts:
        yield compressor.compress(part)
    yield compressor.flush()
