"""Migrations: they build what the models say, both ways, and events stay whatever SQL is sent."""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from alembic import command, op
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text
from sqlalchemy.engine.interfaces import ReflectedIndex
from sqlalchemy.exc import DBAPIError

from db import Base, migrate, session, transaction
from db.settings import PROJECT
from services.events import record
from services.permissions import SYSTEM
from tests.database import KINDS, bound, new
from tests.factories import create_account

STARTERS = 4
CONFIG = Config(toml_file=PROJECT / "pyproject.toml")


@pytest.fixture(params=KINDS)
def nothing_yet(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A database without a single table."""
    with bound(session.make_engine(new(request.param))) as engine:
        yield engine


def schema(engine: Engine) -> dict[str, Any]:
    """Everything the database itself says about its tables, in an order that can be compared.

    The order of columns means nothing, and a migration can only add them at the end.
    """
    inspector = inspect(engine)
    tables = sorted(set(inspector.get_table_names()) - {"alembic_version"})
    return {
        table: {
            "columns": sorted(str({**column, "type": repr(column["type"])}) for column in inspector.get_columns(table)),
            "primary key": inspector.get_pk_constraint(table),
            "foreign keys": sorted(inspector.get_foreign_keys(table), key=str),
            "unique": sorted(inspector.get_unique_constraints(table), key=str),
            "checks": sorted(inspector.get_check_constraints(table), key=str),
            "indexes": sorted(map(_plain, inspector.get_indexes(table))),
            "options": inspector.get_table_options(table),
            "counts on": "AUTOINCREMENT" in _statement(engine, table),
        }
        for table in tables
    }


def _plain(index: ReflectedIndex) -> str:
    """The condition of a partial index is an object that equals only itself."""
    return str({**index, "dialect_options": [str(option) for option in index.get("dialect_options", {}).values()]})


def _statement(engine: Engine, table: str) -> str:
    """SQLite keeps the statement that made a table, and tells some things nowhere else."""
    with engine.connect() as connection:
        found = text("SELECT sql FROM sqlite_master WHERE name = :table")
        return str(connection.scalar(found, {"table": table})) if engine.dialect.name == "sqlite" else ""


def test_the_migrations_build_exactly_the_models(nothing_yet: Engine) -> None:
    """Names and texts of all checks included, which Alembic does not compare."""
    migrate.upgrade()
    migrated = schema(nothing_yet)
    migrate.migrate_to("base")
    Base.metadata.create_all(nothing_yet)
    assert migrated == schema(nothing_yet)


def test_alembic_finds_nothing_left_to_migrate(database: Engine) -> None:
    with database.connect() as CONFIG.attributes["connection"]:
        command.check(CONFIG)
    assert migrate.is_current()


def test_the_named_head_is_the_newest_and_only_one() -> None:
    assert ScriptDirectory.from_config(CONFIG).get_heads() == [migrate.HEAD]


def test_down_and_up_again_leaves_nothing_behind(nothing_yet: Engine) -> None:
    migrate.upgrade()
    before = schema(nothing_yet)
    migrate.migrate_to("base")
    assert schema(nothing_yet) == {}
    assert not migrate.is_current()
    migrate.upgrade()
    assert schema(nothing_yet) == before


def test_a_migration_that_fails_halfway_changes_nothing(nothing_yet: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ArithmeticError("the disk is full")

    monkeypatch.setattr(op, "bulk_insert", fail)
    with pytest.raises(ArithmeticError):
        migrate.upgrade()
    assert schema(nothing_yet) == {}


FIRST, DAY, MOMENT = "5b1e0c7d2f4a", "'2026-01-05'", "'2026-01-05 02:00:00'"
# One row of each kind that others refer to, as the first migration knew them.
ROWS = {
    "account": f"1, 'somebody', '林知夏', 'hash', false, 'active', 'zh_CN', NULL, {MOMENT}",
    "organisation": f"1, '', '设计院', 'employer', '440104', '陈望舒', '1', 'approved', '', {MOMENT}, NULL, NULL, 1",
    "person": f"1, 1, '林知夏', '', 'a', '*', {DAY}, 'female', '1', '', '', NULL, 'none', '', {MOMENT}, 1",
    "binding": f"1, 1, 1, 'active', {MOMENT}, {MOMENT}, 1, '', {DAY}, NULL, 1",
    "claim": f"1, 1, 1, 2026, 'general', 'training', '讲座', '主办', '', {DAY}, {DAY}, 80, 80, 'person', 'approved', "
    f"'', {MOMENT}, {MOMENT}, {MOMENT}, {MOMENT}, 1",
    "claim_step": f"1, 1, {MOMENT}, 1, '林知夏', 'approve', 'submitted', 'approved', '', 80",
    "evidence": f"1, 1, '证明.pdf', 'application/pdf', 1, 'a', 'b', {MOMENT}",
}


def test_what_was_stored_before_is_there_afterwards(nothing_yet: Engine) -> None:
    """SQLite changes a table by copying it, and dropping the first copy must not take the referring rows along."""
    migrate.migrate_to(FIRST)
    with nothing_yet.begin() as connection:
        for table, row in ROWS.items():
            connection.execute(text(f"INSERT INTO {table} VALUES ({row})"))
    migrate.upgrade()
    with nothing_yet.connect() as connection:
        kept = {table: connection.scalar(text(f"SELECT count(*) FROM {table}")) for table in ROWS}
    assert kept == dict.fromkeys(ROWS, 1)


@pytest.mark.parametrize("kind", KINDS)
def test_processes_that_start_at_once_migrate_one_after_the_other(kind: str) -> None:
    url = new(kind)
    program = "from db import migrate; migrate.upgrade(); print(migrate.is_current())"
    environment = {**os.environ, "HOURBOOK_DATABASE_URL": url}
    started = [
        subprocess.Popen(
            [sys.executable, "-c", program], cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True
        )
        for _ in range(STARTERS)
    ]
    assert [process.communicate(timeout=60)[0] for process in started] == ["True\n"] * STARTERS
    with bound(session.make_engine(url)) as engine, engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM event_head")) == 1


def test_a_start_with_nothing_to_do_does_not_load_alembic(database: Engine) -> None:
    program = "import sys; from db import migrate; migrate.upgrade(); print('alembic' in sys.modules)"
    environment = {**os.environ, "HOURBOOK_DATABASE_URL": database.url.render_as_string(hide_password=False)}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET action = 'nothing.happened'",
        "UPDATE event SET hash = hash",
        "DELETE FROM event",
        "DELETE FROM event WHERE id = 1",
    ],
)
def test_no_statement_changes_an_event(database: Engine, statement: str) -> None:
    _write_one_event()
    with pytest.raises(DBAPIError, match="events are never"), database.begin() as connection:
        connection.execute(text(statement))
    with database.connect() as connection:
        assert connection.scalar(text("SELECT action FROM event")) == "account.tested"


def test_no_statement_empties_or_replaces_events(database: Engine) -> None:
    _write_one_event()
    columns = ", ".join(column.name for column in Base.metadata.tables["event"].columns)
    statement = {
        "sqlite": f"INSERT OR REPLACE INTO event ({columns}) SELECT {columns} FROM event",
        "postgresql": "TRUNCATE event",
    }[database.dialect.name]
    with pytest.raises(DBAPIError, match="events are never"), database.begin() as connection:
        connection.execute(text(statement))


def _write_one_event() -> None:
    with transaction() as current:
        record(current, SYSTEM, "account.tested", create_account(current))
