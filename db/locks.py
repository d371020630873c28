"""One transaction at a time for a named thing, where the database does not see to it by itself."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session


def hold(session: Session, name: str) -> None:
    """Wait until no other transaction holds the name, then hold it to the end of this one.

    SQLite lets only one transaction write at all, so there is nothing to wait for.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
