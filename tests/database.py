"""The two databases that tests run on, each migrated once per process and emptied for every test."""

import itertools
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from db import Base, migrate, session, transaction
from tests import postgresql

KINDS = ("sqlite", "postgresql")
RUN = Path(os.environ["TEST_RUN_FOLDER"])
PROCESS = os.environ.get("PYTEST_XDIST_WORKER", "main")
TABLES = [table.name for table in Base.metadata.sorted_tables]
REFERENCE = ("activity_rule", "event_head", "requirement_edition", "requirement", "claim_year")
ID_STEP = 1000
_numbers = itertools.count(1)


def new(kind: str) -> str:
    """The address of an empty database, for tests that migrate it themselves or hand it to another process."""
    name = f"{PROCESS}_{next(_numbers)}"
    if kind == "sqlite":
        return f"sqlite:///{RUN / name}.db"
    return postgresql.create_database(postgresql.server_url(RUN), name)


def new_migrated(kind: str) -> str:
    url = new(kind)
    with bound(session.make_engine(url)):
        migrate.upgrade()
    return url


def copy_of(url: str) -> str:
    """Another database with the same rows, while nobody is connected to the first."""
    kind = "sqlite" if url.startswith("sqlite") else "postgresql"
    copy = new(kind)
    if kind == "sqlite":
        shutil.copyfile(make_url(url).database or "", make_url(copy).database or "")
    else:
        postgresql.create_database(
            postgresql.server_url(RUN), make_url(copy).database or "", like=make_url(url).database
        )
    return copy


@contextmanager
def bound(engine: Engine) -> Iterator[Engine]:
    """Services and pages use this database, and none at all afterwards."""
    before = session.engine
    session.bind(engine)
    try:
        yield engine
    finally:
        session.bind(before)
        engine.dispose()


@contextmanager
def unguarded(engine: Engine) -> Iterator[Connection]:
    """A connection of somebody who owns the database and switches its triggers off."""
    off = {
        "sqlite": ["DROP TRIGGER event_is_not_changed", "DROP TRIGGER event_is_not_deleted"],
        "postgresql": ["SET LOCAL session_replication_role = replica"],
    }[engine.dialect.name]
    with engine.begin() as connection:
        for statement in off:
            connection.execute(text(statement))
        yield connection


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        without = metafunc.definition.get_closest_marker("no_database")
        metafunc.parametrize("database", ["none"] if without else KINDS, indirect=True)


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[Engine | None]:
    """Binds the application to a migrated database that holds only the reference rows, once for each kind."""
    if request.param == "none":
        yield None
    else:
        with bound(request.getfixturevalue(f"empty_{request.param}")) as engine:
            yield engine


@pytest.fixture(scope="session")
def sqlite_template() -> Path:
    return Path(make_url(new_migrated("sqlite")).database or "")


@pytest.fixture
def empty_sqlite(sqlite_template: Path) -> Iterator[Engine]:
    """A copy, so that a thread that outlives its test still writes to its own file."""
    url = new("sqlite")
    copy = Path(make_url(url).database or "")
    shutil.copyfile(sqlite_template, copy)
    yield session.make_engine(url)
    for file in copy.parent.glob(f"{copy.name}*"):
        file.unlink()


@pytest.fixture(scope="session")
def migrated_postgresql() -> str:
    url = new_migrated("postgresql")
    postgresql.execute(url, "CREATE SCHEMA pristine", *map(_keep, REFERENCE), *map(_spread_ids, range(len(TABLES))))
    return url


def _keep(table: str) -> str:
    return f"CREATE TABLE pristine.{table} AS TABLE {table}"


def _spread_ids(position: int) -> str:
    """Each table counts from another thousand: an account's id given for a person's is then never right by luck."""
    sequence = f"pg_get_serial_sequence('{TABLES[position]}', 'id')"
    has_id = f"SELECT FROM information_schema.columns WHERE table_name = '{TABLES[position]}' AND column_name = 'id'"
    return (
        f"DO $$ BEGIN IF EXISTS ({has_id}) THEN PERFORM setval({sequence}, {ID_STEP * (position + 1)}); END IF; END $$"
    )


@pytest.fixture
def empty_postgresql(migrated_postgresql: str) -> Engine:
    """Emptied before and not after, so that a failed test leaves its rows to look at."""
    # As a replica the server runs neither the checks of foreign keys nor the triggers that keep events.
    script = ["SET lock_timeout = '10s'", "SET session_replication_role = replica"]
    script += [f"DELETE FROM {table}" for table in TABLES]
    script += [f"INSERT INTO {table} SELECT * FROM pristine.{table}" for table in REFERENCE]
    postgresql.execute(migrated_postgresql, "; ".join(script))
    return session.make_engine(migrated_postgresql)


@pytest.fixture
def open_session(database: Engine) -> Iterator[Session]:
    """One transaction around the test, for tests of a single service."""
    with transaction() as current:
        yield current
