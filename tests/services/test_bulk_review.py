"""Several claims with one click: each decided or refused by itself, and named if refused."""

import pytest
from sqlalchemy import func, select

from db import reading, transaction
from db.accounts import Account, Grant
from db.claims import Claim, ClaimAction, ClaimStatus, ClaimStep, ReviewReason
from db.events import Event
from db.organisations import Organisation
from db.people import Person
from services import bulk_review, claims
from services.claim_moves import OwnClaim
from services.errors import InvalidField, NotFound, PermissionDenied, WrongStatus
from services.one_by_one import Outcome
from services.permissions import Actor
from tests import factories


def wait(person: Person, *, second_level: bool = False) -> Claim:
    with transaction() as session:
        return factories.create_claim(session, person, status=ClaimStatus.SUBMITTED, second_level=second_level)


def seen(*shown: Claim) -> dict[int, int]:
    return {claim.id: claim.version for claim in shown}


def refusals(outcomes: list[Outcome]) -> dict[int, type]:
    return {each.number: type(each.refusal) for each in outcomes if each.refusal}


def statuses(*of: Claim) -> list[ClaimStatus]:
    with reading() as session:
        return [session.get_one(Claim, claim.id).status for claim in of]


def test_each_is_approved_with_what_was_asked_for_and_with_two_levels_endorsed(reviewer: Actor, person: Person) -> None:
    plain, two_levels = wait(person), wait(person, second_level=True)
    outcomes = bulk_review.approve(transaction, reviewer, seen(plain, two_levels))
    assert refusals(outcomes) == {}
    assert statuses(plain, two_levels) == [ClaimStatus.APPROVED, ClaimStatus.ENDORSED]
    with reading() as session:
        awarded = session.get_one(Claim, plain.id).hours_awarded
        steps = session.scalars(select(ClaimStep.action).order_by(ClaimStep.claim_id)).all()
    assert (awarded, steps) == (plain.hours_claimed, [ClaimAction.APPROVE, ClaimAction.ENDORSE])


def test_what_cannot_be_decided_is_named_with_its_reason_and_holds_up_no_other(
    employer: Organisation, reviewer: Actor, person: Person
) -> None:
    with transaction() as session:
        account = session.get_one(Account, reviewer.account_id)
        mine = factories.create_person(session, employer=employer, account=account)
        stranger = factories.create_person(session, employer=factories.create_employer(session))
        me, colleague = (
            factories.actor_of(session, one) for one in (account, factories.create_reviewer(session, employer))
        )
    own, decided, changed, theirs, good = wait(mine), wait(person), wait(person), wait(stranger), wait(person)
    shown = seen(own, decided, changed, theirs, good)
    with transaction() as session:
        claims.act(session, colleague, decided.id, ClaimAction.REJECT, seen=decided.version, opinion="不属实")
        session.get_one(Claim, changed.id).place = "改过的地点"
    outcomes = bulk_review.approve(transaction, me, shown)
    assert [each.number for each in outcomes] == list(shown)
    assert refusals(outcomes) == {
        own.id: OwnClaim,
        decided.id: WrongStatus,
        changed.id: WrongStatus,
        theirs.id: NotFound,
    }
    waiting = ClaimStatus.SUBMITTED
    assert statuses(own, decided, changed, theirs, good) == [
        waiting,
        ClaimStatus.REJECTED,
        waiting,
        waiting,
        ClaimStatus.APPROVED,
    ]


def test_what_is_refused_leaves_nothing_behind(reviewer: Actor, person: Person) -> None:
    claim = wait(person)
    bulk_review.approve(transaction, reviewer, {claim.id: claim.version + 1, 999_999: 1})
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(ClaimStep)) == 0
        assert session.scalar(select(func.count()).where(Event.object_type == "claim")) == 0


def test_all_are_returned_for_one_reason(reviewer: Actor, person: Person) -> None:
    waiting = [wait(person), wait(person, second_level=True)]
    outcomes = bulk_review.send_back(
        transaction, reviewer, seen(*waiting), opinion="请补充签到表", reason=ReviewReason.INCOMPLETE
    )
    assert refusals(outcomes) == {}
    with reading() as session:
        kept = [session.get_one(Claim, claim.id) for claim in waiting]
    assert {(c.status, c.reason, c.opinion) for c in kept} == {
        (ClaimStatus.RETURNED, ReviewReason.INCOMPLETE, "请补充签到表")
    }


@pytest.mark.parametrize("reason", [None, ReviewReason.OTHER])
def test_returning_without_a_reason_in_code_or_words_is_refused_before_the_first_row(
    reviewer: Actor, person: Person, reason: ReviewReason | None
) -> None:
    claim = wait(person)
    with pytest.raises(InvalidField):
        bulk_review.send_back(transaction, reviewer, seen(claim), opinion=" ", reason=reason)
    assert statuses(claim) == [ClaimStatus.SUBMITTED]


def test_whoever_does_not_review_may_not(person: Person) -> None:
    claim = wait(person)
    with transaction() as session:
        owner = factories.actor_for(session, person)
    with pytest.raises(PermissionDenied):
        bulk_review.approve(transaction, owner, seen(claim))


def test_a_reviewer_who_was_moved_decides_nothing_any_more(reviewer: Actor, person: Person) -> None:
    claim = wait(person)
    with transaction() as session:
        elsewhere = factories.create_employer(session)
        grant = session.scalars(select(Grant).where(Grant.account_id == reviewer.account_id)).one()
        grant.organisation_id = elsewhere.id
        account = session.get_one(Account, reviewer.account_id)
    with transaction() as session:
        moved = factories.actor_of(session, account)
    assert refusals(bulk_review.approve(transaction, moved, seen(claim))) == {claim.id: NotFound}
    assert statuses(claim) == [ClaimStatus.SUBMITTED]
