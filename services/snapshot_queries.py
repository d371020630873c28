"""Asks a snapshot. DuckDB reads the columns that a question needs, on all cores, and keeps nothing."""

from collections.abc import Sequence
from functools import cache
from threading import Lock
from typing import Any

import duckdb

from services import question_sql, storage
from services.questions import Question

MEMORY = "1GB"
_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": MEMORY,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
_opening = Lock()

Rows = list[tuple[Any, ...]]


def ask(sha256: str, question: Question, statement: str, parameters: Sequence[object] = ()) -> Rows:
    """The answer to a statement over `asked`, the rows of a question. Raises StorageDamaged, StorageUnavailable."""
    path, condition = storage.checked_path(sha256), question_sql.where(question)
    asked = f"WITH asked AS (SELECT * FROM read_parquet(?) {condition.sql}) {statement}"  # noqa: S608
    with _database().cursor() as cursor:
        try:
            return cursor.execute(asked, [str(path), *condition.parameters, *parameters]).fetchall()
        except duckdb.IOException as error:
            raise storage.StorageUnavailable from error


def _database() -> duckdb.DuckDBPyConnection:
    with _opening:
        return _open()


@cache
def _open() -> duckdb.DuckDBPyConnection:
    database = duckdb.connect(config=_SETTINGS)
    database.execute("SET parquet_metadata_cache = true")
    return database
