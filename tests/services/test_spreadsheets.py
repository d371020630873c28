"""Uploaded workbooks: let in or refused, and what their cells say."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from db.people import TitleLevel
from services import identity, people, registration, spreadsheet_refusals, spreadsheets, staff_columns
from services.errors import DomainError, InvalidField, LeftOut
from services.file_refusals import FileEmpty
from services.spreadsheets import Line
from tests import factories, hostile_files
from tests import spreadsheet_files as files
from web.vocabulary import vocabulary

pytestmark = pytest.mark.no_database

NUMBER = factories.invented_id_number(77)
HEADER = ["姓名", "证件号码", "手机号码", "职称级别", "到岗日期"]
ROW = ["林知夏", NUMBER, "13900000001", "中级", "2016-03-05"]


def lines(content: bytes, name: str = "人员.xlsx") -> list[Line]:
    words, columns = vocabulary(), staff_columns.COLUMNS
    table = spreadsheets.table(spreadsheets.check(name, content), columns, words)
    return [spreadsheets.understood(row, table.places, columns, words) for row in table.rows]


def the_line(content: bytes) -> Line:
    (line,) = lines(content)
    return line


def with_cell(column: str, value: Any) -> bytes:
    return files.workbook(
        [HEADER, [value if title == column else cell for title, cell in zip(HEADER, ROW, strict=True)]]
    )


def refusal(content: bytes, name: str = "人员.xlsx") -> type[DomainError]:
    with pytest.raises(DomainError) as caught:
        lines(content, name)
    return type(caught.value)


def test_a_row_is_understood_cell_by_cell() -> None:
    line = the_line(files.workbook([HEADER, ROW]))
    assert line.number == 2
    assert line.errors == []
    assert line.values == {
        registration.NAME: "林知夏",
        identity.ID_NUMBER: NUMBER,
        people.MOBILE: "13900000001",
        staff_columns.TITLE_LEVEL: TitleLevel.MIDDLE,
        staff_columns.STARTED_ON: date(2016, 3, 5),
    }


@pytest.mark.parametrize(
    "written",
    [
        *("2016-3-5", "2016/03/05", "2016.3.5", "2016年3月5日", "2016年03月05", "20160305", "２０１６．３．５"),
        *("2016-03-05 08:30", " 2016 年 3 月 5 日 ", 20160305, 42434, "42434"),
        *(date(2016, 3, 5), datetime.fromisoformat("2016-03-05T08:30")),
    ],
)
def test_a_date_is_understood_as_people_write_it_and_as_excel_keeps_it(written: Any) -> None:
    assert the_line(with_cell("到岗日期", written)).values[staff_columns.STARTED_ON] == date(2016, 3, 5)


@pytest.mark.parametrize(
    "written", ["2016.13.5", "3月5日", "05/03/2016", "去年", 2016.3, 20161305, 7, "2999-01-01", True]
)
def test_what_is_no_date_that_has_come_is_refused(written: Any) -> None:
    (error,) = the_line(with_cell("到岗日期", written)).errors
    assert str(error).startswith("到岗日期：")


@pytest.mark.parametrize(
    "written",
    [
        "".join(chr(ord(digit) + 0xFEE0) for digit in NUMBER),
        f"'{NUMBER}",
        f" {NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]} ",
        f"\u202d{NUMBER}\u202c",
        f"{NUMBER}\u200b\xa0",
    ],
)
def test_an_id_number_is_read_as_it_is_pasted(written: str) -> None:
    assert the_line(with_cell("证件号码", written)).values[identity.ID_NUMBER] == NUMBER


@pytest.mark.parametrize(
    "written", [float(NUMBER[:17] + "0"), int(NUMBER[:17] + "0"), "4.4010419850317E+17", "4.4E+17"]
)
def test_an_id_number_that_excel_rounded_is_refused_with_what_to_do(written: Any) -> None:
    (error,) = the_line(with_cell("证件号码", written)).errors
    assert "文本" in str(error)


@pytest.mark.parametrize("written", [13900000001, 13900000001.0, "１３９０００００００１"])
def test_a_mobile_number_may_be_a_number(written: Any) -> None:
    assert the_line(with_cell("手机号码", written)).values[people.MOBILE] == "13900000001"


def test_every_error_of_a_row_is_told_at_once() -> None:
    errors = the_line(files.workbook([HEADER, ["林<b>", NUMBER[:-1], "1", "最高级", "昨天"]])).errors
    assert [re.split("：", str(error))[0] for error in errors] == HEADER


def test_a_required_cell_that_is_empty_is_left_out_and_an_optional_one_is_not() -> None:
    errors = the_line(files.workbook([HEADER, ["林知夏", None, "  ", None, None]])).errors
    assert [type(error) for error in errors] == [LeftOut, LeftOut]
    assert [str(error) for error in errors] == ["证件号码：请填写。", "手机号码：请填写。"]


def test_a_table_in_the_other_language_is_read_too() -> None:
    line = the_line(files.workbook([["Name (required)", "ID number*", "Mobile number", "Level of the title"], ROW[:4]]))
    assert line.values[staff_columns.TITLE_LEVEL] is TitleLevel.MIDDLE


def test_a_title_may_stand_above_the_header_and_empty_rows_anywhere() -> None:
    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("A1:E1")

    content = files.workbook([["2026年人员名单"], [], HEADER, [], ROW, [], ROW], merge)
    assert [line.number for line in lines(content)] == [5, 7]
    assert not any(line.errors for line in lines(content))


def test_a_table_may_begin_anywhere_on_the_sheet() -> None:
    content = files.workbook([[], [], [None, None, *HEADER], [None, None, *ROW]])
    assert the_line(content).values[identity.ID_NUMBER] == NUMBER


def test_every_row_of_a_merged_cell_is_refused() -> None:
    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("D2:D3")

    plain = ["苏清和", factories.invented_id_number(78), "13900000002", None, None]
    merged = lines(files.workbook([HEADER, ROW, plain, [*plain[:3], "初级", None]], merge))
    assert [[str(error) for error in line.errors] for line in merged] == [
        ["职称级别：是合并的单元格。请取消合并，每行分别填写。"],
        ["职称级别：是合并的单元格。请取消合并，每行分别填写。"],
        [],
    ]


def test_merged_cells_below_the_last_row_are_decoration() -> None:
    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("A5:E9")

    assert the_line(files.workbook([HEADER, ROW], merge)).errors == []


def test_a_formula_counts_by_its_result() -> None:
    content = files.calculated(
        with_cell("手机号码", '="139"&"00000001"'), {'="139"&amp;"00000001"': "<v>13900000001</v>"}
    )
    assert the_line(content).values[people.MOBILE] == "13900000001"


@pytest.mark.parametrize(
    ("result", "reason"), [("<v />", "公式没有计算结果"), ("<v></v>", "公式没有计算结果"), ("", "公式没有计算结果")]
)
def test_a_formula_without_a_result_is_refused(result: str, reason: str) -> None:
    content = files.calculated(with_cell("手机号码", "=A9"), {"=A9": result})
    (error,) = the_line(content).errors
    assert reason in str(error)


def test_a_cell_that_shows_an_error_is_refused() -> None:
    def break_(sheet: Worksheet) -> None:
        sheet["C2"] = "#N/A"

    (error,) = the_line(files.workbook([HEADER, ROW], break_)).errors
    assert "#N/A" in str(error)


def test_a_row_of_nothing_but_a_broken_formula_is_a_row() -> None:
    assert len(lines(files.workbook([HEADER, ROW, ["=A9"]]))) == 2


def test_hidden_sheets_are_not_read() -> None:
    def hide(sheet: Worksheet) -> None:
        assert sheet.parent is not None
        hidden = sheet.parent.create_sheet("旧名单", 0)
        hidden.append(["别人"])
        hidden.sheet_state = "hidden"
        sheet.parent.create_sheet("很隐蔽", 0).sheet_state = "veryHidden"

    assert the_line(files.workbook([HEADER, ROW], hide)).values[registration.NAME] == "林知夏"


def test_a_header_without_a_required_column_names_it() -> None:
    with pytest.raises(LeftOut) as caught:
        lines(files.workbook([["姓名", "手机号码"], ["林知夏", "13900000001"]]))
    assert caught.value.labels == ["证件号码"]


def test_a_column_that_is_there_twice_is_refused() -> None:
    assert refusal(files.workbook([[*HEADER, "姓名"], ROW])) is InvalidField


def test_a_table_without_rows_is_refused() -> None:
    assert refusal(files.workbook([HEADER])) is spreadsheet_refusals.NoRows


@pytest.mark.parametrize("content", [files.workbook([]), files.workbook([["说明"], ["…"]])])
def test_a_sheet_without_a_header_names_all_that_is_missing(content: bytes) -> None:
    with pytest.raises(LeftOut) as caught:
        lines(content)
    assert caught.value.labels == ["姓名", "证件号码", "手机号码"]


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (b"", "a.xlsx", FileEmpty),
        (b"PK\x03\x04" + bytes(spreadsheets.MOST_BYTES), "a.xlsx", spreadsheet_refusals.SpreadsheetTooLarge),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "a.xls", spreadsheet_refusals.OldOrProtected),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "a.xlsx", spreadsheet_refusals.OldOrProtected),
        (hostile_files.HTML, "a.xlsx", spreadsheet_refusals.NotASpreadsheet),
        ("姓名,证件号码".encode(), "a.csv", spreadsheet_refusals.NotASpreadsheet),
        (b"PK\x03\x04" + bytes(600), "a.xlsx", spreadsheet_refusals.SpreadsheetUnreadable),
        (hostile_files._zip(), "a.xlsx", spreadsheet_refusals.SpreadsheetUnreadable),
    ],
)
def test_what_is_no_workbook_is_refused(content: bytes, name: str, expected: type[DomainError]) -> None:
    assert refusal(content, name) is expected


def test_a_workbook_by_another_name_is_refused() -> None:
    assert refusal(files.workbook([HEADER, ROW]), "人员.csv") is spreadsheet_refusals.NotASpreadsheet


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: files.bomb(40), id="ratio"),
        pytest.param(lambda: files.with_members((f"xl/m{n}", b"x") for n in range(300)), id="members"),
        pytest.param(lambda: files.with_members([("../../etc/passwd", b"x")]), id="climbs out"),
        pytest.param(lambda: files.with_members([("/etc/passwd", b"x")]), id="absolute"),
        pytest.param(lambda: files.with_members([("C:\\windows\\x", b"x")]), id="another system's path"),
        pytest.param(lambda: files.with_members([("XL/workbook.xml", b"x")]), id="one name twice"),
        pytest.param(files.link, id="link"),
        pytest.param(files.encrypted_member, id="encrypted"),
    ],
)
def test_a_suspicious_archive_is_refused(make: Callable[[], bytes]) -> None:
    assert refusal(make()) is spreadsheet_refusals.SuspiciousArchive


def test_a_bomb_that_lies_about_its_size_does_no_harm() -> None:
    assert refusal(files.lying_bomb(40)) in (
        spreadsheet_refusals.SpreadsheetUnreadable,
        spreadsheet_refusals.SuspiciousArchive,
    )


@pytest.mark.parametrize("make", [files.far_corner, files.billion_laughs])
def test_a_sheet_that_asks_for_more_than_the_process_may_have_is_unreadable(make: Callable[[], bytes]) -> None:
    assert refusal(make()) is spreadsheet_refusals.SpreadsheetUnreadable


def test_a_sheet_of_more_rows_than_are_read_says_so() -> None:
    rows = ([str(number)] for number in range(spreadsheet_refusals.MOST_ROWS + spreadsheet_refusals.MOST_ROWS_ABOVE))
    assert refusal(files.workbook([HEADER, *rows])) is spreadsheet_refusals.TooManyRows


def test_a_workbook_whose_sheets_are_all_hidden_is_refused() -> None:
    content = files.changed(
        files.workbook([HEADER, ROW]),
        "xl/workbook.xml",
        lambda book: book.replace(b'state="visible"', b'state="hidden"'),
    )
    assert refusal(content) is spreadsheet_refusals.NoVisibleSheet


@pytest.mark.parametrize(
    "told", [b"{}", b"[1]", b'["x", [], {}]', b"[1, [null], {}]", b'[1, [["no day"]], {}]', b"[1, [], []]", b"\xff"]
)
def test_a_line_that_makes_no_sense_is_unreadable(told: bytes) -> None:
    with pytest.raises(spreadsheet_refusals.SpreadsheetUnreadable):
        spreadsheets.read_line(told)


@pytest.mark.parametrize("lines", [[b"[1,[],{}],[2,[],{}]"], [b"[1,[]", b"{}]"]])
def test_lines_that_are_not_a_row_each_are_refused(lines: list[bytes]) -> None:
    with pytest.raises(spreadsheet_refusals.SpreadsheetUnreadable):
        spreadsheets.read_lines(lines)


def test_the_number_of_a_row_is_read_without_its_cells() -> None:
    assert spreadsheets.number_of(b'[17, ["x"], {}]') == 17
