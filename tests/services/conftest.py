"""Every test here runs on both databases, unless it is marked `no_database`."""

import pytest
from sqlalchemy import Engine


@pytest.fixture(autouse=True)
def _on_both_databases(database: Engine | None) -> None:
    """Asks for the database in the test's place."""
