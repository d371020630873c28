"""Brings the database to the newest migration, however many processes of the application start at once."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, inspect, text

from db import session
from db.settings import PROJECT

HEAD = "5b1e0c7d2f4a"  # the newest revision; named here so that a start with nothing to do need not load Alembic
LOCK = 0x486F7572626F6F6B  # "Hourbook": PostgreSQL's advisory locks are numbers


def is_current() -> bool:
    with session.engine.execution_options(reads_only=True).connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        return bool(connection.scalar(text("SELECT version_num FROM alembic_version")) == HEAD)


def upgrade() -> None:
    if not is_current():
        migrate_to("head")


def migrate_to(revision: str) -> None:
    """Up or down to a revision, all of it or nothing: both databases roll back changed tables as well."""
    # Only a process that has something to migrate pays for the import.
    from alembic import command
    from alembic.config import Config

    config = Config(toml_file=PROJECT / "pyproject.toml")
    with _alone() as connection:
        config.attributes["connection"] = connection
        go = command.downgrade if revision == "base" else command.upgrade
        go(config, revision)


@contextmanager
def _alone() -> Iterator[Connection]:
    """A transaction that no other process can migrate beside; who comes second finds the work done."""
    with session.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            with connection.begin():
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
                yield connection
        else:
            with _without_foreign_keys(connection), connection.begin():
                yield connection
                _check_foreign_keys(connection)


@contextmanager
def _without_foreign_keys(connection: Connection) -> Iterator[None]:
    """SQLite copies a table to change it and drops the first one, which must not take referring rows along."""
    pragma = connection.connection.cursor().execute
    pragma("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        pragma("PRAGMA foreign_keys=ON")


def _check_foreign_keys(connection: Connection) -> None:
    if broken := connection.execute(text("PRAGMA foreign_key_check")).all():
        raise RuntimeError(f"the migration leaves rows that refer to nothing: {broken[:5]}")
