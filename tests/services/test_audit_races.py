"""Two supervisors at the same claim: one result, and a clear word for whoever came second."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm.exc import StaleDataError

from db import reading, transaction
from db.audits import Audit, AuditItem
from db.claims import Claim, ClaimAction, ClaimStatus, ClaimStep, ReviewReason
from services import audit_items, audits, claims
from services.audits import AlreadyChecked
from services.errors import WrongStatus
from services.permissions import Actor
from tests import factories
from tests.samples import create_audit

Stage = tuple[Claim, Audit, AuditItem, list[Actor]]


@pytest.fixture
def stage(database: Engine) -> Stage:
    """A drawn claim, and the two supervisors of its division."""
    with transaction() as session:
        person = factories.create_person(session, employer=factories.create_employer(session))
        claim = factories.create_claim(session, person, status=ClaimStatus.APPROVED)
        accounts = [factories.create_supervisor(session) for _ in range(2)]
        audit = create_audit(session, accounts[0], claim)
        item = session.scalars(select(AuditItem)).one()
        actors = [factories.actor_of(session, account) for account in accounts]
    return claim, audit, item, actors


def accept(stage: Stage, who: int) -> str:
    claim, _audit, item, actors = stage
    with transaction() as session:
        audit_items.accept(session, actors[who], item.id, seen=claim.version)
    return "accept"


def revoke(stage: Stage, who: int) -> str:
    claim, _audit, item, actors = stage
    with transaction() as session:
        audit_items.revoke(session, actors[who], item.id, seen=claim.version, reason=ReviewReason.UNTRUE)
    return "revoke"


def withdraw(stage: Stage, who: int) -> str:
    with transaction() as session:
        audits.withdraw(session, stage[3][who], stage[1].id)
    return "withdraw"


def at_once(stage: Stage, *calls: Callable[[Stage, int], str]) -> list[str]:
    """Every call in a thread and by a supervisor of its own; what took effect."""
    barrier = Barrier(len(calls))

    def started(numbered: tuple[int, Callable[[Stage, int], str]]) -> str | None:
        barrier.wait()
        try:
            return numbered[1](stage, numbered[0] % 2)
        except (WrongStatus, AlreadyChecked, StaleDataError):
            return None

    with ThreadPoolExecutor(len(calls)) as threads:
        return [done for done in threads.map(started, enumerate(calls)) if done is not None]


@pytest.mark.parametrize(
    "calls",
    [
        (accept, revoke),
        (accept, accept),
        (revoke, revoke),
        (withdraw, accept),
        (withdraw, revoke),
        (withdraw, withdraw),
    ],
    ids=lambda calls: " and ".join(call.__name__ for call in calls),
)
def test_one_of_two_takes_effect(stage: Stage, calls: tuple[Callable[[Stage, int], str], ...]) -> None:
    done = at_once(stage, *calls)
    assert len(done) == 1
    with reading() as session:
        claim, item = session.get_one(Claim, stage[0].id), session.get_one(AuditItem, stage[2].id)
        steps = session.scalars(select(ClaimStep.action).where(ClaimStep.claim_id == claim.id)).all()
        withdrawn = session.get_one(Audit, stage[1].id).withdrawn_at
    assert (item.checked_at is not None) is (done == ["accept"])
    assert (claim.status is ClaimStatus.REVOKED) is (done == ["revoke"])
    assert (withdrawn is not None) is (done == ["withdraw"])
    assert steps == ([ClaimAction.REVOKE] if done == ["revoke"] else [])


def test_two_supervisors_recognise_once(database: Engine) -> None:
    with transaction() as session:
        person = factories.create_person(session, employer=factories.create_employer(session))
        claim = factories.create_claim(session, person, status=ClaimStatus.ENDORSED)
        actors = [factories.actor_of(session, factories.create_supervisor(session)) for _ in range(2)]
    barrier = Barrier(2)

    def decide(who: int, action: ClaimAction) -> ClaimAction | None:
        barrier.wait()
        try:
            with transaction() as session:
                claims.act(session, actors[who], claim.id, action, seen=claim.version, opinion="请核对材料")
        except (WrongStatus, StaleDataError):
            return None
        return action

    with ThreadPoolExecutor(2) as threads:
        results = list(threads.map(decide, range(2), (ClaimAction.APPROVE, ClaimAction.REJECT)))
    done = [action for action in results if action is not None]
    assert len(done) == 1
    with reading() as session:
        assert session.scalars(select(ClaimStep.action).where(ClaimStep.claim_id == claim.id)).all() == done
