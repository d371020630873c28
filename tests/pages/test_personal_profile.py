"""Basic information and the way to an employer."""

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from db import reading, transaction
from db.accounts import Account
from db.events import Event
from db.organisations import Organisation
from db.people import Binding, BindingStatus, Person
from tests import factories
from tests.counting import CountQueries
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, said

PAGE = "personal/profile"


@pytest.fixture
def employer() -> Organisation:
    with transaction() as session:
        return factories.create_employer(session, name="晴川市政工程设计院")


@pytest.fixture
def account() -> Account:
    with transaction() as session:
        return session.get_one(Account, factories.create_person(session).account_id)


def bind(account: Account, employer: Organisation, status: BindingStatus, reason: str = "") -> None:
    with transaction() as session:
        person = factories.person_of(session, account)
        factories.create_binding(session, person, employer, status=status).reason = reason


def stored(account: Account) -> Person:
    with reading() as session:
        return session.scalars(select(Person).where(Person.account_id == account.id)).one()


def field(app: AppTest, label: str) -> str:
    return str(next(found for found in app.text_input if found.label == label).key)


def choose_province(app: AppTest) -> AppTest:
    return next(found for found in app.selectbox if found.label == "省级").select("440000").run()


def test_information_and_request_are_sent_together(
    open_page: OpenPage, account: Account, employer: Organisation
) -> None:
    app = open_page(PAGE, account)
    app.text_input(key=field(app, "所在部门（选填）")).input("设计一所")
    choose_province(app)
    app.radio(key="employer").set_value(employer.id).run()
    button(app, "提交").click().run()
    assert "等待单位确认" in said(app)
    assert stored(account).department == "设计一所"
    with reading() as session:
        assert session.scalars(select(Binding.status)).all() == [BindingStatus.REQUESTED]


def test_a_wrong_telephone_is_refused_and_stays_to_be_corrected(
    open_page: OpenPage, account: Account, employer: Organisation
) -> None:
    app = open_page(PAGE, account)
    key = field(app, "手机号码")
    app.text_input(key=key).input("12")
    button(app, "保存").click().run()
    assert "手机号码" in app.error[0].value
    assert app.text_input(key=key).value == "12"
    assert stored(account).mobile != "12"


def test_an_employer_that_is_not_there_is_asked_to_register(open_page: OpenPage, account: Account) -> None:
    app = choose_province(open_page(PAGE, account))
    assert "请本单位先注册" in said(app)
    assert button(app, "提交").disabled
    assert app.code[0].value.endswith("/account-organisations")


def test_who_finds_no_employer_is_offered_the_holding_employer_of_his_division(
    open_page: OpenPage, account: Account, employer: Organisation
) -> None:
    with transaction() as session:
        holding = factories.create_holding_employer(session, division="440000")
    app = choose_province(open_page(PAGE, account))
    assert "holding_employer" not in [radio.key for radio in app.radio]
    app.checkbox(key="employer_missing").check().run()
    app.radio(key="holding_employer").set_value(holding.id).run()
    button(app, "提交").click().run()
    with reading() as session:
        assert session.scalars(select(Binding.organisation_id)).all() == [holding.id]


def test_a_waiting_request_is_withdrawn(open_page: OpenPage, account: Account, employer: Organisation) -> None:
    bind(account, employer, BindingStatus.REQUESTED)
    app = open_page(PAGE, account)
    assert "待单位确认" in said(app)
    button(app, "撤回").click().run()
    assert "提交" in buttons(app)
    with reading() as session:
        assert session.scalars(select(Binding.status)).all() == [BindingStatus.WITHDRAWN]


def test_the_reason_of_a_refusal_stands_above_the_new_choice(
    open_page: OpenPage, account: Account, employer: Organisation
) -> None:
    bind(account, employer, BindingStatus.REFUSED, "不在本单位工作")
    app = open_page(PAGE, account)
    assert "不在本单位工作" in app.error[0].value


def test_the_own_number_is_shown_on_request_and_the_look_is_recorded(open_page: OpenPage, account: Account) -> None:
    app = open_page(PAGE, account)
    assert not app.code
    button(app, "显示完整证件号码").click().run()
    assert len(app.code[0].value) == 18
    with reading() as session:
        assert "id_number_reveal" in session.scalars(select(Event.action)).all()


def test_the_page_asks_eight_questions(
    open_page: OpenPage, account: Account, employer: Organisation, count_queries: CountQueries
) -> None:
    app = choose_province(open_page(PAGE, account))
    with count_queries() as queries:
        app.run()
    assert not app.exception
    assert len(queries) <= 8, queries
