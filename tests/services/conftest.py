"""Every test here runs on both databases, unless it is marked `no_database`."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from services import passwords


@pytest.fixture(autouse=True)
def _on_both_databases(database: Engine | None) -> None:
    """Asks for the database in the test's place."""


@pytest.fixture(autouse=True)
def _cheap_passwords() -> Iterator[None]:
    """A quarter of a second for each would be most of the tests' time."""
    with passwords.cheaply():
        yield
