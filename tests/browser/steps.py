"""What a user does in a browser, in the words that the screens use."""

import re
from datetime import date

from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser.conftest import CAPTCHA, PATIENCE
from tests.signing_in import PASSWORD

TRIES = 4


def fill(page: Page, **fields: str) -> None:
    """Fields by their labels."""
    for label, value in fields.items():
        field(page, label).fill(value)


def field(page: Page, label: str) -> Locator:
    return page.get_by_label(label, exact=True)


def press(page: Page, name: str) -> None:
    settled(page)
    button(page, name).click()


def button(page: Page, name: str) -> Locator:
    """An icon may leave a blank before its name, and a key that presses it may stand behind it."""
    return page.get_by_role("button", name=re.compile(rf"^\s*{re.escape(name)}\s*((Shortcut )?[A-Z])?\s*$"))


def sees(page: Page, text: str) -> None:
    """Not only in the hidden table that a grid keeps for screen readers."""
    expect(page.get_by_text(text).filter(visible=True).first).to_be_visible()


def settled(page: Page) -> None:
    """Nothing is being drawn any more, so no button is one of the page before."""
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
    """The list closes when the page is drawn again while it is open, as after the field before; then once more."""
    settled(page)
    box = page.get_by_role("combobox", name=label)
    offered = page.get_by_role("option", name=option, exact=True)
    for _ in range(TRIES):
        box.click()
        if box.is_editable():
            box.fill(option)
        try:
            offered.click(timeout=PATIENCE / TRIES)
        except PlaywrightTimeout:
            page.keyboard.press("Escape")
        else:
            return
    raise AssertionError(f"{option} cannot be chosen as {label}")


def enter_date(page: Page, label: str, day: date) -> None:
    box = page.get_by_test_id("stDateInput").filter(has_text=label)
    box.get_by_role("spinbutton").first.click()
    page.keyboard.type(f"{day:%Y%m%d}")
    page.keyboard.press("Escape")
    page.get_by_role("heading", level=1).click()  # it is taken over when the field is left
