"""The number that a user quotes finds what went wrong in the log, and nothing about him stands there."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from sqlalchemy import delete

from db import transaction
from db.accounts import Account, Grant, Role
from tests import factories
from tests.browser.conftest import Server
from tests.browser.steps import sees, settled
from tests.web.client import token_for


@pytest.fixture
def account() -> Iterator[Account]:
    """A supervisor of no division that there is, as no service would make one; others must not stumble over him."""
    with transaction() as session:
        account = factories.create_account(session, name="温知遥")
        factories.grant(session, account, Role.SUPERVISOR, division="nowher")
    yield account
    with transaction() as session:
        session.execute(delete(Grant).where(Grant.account_id == account.id))


def lines_of(server: Server, number: str) -> list[str]:
    """The line of the incident, and every other one of the same run."""
    lines = server.log.read_text(encoding="utf-8").splitlines()
    incident = next(line for line in lines if f"incident={number}" in line)
    request = re.findall(r"request=([0-9a-f]{16})", incident)[0]
    return [line for line in lines if f"request={request}" in line]


def test_the_number_on_the_screen_is_in_the_log_with_its_run(page: Page, server: Server, account: Account) -> None:
    page.goto("/")
    page.context.add_cookies([{"name": "hourbook", "value": token_for(account), "url": page.url}])

    page.goto("/authority-organisations")
    sees(page, "页面出现问题")
    settled(page)
    number = re.findall(r"编号 ([A-Z]{8})", page.locator("body").inner_text())[0]
    (run,) = [line for line in lines_of(server, number) if "hourbook.runs" in line]
    assert f"account={account.id} outcome=failed" in run

    written = server.log.read_text(encoding="utf-8")
    for personal in (account.display_name, account.username):
        assert personal not in written
