"""The reviewer's queue: its order, its pages, and which claim comes up next."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from db.claims import Claim, ClaimAction, ClaimStatus
from db.organisations import Organisation
from services import claims, clock, review_queue, reviewing
from services.permissions import Actor
from services.review_queue import TO_REVIEW
from tests import factories

TODAY = datetime(2026, 6, 15, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _june() -> Iterator[None]:
    with clock.at(TODAY):
        yield


@pytest.fixture
def waiting(open_session: Session, employer: Organisation) -> list[Claim]:
    """Three claims, the one that has waited longest first."""
    person = factories.create_person(open_session, employer=employer)
    made = []
    for days in (9, 5, 1):
        with clock.at(TODAY - timedelta(days=days)):
            made.append(factories.create_claim(open_session, person, status=ClaimStatus.SUBMITTED))
    return made


def opened(session: Session, actor: Actor, named: int | None) -> int | None:
    queue = review_queue.queue(session, actor)
    claim = reviewing.open_claim(session, actor, queue, view=TO_REVIEW, named=named).claim
    return claim.id if claim else None


def approve(session: Session, actor: Actor, claim: Claim) -> None:
    claims.act(session, actor, claim.id, ClaimAction.APPROVE, seen=claim.version)
    session.flush()
    session.expire_all()


def test_the_longest_waiting_claim_comes_first_unless_another_is_named(
    open_session: Session, reviewer: Actor, waiting: list[Claim]
) -> None:
    assert opened(open_session, reviewer, None) == waiting[0].id
    assert opened(open_session, reviewer, waiting[2].id) == waiting[2].id
    assert opened(open_session, reviewer, 999_999) == waiting[0].id


def test_after_a_decision_the_next_one_comes_and_after_the_last_the_first(
    open_session: Session, reviewer: Actor, waiting: list[Claim]
) -> None:
    for decided, following in ((1, 2), (2, 0)):
        approve(open_session, reviewer, waiting[decided])
        assert opened(open_session, reviewer, waiting[decided].id) == waiting[following].id
    approve(open_session, reviewer, waiting[0])
    assert opened(open_session, reviewer, waiting[0].id) is None


def test_what_a_colleague_has_decided_stays_open(
    open_session: Session, employer: Organisation, reviewer: Actor, waiting: list[Claim]
) -> None:
    colleague = factories.actor_of(open_session, factories.create_reviewer(open_session, employer))
    approve(open_session, colleague, waiting[1])
    assert opened(open_session, reviewer, waiting[1].id) == waiting[1].id
    assert reviewing.possible_decisions(reviewer, waiting[1]) == [ClaimAction.UNDO]


def test_ones_own_claim_offers_no_decision(open_session: Session, employer: Organisation, reviewer: Actor) -> None:
    account = factories.create_reviewer(open_session, employer)
    person = factories.create_person(open_session, employer=employer, account=account)
    claim = factories.create_claim(open_session, person, status=ClaimStatus.SUBMITTED)
    assert reviewing.possible_decisions(factories.actor_of(open_session, account), claim) == []
    assert reviewing.possible_decisions(reviewer, claim) == [
        ClaimAction.APPROVE,
        ClaimAction.RETURN,
        ClaimAction.REJECT,
    ]
