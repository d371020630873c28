"""What a database needs to take all rows of another one: empty tables, no order to keep, numbers that go on."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Table, cast, column, delete, func, insert, select, table, text
from sqlalchemy.dialects.postgresql import REGCLASS
from sqlalchemy.orm import Session
from sqlalchemy.schema import AddConstraint, DropConstraint

from db.base import Base
from db.events import Event

TABLES = {each.name: each for each in Base.metadata.sorted_tables}
_SQLITE_SEQUENCE = table("sqlite_sequence", column("name"), column("seq"))


def clear(session: Session) -> None:
    """Remove what migrations have put in. Events are never removed: there are none yet, or nothing is restored."""
    for name, each in reversed(TABLES.items()):
        if name != Event.__tablename__:
            session.execute(delete(each))


@contextmanager
def foreign_keys_at_the_end(session: Session) -> Iterator[None]:
    """Rows may come before those they refer to; all is checked when the block ends, or on SQLite at the commit."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA defer_foreign_keys=ON"))
        yield
        return
    keys = [key for each in TABLES.values() for key in each.foreign_key_constraints]
    for key in keys:
        session.execute(DropConstraint(key))
    yield
    for key in keys:
        session.execute(AddConstraint(key, isolate_from_table=False))


def last_numbers(session: Session) -> dict[str, int]:
    """The last number that each table has given to a row, deleted rows included."""
    numbered = [each for each in TABLES.values() if each.autoincrement_column is not None]
    return {each.name: max(_highest(session, each), _remembered(session, each)) for each in numbered}


def go_on_from(session: Session, numbers: Mapping[str, int]) -> None:
    """No number that was ever given is given again."""
    for name, last in numbers.items():
        if not last:
            continue
        if session.get_bind().dialect.name == "postgresql":
            session.execute(select(func.setval(func.pg_get_serial_sequence(name, "id"), last)))
        elif _remembers(TABLES[name]):
            session.execute(delete(_SQLITE_SEQUENCE).where(_SQLITE_SEQUENCE.c.name == name))
            session.execute(insert(_SQLITE_SEQUENCE).values(name=name, seq=last))


def _highest(session: Session, numbered: Table[Any]) -> int:
    return session.scalar(select(func.max(numbered.c.id))) or 0


def _remembered(session: Session, numbered: Table[Any]) -> int:
    if session.get_bind().dialect.name == "postgresql":
        sequence = cast(func.pg_get_serial_sequence(numbered.name, "id"), REGCLASS)
        return session.scalar(select(func.pg_sequence_last_value(sequence))) or 0
    if not _remembers(numbered):
        return 0
    return session.scalar(select(_SQLITE_SEQUENCE.c.seq).where(_SQLITE_SEQUENCE.c.name == numbered.name)) or 0


def _remembers(numbered: Table[Any]) -> bool:
    """SQLite gives the number of a deleted last row once more, but for tables that say otherwise."""
    return bool(numbered.dialect_options["sqlite"]["autoincrement"])
