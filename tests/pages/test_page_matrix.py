"""Every page for everybody: it opens for whom the menu says and for nobody else, and shows nothing of strangers."""

from collections.abc import Mapping
from contextlib import suppress

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session
from streamlit.navigation.page import Page
from streamlit.testing.v1 import AppTest

from db import transaction
from db.accounts import Account, Grant, Role
from db.notices import Notice, NoticeStatus
from db.organisations import OrganisationStatus
from services.permissions import OUT_OF_WORK, ROLE_PERMISSIONS, Permission
from tests import classes, factories
from tests.matrix import scope, world
from tests.matrix.world import Relation, Who, World
from tests.pages.conftest import OpenPage
from web import navigation
from web.navigation import PAGES, SCREENS, Screen, Visitor

ROLES = {Who(role.value): role for role in Role}
HELD: dict[Who, frozenset[Permission]] = {
    **{who: ROLE_PERMISSIONS[role] for who, role in ROLES.items()},
    Who.NEW: frozenset({Permission.PASSWORD_CHANGE}),
    Who.SUSPENDED_EMPLOYER: ROLE_PERMISSIONS[Role.EMPLOYER] & OUT_OF_WORK,
    Who.SUSPENDED_PROVIDER: ROLE_PERMISSIONS[Role.PROVIDER] & OUT_OF_WORK,
}
# Rules hold for everybody, so the topmost supervisors share their drafts.
SHOWN = {"authority/requirements"}
# Those whose pages name people before anything is chosen: there the search for names is known to find them.
SEE_PEOPLE = {Who.PROFESSIONAL, Who.EMPLOYER, Who.SUPERVISOR, Who.ADMINISTRATOR}


@pytest.fixture
def built() -> World:
    """Without notices, which are for whole divisions."""
    with transaction() as session:
        made = world.build(session)
        session.execute(update(Notice).values(status=NoticeStatus.ENDED))
    return made


def account_of(built: World, who: Who) -> Account | None:
    if who is Who.VISITOR:
        return None
    with transaction() as session:
        if who in ROLES:
            return session.get_one(Account, built.actors[who].account_id)
        return _hindered(session, who)


def _hindered(session: Session, who: Who) -> Account:
    """Of a suspended organisation, or with every role but before the first change of the password."""
    if who is Who.NEW:
        new = factories.create_account(session, Role.PROFESSIONAL, Role.ANALYST, Role.ADMINISTRATOR)
        new.must_change_password = True
        return new
    if who is Who.SUSPENDED_EMPLOYER:
        employer = factories.create_organisation(session, status=OrganisationStatus.SUSPENDED)
        return factories.create_reviewer(session, employer)
    provider = classes.create_provider(session)
    provider.status = OrganisationStatus.SUSPENDED
    return classes.create_trainer(session, provider)


def may_open(who: Who, screen: Screen) -> bool:
    """By the table of permissions alone, said once more without the code of the menu."""
    if who is Who.VISITOR:
        return isinstance(screen.access, Visitor)
    if screen.access is Visitor.ANYBODY:
        return HELD[who] >= {Permission.ACCOUNT_OWN}
    return screen.access in HELD[who]


def everything_in(app: AppTest) -> bytes:
    protos = (getattr(element, "proto", None) for element in app.main)
    return b"\n".join(proto.SerializeToString() for proto in protos if proto is not None)


@pytest.fixture
def menus(monkeypatch: pytest.MonkeyPatch) -> list[set[str]]:
    """The paths of the pages that Streamlit is given to serve, once for each run."""
    arrange, given = navigation.in_sections, list[set[str]]()

    def note(pages: Mapping[Screen, Page]) -> dict[str, list[Page]]:
        given.append({screen.path for screen in pages})
        return arrange(pages)

    monkeypatch.setattr(navigation, "in_sections", note)
    return given


@pytest.mark.parametrize("who", [who for who in Who if who is not Who.UNPROVEN])
def test_a_page_opens_for_whom_the_table_says_and_shows_nothing_of_strangers(
    who: Who, built: World, open_page: OpenPage, menus: list[set[str]]
) -> None:
    open_ones = [screen for screen in SCREENS if may_open(who, screen)]
    strangers = set(Relation) - (scope.USUAL[who] if who in ROLES else set())
    app, seen = open_page(open_ones[0].path, account_of(built, who)), set[Relation]()
    for screen in open_ones:
        app.switch_page(str(PAGES / f"{screen.path}.py")).run()
        assert not app.exception, screen.path
        shown = {relation for relation in Relation if relation.encode() in everything_in(app)}
        assert not shown & strangers or screen.path in SHOWN, (screen.path, shown)
        seen |= shown
    assert Relation.OWN in seen or who not in SEE_PEOPLE
    assert len(menus) > len(open_ones)
    assert all(given == {screen.path for screen in open_ones} for given in menus)


def test_a_role_that_changes_in_the_database_holds_from_the_next_click_on(
    built: World, open_page: OpenPage, menus: list[set[str]]
) -> None:
    account = account_of(built, Who.EMPLOYER)
    assert account is not None
    app = open_page("employer/claims", account)
    assert "system/accounts" not in menus[-1]
    with transaction() as session:
        factories.grant(session, session.get_one(Account, account.id), Role.ADMINISTRATOR)
    app.run()
    assert menus[-1] >= {"employer/claims", "system/accounts"}
    with transaction() as session:
        session.execute(delete(Grant).where(Grant.account_id == account.id))
    with suppress(ValueError):
        app.run()
    assert not {path for path in menus[-1] if not path.startswith("account/")}
