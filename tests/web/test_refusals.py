"""Whoever reaches for what is not his is refused as if it were not there, and the log knows what he tried."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from db import reading, transaction
from db.accounts import Account
from db.claims import Claim, ClaimStatus, Evidence
from db.events import Event
from tests import factories
from tests.web.client import new_client, token_for


@pytest.fixture
def reviewer() -> Account:
    with transaction() as session:
        return factories.create_reviewer(session, factories.create_employer(session))


@pytest.fixture
def foreign() -> Claim:
    with transaction() as session:
        person = factories.create_person(session, employer=factories.create_employer(session))
        claim = factories.create_claim(session, person, status=ClaimStatus.SUBMITTED)
        factories.create_evidence(session, claim)
        return claim


def refused() -> list[Mapping[str, Any]]:
    with reading() as session:
        return list(session.scalars(select(Event.after).where(Event.action == "refused").order_by(Event.id)))


def untouched(claim: Claim) -> bool:
    with reading() as session:
        return session.get_one(Claim, claim.id).version == claim.version


def page() -> None:
    """As one is drawn for the account `account` by which the claim `claim` is tried to be decided in the way `how`."""
    from functools import partial

    import streamlit as st

    from db import reading, transaction
    from db.accounts import Account
    from db.claims import ClaimAction
    from services import bulk_review, claims
    from services.claims import get
    from tests import factories
    from web import bulk_outcome, long_work
    from web.command import command
    from web.session import drawing_for

    state = st.session_state
    with reading() as session:
        actor = factories.actor_of(session, session.get_one(Account, state["account"]))
    with drawing_for(actor):
        if state["how"] == "one":
            with command("已审核") as session:
                claims.act(session, actor, state["claim"], ClaimAction.APPROVE, seen=state["seen"])
        elif state["how"] == "many" and bulk_outcome.RESULT not in state:
            chosen = {state["claim"]: 1}
            bulk_outcome.carry_out(
                "正在审核", partial(bulk_review.approve, transaction, actor, chosen), lambda _ids: {}
            )
        elif state["how"] == "long":
            with reading() as session:
                long_work.carry_out("正在审核", lambda _progress: get(session, actor, state["claim"]), "已审核")


def try_it(reviewer: Account, claim: Claim, how: str, *, seen: int = 1) -> AppTest:
    app = AppTest.from_function(page, default_timeout=30)
    for name, value in {"account": reviewer.id, "claim": claim.id, "how": how, "seen": seen}.items():
        app.session_state[name] = value
    return app.run()


@pytest.mark.parametrize(("how", "tried"), [("one", "claims.act"), ("many", "bulk_review.act"), ("long", "claims.get")])
def test_a_click_for_what_is_not_his_is_noted_with_its_number(
    reviewer: Account, foreign: Claim, how: str, tried: str
) -> None:
    app = try_it(reviewer, foreign, how)
    assert not app.exception
    assert refused() == [{"tried": tried, "number": foreign.id, "why": "NotFound"}]
    assert untouched(foreign)


def test_a_click_that_the_role_does_not_allow_is_noted(foreign: Claim) -> None:
    with transaction() as session:
        nobody = factories.create_account(session)
    app = try_it(nobody, foreign, "one")
    assert [error.value for error in app.error] == ["您没有进行此操作的权限。"]
    assert refused() == [{"tried": "claims.act", "number": foreign.id, "why": "PermissionDenied"}]


def test_a_click_that_came_too_late_is_not(reviewer: Account) -> None:
    with transaction() as session:
        employer = factories.create_employer(session)
        own = factories.create_claim(
            session, factories.create_person(session, employer=employer), status=ClaimStatus.SUBMITTED
        )
        deciding = factories.create_reviewer(session, employer)
    assert try_it(deciding, own, "one", seen=7).error
    assert refused() == []


def test_a_file_of_somebody_else_is_not_there_and_the_try_is_noted(reviewer: Account, foreign: Claim) -> None:
    with reading() as session:
        number = session.scalars(select(Evidence.id)).one()
    client = new_client(token=token_for(reviewer))
    for address in (f"/files/{number}", f"/files/{number}/inline", f"/files/{number}/pages/1"):
        assert client.get(address).status_code == HTTPStatus.NOT_FOUND
    assert new_client().get(f"/files/{number}").status_code == HTTPStatus.NOT_FOUND
    assert refused() == [{"tried": "evidence.read", "number": number, "why": "NotFound"}] * 3
