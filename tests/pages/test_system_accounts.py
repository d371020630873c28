"""Accounts: found, suspended, reset, and given roles."""

import pytest
from streamlit.testing.v1 import AppTest

from db import reading, transaction
from db.accounts import Account, AccountStatus, Grant, Role
from services import accounts, clock, closing, passwords
from tests import factories, whole_life
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, said
from tests.signing_in import PASSWORD

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
    assert {"停用", "确认重置", "授予"} <= set(buttons(found))


def test_an_account_is_suspended_and_reinstated(found: AppTest, analyst: Account) -> None:
    button(found, "停用").click().run()
    assert stored(analyst).status is AccountStatus.SUSPENDED
    button(found, "启用").click().run()
    assert stored(analyst).status is AccountStatus.ACTIVE


def test_a_one_time_password_is_shown_once(found: AppTest, analyst: Account) -> None:
    button(found, "确认重置").click().run()
    password = found.code[0].value
    assert passwords.matches(password, stored(analyst).password_hash)
    assert stored(analyst).must_change_password
    found.run()
    assert len(found.code) == 0


def test_a_role_is_revoked(found: AppTest, analyst: Account) -> None:
    button(found, "确认取消角色").click().run()
    with reading() as session:
        assert session.query(Grant).filter_by(account_id=analyst.id).count() == 0


def test_each_role_says_where_it_holds_and_who_granted_it_when(found: AppTest, analyst: Account) -> None:
    with transaction() as session:
        other = factories.create_account(session, Role.ADMINISTRATOR, name="温晚照")
        granting = factories.actor_of(session, other)
        accounts.grant(session, granting, analyst.id, Role.SUPERVISOR, division="440104")
        employer = factories.create_employer(session, name="晴川设计院")
        factories.grant(session, analyst, Role.EMPLOYER, organisation=employer)
    roles = [text.value for text in found.run().text]
    day = f"{clock.local(clock.now()):%Y-%m-%d}"
    assert roles[0].startswith(f"随注册或命令产生，{day}")
    assert roles[1].startswith(f"广东省广州市越秀区 · 温晚照，{day}")
    assert roles[2].startswith(f"晴川设计院 · 随注册或命令产生，{day}")


def test_the_last_administrator_is_kept_and_told_what_to_do(open_page: OpenPage, administrator: Account) -> None:
    app = open_page(PAGE, administrator).text_input(key="account_search").set_value("administrator").run()
    button(app, "确认取消角色").click().run()
    assert "请先指定另一位系统管理员" in said(app)
    with reading() as session:
        assert session.query(Grant).filter_by(account_id=administrator.id).count() == 1


def test_a_supervisor_is_made_for_a_division(found: AppTest, analyst: Account) -> None:
    found.button_group(key=f"role_{analyst.id}").set_value(Role.SUPERVISOR).run()
    button(found, "授予").click().run()
    assert "主管部门须选择现行的行政区划" in said(found)
    found.selectbox(key=f"grant_{analyst.id}_").set_value("440000").run()
    button(found, "授予").click().run()
    with reading() as session:
        roles = {grant.role: grant.division for grant in session.query(Grant).filter_by(account_id=analyst.id)}
    assert roles == {Role.ANALYST: None, Role.SUPERVISOR: "440000"}


def test_an_account_without_roles_says_so(open_page: OpenPage, administrator: Account) -> None:
    with transaction() as session:
        factories.create_account(session, username="wangluo")
    app = open_page(PAGE, administrator).text_input(key="account_search").set_value("wangluo").run()
    assert "还没有角色" in said(app)


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


def test_a_closed_account_is_shown_as_such_and_offers_nothing_but_a_deliberate_way_back(
    open_page: OpenPage, administrator: Account
) -> None:
    life = whole_life.begin()
    closing.close(transaction, life.actor, username="mingyue", password=PASSWORD)
    app = open_page(PAGE, administrator)
    app.text_input(key="account_search").set_value(life.person.name).run()
    assert "已注销" in said(app)
    assert not {"停用", "启用", "确认重置", "授予"} & set(buttons(app))
    app.text_input(key=f"reopen_username_{life.account.id}").input("mingyue2")
    button(app, "恢复账号").click().run()
    assert "请先核对本人的身份证件" in said(app)
    app.checkbox(key=f"reopen_checked_{life.account.id}").check()
    button(app, "恢复账号").click().run()
    assert passwords.matches(app.code[0].value, stored(life.account).password_hash)
    assert (stored(life.account).status, stored(life.account).username) == (AccountStatus.ACTIVE, "mingyue2")


def test_of_a_closed_account_without_hours_nothing_comes_back(open_page: OpenPage, administrator: Account) -> None:
    life = whole_life.begin(approved=False)
    closing.close(transaction, life.actor, username="mingyue", password=PASSWORD)
    app = open_page(PAGE, administrator)
    app.text_input(key="account_search").set_value("#").run()
    assert "再次使用须重新注册" in said(app)
    assert "恢复账号" not in buttons(app)
