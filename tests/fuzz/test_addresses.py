"""What stands behind the question mark of an address is everybody's to write: no value of it breaks a page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import transaction
from db.accounts import Account, Role
from db.organisations import Organisation
from services import questions
from services.permissions import Permission
from tests import classes, factories, whole_life
from tests.fuzz.strength import examples
from tests.pages.conftest import OpenPage, open_page
from web import event_list, filters
from web.navigation import SCREENS, Screen, Visitor

__all__ = ["open_page"]

NAMES = [
    *(filters.VIEW, filters.STATUS, filters.TEXT, filters.OPENED, filters.AFTER, filters.ORDER, filters.CATEGORY),
    *(filters.FLAG, filters.WAITED, filters.LEVEL, filters.YEAR, filters.LACKING, filters.AUDIT, filters.CLASS),
    *(filters.FROM, filters.UNTIL, *event_list.NAMES, "code", "claim", "transfer", "account_search", "next", "notice"),
    *("seats", "marked", "provider", "spelling", *questions.NAMES),
]
VALUES = st.one_of(
    st.sampled_from(
        ["", "0", "-1", "new", "true", "9" * 30, "9223372036854775808", "2147483648", "１２", "٣", "1e3", "NaN"]
    ),
    st.sampled_from(["\0", "![](http://x)", "<b>", "2026-13-45", "0001-01-01", "9999-12-31", "submitted", "approved"]),
    st.integers(0, 3000).map(str),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
)
QUERIES = st.dictionaries(st.sampled_from(NAMES), VALUES, min_size=3, max_size=12)


@pytest.fixture
def everybody() -> Account:
    """Somebody with every role, and with something in every table about him."""
    life = whole_life.begin()
    with transaction() as session:
        account = session.get_one(Account, life.account.id)
        employer = session.get_one(Organisation, life.employer.id)
        provider = classes.create_provider(session)
        classes.create_class(session, provider)
        factories.grant(session, account, Role.EMPLOYER, organisation=employer)
        factories.grant(session, account, Role.PROVIDER, organisation=provider)
        factories.grant(session, account, Role.SUPERVISOR, division=factories.DIVISION)
        for role in (Role.ANALYST, Role.ADMINISTRATOR):
            factories.grant(session, account, role)
    return account


PAGES = [screen for screen in SCREENS if screen.access is not Permission.TOTP_ENROL]


@examples(30)
@given(st.sampled_from(PAGES), QUERIES)
def test_no_value_in_an_address_breaks_a_page(
    open_page: OpenPage, everybody: Account, screen: Screen, query: dict[str, str]
) -> None:
    account = None if screen.access is Visitor.SIGNED_OUT else everybody
    app = open_page(screen.path, account, **query)
    assert not app.exception, app.exception[0].value
