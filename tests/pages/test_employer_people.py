"""Who works here: requests first, and what can be done about each."""

import pytest
from sqlalchemy import select

from db import reading, transaction
from db.accounts import Account
from db.events import Event
from db.organisations import Organisation
from db.people import Binding, BindingStatus, Person
from services import passwords, staff
from tests import factories
from tests.counting import CountQueries
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, said

PAGE = "employer/people"
NUMBER = factories.invented_id_number(321)


@pytest.fixture
def request_(employer: Organisation) -> Binding:
    with transaction() as session:
        person = factories.create_person(session, name="苏清和", id_number=NUMBER)
        return factories.create_binding(session, person, employer, status=BindingStatus.REQUESTED)


def stored(binding: Binding) -> Binding:
    with reading() as session:
        return session.get_one(Binding, binding.id)


def test_a_request_is_confirmed(open_page: OpenPage, reviewer: Account, request_: Binding) -> None:
    app = open_page(PAGE, reviewer)
    assert "苏清和" in app.header[0].value
    button(app, "确认").click().run()
    assert stored(request_).status is BindingStatus.ACTIVE
    assert "没有待确认的人员" in said(app)


def test_sending_back_needs_a_reason(open_page: OpenPage, reviewer: Account, request_: Binding) -> None:
    app = open_page(PAGE, reviewer)
    button(app, "退回").click().run()
    assert [error.value for error in app.error] == ["退回原因：请填写。"]
    app.text_area[0].set_value("不是本单位人员")
    button(app, "退回").click().run()
    assert (stored(request_).status, stored(request_).reason) == (BindingStatus.REFUSED, "不是本单位人员")


def test_the_id_number_is_masked_until_a_recorded_look(
    open_page: OpenPage, reviewer: Account, request_: Binding
) -> None:
    app = open_page(PAGE, reviewer)
    assert NUMBER not in repr(app.main)
    button(app, "显示证件号码").click().run()
    assert app.code[0].value == NUMBER
    app.run()
    assert NUMBER not in repr(app.main)
    with reading() as session:
        assert session.scalars(select(Event).where(Event.action == "id_number_reveal")).one().actor_id == reviewer.id


def test_a_confirmed_colleagues_number_is_not_revealed(
    open_page: OpenPage, employer: Organisation, reviewer: Account
) -> None:
    with transaction() as session:
        factories.create_person(session, employer=employer)
    assert "显示证件号码" not in buttons(open_page(PAGE, reviewer, status="active"))


def test_the_one_time_password_is_shown_once_and_works(
    open_page: OpenPage, employer: Organisation, reviewer: Account
) -> None:
    with transaction() as session:
        person = factories.create_person(session, employer=employer)
    app = open_page(PAGE, reviewer, status="active")
    button(app, "确定重置").click().run()
    shown = app.code[0].value
    app.run()
    assert not app.code
    with reading() as session:
        account = session.get_one(Account, session.get_one(Person, person.id).account_id)
    assert passwords.matches(shown, account.password_hash)
    assert account.must_change_password


def test_people_are_found_by_part_of_the_name(
    open_page: OpenPage, employer: Organisation, reviewer: Account, request_: Binding
) -> None:
    with transaction() as session:
        factories.create_binding(
            session, factories.create_person(session, name="温以宁"), employer, status=BindingStatus.REQUESTED
        )
    app = open_page(PAGE, reviewer, text="以宁")
    assert list(app.dataframe[0].value["姓名"]) == ["温以宁"]
    assert "没有找到" in said(open_page(PAGE, reviewer, text="查无此人"))


def test_the_number_of_queries_does_not_grow_with_the_staff(
    open_page: OpenPage, employer: Organisation, reviewer: Account, count_queries: CountQueries
) -> None:
    with transaction() as session:
        for _ in range(staff.PAGE_SIZE + 1):
            factories.create_person(session, employer=employer)
    app = open_page(PAGE, reviewer, status="active")
    with count_queries() as queries:
        app.run()
    assert len(app.dataframe[0].value) == staff.PAGE_SIZE
    assert len(queries) <= 8, queries
    button(app, "下一页").click().run()
    assert len(app.dataframe[0].value) == 1
