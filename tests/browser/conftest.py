"""A real server and real browsers, on both databases; skipped where no Chromium is found."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from db import session
from db.settings import PROJECT
from tests import database
from tests.browser import runs
from tests.chromium import CHROMIUM, PATIENCE

CAPTCHA = "7QXMD"
START_SECONDS = 60
PATIENT_SECONDS = 400  # for a whole test: some tell a long story
SCREENSHOTS = Path(__file__).parent / "screenshots"
PAGES = pytest.StashKey[list[Page]]()
Open = Callable[[], Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(PATIENT_SECONDS))
    if CHROMIUM is None:
        reason = "no Chromium was found: install Debian's package chromium to run the browser tests"
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keeps what the browsers of a failed test showed."""
    report = yield
    if report.when == "call" and report.failed:
        SCREENSHOTS.mkdir(exist_ok=True)
        pages: list[Page] = item.stash.get(PAGES, [])
        for number, page in enumerate(pages):
            page.screenshot(path=SCREENSHOTS / f"{item.name}-{number}.png", full_page=True)
    return report


@dataclass(frozen=True)
class Server:
    """A running application and the database it uses."""

    url: str
    database_url: str
    log: Path


@pytest.fixture(scope="session", params=database.KINDS)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`streamlit run Home.py`, as the README starts it."""
    database_url, folder = database.new_migrated(request.param), tmp_path_factory.mktemp(request.param)
    with served(Server(f"http://127.0.0.1:{free_port()}", database_url, folder / "log")) as running:
        yield running


@contextmanager
def served(server: Server) -> Iterator[Server]:
    with server.log.open("wb") as log:
        process = subprocess.Popen(command(server), cwd=PROJECT, env=environment(server), stdout=log, stderr=log)
    try:
        wait_until_ready(server, process)
        yield server
    finally:
        process.terminate()
        process.wait(30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def command(server: Server) -> list[str]:
    return [sys.executable, "-m", "streamlit", "run", "Home.py", "--server.port", server.url.rsplit(":", 1)[1]]


def environment(server: Server) -> dict[str, str]:
    """What the server runs with, for a command that works on the same installation."""
    ours = {
        "HOURBOOK_ENV": "test",
        "HOURBOOK_TEST_CAPTCHA": CAPTCHA,
        "HOURBOOK_DATABASE_URL": server.database_url,
        "HOURBOOK_DATA_DIR": str(server.log.parent),
        "HOURBOOK_PUBLIC_URL": server.url,
    }
    return {**os.environ, **ours}


def wait_until_ready(server: Server, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.url}/health/ready", timeout=2):  # noqa: S310  # our own server
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    pytest.fail(f"the server did not start:\n{server.log.read_text()}")


@pytest.fixture(autouse=True)
def _servers_database(server: Server) -> Iterator[None]:
    """Tests prepare and look up rows in the database that the server uses."""
    with database.bound(session.make_engine(server.database_url)):
        yield


@pytest.fixture
def open_browser(server: Server, chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Open]:
    """Each call is another user's browser with its own cookies. None of them may break a rule of the page's policy."""
    pages, complaints = request.node.stash.setdefault(PAGES, []), []

    def note(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            complaints.append(message.text)

    def open_one() -> Page:
        context = chromium.new_context(base_url=server.url, locale="zh-CN", viewport={"width": 1280, "height": 900})
        context.on("page", runs.watch)
        page = context.new_page()
        pages.append(page)
        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.set_default_timeout(PATIENCE)
        return page

    yield open_one
    for page in pages:
        page.context.close()
    assert not complaints, complaints


@pytest.fixture
def page(open_browser: Open) -> Page:
    return open_browser()
