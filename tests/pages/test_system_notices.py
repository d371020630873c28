"""Notices: drafted, looked at, published, taken down again; and shown where each role lands."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from db import reading, transaction
from db.accounts import Account, Role
from db.notices import Notice, NoticeStatus
from services.clock import today
from tests import factories
from tests.counting import CountQueries
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, said
from tests.services.test_notice_board import announce
from web.navigation import screens_for

PAGE = "system/notices"


@pytest.fixture
def administrator() -> Account:
    with transaction() as session:
        return factories.create_account(session, Role.ADMINISTRATOR)


def only() -> Notice:
    with reading() as session:
        return session.scalars(select(Notice)).one()


def filled_in(app: AppTest) -> AppTest:
    app.text_input(key="notice_new_title").input("系统维护")
    app.text_area(key="notice_new_text").input("周六维护。\n请提前保存。")
    app.button_group(key="notice_new_audience").set_value([Role.ANALYST]).run()
    button(app, "保存草稿").click().run()
    return app


def test_a_notice_is_drafted_looked_at_published_and_taken_down(open_page: OpenPage, administrator: Account) -> None:
    app = filled_in(open_page(PAGE, administrator))
    assert only().status is NoticeStatus.DRAFT
    assert [text.value for text in app.text] == ["周六维护。\n请提前保存。"]
    assert app.text_input(key="notice_new_title").value == ""
    button(app, "发布").click().run()
    assert only().status is NoticeStatus.PUBLISHED
    assert "公告中" in said(app)
    app = open_page(PAGE, administrator, status="current", id=str(only().id))
    button(app, "取消发布").click().run()
    assert only().status is NoticeStatus.ENDED
    assert "恢复发布" in buttons(app)
    app = open_page(PAGE, administrator, status="past", id=str(only().id))
    button(app, "恢复发布").click().run()
    assert only().status is NoticeStatus.PUBLISHED


def test_what_was_typed_stays_when_something_is_missing(open_page: OpenPage, administrator: Account) -> None:
    app = open_page(PAGE, administrator)
    app.text_input(key="notice_new_title").input("系统维护")
    button(app, "保存草稿").click().run()
    assert "内容、发布对象" in app.error[0].value
    assert app.text_input(key="notice_new_title").value == "系统维护"


def test_a_published_notice_is_changed(open_page: OpenPage, administrator: Account) -> None:
    with transaction() as session:
        notice_id = announce(session, Role.ANALYST, division="440104")
    app = open_page(PAGE, administrator, id=str(notice_id))
    key = f"notice_{notice_id}_1"
    assert app.selectbox(key=f"{key}_division_440100").value == "440104"
    app.text_area(key=f"{key}_text").input("改为周日。")
    button(app, "保存修改").click().run()
    assert (only().text, only().division) == ("改为周日。", "440104")


def test_a_division_can_be_taken_away_again(open_page: OpenPage, administrator: Account) -> None:
    with transaction() as session:
        notice_id = announce(session, Role.ANALYST, division="440104")
    app = open_page(PAGE, administrator, id=str(notice_id))
    app.selectbox(key=f"notice_{notice_id}_1_division_").set_value(None).run()
    button(app, "保存修改").click().run()
    assert only().division is None


def test_a_draft_is_deleted_after_a_second_click(open_page: OpenPage, administrator: Account) -> None:
    app = filled_in(open_page(PAGE, administrator))
    button(app, "确认删除").click().run()
    assert only().status is NoticeStatus.DISCARDED
    assert "没有草稿" in said(app)


@pytest.mark.parametrize("phase", ["current", "coming", "draft", "past"])
def test_where_there_is_none_it_is_said_why(open_page: OpenPage, administrator: Account, phase: str) -> None:
    captions = [caption.value for caption in open_page(PAGE, administrator, status=phase).caption]
    assert any("通知" in caption and ("没有" in caption) for caption in captions)


def test_an_address_of_a_notice_that_is_gone_is_refused_in_words(open_page: OpenPage, administrator: Account) -> None:
    assert "没有找到该内容" in open_page(PAGE, administrator, id="4711").error[0].value


def test_the_list_asks_the_same_however_many_there_are(
    open_page: OpenPage, administrator: Account, count_queries: CountQueries
) -> None:
    with transaction() as session:
        for _ in range(60):
            announce(session)
    app = open_page(PAGE, administrator)
    with count_queries() as queries:
        app.run()
    assert not app.exception
    assert len(queries) <= 5, queries
    assert len(app.dataframe[0].value) == 50


def landing(account: Account) -> str:
    with reading() as session:
        return screens_for(factories.actor_of(session, account))[0].path


def account_with(role: Role) -> Account:
    with transaction() as session:
        if role is Role.PROFESSIONAL:
            person = factories.create_person(session, employer=factories.create_employer(session))
            return session.get_one(Account, person.account_id)
        if role is Role.SUPERVISOR:
            return factories.create_supervisor(session)
        account = factories.create_account(session)
        organisation = factories.create_employer(session) if role in {Role.EMPLOYER, Role.PROVIDER} else None
        factories.grant(session, account, role, organisation=organisation)
        return account


@pytest.mark.parametrize("role", Role)
def test_where_a_role_lands_it_is_told_once_and_can_read_it_again(open_page: OpenPage, role: Role) -> None:
    account = account_with(role)
    with transaction() as session:
        announce(session, role)
        announce(session, *(other for other in Role if other is not role))
    app = open_page(landing(account), account)
    assert [text.value for text in app.text if text.value == "周六维护。"] == ["周六维护。"]
    assert f"{today():%Y-%m-%d}" in said(app)
    button(app, "知道了").click().run()
    assert "知道了" not in buttons(app)
    assert "其他通知（1）" in [expander.label for expander in app.expander]
    assert "系统维护" not in said(open_page("account/security", account))


def test_more_than_a_few_go_into_the_drawer(open_page: OpenPage) -> None:
    account = account_with(Role.ANALYST)
    with transaction() as session:
        for _ in range(5):
            announce(session)
        announce(session, begins=-9, days=2)
    app = open_page(landing(account), account)
    assert "其他通知（3）" in [expander.label for expander in app.expander]
    assert buttons(app).count("知道了") == 5


def test_a_long_text_is_folded(open_page: OpenPage) -> None:
    account = account_with(Role.ANALYST)
    with transaction() as session:
        notice = session.get_one(Notice, announce(session))
        notice.text = "一行\n" * 50
    labels = [expander.label for expander in open_page(landing(account), account).expander]
    assert any("系统维护" in label for label in labels)


def test_what_is_published_shows_within_a_minute_and_costs_a_query_once(
    open_page: OpenPage, count_queries: CountQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = account_with(Role.PROFESSIONAL)
    app = open_page("personal/home", account)
    with transaction() as session:
        announce(session)
    with count_queries() as queries:
        app.run()
    assert len(queries) <= 3, queries
    assert "系统维护" not in said(app)
    monkeypatch.setattr("web.memory.LIFE", timedelta(0))
    app.session_state["remembered"] = {}
    assert "系统维护" in said(app.run())


def test_who_must_change_his_password_first_is_told_nothing(open_page: OpenPage) -> None:
    account = account_with(Role.ANALYST)
    with transaction() as session:
        session.get_one(Account, account.id).must_change_password = True
        announce(session)
    assert "系统维护" not in said(open_page("account/password", account))


def test_hostile_words_stay_words(open_page: OpenPage) -> None:
    account = account_with(Role.ANALYST)
    with transaction() as session:
        notice = session.get_one(Notice, announce(session))
        notice.title, notice.text = "![x](http://elsewhere.example/i)", "<script>alert()</script>"
    app = open_page(landing(account), account)
    assert "![x](" not in said(app)
    assert "\\!\\[x\\]" in said(app)
    assert "<script>alert()</script>" in [text.value for text in app.text]


def test_no_other_role_opens_the_page(open_page: OpenPage, supervisor: Account) -> None:
    with pytest.raises(ValueError, match="notices"):
        open_page(PAGE, supervisor)
