"""One's own data taken along and one's account closed, as its owner and those around him see it."""

import io
import json
import zipfile
from pathlib import Path

from playwright.sync_api import Page, expect

from db import transaction
from db.accounts import Account, Role
from db.claims import ClaimStatus
from tests import factories
from tests.browser.conftest import Open
from tests.browser.steps import enter, field, fill, press, sees, settled, sign_in, title_is
from tests.signing_in import PASSWORD, create_account

UNFOLDING = 1000  # milliseconds


def professional(username: str, status: ClaimStatus) -> tuple[Account, str]:
    """With one claim in a status, and the ID number."""
    number = factories.invented_id_number()
    account = create_account(username=username)
    with transaction() as session:
        person = factories.create_person(session, account=session.merge(account), id_number=number)
        factories.create_claim(session, person, employer=factories.create_employer(session), status=status)
    return account, number


def unfold(page: Page) -> None:
    """What closing means, to its end: a click on what still moves may miss it."""
    page.get_by_text("注销后不能再登录").click()
    page.wait_for_timeout(UNFOLDING)


def close(page: Page, username: str) -> None:
    page.goto("/account-security")
    settled(page)
    unfold(page)
    fill(page, 输入您的用户名以确认=username)
    password = field(page, "密码").last
    password.fill(PASSWORD)
    password.press("Tab")  # a field that is left by the click on the button may take the click with it
    press(page, "注销账号", then="您的账号已注销")


def test_the_archive_comes_with_the_password_and_is_whole(page: Page, tmp_path: Path) -> None:
    _, number = professional("daochu", ClaimStatus.DRAFT)
    sign_in(page, "daochu", address="/account-security")
    title_is(page, "账号安全")
    settled(page)
    field(page, "密码").first.fill(PASSWORD)
    press(page, "导出我的数据")
    link = page.get_by_role("link", name="下载压缩包")
    with page.expect_download() as downloading:
        link.click()
    file = tmp_path / "own.zip"
    downloading.value.save_as(file)
    archive = zipfile.ZipFile(io.BytesIO(file.read_bytes()))
    assert archive.testzip() is None
    assert json.loads(archive.read("data.json"))["person"][0]["id_number"] == number
    assert downloading.value.suggested_filename.startswith("学时簿个人数据-")


def test_a_closed_account_is_gone_from_every_browser_and_answers_like_any_unknown_one(open_browser: Open) -> None:
    professional("zhuxiao", ClaimStatus.DRAFT)
    here, there = open_browser(), open_browser()
    for browser in (here, there):
        sign_in(browser, "zhuxiao")
    close(here, "zhuxiao")
    expect(there.get_by_role("button", name="登录", exact=True)).to_be_visible()
    enter(here, "zhuxiao")
    sees(here, "用户名或密码不正确")


def test_what_is_not_settled_is_settled_first(page: Page) -> None:
    professional("chehui", ClaimStatus.SUBMITTED)
    sign_in(page, "chehui", address="/account-security")
    settled(page)
    unfold(page)
    sees(page, "有 1 条学时正在等待审核或认定")
    expect(page.get_by_test_id("stMain").get_by_role("link", name="继续教育记录")).to_be_visible()
    page.goto("/personal-claims")  # the list is still unfolding, and a click on what moves may miss it
    press(page, "撤回", then="已撤回")
    close(page, "chehui")


def test_whose_hours_were_kept_comes_back_through_an_administrator(open_browser: Open) -> None:
    account, _ = professional("guilai", ClaimStatus.APPROVED)
    owner, office = open_browser(), open_browser()
    sign_in(owner, "guilai")
    close(owner, "guilai")
    create_account(Role.ADMINISTRATOR, username="zongguan")
    sign_in(office, "zongguan")
    office.goto(f"/?account_search=%23{account.id}")
    sees(office, "已注销")
    settled(office)
    office.get_by_text("恢复账号").first.click()
    fill(office, 新的用户名="guilai2")
    office.get_by_text("已当面核对身份证件").click()
    press(office, "恢复账号")
    password = office.locator("[data-testid=stCode]").inner_text().strip()
    owner.goto("/")
    enter(owner, "guilai2", password)
    title_is(owner, "修改密码")
