"""Counting the statements that a piece of code sends to the database."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from sqlalchemy import Connection, Engine, event

NOT_QUERIES = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")
CountQueries = Callable[[], AbstractContextManager[list[str]]]


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements of all threads and engines, while the block runs."""
    statements: list[str] = []

    def note(_connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(NOT_QUERIES):
            statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.fixture
def count_queries() -> CountQueries:
    """`with count_queries() as queries: ...` and then `len(queries) <= 3`, or the statements to look at."""
    return counted
