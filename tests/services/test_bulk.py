"""Many decisions with one click: each by itself."""

import pytest
from sqlalchemy import Engine

from db import reading, transaction
from db.claims import Claim, ClaimAction, ClaimStatus, ReviewReason
from db.organisations import Organisation
from services import bulk, claims
from services.bulk import Choice
from services.claim_moves import OwnClaim
from services.errors import InvalidField, NotFound, PermissionDenied, WrongStatus
from services.permissions import Actor
from tests import factories


@pytest.fixture
def employer(database: Engine) -> Organisation:
    with transaction() as session:
        return factories.create_employer(session)


@pytest.fixture
def reviewer(employer: Organisation) -> Actor:
    with transaction() as session:
        return factories.actor_of(session, factories.create_reviewer(session, employer))


def wait(employer: Organisation, *, count: int = 1) -> list[Claim]:
    with transaction() as session:
        person = factories.create_person(session, employer=employer)
        return [factories.create_claim(session, person, status=ClaimStatus.SUBMITTED) for _ in range(count)]


def status(*waiting: Claim) -> list[ClaimStatus]:
    with reading() as session:
        return [session.get_one(Claim, claim.id).status for claim in waiting]


def chosen(*waiting: Claim, action: ClaimAction = ClaimAction.APPROVE) -> list[Choice]:
    return [Choice(claim.id, claim.version, action) for claim in waiting]


def test_what_is_refused_is_named_and_keeps_nothing_else_back(employer: Organisation, reviewer: Actor) -> None:
    first, decided, last = wait(employer, count=3)
    with transaction() as session:
        elsewhere = factories.create_person(session, employer=factories.create_employer(session))
        foreign = factories.create_claim(session, elsewhere, status=ClaimStatus.SUBMITTED)
        claims.act(session, reviewer, decided.id, ClaimAction.REJECT, seen=decided.version, opinion="重复")
    results = bulk.decide_each(transaction, reviewer, chosen(first, foreign, decided, last))
    assert results.done == [first.id, last.id]
    assert {number: type(why) for number, why in results.refused.items()} == {
        foreign.id: NotFound,
        decided.id: WrongStatus,
    }
    assert status(first, foreign, decided, last) == [
        ClaimStatus.APPROVED,
        ClaimStatus.SUBMITTED,
        ClaimStatus.REJECTED,
        ClaimStatus.APPROVED,
    ]


def test_sending_many_back_needs_a_reason_for_each(employer: Organisation, reviewer: Actor) -> None:
    waiting = wait(employer, count=2)
    returned = chosen(*waiting, action=ClaimAction.RETURN)
    without = bulk.decide_each(transaction, reviewer, returned)
    assert (without.done, {type(why) for why in without.refused.values()}) == ([], {InvalidField})
    assert bulk.decide_each(transaction, reviewer, returned, reason=ReviewReason.UNREADABLE).done == [
        claim.id for claim in waiting
    ]


def test_ones_own_claim_is_left_among_the_others(employer: Organisation) -> None:
    with transaction() as session:
        account = factories.create_reviewer(session, employer)
        person = factories.create_person(session, employer=employer, account=account)
        own = factories.create_claim(session, person, status=ClaimStatus.SUBMITTED)
        both = factories.actor_of(session, account)
    (other,) = wait(employer)
    results = bulk.decide_each(transaction, both, chosen(own, other))
    assert (results.done, type(results.refused[own.id])) == ([other.id], OwnClaim)


def test_each_claim_takes_the_step_that_was_chosen_for_it(employer: Organisation, reviewer: Actor) -> None:
    (plain,) = wait(employer)
    with transaction() as session:
        person = factories.create_person(session, employer=employer)
        teacher = factories.create_claim(session, person, status=ClaimStatus.SUBMITTED, second_level=True)
    choices = [*chosen(plain), *chosen(teacher, action=ClaimAction.ENDORSE)]
    assert bulk.decide_each(transaction, reviewer, choices).refused == {}
    assert status(plain, teacher) == [ClaimStatus.APPROVED, ClaimStatus.ENDORSED]


def test_who_may_not_review_is_refused_every_time(employer: Organisation) -> None:
    waiting = wait(employer, count=2)
    with transaction() as session:
        owner = factories.actor_for(session, factories.create_person(session))
    results = bulk.decide_each(transaction, owner, chosen(*waiting))
    assert [type(why) for why in results.refused.values()] == [PermissionDenied] * 2
