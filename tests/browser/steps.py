"""What a user does in a browser, in the words that the screens use.

A step begins when the page is at rest, and what it waits for afterwards was not there before.
"""

import re
import time
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser import runs
from tests.browser.conftest import CAPTCHA
from tests.chromium import PATIENCE
from tests.signing_in import PASSWORD

TRIES = 4
POLL = 20  # milliseconds
NEXT_FRAME = "() => new Promise(done => requestAnimationFrame(() => setTimeout(() => done(true))))"


def fill(page: Page, **fields: str) -> None:
    """Fields by their labels."""
    settled(page)
    for label, value in fields.items():
        field(page, label).fill(value)


def field(page: Page, label: str) -> Locator:
    return page.get_by_label(label, exact=True)


def press(page: Page, name: str, *, then: str = "") -> None:
    """Until the page says `then`. It must not say so before: who waits for what is there already waits for nothing."""
    settled(page)
    if then:
        expect(_visible(page, then)).to_have_count(0)
    button(page, name).click()
    if then:
        sees(page, then)


def button(page: Page, name: str) -> Locator:
    """An icon may leave a blank before its name, and a key that presses it may stand behind it."""
    return page.get_by_role("button", name=re.compile(rf"^\s*{re.escape(name)}\s*((Shortcut )?[A-Z])?\s*$"))


def sees(page: Page, text: str) -> None:
    expect(_visible(page, text).first).to_be_visible()


def _visible(page: Page, text: str) -> Locator:
    """Not only in the hidden table that a grid keeps for screen readers."""
    return page.get_by_text(text).filter(visible=True)


def settled(page: Page) -> None:
    """What was done before is answered and drawn, so no button is one of the page before."""
    expect(page.locator("[data-test-script-state]:not([data-test-script-state='initial'])").first).to_be_attached()
    page.wait_for_function(NEXT_FRAME)  # what a click or a scroll sets off has begun
    end = time.monotonic() + PATIENCE / 1000
    while not runs.are_over(page):
        assert time.monotonic() < end, "the server does not answer"
        page.wait_for_timeout(POLL)
    page.wait_for_function(NEXT_FRAME)
    expect(page.locator("[data-test-script-state='notRunning']").first).to_be_attached()
    expect(page.locator("[data-stale='true']")).to_have_count(0)


def title_is(page: Page, title: str) -> None:
    """The heading of the page that is shown."""
    expect(page.get_by_role("heading", level=1, name=title, exact=True)).to_be_visible()


def enter(page: Page, username: str, password: str = PASSWORD, *, captcha: str = CAPTCHA) -> None:
    """Fill the login form and press 登录, whatever comes of it."""
    expect(field(page, "用户名")).to_be_visible()
    settled(page)
    fill(page, 用户名=username, 密码=password, 验证码=captcha)
    press(page, "登录")


def sign_in(page: Page, username: str, password: str = PASSWORD, *, address: str = "/") -> None:
    page.goto(address)
    enter(page, username, password)
    expect(page.get_by_role("button", name="退出登录", exact=True)).to_be_visible()


def change_password(page: Page, old: str, new: str) -> None:
    fill(page, 原密码=old, 新密码=new, 确认新密码=new)
    press(page, "修改密码")


def follow(page: Page | Locator, name: str) -> None:
    """A link of the menu or the page; in the menu the number of what waits there may stand behind it."""
    title = re.escape(name).replace("/", r"\/")  # Playwright writes it between slashes
    page.get_by_role("link", name=re.compile(rf"^{title}( \(\d+\+?\))?$")).click()


def choose(page: Page, label: str, option: str) -> None:
    """The list closes when the page scrolls or a part of it is drawn again while it is open; then once more."""
    box = page.get_by_role("combobox", name=label, exact=True)
    offered = page.get_by_role("option", name=option, exact=True)
    box.scroll_into_view_if_needed()
    for _ in range(TRIES):
        settled(page)
        box.click()
        if box.is_editable():
            box.fill(option)
        try:
            offered.click(timeout=PATIENCE / TRIES)
        except PlaywrightTimeout:
            page.keyboard.press("Escape")
        else:
            break
    settled(page)
    expect(box).to_have_value(option)


def enter_date(page: Page, label: str, day: date) -> None:
    _type_parts(page, "stDateInput", label, [f"{day:%Y}", f"{day:%m}", f"{day:%d}"])


def enter_time(page: Page, label: str, hour: int, minute: int = 0) -> None:
    _type_parts(page, "stTimeInput", label, [f"{hour:02}", f"{minute:02}"])


def enter_moment(page: Page, label: str, moment: datetime) -> None:
    parts = [f"{moment:{part}}" for part in ("%Y", "%m", "%d", "%H", "%M")]
    _type_parts(page, "stDateTimeInput", label, parts)


def _type_parts(page: Page, kind: str, label: str, written: Sequence[str]) -> None:
    """The field goes on to its next part by itself."""
    settled(page)
    parts = page.get_by_test_id(kind).filter(has_text=label).get_by_role("spinbutton")
    parts.first.click()
    page.keyboard.type("".join(written))
    page.keyboard.press("Escape")
    page.get_by_role("heading", level=1).click()  # it is taken over when the field is left
    settled(page)
    expect(parts).to_have_text(list(written))


def choose_file(page: Page, file: Path, *, taken_in_by: str) -> None:
    """The button that takes it in stands out once the server has the file."""
    settled(page)
    expect(button(page, taken_in_by)).to_have_attribute("kind", "secondary")
    page.locator("input[type=file]").set_input_files(file)
    expect(button(page, taken_in_by)).to_have_attribute("kind", "primary")
