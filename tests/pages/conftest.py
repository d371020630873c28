"""Every test here runs on both databases, unless it is marked `no_database`. Pages run behind the real router."""

import itertools
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from db import transaction
from db.accounts import Account, AuthSession
from db.organisations import Organisation
from db.people import Person
from services import sealing
from services.clock import now
from tests import factories
from web import session as web_session
from web.navigation import PAGES

_numbers = itertools.count()
OpenPage = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def _on_both_databases(database: Engine | None) -> None:
    """Asks for the database in the test's place."""


@pytest.fixture
def employer() -> Organisation:
    with transaction() as session:
        return factories.create_employer(session)


@pytest.fixture
def person(employer: Organisation) -> Person:
    with transaction() as session:
        return factories.create_person(session, employer=employer)


@pytest.fixture
def reviewer(employer: Organisation) -> Account:
    with transaction() as session:
        return factories.create_reviewer(session, employer)


@pytest.fixture
def supervisor() -> Account:
    with transaction() as session:
        return factories.create_supervisor(session)


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> OpenPage:
    """`open_page("personal/claims", account, id="new")`: what that account sees there; without one, a stranger."""

    def open_(path: str, account: Account | None, **query: str) -> AppTest:
        token = _sign_in(account) if account else ""
        monkeypatch.setattr(web_session, "session_token", lambda: token)
        app = AppTest.from_function(_route, default_timeout=30)
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
        return app.switch_page(str(PAGES / f"{path}.py")).run()

    return open_


def _route() -> None:
    """Run as a module: a script's own folder would come first on the path, hiding libraries behind ours."""
    import runpy

    runpy.run_module("web.router")


def _sign_in(account: Account) -> str:
    token, moment = f"token {next(_numbers)}", now()
    with transaction() as session:
        session.add(
            AuthSession(
                token_hash=sealing.fingerprint(token),
                account_id=account.id,
                created_at=moment,
                last_seen_at=moment,
                expires_at=moment + timedelta(hours=1),
                remembered=False,
                device="AppTest",
                address="",
            )
        )
    return token
