"""The supervisor's view of holding employers."""

import pytest
from sqlalchemy import select

from db import reading, transaction
from db.accounts import Account
from db.organisations import Organisation
from tests import factories
from tests.counting import CountQueries
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, said

PAGE = "authority/organisations"
CITY, COUNTY = "440100", "440104"


@pytest.fixture
def supervisor() -> Account:
    with transaction() as session:
        return factories.create_supervisor(session, CITY)


def test_one_is_founded_and_its_place_is_not_offered_again(open_page: OpenPage, supervisor: Account) -> None:
    app = open_page(PAGE, supervisor, view="holding")
    assert "还没有代管单位" in said(app)
    app.selectbox(key="holding_0_division").select(COUNTY)
    app.text_input(key="holding_0_contact").input("陈景行")
    app.text_input(key="holding_0_phone").input("020-00000000")
    button(app, "设立").click().run()
    with reading() as session:
        founded = session.scalars(select(Organisation)).one()
    assert (founded.is_holding, founded.division, founded.contact_name) == (True, COUNTY, "陈景行")
    assert list(app.dataframe[0].value["行政区划"]) == ["广东省广州市越秀区"]
    assert "广东省广州市越秀区" not in app.selectbox(key="holding_1_division").options
    assert app.text_input(key="holding_1_contact").value == ""


def test_what_was_typed_stays_when_something_is_missing(open_page: OpenPage, supervisor: Account) -> None:
    app = open_page(PAGE, supervisor, view="holding")
    app.selectbox(key="holding_0_division").select(COUNTY)
    app.text_input(key="holding_0_contact").input("陈景行")
    button(app, "设立").click().run()
    assert "联系电话" in app.error[0].value
    assert app.text_input(key="holding_0_contact").value == "陈景行"
    assert app.selectbox(key="holding_0_division").value == COUNTY


def test_the_number_of_queries_does_not_grow(
    open_page: OpenPage, supervisor: Account, count_queries: CountQueries
) -> None:
    with transaction() as session:
        for division in ("440103", "440104", "440105", "440106"):
            employer = factories.create_holding_employer(session, division=division)
            factories.create_binding(session, factories.create_person(session), employer)
    app = open_page(PAGE, supervisor, view="holding")
    with count_queries() as queries:
        app.run()
    assert len(app.dataframe[0].value) == 4
    assert len(queries) <= 3, queries


def test_in_the_queue_it_is_named_for_what_it_is_instead_of_its_code(open_page: OpenPage, supervisor: Account) -> None:
    with transaction() as session:
        factories.create_holding_employer(session)
    app = open_page(PAGE, supervisor, status="approved")
    assert list(app.dataframe[0].value["统一社会信用代码"]) == ["代管单位"]
