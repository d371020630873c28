"""Tables as CSV, for any program, and as Parquet, for those who calculate on."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

import pyarrow as pa  # type: ignore[import-untyped]  # comes without types
import pyarrow.parquet as pq  # type: ignore[import-untyped]  # likewise

from services.workbooks import FORMULA_STARTS, Content

CSV_TYPE, PARQUET_TYPE = "text/csv", "application/vnd.apache.parquet"
# Excel takes a file without it for one in the encoding of the country.
_BOM = "\ufeff"
_STARTS = frozenset(FORMULA_STARTS)
_HOURS = pa.decimal128(18, 2)


def as_csv(titles: Sequence[str], rows: Iterable[Sequence[Content]]) -> bytes:
    """What a spreadsheet would take for a formula has an apostrophe before it."""
    written = io.StringIO()
    written.write(_BOM)
    lines = csv.writer(written)
    lines.writerow(_defused(titles))
    lines.writerows(map(_defused, rows))
    return written.getvalue().encode()


def _defused(row: Sequence[Content]) -> Sequence[Content]:
    return [f"'{cell}" if isinstance(cell, str) and cell[:1] in _STARTS else cell for cell in row]


def as_parquet(titles: Sequence[str], rows: Iterable[Sequence[Content]]) -> bytes:
    """A column is of numbers or days when all it says is; titles must differ."""
    columns = list(zip(*rows, strict=True)) or [()] * len(titles)
    arrays = [_array(column) for column in columns]
    written = io.BytesIO()
    pq.write_table(pa.table(arrays, names=list(titles)), written, compression="zstd")
    return written.getvalue()


def _array(column: Sequence[Content]) -> pa.Array:
    said = {type(value) for value in column if value is not None}
    if said and said <= {int, Decimal}:
        return pa.array([None if value is None else Decimal(str(value)) for value in column], _HOURS)
    if said == {date}:
        return pa.array(column, pa.date32())
    return pa.array([None if value is None else str(value) for value in column], pa.string())
