"""Every test here runs on both databases, unless it is marked `no_database`."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from db.accounts import Role
from db.organisations import Organisation
from db.people import Person
from services import passwords
from services.permissions import Actor
from tests import classes, factories, signing_in


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


@pytest.fixture
def employer(open_session: Session) -> Organisation:
    return factories.create_employer(open_session)


@pytest.fixture
def person(open_session: Session, employer: Organisation) -> Person:
    return factories.create_person(open_session, employer=employer)


@pytest.fixture
def professional(open_session: Session, employer: Organisation) -> Actor:
    return factories.actor_for(open_session, factories.create_person(open_session, employer=employer))


@pytest.fixture
def reviewer(open_session: Session, employer: Organisation) -> Actor:
    return factories.actor_of(open_session, factories.create_reviewer(open_session, employer))


@pytest.fixture
def supervisor(open_session: Session) -> Actor:
    return factories.actor_of(open_session, factories.create_supervisor(open_session))


@pytest.fixture
def provider(open_session: Session) -> Organisation:
    return classes.create_provider(open_session)


@pytest.fixture
def trainer(open_session: Session, provider: Organisation) -> Actor:
    return factories.actor_of(open_session, classes.create_trainer(open_session, provider))
