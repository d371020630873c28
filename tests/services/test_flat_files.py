"""CSV that no spreadsheet calculates, and Parquet that keeps numbers and days."""

import csv
import io
from datetime import date
from decimal import Decimal

import pyarrow.parquet as pq  # type: ignore[import-untyped]  # comes without types
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.flat_files import as_csv, as_parquet
from services.workbooks import FORMULA_STARTS, Content

pytestmark = pytest.mark.no_database


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_what_a_spreadsheet_would_calculate_is_text_in_cells_and_titles(start: str) -> None:
    content = as_csv([f"{start}题"], [[f"{start}1+1"]])
    assert read(content) == [[f"'{start}题"], [f"'{start}1+1"]]


def test_excel_is_told_the_encoding_and_numbers_stay_numbers() -> None:
    content = as_csv(["学时", "日期", "无"], [[Decimal("-4.5"), date(2016, 3, 5), None]])
    assert content.startswith(b"\xef\xbb\xbf")
    assert read(content)[1] == ["-4.5", "2016-03-05", ""]


@given(st.lists(st.lists(st.text(st.characters(blacklist_categories=["Cs"])), min_size=2, max_size=2)))
def test_every_text_comes_back_from_csv(rows: list[list[str]]) -> None:
    written = read(as_csv(["甲", "乙"], rows))[1:]
    assert [[cell.removeprefix("'") for cell in row] for row in written] == [
        [cell.removeprefix("'") for cell in row] for row in rows
    ]


def test_parquet_keeps_what_is_a_number_a_day_or_a_text() -> None:
    rows: list[list[Content]] = [
        [Decimal("8.5"), date(2016, 3, 5), "=1+1", None],
        [None, None, "", None],
        [3, date(2017, 1, 1), "乙", None],
    ]
    table = pq.read_table(io.BytesIO(as_parquet(["学时", "日期", "题目", "无"], rows)))
    assert [list(row.values()) for row in table.to_pylist()] == rows
    assert [str(field.type) for field in table.schema] == ["decimal128(18, 2)", "date32[day]", "string", "string"]


def test_a_table_without_rows_keeps_its_titles() -> None:
    assert read(as_csv(["甲", "乙"], [])) == [["甲", "乙"]]
    assert pq.read_table(io.BytesIO(as_parquet(["甲", "乙"], []))).column_names == ["甲", "乙"]
