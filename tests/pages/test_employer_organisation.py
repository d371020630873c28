"""One's own organisation: its data, and who acts for it."""

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import TextInput

from db import reading, transaction
from db.accounts import Account, Role
from db.organisation_changes import OrganisationChangeAction
from db.organisations import Organisation, OrganisationKind, OrganisationStatus
from services import organisation_changes, reviewers
from services.organisation_changes import Wanted
from tests import factories
from tests.counting import CountQueries
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, said

PAGE = "employer/organisation"


@pytest.fixture
def employer() -> Organisation:
    with transaction() as session:
        return factories.create_employer(session, name="晴川设计院")


def acting(employer: Organisation, reviewer: Account) -> list[str]:
    with reading() as session:
        actor = factories.actor_of(session, reviewer)
        return [each.username for each in reviewers.of(session, actor, employer.id)]


def test_a_colleague_with_an_account_is_added_and_removed(
    open_page: OpenPage, employer: Organisation, reviewer: Account
) -> None:
    with transaction() as session:
        factories.create_account(session, username="liankong", name="许望舒")
    app = open_page(PAGE, reviewer)
    app.text_input(key=f"reviewer_{employer.id}_username").set_value("liankong")
    button(app, "增加").click().run()
    assert "许望舒" in said(app)
    assert acting(employer, reviewer) == [reviewer.username, "liankong"]
    [found for found in app.button if found.label == "确定移除"][1].click().run()
    assert acting(employer, reviewer) == [reviewer.username]


def test_a_name_that_is_nobodys_stays_in_its_field(
    open_page: OpenPage, employer: Organisation, reviewer: Account
) -> None:
    app = open_page(PAGE, reviewer)
    app.text_input(key=f"reviewer_{employer.id}_username").set_value("cainiao")
    button(app, "增加").click().run()
    assert "没有该账号" in app.error[0].value
    assert app.text_input(key=f"reviewer_{employer.id}_username").value == "cainiao"


def test_a_new_account_shows_its_password_once(open_page: OpenPage, employer: Organisation, reviewer: Account) -> None:
    app = open_page(PAGE, reviewer)
    app.text_input(key=f"reviewer_{employer.id}_new_username").set_value("jieban")
    app.text_input(key=f"reviewer_{employer.id}_new_name").set_value("苏清和")
    button(app, "新建账号并增加").click().run()
    assert app.code[0].value
    app.run()
    assert not app.code
    assert acting(employer, reviewer) == [reviewer.username, "jieban"]


def test_the_last_one_is_told_to_appoint_a_successor(
    open_page: OpenPage, employer: Organisation, reviewer: Account
) -> None:
    app = open_page(PAGE, reviewer)
    button(app, "确定移除").click().run()
    assert "请先增加接任的审核人" in app.error[0].value
    assert acting(employer, reviewer) == [reviewer.username]


def test_a_provider_has_the_page_too(open_page: OpenPage) -> None:
    with transaction() as session:
        provider = factories.create_organisation(session, name="晴川培训中心", kind=OrganisationKind.PROVIDER)
        account = factories.create_account(session)
        factories.grant(session, account, Role.PROVIDER, organisation=provider)
    app = open_page(PAGE, account)
    assert "晴川培训中心" in app.header[0].value
    assert "增加" in buttons(app)


def test_while_it_is_suspended_its_people_only_see_it(open_page: OpenPage) -> None:
    with transaction() as session:
        suspended = factories.create_organisation(session, status=OrganisationStatus.SUSPENDED)
        account = factories.create_reviewer(session, suspended)
    app = open_page(PAGE, account)
    assert "本单位已被停用" in app.error[0].value
    assert account.username in said(app)
    assert not {"增加", "移除", "确定移除"} & set(buttons(app))


def test_the_number_of_queries_does_not_grow_with_the_reviewers(
    open_page: OpenPage, employer: Organisation, reviewer: Account, count_queries: CountQueries
) -> None:
    with transaction() as session:
        for _ in range(20):
            factories.create_reviewer(session, employer)
    app = open_page(PAGE, reviewer)
    with count_queries() as queries:
        app.run()
    assert not app.exception
    assert len(queries) <= 8, queries


def field(app: AppTest, label: str, number: int = 0) -> TextInput:
    return [found for found in app.text_input if found.label == label][number]


def test_the_contact_is_changed_at_once(open_page: OpenPage, employer: Organisation, reviewer: Account) -> None:
    app = open_page(PAGE, reviewer)
    field(app, "联系电话").set_value("电话")
    button(app, "保存").click().run()
    assert "联系电话" in app.error[0].value
    assert field(app, "联系电话").value == "电话"
    field(app, "联系电话").set_value("020-81234567")
    button(app, "保存").click().run()
    assert "81234567" in repr(app.table[0].value)


def test_a_new_name_is_asked_for_waits_and_can_be_withdrawn(
    open_page: OpenPage, employer: Organisation, reviewer: Account
) -> None:
    app = open_page(PAGE, reviewer)
    field(app, "单位名称").set_value("晴川工程设计研究院")
    button(app, "提交变更申请").click().run()
    assert "变更说明：请填写。" in app.error[0].value
    assert field(app, "单位名称").value == "晴川工程设计研究院"
    app.text_area[0].set_value("2026年3月更名")
    button(app, "提交变更申请").click().run()
    assert "由广东省广州市越秀区的主管部门审核" in said(app)
    assert "提交变更申请" not in buttons(app)
    button(app, "撤回").click().run()
    assert "提交变更申请" in buttons(app)
    assert "撤回变更申请" in said(app)


def test_a_returned_change_says_why_above_the_form(
    open_page: OpenPage, employer: Organisation, reviewer: Account
) -> None:
    with transaction() as session:
        actor = factories.actor_of(session, reviewer)
        wanted = Wanted("晴川院", employer.uscc or "", employer.division, "简称")
        change = organisation_changes.request(session, actor, employer.id, wanted)
        supervisor = factories.actor_of(session, factories.create_supervisor(session))
    with transaction() as session:
        action = OrganisationChangeAction.RETURN
        organisation_changes.decide(session, supervisor, change.id, action, seen=change.version, opinion="应为全称")
    app = open_page(PAGE, reviewer)
    assert app.warning[0].value == "应为全称"
    assert "提交变更申请" in buttons(app)
