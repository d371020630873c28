"""A server that is stopped under its users: they are still signed in when it is back, and no step is taken half."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from db import reading, transaction
from db.claims import Claim, ClaimStatus, ClaimStep
from db.events import Event
from db.settings import PROJECT
from services import events
from tests import database, factories
from tests.browser import conftest
from tests.browser.conftest import Open, Server
from tests.browser.steps import button, settled
from tests.web.client import token_for
from web.cookies import session_cookie

# The last one is late enough for the answer to be on its way.
DELAYS = (0, 60, 300)  # milliseconds


@pytest.fixture(scope="module", params=database.KINDS)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """Not running yet."""
    url = database.new_migrated(request.param)
    return Server(f"http://127.0.0.1:{conftest.free_port()}", url, tmp_path_factory.mktemp(request.param) / "log")


@contextmanager
def running(server: Server) -> Iterator["subprocess.Popen[bytes]"]:
    """Whoever has not stopped it by the end lets it end by itself."""
    with server.log.open("ab") as log:
        process = subprocess.Popen(
            conftest.command(server), cwd=PROJECT, env=conftest.environment(server), stdout=log, stderr=log
        )
    try:
        conftest.wait_until_ready(server, process)
        yield process
    finally:
        process.terminate()
        process.wait(30)


def waiting_claim(page: Page) -> Claim:
    """The page is signed in as its reviewer."""
    with transaction() as current:
        employer = factories.create_employer(current)
        reviewer = factories.create_reviewer(current, employer)
        person = factories.create_person(current, employer=employer)
        claim = factories.create_claim(current, person, status=ClaimStatus.SUBMITTED)
    page.goto("/not-there")
    page.context.add_cookies([{"name": session_cookie(), "value": token_for(reviewer), "url": page.url}])
    page.goto("/employer-claims")
    expect(button(page, "通过").first).to_be_visible()
    settled(page)
    return claim


def approvals(claim: Claim) -> tuple[ClaimStatus, int, int]:
    """What is stored of it: the status, the steps to it, and the events."""
    with reading() as current:
        steps = select(func.count()).where(ClaimStep.claim_id == claim.id, ClaimStep.to_status == ClaimStatus.APPROVED)
        said = Event.action == "claim_approve", Event.object_id == claim.id
        counted = current.scalar(steps) or 0, current.scalar(select(func.count()).where(*said)) or 0
        return current.get_one(Claim, claim.id).status, *counted


NOTHING, ONCE = (ClaimStatus.SUBMITTED, 0, 0), (ClaimStatus.APPROVED, 1, 1)


def test_who_was_signed_in_when_it_was_killed_works_on_when_it_is_back(server: Server, open_browser: Open) -> None:
    page = open_browser()
    with running(server) as process:
        claim = waiting_claim(page)
        process.kill()
        process.wait(30)
    with running(server):
        expect(page.get_by_role("button", name="退出登录", exact=True)).to_be_visible()
        settled(page)
        button(page, "通过").first.click()
        expect(page.get_by_text("没有待审核").or_(page.get_by_text("查看刚审核的一条")).first).to_be_visible()
        assert approvals(claim) == ONCE


@pytest.mark.parametrize("delay", DELAYS)
def test_a_decision_that_is_cut_off_was_taken_once_or_not_at_all(
    server: Server, open_browser: Open, delay: int
) -> None:
    page = open_browser()
    with running(server) as process:
        claim = waiting_claim(page)
        button(page, "通过").first.click()
        page.wait_for_timeout(delay)
        process.terminate()
        process.wait(30)
    assert approvals(claim) in (NOTHING, ONCE)
    with reading() as current:
        assert events.check_chain(current).intact


def test_a_decision_whose_page_is_closed_at_once_was_taken_once_or_not_at_all(
    server: Server, open_browser: Open
) -> None:
    with running(server):
        page = open_browser()
        claim = waiting_claim(page)
        button(page, "通过").first.dblclick()
        page.close()
        other = open_browser()
        other.goto("/health/live")
        assert approvals(claim) in (NOTHING, ONCE)
