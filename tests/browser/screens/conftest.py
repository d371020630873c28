"""Every page of the demo, opened in a browser in either language.

On SQLite only: what a browser makes of a page does not depend on the database, and the page's own tests ask both.
"""

import fcntl
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db import Base, reading, session, transaction
from db.accounts import Account
from db.certificates import Certificate
from db.claims import Claim
from db.classes import CourseClass
from db.people import Person
from db.settings import PROJECT
from tests import database
from tests.browser import runs
from tests.browser.conftest import Server, environment, free_port, served
from tests.browser.screens.sights import Sight, sights
from tests.browser.steps import settled
from tests.chromium import PATIENCE
from tests.database import RUN
from tests.web.client import token_for
from web.cookies import session_cookie
from web.i18n import DEFAULT, LANGUAGES
from web.navigation import SCREENS

HEIGHT, WIDE, NARROW = 900, 1280, 390  # pixels


@dataclass(frozen=True)
class Demo:
    """The demo's server, a browser, and what the words in braces of the addresses stand for."""

    server: Server
    chromium: Browser
    numbers: Mapping[str, object]

    def open(self, sight: Sight, language: str = DEFAULT, *, scheme: Literal["light", "dark"] = "light") -> Page:
        """In a browser of its own, to be closed with its context."""
        viewport = ViewportSize(width=WIDE, height=HEIGHT)
        context = self.chromium.new_context(base_url=self.server.url, viewport=viewport, color_scheme=scheme)
        context.on("page", runs.watch)
        if sight.username:
            token = self._signed_in(sight.username, language)
            context.add_cookies([{"name": session_cookie(), "value": token, "url": self.server.url}])
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        screen = next(screen for screen in SCREENS if screen.path == sight.path)
        page.goto(f"/{screen.url_path}?{sight.query.format_map(self.numbers)}")
        _drawn(page)
        if not sight.username and language != DEFAULT:
            page.get_by_role("button", name=LANGUAGES[language]).click()
            _drawn(page)
        return page

    def _signed_in(self, username: str, language: str) -> str:
        with database.bound(session.make_engine(self.server.database_url)):
            with transaction() as current:
                account = current.scalars(select(Account).where(Account.username == username)).one()
                account.language = language
            return token_for(account)


def _drawn(page: Page) -> None:
    """To the last widget, whose code the browser has yet to fetch."""
    settled(page)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)


@dataclass(frozen=True)
class Shown:
    """A page that is at rest, and what it is."""

    page: Page
    sight: Sight
    language: str

    def at_width(self, width: int) -> Page:
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
        settled(self.page)
        return self.page


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("demo") / "data"
    shutil.copytree(loaded_demo(), folder)
    with served(server_in(folder)) as running:
        yield running


def loaded_demo() -> Path:
    """Loaded by the first process that asks for it."""
    folder = RUN / "demo-data"
    with (RUN / "demo-data.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "hourbook.db").exists():
            command = [sys.executable, "-m", "services", "demo"]
            subprocess.run(command, cwd=PROJECT, env=environment(server_in(folder)), check=True, capture_output=True)
    return folder


def server_in(folder: Path) -> Server:
    return Server(f"http://127.0.0.1:{free_port()}", f"sqlite:///{folder / 'hourbook.db'}", folder / "log")


@pytest.fixture(scope="session")
def demo(server: Server, chromium: Browser) -> Demo:
    with database.bound(session.make_engine(server.database_url)), reading() as current:
        return Demo(server, chromium, _numbers(current))


def _numbers(current: Session) -> Mapping[str, object]:
    claims = select(Claim.status, func.max(Claim.id)).join(Person).join(Account)
    mine = current.execute(claims.where(Account.username == "professional").group_by(Claim.status))
    classes = current.execute(select(CourseClass.status, func.max(CourseClass.id)).group_by(CourseClass.status))
    return {
        **{f"{status}_claim": number for status, number in mine},
        **{f"{status}_class": number for status, number in classes},
        "certificate": current.scalar(select(func.min(Certificate.number))),
    }


@pytest.fixture(scope="session")
def rows(server: Server) -> list[str]:
    """Everything that is stored."""
    with database.bound(session.make_engine(server.database_url)), reading() as current:
        tables = [current.execute(select(table)) for table in Base.metadata.sorted_tables]
        return [json.dumps(list(row), default=str, ensure_ascii=False) for table in tables for row in table]


@pytest.fixture(scope="session", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session", params=sights(), ids=str)
def sight(request: pytest.FixtureRequest) -> Sight:
    found: Sight = request.param
    return found


@pytest.fixture(scope="session")
def shown(demo: Demo, sight: Sight, language: str) -> Iterator[Shown]:
    """Opened once for all tests that look at it."""
    page = demo.open(sight, language)
    yield Shown(page, sight, language)
    page.context.close()
