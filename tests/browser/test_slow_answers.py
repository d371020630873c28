"""Who is faster than the network: what is typed or pressed while an answer is on its way is not lost."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, WebSocketRoute, expect

from db import transaction
from db.accounts import Account
from tests import factories
from tests.browser.steps import button, press, sees, settled
from tests.services.importing import staff_list, staff_row
from tests.web.client import token_for

DAY = date(2026, 3, 5)


class Held:
    """What is on its way and does not arrive before it is let through."""

    def __init__(self) -> None:
        self.is_held = False
        self._waiting = list[Callable[[], None]]()

    def pass_on(self, arrive: Callable[[], None]) -> None:
        if self.is_held:
            self._waiting.append(arrive)
        else:
            arrive()

    def let_through(self) -> None:
        self.is_held = False
        while self._waiting:
            self._waiting.pop(0)()


@pytest.fixture
def answers(page: Page) -> Held:
    """What the server says to the page."""
    held = Held()

    def connect(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        server.on_message(lambda message: held.pass_on(lambda: socket.send(message)))

    page.route_web_socket(re.compile("/_stcore/stream"), connect)
    return held


@pytest.fixture
def uploads(page: Page) -> Held:
    """The files that the page sends."""
    held = Held()

    def send(route: Route) -> None:
        held.pass_on(route.continue_)

    page.route("**/_stcore/upload_file/**", send)
    return held


def open_as(page: Page, account: Account, address: str) -> None:
    page.goto("/verify")
    page.context.add_cookies([{"name": "hourbook", "value": token_for(account), "url": page.url}])
    page.goto(address)


def professional() -> Account:
    with transaction() as session:
        account = factories.create_account(session)
        factories.create_person(session, account=account, employer=factories.create_employer(session))
    return account


def test_a_date_stays_while_the_fields_of_the_chosen_activity_arrive(page: Page, answers: Held) -> None:
    open_as(page, professional(), "/personal-claims")
    press(page, "学时记录添加", then="填写基本信息")
    settled(page)
    parts = page.get_by_test_id("stDateInput").filter(has_text="开始日期").get_by_role("spinbutton")
    answers.is_held = True
    page.get_by_role("combobox", name="活动类型").click()
    page.get_by_role("option", name="参加培训班、研修班").click()
    parts.first.click()
    page.keyboard.type(f"{DAY:%Y}")
    answers.let_through()
    sees(page, "这类活动需要的证明材料")
    settled(page)
    page.keyboard.type(f"{DAY:%m%d}")
    expect(parts).to_have_text([f"{DAY:%Y}", f"{DAY:%m}", f"{DAY:%d}"])


def test_who_presses_before_the_file_has_arrived_is_told_so_and_presses_again(
    page: Page, uploads: Held, tmp_path: Path
) -> None:
    file = tmp_path / "人员名单.xlsx"
    file.write_bytes(staff_list([staff_row()]))
    with transaction() as session:
        reviewer = factories.create_reviewer(session, factories.create_employer(session))
    open_as(page, reviewer, "/employer-imports")
    settled(page)
    uploads.is_held = True
    page.locator("input[type=file]").set_input_files(file)
    press(page, "检查文件", then="还没有选择文件，或文件还在上传")
    uploads.let_through()
    expect(button(page, "检查文件")).to_have_attribute("kind", "primary")
    press(page, "检查文件", then="检查完成，还没有导入。")
