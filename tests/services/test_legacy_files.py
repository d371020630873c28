"""What old systems export is read to the last row, whatever its encoding and format, and at constant memory."""

import io
import json
import struct
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from db.legacy import LegacyKind
from services import legacy_cells, legacy_fields, legacy_files
from services.errors import DomainError, InvalidField
from services.file_refusals import FileEmpty
from services.legacy_files import EncodingUnknown, LegacyFileKind, LegacyFileTooLarge, QuoteNotClosed
from services.spreadsheet_refusals import NoRows, SeveralSheets, SpreadsheetUnreadable
from tests import factories
from tests import legacy_files as files
from tests import spreadsheet_files as sheets
from tests.services.legacy import receive

pytestmark = pytest.mark.no_database
ROWS: list[Sequence[object]] = [
    files.RECORD_HEADER,
    files.record(1, 姓名="䶮𠮷"),
    files.record(2, 课程名称='有,逗号和"引号"\n两行'),
]


def cells(content: bytes, name: str = "旧数据.csv") -> list[Sequence[object]]:
    file = legacy_files.check(name, io.BytesIO(content))
    return [json.loads(line)[1] for line in file.lines()]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_same_rows_come_from_every_encoding_and_delimiter(encoding: str, delimiter: str) -> None:
    assert cells(files.text(ROWS, encoding=encoding, delimiter=delimiter)) == ROWS


def test_gbk_is_read_as_well() -> None:
    rows: list[Sequence[object]] = [files.RECORD_HEADER, files.record(3)]
    assert cells(files.text(rows, encoding="gbk")) == rows


def test_rows_are_numbered_as_excel_numbers_them() -> None:
    file = legacy_files.check("a.csv", io.BytesIO(b'a,b\r\n\r\n"1\n1",2\r,\n3,4'))
    assert [json.loads(line)[:2] for line in file.lines()] == [[1, ["a", "b"]], [3, ["1\n1", "2"]], [5, ["3", "4"]]]


@pytest.mark.parametrize("content", [b'a,b\n1,"2\n3,4\n', b'a,b\n1,"' + b"x" * 200_000])
def test_a_quote_that_is_never_closed_is_named_with_its_line(content: bytes) -> None:
    with pytest.raises(QuoteNotClosed) as refused:
        cells(content)
    assert refused.value.params == {"line": 2}


def test_a_workbook_gives_the_same_rows() -> None:
    rows = [["旧系统导出"], *ROWS]
    found = cells(sheets.workbook(rows), "旧数据.xlsx")
    assert [row[: len(files.RECORD_HEADER)] for row in found[1:]] == ROWS


def test_a_workbook_of_excel_97_is_read_as_well() -> None:
    assert cells(files.EXCEL_97, "旧数据.xls") == [
        ["姓名", "身份证号", "年度", "学时", "日期"],
        ["林知夏", "440104198503170019", 2016, 12.5, ["2016-03-05"]],
        ["䶮某", "440104850317001", "2017年", "8学时", "2017年3月5日"],
    ]


def test_a_record_has_no_more_cells_than_a_row_of_a_workbook() -> None:
    assert [len(row) for row in cells(b"a" + b"," * 300_000 + b"\n1,2\n")] == [legacy_files.MOST_CELLS, 2]


def test_several_filled_sheets_are_refused() -> None:
    def add(sheet: Worksheet) -> None:
        assert sheet.parent is not None
        sheet.parent.create_sheet("二").append(["x"])

    with pytest.raises(SeveralSheets):
        cells(sheets.workbook(ROWS, add), "a.xlsx")


REFUSED: list[tuple[str, bytes, type[DomainError]]] = [
    ("a.csv", b"", FileEmpty),
    ("a.pdf", b"a,b", LegacyFileKind),
    ("a.csv", b"\xff\xfe\x00\xd8", EncodingUnknown),
    ("a.csv", "姓名".encode() + b"\xff\xff", EncodingUnknown),
    ("a.xlsx", b"PK\x03\x04 and no more", SpreadsheetUnreadable),
    ("a.xls", b"\xd0\xcf\x11\xe0" + struct.pack("<I", 0) * 200, SpreadsheetUnreadable),
]


@pytest.mark.parametrize(("name", "content", "refusal"), REFUSED)
def test_what_is_no_such_file_is_refused(name: str, content: bytes, refusal: type[DomainError]) -> None:
    with pytest.raises(refusal):
        cells(content, name)


def test_a_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legacy_files, "MOST_MEGABYTES", 0)
    with pytest.raises(LegacyFileTooLarge):
        cells(b"a")


@pytest.mark.parametrize("content", [b"a,b\n", b"\n\n \n"])
def test_a_file_without_rows_is_refused(content: bytes) -> None:
    with pytest.raises(NoRows):
        receive(content)


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), min_size=1, max_size=8)
TABLE = st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=6)


@settings(deadline=None, max_examples=60)
@given(table=TABLE, encoding=st.sampled_from(["utf-8", "utf-8-sig"]))
def test_every_cell_of_every_row_comes_back_as_it_was(table: list[list[str]], encoding: str) -> None:
    table = [files.RECORD_HEADER, *table]
    written = [row for row in table if any(map(str.strip, row))]
    assert cells(files.text(table, encoding=encoding)) == written


@settings(deadline=None)
@given(st.integers(0, 10**6))
def test_a_number_of_the_first_generation_is_the_same_person(number: int) -> None:
    full = factories.invented_id_number(number)
    assert legacy_cells.id_number(f"{full[:6]}{full[8:17]}") == full == legacy_cells.id_number(full.lower())


@settings(deadline=None)
@given(st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.dates()))
def test_whatever_a_cell_holds_it_is_read_or_refused_with_its_field(value: str | float | bool) -> None:
    for field in legacy_fields.FIELDS.values():
        blamed = field.title
        try:
            field.read(field.title, value)
        except InvalidField as refusal:
            blamed = refusal.field
        assert blamed == field.title


def test_the_kind_of_a_file_is_guessed_from_its_header() -> None:
    assert legacy_fields.guess_kind(files.CERTIFICATE_HEADER) is LegacyKind.CERTIFICATE
    assert legacy_fields.guess_kind(files.RECORD_HEADER) is LegacyKind.RECORD
