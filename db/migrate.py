"""Brings the database to the newest migration, however many processes of the application start at once."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from db import session
from db.settings import PROJECT

HEAD = "5b1f6c0e94da"  # the newest revision; named here so that a start with nothing to do need not load Alembic
LOCK = 0x486F7572626F6F6B  # "Hourbook": PostgreSQL's advisory locks are numbers


def is_current() -> bool:
    with session.engine.execution_options(reads_only=True).connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        return bool(connection.scalar(text("SELECT version_num FROM alembic_version")) == HEAD)


def upgrade() -> None:
    with _one_process_opens_the_file():
        if not is_current():
            migrate_to("head")


def migrate_to(revision: str) -> None:
    """Up to a revision or down to "base", all of it or nothing: both databases roll back changes of tables as well."""
    # Only a process that has something to migrate pays for the import.
    from alembic import command
    from alembic.config import Config

    config = Config(toml_file=PROJECT / "pyproject.toml")
    go = command.downgrade if revision == "base" else command.upgrade
    with _alone() as connection:
        config.attributes["connection"] = connection
        go(config, revision)


@contextmanager
def _one_process_opens_the_file() -> Iterator[None]:
    """A new SQLite file is switched to WAL by its first connection, and SQLite lets nobody wait for that."""
    file = session.engine.url.database
    if session.engine.dialect.name != "sqlite" or not file:
        yield
    else:
        with Path(f"{file}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


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
    execute = connection.connection.cursor().execute
    execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        execute("PRAGMA foreign_keys=ON")


def _check_foreign_keys(connection: Connection) -> None:
    if broken := connection.execute(text("PRAGMA foreign_key_check")).all():
        raise RuntimeError(f"the migration leaves rows that refer to nothing: {broken[:5]}")
