"""操作日志: what an administrator reads, filters and has proven."""

import pytest

from db import transaction
from db.accounts import Account, Role
from services import events
from tests import factories
from tests.pages.conftest import OpenPage
from tests.pages.reading import said

PAGE = "system/events"


@pytest.fixture
def administrator() -> Account:
    with transaction() as session:
        return factories.create_account(session, Role.ADMINISTRATOR)


@pytest.fixture
def somebody() -> Account:
    with transaction() as session:
        account = factories.create_account(session, username="lin")
        actor = factories.actor_of(session, account)
        events.record(session, actor, "password_change", account, after={"sessions": 2})
        events.record(session, actor, "claim_approve", account)
    return account


def test_every_event_is_in_words(open_page: OpenPage, administrator: Account, somebody: Account) -> None:
    rows = open_page(PAGE, administrator).dataframe[0].value.to_dict("records")
    assert [row["操作"] for row in rows] == ["学时记录：通过", "修改密码"]
    assert rows[1]["操作后"] == '{"sessions": 2}'
    assert {(row["对象"], row["对象编号"], row["操作人"]) for row in rows} == {
        ("账号", somebody.id, somebody.display_name)
    }


def test_the_address_keeps_what_is_looked_for(open_page: OpenPage, administrator: Account, somebody: Account) -> None:
    app = open_page(PAGE, administrator, action="password_change", who="lin")
    assert list(app.dataframe[0].value["操作"]) == ["修改密码"]
    app = open_page(PAGE, administrator, who="nobody")
    assert "没有符合条件的记录" in said(app)
    app = open_page(PAGE, administrator, since="x", action="hack", number="-1", thing="'; DROP TABLE event")
    assert len(app.dataframe[0].value) == 2


def test_a_wrong_period_is_explained(open_page: OpenPage, administrator: Account) -> None:
    app = open_page(PAGE, administrator, **{"from": "2026-02-02", "until": "2026-02-01"})
    assert "开始日期不能晚于结束日期" in said(app)
    assert not app.exception


def test_an_empty_log_says_so(open_page: OpenPage, administrator: Account) -> None:
    assert "还没有操作记录" in said(open_page(PAGE, administrator))


def test_the_chain_is_checked_on_a_click(open_page: OpenPage, administrator: Account, somebody: Account) -> None:
    app = open_page(PAGE, administrator)
    next(button for button in app.button if "完好" in button.label).click().run()
    assert "操作日志完好：共 2 条" in app.success[0].value


def test_the_page_does_not_exist_for_others(open_page: OpenPage, supervisor: Account) -> None:
    with pytest.raises(ValueError, match="events"):
        open_page(PAGE, supervisor)
