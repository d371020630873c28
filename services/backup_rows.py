"""Rows as lines of JSON, the same from either database, so that a pilot can move to PostgreSQL by a backup."""

import base64
import gzip
import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, LargeBinary, Row, Table, Time, insert, select
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from db.base import Hours, UtcDateTime

MOST_ROWS = 5000
MOST_BYTES = 4_000_000
FETCHED = 100  # rows at a time, because some hold a part of a file

_READERS: dict[type[TypeEngine[Any]], Callable[[Any], object]] = {
    Date: date.fromisoformat,
    Hours: Decimal,
    LargeBinary: base64.b64decode,
    Time: time.fromisoformat,
    UtcDateTime: datetime.fromisoformat,
}


def dump(session: Session, table: Table[Any]) -> Iterator[tuple[int, bytes]]:
    """How many rows, and their lines after one that names the columns, in parts that fit into memory."""
    rows = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=FETCHED)
    lines, size = [], 0
    for row in session.execute(rows):
        lines.append(_line(row))
        size += len(lines[-1])
        if len(lines) == MOST_ROWS or size > MOST_BYTES:
            yield len(lines), _packed(table, lines)
            lines, size = [], 0
    if lines:
        yield len(lines), _packed(table, lines)


def load(session: Session, table: Table[Any], part: bytes) -> int:
    """Insert the rows of a part; how many there were."""
    names, *lines = gzip.decompress(part).decode().splitlines()
    columns = [table.c[name] for name in json.loads(names)]
    readers = [_reader(column.type) for column in columns]
    rows = [
        {
            column.key: value if value is None else read(value)
            for column, read, value in zip(columns, readers, json.loads(line), strict=True)
        }
        for line in lines
    ]
    session.execute(insert(table), rows)
    return len(rows)


def _packed(table: Table[Any], lines: list[str]) -> bytes:
    names = json.dumps([column.key for column in table.columns])
    return gzip.compress("\n".join([names, *lines]).encode(), compresslevel=6, mtime=0)


def _line(row: Row[Any]) -> str:
    # Not only for size: JSON escapes every character that splitlines() would split at.
    return json.dumps(list(row), default=_plain, separators=(",", ":"))


def _plain(value: object) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"a backup knows no {type(value).__name__}")


def _reader(type_: TypeEngine[Any]) -> Callable[[Any], object]:
    return next((read for kind, read in _READERS.items() if isinstance(type_, kind)), lambda value: value)
