"""The own account: its password and its devices."""

import pytest
from streamlit.testing.v1 import AppTest

from db import transaction
from db.accounts import Account, Role
from services import passwords, sessions
from tests.counting import CountQueries
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, said
from tests.signing_in import PASSWORD, create_account, enter, logged, whose
from web.own_archive import ADDRESS

NEW_PASSWORD = "Another-Harbour-31"


@pytest.fixture
def account() -> Account:
    return create_account(Role.ANALYST)


def test_a_password_is_typed_twice_alike(open_page: OpenPage, account: Account) -> None:
    app = open_page("account/password", account)
    app.text_input(key="old_password").input(PASSWORD)
    app.text_input(key="new_password").input(NEW_PASSWORD)
    app.text_input(key="repeated_password").input("another")
    button(app, "修改密码").click().run()
    assert "确认新密码：两次输入的密码不一致，请重新输入。" in said(app).replace("\\", "")
    assert app.text_input(key="new_password").value == NEW_PASSWORD
    assert "password_change" not in logged()


def test_a_weak_password_is_refused_with_the_reason(open_page: OpenPage, account: Account) -> None:
    app = open_page("account/password", account)
    for key, value in (("old_password", PASSWORD), ("new_password", "short1A"), ("repeated_password", "short1A")):
        app.text_input(key=key).input(value)
    button(app, "修改密码").click().run()
    assert "新密码：至少15个字符" in said(app)


def test_a_good_password_is_taken(open_page: OpenPage, account: Account) -> None:
    app = open_page("account/password", account)
    for key, value in (("old_password", PASSWORD), ("new_password", NEW_PASSWORD), ("repeated_password", NEW_PASSWORD)):
        app.text_input(key=key).input(value)
    button(app, "修改密码").click().run()
    with transaction() as session:
        assert passwords.matches(NEW_PASSWORD, session.get_one(Account, account.id).password_hash)


def test_one_other_device_is_signed_out(open_page: OpenPage, account: Account) -> None:
    other = enter()
    app = open_page("account/security", account)
    assert "退出该设备" in buttons(app)
    button(app, "退出该设备").click().run()
    assert whose(other) is None
    assert "退出该设备" not in buttons(app)


def test_the_devices_cost_two_queries_however_many_there_are(
    open_page: OpenPage, account: Account, count_queries: CountQueries
) -> None:
    for _ in range(3):
        enter()
    app = open_page("account/security", account)
    with count_queries() as queries:
        app.run()
    assert len(queries) <= 3, queries
    assert sessions.IDLE


def ask_for_the_archive(app: AppTest, password: str) -> AppTest:
    app.text_input(key="export_password").input(password)
    return button(app, "导出我的数据").click().run()


def addresses(app: AppTest) -> list[str]:
    return [element.proto.url for element in app.get("link_button")]


def test_the_own_data_are_offered_after_the_password_alone(open_page: OpenPage, account: Account) -> None:
    app = open_page("account/security", account)
    assert addresses(app) == []
    refused = ask_for_the_archive(app, "wrong")
    assert "密码：不正确，请重新输入。" in said(refused).replace("\\", "")
    assert addresses(refused) == []
    assert addresses(ask_for_the_archive(app, PASSWORD)) == [ADDRESS]
