"""Signing in and out as a browser sees it."""

import itertools
from datetime import timedelta

from playwright.sync_api import BrowserContext, Page, expect

from db import transaction
from db.accounts import Account, Role
from services import passwords
from tests import factories
from tests.browser.conftest import Open
from tests.browser.steps import (
    change_password,
    enter,
    field,
    fill,
    follow,
    press,
    sees,
    settled,
    sign_in,
    title_is,
)
from tests.chromium import PATIENCE
from tests.signing_in import PASSWORD, create_account
from web.frame import HEARTBEAT

NEW_PASSWORD = "Another-Harbour-31"
_numbers = itertools.count(1)


def new_account(*roles: Role) -> Account:
    return create_account(*(roles or (Role.ANALYST,)), username=f"visitor{next(_numbers):03d}")


def newcomer() -> Account:
    account = new_account()
    with transaction() as session:
        session.get_one(Account, account.id).must_change_password = True
    return account


def session_cookie(context: BrowserContext) -> dict[str, object]:
    return next(dict(cookie) for cookie in context.cookies() if cookie["name"] == "hourbook")


def is_signed_out(page: Page) -> None:
    title_is(page, "登录")


def test_the_session_is_a_cookie_that_no_script_can_read(page: Page) -> None:
    sign_in(page, new_account().username)
    cookie = session_cookie(page.context)
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    assert cookie["expires"] == -1
    assert "hourbook" not in page.evaluate("document.cookie")


def test_a_reload_a_new_tab_and_a_deep_link_keep_the_user_signed_in(page: Page) -> None:
    sign_in(page, new_account().username)
    page.reload()
    expect(page.get_by_role("button", name="退出登录", exact=True)).to_be_visible()
    tab = page.context.new_page()
    tab.goto("/account-security")
    title_is(tab, "账号安全")


def test_a_deep_link_leads_to_its_page_after_the_sign_in(page: Page) -> None:
    sign_in(page, new_account().username, address="/account-security")
    title_is(page, "账号安全")


def test_signing_out_kills_the_cookie_and_back_shows_nothing(page: Page, open_browser: Open) -> None:
    account = new_account()
    sign_in(page, account.username, address="/account-security")
    copied = session_cookie(page.context)
    press(page, "退出登录")
    is_signed_out(page)
    page.go_back()
    is_signed_out(page)
    thief = open_browser()
    thief.context.add_cookies([copied])  # type: ignore[list-item]  # a cookie as it was read
    thief.goto("/")
    is_signed_out(thief)


def test_an_unknown_name_and_a_wrong_password_get_one_answer_and_nothing_typed_is_lost(page: Page) -> None:
    account = new_account()
    page.goto("/")
    for username, password in (("nobody-at-all", PASSWORD), (account.username, "wrong")):
        enter(page, username, password)
        sees(page, "用户名或密码不正确，请重新输入。")
        settled(page)
        expect(field(page, "用户名")).to_have_value(username)
        expect(field(page, "验证码")).to_have_value("")
    enter(page, account.username)
    expect(page.get_by_role("button", name="退出登录", exact=True)).to_be_visible()


def test_every_try_brings_a_new_picture(page: Page) -> None:
    page.goto("/")
    picture = page.locator("form img, [data-testid=stForm] img")
    before = picture.get_attribute("src")
    enter(page, new_account().username, captcha="WRONG")
    sees(page, "验证码不正确或已过期，请按新的图片重新输入。")
    expect(picture).not_to_have_attribute("src", before or "")


def test_who_must_change_the_password_reaches_nothing_else(page: Page) -> None:
    account = newcomer()
    sign_in(page, account.username)
    for address in ("/", "/account-security", "/verify", "/system-accounts"):
        page.goto(address)
        title_is(page, "修改密码")
    change_password(page, PASSWORD, NEW_PASSWORD)
    expect(page.get_by_role("link", name="账号安全", exact=True)).to_be_visible()


def test_a_browser_notices_within_the_patience_of_these_tests() -> None:
    assert timedelta(milliseconds=PATIENCE) / 2 > HEARTBEAT


def test_a_password_change_ends_the_other_browser_without_a_click(page: Page, open_browser: Open) -> None:
    account, other = new_account(), open_browser()
    sign_in(page, account.username, address="/account-password")
    sign_in(other, account.username)
    change_password(page, PASSWORD, NEW_PASSWORD)
    is_signed_out(other)
    page.reload()
    expect(page.get_by_role("button", name="退出登录", exact=True)).to_be_visible()


def test_an_administrator_suspends_an_account_and_its_browser_is_out_at_once(page: Page, open_browser: Open) -> None:
    administrator, account, other = new_account(Role.ADMINISTRATOR), new_account(), open_browser()
    sign_in(other, account.username)
    sign_in(page, administrator.username, address=f"/system-accounts?account_search={account.username}")
    title_is(page, "账号管理")
    press(page, "停用", then="账号已停用")
    is_signed_out(other)
    enter(other, account.username)
    sees(other, "用户名或密码不正确，请重新输入。")


def test_one_device_signs_the_others_out(page: Page, open_browser: Open) -> None:
    account, other = new_account(), open_browser()
    sign_in(other, account.username)
    sign_in(page, account.username, address="/account-security")
    press(page, "退出其他设备", then="其他设备已全部退出。")
    is_signed_out(other)


def test_the_language_is_remembered_with_the_account(page: Page, open_browser: Open) -> None:
    account, other = new_account(), open_browser()
    sign_in(page, account.username)
    press(page, "English")
    expect(page.get_by_role("button", name="Sign out", exact=True)).to_be_visible()
    other.goto("/")
    enter(other, account.username)
    expect(other.get_by_role("button", name="Sign out", exact=True)).to_be_visible()


def test_a_professional_registers_and_keeps_what_was_typed_when_something_is_wrong(page: Page) -> None:
    username, number = f"person{next(_numbers)}", factories.invented_id_number(next(_numbers) + 40_000)
    page.goto("/")
    follow(page, "个人注册")
    title_is(page, "个人注册")
    fields = {"用户名": username, "密码": NEW_PASSWORD, "确认密码": NEW_PASSWORD, "姓名": "沈清和"}
    fill(page, **fields, 证件号码=number[:-1], 手机号码="13900000001", 电子邮箱="person@example.com", 验证码="7qxmd")
    press(page, "注册", then="证件号码：应为18位，请核对是否漏输或多输。")
    expect(field(page, "姓名")).to_have_value("沈清和")
    fill(page, 证件号码=number, 验证码="7QXMD")
    press(page, "注册", then="注册成功")
    follow(page, "去登录")
    title_is(page, "登录")
    enter(page, username, NEW_PASSWORD)
    title_is(page, "修改密码")


def test_passwords_of_the_demo_are_not_shown_outside_the_demo(page: Page) -> None:
    page.goto("/")
    title_is(page, "登录")
    expect(page.get_by_text(PASSWORD)).to_have_count(0)
    assert passwords.matches(PASSWORD, new_account().password_hash)
