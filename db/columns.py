"""Rows told column by column: what stands in a column often is worked out once, and many rows are stored at once."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Dialect, insert
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from db.base import Base

Columns = Mapping[str, Sequence[Any]]
Result = TypeVar("Result")


def each(work: Callable[[Any], Result], column: Sequence[Hashable]) -> list[Result]:
    """What `work` makes of each value, asked once for each that differs."""
    found = {value: work(value) for value in set(column)}
    return list(map(found.__getitem__, column))


def insert_columns(session: Session, model: type[Base], columns: Columns, **same: Hashable) -> None:
    """Insert a row for each place of the columns; `same` is what all rows have. Columns with a default must be told.

    SQLAlchemy's own way prepares value after value, which takes it as long as SQLite to store them.
    """
    if not (count := len(next(iter(columns.values())))):
        return
    connection = session.connection()
    told = {**columns, **{name: [value] * count for name, value in same.items()}}
    statement = insert(model).compile(dialect=connection.dialect, column_keys=list(told))
    names = statement.positiontup or list(told)
    types = model.__table__.c
    rows = zip(*(_stored(types[name].type, told[name], connection.dialect) for name in names), strict=True)
    named = rows if statement.positional else (dict(zip(names, row, strict=True)) for row in rows)
    connection.exec_driver_sql(str(statement), list(named))


def _stored(kind: TypeEngine[Any], values: Sequence[Any], dialect: Dialect) -> Sequence[Any]:
    """The values as the driver takes them."""
    prepare = kind.dialect_impl(dialect).bind_processor(dialect)
    return each(prepare, values) if prepare else values
