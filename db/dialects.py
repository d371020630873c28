"""SQL that the two databases write differently, each piece under one name."""

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from db.base import Base


def insert_or_update(session: Session, table: type[Base]) -> postgresql.Insert:
    """An INSERT that knows ON CONFLICT; SQLite's has the same methods, so one type speaks for both."""
    insert = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}[session.get_bind().dialect.name]
    return insert(table)  # type: ignore[return-value]  # see above
