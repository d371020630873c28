"""Every test here runs on both databases, unless it is marked `no_database`."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from db.accounts import Role
from services import passwords
from services.permissions import Actor
from tests import signing_in


@pytest.fixture(autouse=True)
def _on_both_databases(database: Engine | None) -> None:
    """Asks for the database in the test's place."""


@pytest.fixture(autouse=True)
def _cheap_passwords() -> Iterator[None]:
    """A quarter of a second for each would be most of the tests' time."""
    with passwords.cheaply():
        yield


@pytest.fixture
def administrator() -> Actor:
    """Somebody other than the account of the test, signed in."""
    signing_in.create_account(Role.ADMINISTRATOR, username="guanli")
    return signing_in.actor_of(signing_in.enter("guanli"))
