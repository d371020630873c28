"""Workbooks that leave the house: every cell is what it says, and nothing in them acts."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from services import workbooks
from services.workbooks import Heading, Sheet
from tests import spreadsheet_files as files

pytestmark = pytest.mark.no_database

SHEET = Sheet("名单", [Heading("姓名", 20), Heading("学时"), Heading("日期"), Heading("时间"), Heading("备注")])


def test_a_workbook_says_what_was_written() -> None:
    row: list[workbooks.Content] = [
        "林知夏",
        Decimal("4.5"),
        date(2016, 3, 5),
        datetime(2016, 3, 5, 0, 30, tzinfo=UTC),
        None,
    ]
    header, written = files.rows_of(workbooks.workbook(SHEET, [row]))
    assert header == ("姓名", "学时", "日期", "时间", "备注")
    # Times are those of the installation's clocks.
    assert [str(cell) for cell in written] == ["林知夏", "4.5", "2016-03-05 00:00:00", "2016-03-05 08:30:00", "None"]


def test_the_header_stays_in_sight_and_columns_have_their_width() -> None:
    sheet = files.first_sheet(workbooks.workbook(SHEET, [["林知夏"]]))
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:E2"
    assert round(sheet.column_dimensions["A"].width) == 21


def test_a_workbook_of_several_sheets_has_each_with_its_own_rows() -> None:
    other = Sheet("合计", [Heading("人数")])
    content = workbooks.workbook_of([(SHEET, [["林知夏"], ["=1+1"]]), (other, [[2]])])
    names, sums = files.sheets(content)
    assert (names.title, sums.title) == ("名单", "合计")
    assert [row[0] for row in names.iter_rows(values_only=True)] == ["姓名", "林知夏", "=1+1"]
    assert names["A3"].quotePrefix
    assert list(sums.iter_rows(values_only=True)) == [("人数",), (2,)]
    assert sums.auto_filter.ref == "A1:A2"


@pytest.mark.parametrize(
    "evil", ["=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", '=HYPERLINK("http://x")']
)
def test_what_looks_like_a_formula_is_quoted_text(evil: str) -> None:
    cell = files.first_sheet(workbooks.workbook(SHEET, [[evil]]))["A2"]
    assert cell.data_type == "s"
    assert cell.quotePrefix
    assert str(cell.value).replace("_x000D_", "\r").strip() == evil.strip()


def test_a_title_that_somebody_typed_is_quoted_too() -> None:
    """The header of an uploaded list comes back with its errors."""
    first, second = files.first_sheet(workbooks.workbook(Sheet("名单", [Heading("=1+1"), Heading("姓名")]), []))["1"]
    assert (first.data_type, first.quotePrefix, second.quotePrefix) == ("s", True, False)


def test_an_address_is_text_and_no_link() -> None:
    sheet = files.first_sheet(workbooks.workbook(SHEET, [["http://elsewhere.example/"]]))
    assert sheet["A2"].hyperlink is None


@pytest.mark.parametrize("odd", ["a\0b", "\x0b", "x" * 40_000, "<v>&amp;"])
def test_odd_text_breaks_no_workbook(odd: str) -> None:
    assert len(files.rows_of(workbooks.workbook(SHEET, [[odd]]))) == 2


def test_a_template_keeps_numbers_as_text_and_offers_what_may_be_chosen() -> None:
    sheet = Sheet(
        "名单",
        [Heading("证件号码", 24), Heading("级别", choices=["初级", "中级"]), Heading("系列", choices=["某系列"] * 99)],
    )
    content = workbooks.template(sheet, "填写说明", ["第一条", "=第二条"])
    first = files.first_sheet(content)
    assert first.column_dimensions["A"].number_format == "@"
    offered = {str(rule.sqref): rule.formula1 for rule in first.data_validations.dataValidation}
    assert offered == {"B2:B50001": '"初级,中级"', "C2:C50001": "choices2!$A$1:$A$99"}
    book = first.parent
    assert book is not None
    assert [sheet.sheet_state for sheet in book.worksheets] == ["visible", "hidden", "visible"]
    assert [cell.data_type for cell in book["填写说明"]["A"]] == ["s", "s"]
