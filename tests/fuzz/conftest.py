"""Hostile input by the thousand; every test here runs on both databases, unless it is marked `no_database`."""

from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import Engine

from tests.fuzz.strength import LONG, is_long

LONG_SECONDS = 3600  # for one test with many examples

settings.register_profile(LONG, deadline=None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if is_long():
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(pytest.mark.timeout(LONG_SECONDS))


@pytest.fixture(autouse=True)
def _on_both_databases(database: Engine | None) -> None:
    """Asks for the database in the test's place."""
