"""Two reviewers, or two clicks, at the same time: one decision, and a clear word for whoever came second."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from db import reading, transaction
from db.claims import Claim, ClaimAction, ClaimStatus, ClaimStep
from db.events import Event
from db.people import Person
from services import claims
from services.errors import NotFound, WrongStatus
from services.events import check_chain
from services.permissions import Actor
from tests import factories

DECISIONS = (ClaimAction.APPROVE, ClaimAction.REJECT)
CLICKS = 6

LEADS_TO = {
    ClaimAction.APPROVE: ClaimStatus.APPROVED,
    ClaimAction.REJECT: ClaimStatus.REJECTED,
    ClaimAction.WITHDRAW: ClaimStatus.DRAFT,
}


@pytest.fixture
def setting(database: Engine) -> tuple[Claim, list[Actor]]:
    """A waiting claim and the two reviewers of its employer."""
    with transaction() as session:
        employer = factories.create_employer(session)
        person = factories.create_person(session, employer=employer)
        claim = factories.create_claim(session, person, status=ClaimStatus.SUBMITTED)
        reviewers = [factories.actor_of(session, factories.create_reviewer(session, employer)) for _ in range(2)]
    return claim, reviewers


def decide(claim: Claim, actor: Actor, action: ClaimAction) -> ClaimAction | None:
    """What `web.command` does with a click; None when the reviewer was told that somebody had been faster."""
    try:
        with transaction() as session:
            claims.act(session, actor, claim.id, action, seen=claim.version, opinion="请核对材料")
    except (NotFound, WrongStatus, StaleDataError):
        return None
    return action


def at_once(*calls: Callable[[], ClaimAction | None]) -> list[ClaimAction]:
    """Run them in threads that start together; what took effect."""
    barrier = Barrier(len(calls))

    def started(call: Callable[[], ClaimAction | None]) -> ClaimAction | None:
        barrier.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        return [done for done in threads.map(started, calls) if done is not None]


def left_behind(session: Session, claim: Claim) -> tuple[ClaimStatus, Decimal | None, list[ClaimAction], list[str]]:
    stored = session.get_one(Claim, claim.id)
    steps = session.scalars(select(ClaimStep.action).where(ClaimStep.claim_id == claim.id)).all()
    events = session.scalars(select(Event.action).where(Event.object_id == claim.id, Event.object_type == "claim"))
    return stored.status, stored.hours_awarded, list(steps), list(events)


def test_two_reviewers_at_once_give_one_decision(setting: tuple[Claim, list[Actor]]) -> None:
    claim, (first, second) = setting
    done = at_once(lambda: decide(claim, first, ClaimAction.APPROVE), lambda: decide(claim, second, ClaimAction.REJECT))
    assert len(done) == 1
    with reading() as session:
        status, hours, steps, events = left_behind(session, claim)
        assert check_chain(session).intact
    assert status is LEADS_TO[done[0]]
    assert hours == (claim.hours_claimed if done == [ClaimAction.APPROVE] else None)
    assert (steps, events) == (done, [f"claim_{done[0]}"])


def test_a_hurried_reviewer_approves_once(setting: tuple[Claim, list[Actor]]) -> None:
    claim, (reviewer, _) = setting
    done = at_once(*[lambda: decide(claim, reviewer, ClaimAction.APPROVE)] * CLICKS)
    with reading() as session:
        _, _, steps, events = left_behind(session, claim)
    assert done == steps == [ClaimAction.APPROVE]
    assert events == ["claim_approve"]


@pytest.mark.parametrize("action", DECISIONS)
def test_who_decides_about_an_old_view_is_refused(setting: tuple[Claim, list[Actor]], action: ClaimAction) -> None:
    claim, (first, second) = setting
    assert decide(claim, first, ClaimAction.RETURN) is ClaimAction.RETURN
    assert decide(claim, second, action) is None
    with reading() as session:
        status, _, steps, _ = left_behind(session, claim)
    assert (status, steps) == (ClaimStatus.RETURNED, [ClaimAction.RETURN])


def test_a_claim_that_is_withdrawn_while_it_is_approved_ends_in_one_of_the_two(
    setting: tuple[Claim, list[Actor]],
) -> None:
    claim, (reviewer, _) = setting
    with reading() as session:
        owner = factories.actor_for(session, session.get_one(Person, claim.person_id))
    done = at_once(
        lambda: decide(claim, reviewer, ClaimAction.APPROVE), lambda: decide(claim, owner, ClaimAction.WITHDRAW)
    )
    assert len(done) == 1
    with reading() as session:
        assert left_behind(session, claim)[0] is LEADS_TO[done[0]]
