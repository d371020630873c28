"""The whole demo with something evil in the place of every text: on no page is anything of it fetched, followed or run.

And of nobody's ID number anything is sent but the masked one, in whatever frame or answer. On SQLite only: what a
browser makes of a page does not depend on the database.
"""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Dialog, Page, Request, Response, WebSocket
from sqlalchemy import Column, Enum, String, Table, select, update
from sqlalchemy.exc import IntegrityError

from db import Base, reading, session, transaction
from db.accounts import Account
from db.people import Person
from services import identity
from tests import database
from tests.browser import runs
from tests.browser.conftest import Server, served
from tests.browser.screens.conftest import loaded_demo, server_in
from tests.browser.screens.sights import Sight, sights
from tests.browser.steps import settled
from tests.chromium import PATIENCE
from tests.web.client import token_for
from web.cookies import session_cookie
from web.navigation import SCREENS

EVIL = (
    "![x](http://elsewhere.example/i) [y](http://elsewhere.example) :material/home: $x$ "
    "<img src=http://elsewhere.example/h onerror=alert()> www.elsewhere.example "
)
FREE_TEXT = 100  # characters; what may be shorter is a code, a number or a hash
NO_TEXTS = {"password_hash", "totp_secret", "device", "evidence", "error", "certificate_key"}
KEPT = {"event", "activity_rule"}  # the log cannot be rewritten, and the rules are codes
LEADS_AWAY = "a[href*='elsewhere'], img[src*='elsewhere'], [onerror]"
NUMBER = re.compile(rb"\d{17}[\dXx]")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("evil") / "data"
    shutil.copytree(loaded_demo(), folder)
    made = server_in(folder)
    with database.bound(session.make_engine(made.database_url)):
        for table in Base.metadata.sorted_tables:
            spoil(table)
    with served(made) as running:
        yield running


def spoil(table: Table) -> None:
    """Every row differs, because names of some things must; what a rule of the database forbids stays."""
    columns = [column for column in table.columns if is_free(column) and table.name not in KEPT]
    keys = list(table.primary_key)
    with transaction() as current:
        rows = current.execute(select(*keys)).all() if columns else []
        for number, row in enumerate(rows):
            same = [key == value for key, value in zip(keys, row, strict=True)]
            for column in columns:
                text = f"{number} {EVIL}"[: getattr(column.type, "length", None)]
                try:
                    with current.begin_nested():
                        current.execute(update(table).where(*same, column != "").values({column.name: text}))
                except IntegrityError:
                    continue


def is_free(column: Column[object]) -> bool:
    kind = column.type
    is_text = isinstance(kind, String) and not isinstance(kind, Enum)
    return is_text and (getattr(kind, "length", None) or 0) >= FREE_TEXT and column.name not in NO_TEXTS


@dataclass
class Wire:
    """Everything that a browser asks for and is told."""

    hosts: set[str] = field(default_factory=set)
    dialogs: list[str] = field(default_factory=list)
    heard: list[bytes] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        page.context.on("request", self._asked)
        page.on("dialog", self._dialog)
        page.on("response", self._answered)
        page.on("websocket", self._connected)

    def _asked(self, request: Request) -> None:
        self.hosts.add(urlsplit(request.url).hostname or "")

    def _dialog(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def _answered(self, response: Response) -> None:
        if response.status < 300 and response.request.resource_type in {"document", "fetch", "xhr"}:
            self.heard.append(response.body())

    def _connected(self, socket: WebSocket) -> None:
        socket.on(
            "framereceived", lambda frame: self.heard.append(frame if isinstance(frame, bytes) else frame.encode())
        )


def open_page(browser: Browser, server: Server, sight: Sight, wire: Wire) -> Page:
    context = browser.new_context(base_url=server.url, locale="zh-CN", viewport={"width": 1280, "height": 900})
    context.on("page", runs.watch)
    if sight.username:
        with reading() as current:
            account = current.scalars(select(Account).where(Account.username == sight.username)).one()
        context.add_cookies([{"name": session_cookie(), "value": token_for(account), "url": server.url}])
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    wire.listen(page)
    page.goto(f"/{next(screen.url_path for screen in SCREENS if screen.path == sight.path)}")
    settled(page)
    return page


def registered_numbers() -> set[bytes]:
    with reading() as current:
        return {identity.decrypt(sealed).encode() for sealed in current.scalars(select(Person.id_number))}


def test_the_texts_are_evil(server: Server) -> None:
    with reading() as current:
        assert all("![x](http" in name for name in current.scalars(select(Person.name)))
    assert len(registered_numbers()) > 50


@pytest.mark.parametrize("sight", [each for each in sights() if not each.query], ids=str)
def test_evil_texts_are_only_texts_and_no_number_is_sent(server: Server, chromium: Browser, sight: Sight) -> None:
    wire = Wire()
    page = open_page(chromium, server, sight, wire)
    try:
        assert "页面出现问题" not in page.locator("body").inner_text(), server.log.read_text()[-5000:]
        assert page.locator(LEADS_AWAY).count() == 0
        assert wire.hosts <= {"", "127.0.0.1"}
        assert wire.dialogs == []
        assert wire.heard, "nothing was listened to"
        sent = {number for part in wire.heard for number in NUMBER.findall(part)}
        assert sent.isdisjoint(registered_numbers())
    finally:
        page.context.close()
