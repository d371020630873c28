"""What waits for whoever is signed in: links on his home page, and numbers in the menu that his own work changes."""

import ast
import time

import pytest
from sqlalchemy import delete, select
from streamlit.testing.v1 import AppTest

from db import transaction
from db.accounts import Account, Role
from db.claims import ClaimStatus
from db.organisations import Organisation, OrganisationStatus
from db.people import Binding, BindingStatus
from services.permissions import ROLE_PERMISSIONS, Actor, Scope
from services.to_do import KINDS, ToDo
from tests import factories
from tests.counting import CountQueries
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, links, said
from tests.source import dotted, nodes, sources
from web import memory, navigation
from web.navigation import SCREENS, screens_for
from web.to_do import TASKS


@pytest.fixture
def menu(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """The numbers in the menu of the page that was drawn last."""
    shown: dict[str, int] = {}
    draw = navigation.pages_for

    def pages_for(actor: Actor | None, numbers: dict[str, int]) -> object:
        shown.clear()
        shown.update(numbers)
        return draw(actor, numbers)

    monkeypatch.setattr(navigation, "pages_for", pages_for)
    return shown


def reviewer_with_two_requests() -> Account:
    with transaction() as session:
        employer = factories.create_employer(session)
        for _ in range(2):
            person = factories.create_person(session)
            factories.create_binding(session, person, employer, status=BindingStatus.REQUESTED)
        return factories.create_reviewer(session, employer)


def test_every_kind_leads_to_a_page_that_is_open_to_whoever_it_waits_for() -> None:
    assert set(TASKS) == set(KINDS)
    access = {screen.path: screen.access for screen in SCREENS}
    for kind, row in KINDS.items():
        concerned = [rights for rights in ROLE_PERMISSIONS.values() if row.permission in rights]
        assert all(access[TASKS[kind].page] in rights for rights in concerned), kind


@pytest.mark.parametrize("role", Role)
def test_the_page_on_which_a_role_lands_shows_what_waits_for_it(role: Role) -> None:
    """Who gets the first kind of work, or another landing page, must be told of it there."""
    waits = {kind for kind, row in KINDS.items() if row.permission in ROLE_PERMISSIONS[role]}
    landing = screens_for(Actor(1, "林知夏", scopes=(Scope(role),)))[0].path
    page = next(source for source in sources("pages") if source.path == f"pages/{landing}.py")
    calls = {dotted(call.func) for call in nodes(page.tree, ast.Call)}
    assert not waits or calls & {"draw_to_do", "draw_elsewhere"}, landing


def test_on_the_home_page_each_count_is_a_link_to_the_rows_that_wait(open_page: OpenPage) -> None:
    app = open_page("employer/home", reviewer_with_two_requests())
    assert links(app) == {"2 人等待确认": "employer-people?status=requested"}


def test_the_menu_says_how_much_waits_and_forgets_it_after_the_decision(
    open_page: OpenPage, menu: dict[str, int]
) -> None:
    app = open_page("employer/people", reviewer_with_two_requests())
    assert menu == {"employer/people": 2}
    assert app.title[0].value == "人员管理"
    button(app, "确认").click().run()
    assert menu == {"employer/people": 1}


def test_a_refused_decision_is_a_reason_to_count_again(open_page: OpenPage, menu: dict[str, int]) -> None:
    app = open_page("employer/people", reviewer_with_two_requests())
    with transaction() as session:
        employer = session.scalars(select(Organisation)).one()
        factories.create_binding(session, factories.create_person(session), employer, status=BindingStatus.REQUESTED)
    button(app, "退回").click().run()
    assert "退回原因" in said(app)
    assert menu == {"employer/people": 2}
    app.run()
    assert menu == {"employer/people": 3}


def test_what_others_do_shows_within_a_minute(
    open_page: OpenPage, menu: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("employer/people", reviewer_with_two_requests())
    with transaction() as session:
        session.execute(delete(Binding))
    app.run()
    assert menu == {"employer/people": 2}
    later = time.monotonic() + memory.LIFE.total_seconds()
    monkeypatch.setattr(time, "monotonic", lambda: later)
    app.run()
    assert menu == {}


def test_the_numbers_cost_a_query_once_a_minute(open_page: OpenPage, count_queries: CountQueries) -> None:
    app = open_page("account/password", reviewer_with_two_requests())
    with count_queries() as queries:
        app.run()
    assert len(queries) == 1, queries


def test_the_home_page_of_each_role_says_what_waits_for_all_of_them(open_page: OpenPage) -> None:
    account = reviewer_with_two_requests()
    with transaction() as session:
        factories.grant(session, account, Role.SUPERVISOR, division=factories.DIVISION)
        factories.create_organisation(session, status=OrganisationStatus.APPLIED)
    people, applied = "employer-people?status=requested", "authority-organisations?status=applied"
    for home in ("employer/home", "authority/dashboard"):
        assert list(links(open_page(home, account)).values()) == [people, applied]


def test_whoever_has_a_new_role_has_its_numbers_at_once(open_page: OpenPage, menu: dict[str, int]) -> None:
    with transaction() as session:
        employer: Organisation = factories.create_employer(session)
        person = factories.create_person(session, employer=employer)
        other = factories.create_person(session, employer=employer)
        factories.create_claim(session, other, status=ClaimStatus.SUBMITTED)
        account = session.get_one(Account, person.account_id)
    app: AppTest = open_page("account/password", account)
    assert menu == {}
    with transaction() as session:
        factories.grant(session, account, Role.EMPLOYER, organisation=employer)
    app.run()
    assert menu == {TASKS[ToDo.CLAIMS_TO_REVIEW].page: 1}
