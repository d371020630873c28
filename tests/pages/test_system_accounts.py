"""Accounts: found, suspended, reset, and given roles."""

import pytest
from streamlit.testing.v1 import AppTest

from db import reading, transaction
from db.accounts import Account, AccountStatus, Grant, Role
from services import passwords
from tests import factories
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, said

PAGE = "system/accounts"


@pytest.fixture
def administrator() -> Account:
    with transaction() as session:
        return factories.create_account(session, Role.ADMINISTRATOR, username="administrator")


@pytest.fixture
def analyst(administrator: Account) -> Account:
    with transaction() as session:
        return factories.create_account(session, Role.ANALYST, username="fenxi", name="苏望舒")


@pytest.fixture
def found(open_page: OpenPage, administrator: Account, analyst: Account) -> AppTest:
    """The page after a search that finds one account."""
    app = open_page(PAGE, administrator)
    return app.text_input(key="account_search").set_value("fenxi").run()


def stored(account: Account) -> Account:
    with reading() as session:
        return session.get_one(Account, account.id)


def test_an_account_is_found_by_its_name_and_opens_when_it_is_the_only_one(found: AppTest) -> None:
    assert "苏望舒" in said(found)
    assert {"停用", "重置密码", "授予"} <= set(buttons(found))


def test_an_account_is_suspended_and_reinstated(found: AppTest, analyst: Account) -> None:
    button(found, "停用").click().run()
    assert stored(analyst).status is AccountStatus.SUSPENDED
    button(found, "启用").click().run()
    assert stored(analyst).status is AccountStatus.ACTIVE


def test_a_one_time_password_is_shown_once(found: AppTest, analyst: Account) -> None:
    button(found, "重置密码").click().run()
    password = found.code[0].value
    assert passwords.matches(password, stored(analyst).password_hash)
    assert stored(analyst).must_change_password
    found.run()
    assert len(found.code) == 0


def test_a_role_is_revoked(found: AppTest, analyst: Account) -> None:
    button(found, "取消角色").click().run()
    with reading() as session:
        assert session.query(Grant).filter_by(account_id=analyst.id).count() == 0


def test_nobody_suspends_himself(open_page: OpenPage, administrator: Account) -> None:
    app = open_page(PAGE, administrator).text_input(key="account_search").set_value("administrator").run()
    button(app, "停用").click().run()
    assert "不能对自己的账号进行此操作" in said(app)
    assert stored(administrator).status is AccountStatus.ACTIVE


def test_a_search_that_finds_nobody_says_so(open_page: OpenPage, administrator: Account) -> None:
    app = open_page(PAGE, administrator).text_input(key="account_search").set_value("nobody").run()
    assert "没有符合条件的账号。" in said(app)


def test_no_other_role_opens_the_page(open_page: OpenPage, analyst: Account) -> None:
    with pytest.raises(ValueError, match="accounts"):
        open_page(PAGE, analyst)
