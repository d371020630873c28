"""Every test here runs on both databases, unless it is marked `no_database`."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from db import transaction
from db.accounts import Role
from db.organisations import Organisation
from db.people import Person
from services import passwords
from services.permissions import Actor
from tests import classes, factories, signing_in
from tests.forecasts import staffed


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


@contextmanager
def writing(request: pytest.FixtureRequest) -> Iterator[Session]:
    """The transaction that the test is in, or one of its own for a test that is in none."""
    if "open_session" in request.fixturenames:
        yield request.getfixturevalue("open_session")
    else:
        with transaction() as session:
            yield session


@pytest.fixture
def employer(request: pytest.FixtureRequest) -> Organisation:
    with writing(request) as session:
        return factories.create_employer(session)


@pytest.fixture
def neighbour() -> Organisation:
    """An employer in another province."""
    with transaction() as session:
        return factories.create_employer(session, division="320102")


@pytest.fixture
def forecast_staff(employer: Organisation, neighbour: Organisation) -> list[Person]:
    """The employer's, as `staffed` says; for tests in its September."""
    return staffed(employer, neighbour)


@pytest.fixture
def person(request: pytest.FixtureRequest, employer: Organisation) -> Person:
    with writing(request) as session:
        return factories.create_person(session, employer=employer)


@pytest.fixture
def professional(request: pytest.FixtureRequest, employer: Organisation) -> Actor:
    with writing(request) as session:
        return factories.actor_for(session, factories.create_person(session, employer=employer))


@pytest.fixture
def reviewer(request: pytest.FixtureRequest, employer: Organisation) -> Actor:
    with writing(request) as session:
        return factories.actor_of(session, factories.create_reviewer(session, employer))


@pytest.fixture
def supervisor(request: pytest.FixtureRequest) -> Actor:
    with writing(request) as session:
        return factories.actor_of(session, factories.create_supervisor(session))


@pytest.fixture
def topmost(request: pytest.FixtureRequest) -> Actor:
    with writing(request) as session:
        return factories.actor_of(session, factories.create_supervisor(session, "440000"))


@pytest.fixture
def provider(request: pytest.FixtureRequest) -> Organisation:
    with writing(request) as session:
        return classes.create_provider(session)


@pytest.fixture
def trainer(request: pytest.FixtureRequest, provider: Organisation) -> Actor:
    with writing(request) as session:
        return factories.actor_of(session, classes.create_trainer(session, provider))
