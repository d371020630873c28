"""The own account: its password and its devices."""

import pytest
from streamlit.testing.v1 import AppTest

from db import reading, transaction
from db.accounts import Account, AccountStatus, Role
from db.claims import ClaimStatus
from services import passwords, sessions
from services.closing import Obstacle
from tests import factories
from tests.counting import CountQueries
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, links, said
from tests.signing_in import PASSWORD, create_account, enter, logged, whose
from web.account_closing import REMEDIES
from web.navigation import SCREENS
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


def close_the_account(app: AppTest, username: str, password: str) -> AppTest:
    app.text_input(key="closing_username").input(username)
    app.text_input(key="closing_password").input(password)
    return button(app, "注销账号").click().run()


def professional(status: ClaimStatus) -> Account:
    account = create_account()
    with transaction() as session:
        person = factories.create_person(session, account=session.merge(account))
        factories.create_claim(session, person, employer=factories.create_employer(session), status=status)
    return account


def test_what_stays_is_told_before_the_account_is_closed(open_page: OpenPage) -> None:
    approved = said(open_page("account/security", professional(ClaimStatus.APPROVED)))
    assert "不能重新注册，须由系统管理员核对身份后恢复" in approved
    assert "操作日志：依法留存" in approved


def test_of_whom_nothing_was_approved_everything_goes(open_page: OpenPage) -> None:
    draft = said(open_page("account/security", professional(ClaimStatus.DRAFT)))
    assert "可以重新注册" in draft
    assert "姓名、证件号码及其他个人信息" in draft


def test_what_is_not_settled_is_listed_with_the_page_that_settles_it(open_page: OpenPage) -> None:
    app = open_page("account/security", professional(ClaimStatus.SUBMITTED))
    assert "有 1 条学时正在等待审核或认定" in said(app)
    assert links(app)["继续教育记录"] == "personal-claims"
    assert "注销账号" not in buttons(app)


def test_an_account_is_closed_with_its_name_and_password(open_page: OpenPage) -> None:
    account = professional(ClaimStatus.DRAFT)
    app = open_page("account/security", account)
    refused = close_the_account(app, "somebody", PASSWORD)
    assert "用户名：与您的用户名不一致" in said(refused).replace("\\", "")
    assert refused.text_input(key="closing_username").value == "somebody"
    assert "密码：不正确" in said(close_the_account(app, account.username, "wrong")).replace("\\", "")
    close_the_account(app, account.username, PASSWORD)
    with reading() as session:
        assert session.get_one(Account, account.id).status is AccountStatus.CLOSED


def test_every_obstacle_has_a_remedy_on_a_page_that_is_there() -> None:
    assert set(REMEDIES) == set(Obstacle)
    assert {remedy.page for remedy in REMEDIES.values()} <= {screen.path for screen in SCREENS}
