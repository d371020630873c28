"""A claim's way: who may take which step from which status, and what refuses a step."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.claims import Claim, ClaimAction, ClaimStatus, ClaimStep
from db.events import pending
from db.organisations import Organisation, OrganisationStatus
from services import claim_moves, claims, clock, deciding, review_queue
from services.claim_form import ClaimForm
from services.errors import DomainError, InvalidField, NotFound, WrongStatus
from services.people import EmployerSuspended, NoEmployer
from services.permissions import Actor
from services.requirements import WindowClosed
from tests import factories
from tests.services.claim_forms import FORM, TODAY


@pytest.fixture(autouse=True)
def _june() -> Iterator[None]:
    with clock.at(TODAY):
        yield


def ready(session: Session, actor: Actor, form: ClaimForm = FORM) -> Claim:
    """A draft that lacks nothing but being sent."""
    claim = claims.create(session, actor, form)
    factories.create_evidence(session, claim)
    session.expire(claim)
    return claim


def sent(session: Session, actor: Actor, form: ClaimForm = FORM) -> Claim:
    claim = ready(session, actor, form)
    claims.act(session, actor, claim.id, ClaimAction.SUBMIT, seen=claim.version, attested=True)
    session.flush()
    return claim


def steps(session: Session, claim: Claim) -> list[ClaimStep]:
    return list(session.scalars(select(ClaimStep).where(ClaimStep.claim_id == claim.id).order_by(ClaimStep.id)))


def test_each_step_is_kept_with_who_when_from_to_opinion_and_hours(
    open_session: Session, professional: Actor, reviewer: Actor
) -> None:
    claim = sent(open_session, professional)
    claims.act(open_session, reviewer, claim.id, ClaimAction.APPROVE, seen=claim.version, hours="12.5", opinion="核减")
    open_session.flush()
    kept = [
        (s.actor_id, s.at, s.action, s.from_status, s.to_status, s.opinion, s.hours) for s in steps(open_session, claim)
    ]
    me, him = professional.account_id, reviewer.account_id
    assert kept == [
        (me, TODAY, ClaimAction.CREATE, None, ClaimStatus.DRAFT, "", Decimal(16)),
        (me, TODAY, ClaimAction.SUBMIT, ClaimStatus.DRAFT, ClaimStatus.SUBMITTED, "", Decimal(16)),
        (him, TODAY, ClaimAction.APPROVE, ClaimStatus.SUBMITTED, ClaimStatus.APPROVED, "核减", Decimal("12.5")),
    ]
    assert [event.action for event in pending(open_session)] == ["claim_create", "claim_submit", "claim_approve"]
    assert claim.hours_awarded == Decimal("12.5")


def test_a_claim_is_sent_only_with_evidence_promise_and_employer(open_session: Session, professional: Actor) -> None:
    bare = claims.create(open_session, professional, FORM)
    with pytest.raises(deciding.NoEvidence):
        claims.act(open_session, professional, bare.id, ClaimAction.SUBMIT, seen=bare.version, attested=True)
    claim = ready(open_session, professional)
    with pytest.raises(deciding.NotAttested):
        claims.act(open_session, professional, claim.id, ClaimAction.SUBMIT, seen=claim.version)
    nobody = factories.actor_for(open_session, factories.create_person(open_session))
    alone = ready(open_session, nobody)
    with pytest.raises(NoEmployer):
        claims.act(open_session, nobody, alone.id, ClaimAction.SUBMIT, seen=alone.version, attested=True)


def test_a_suspended_employer_receives_no_claims(
    open_session: Session, professional: Actor, employer: Organisation
) -> None:
    claim = ready(open_session, professional)
    employer.status = OrganisationStatus.SUSPENDED
    open_session.flush()
    with pytest.raises(EmployerSuspended):
        claims.act(open_session, professional, claim.id, ClaimAction.SUBMIT, seen=claim.version, attested=True)


def test_a_draft_saved_in_time_cannot_be_sent_after_the_window(open_session: Session, professional: Actor) -> None:
    claim = ready(open_session, professional)
    with clock.at(datetime(2027, 5, 1, tzinfo=UTC)), pytest.raises(WindowClosed):
        claims.act(open_session, professional, claim.id, ClaimAction.SUBMIT, seen=claim.version, attested=True)


def test_returning_and_rejecting_need_an_opinion(open_session: Session, professional: Actor, reviewer: Actor) -> None:
    claim = sent(open_session, professional)
    for action in (ClaimAction.RETURN, ClaimAction.REJECT):
        with pytest.raises(InvalidField, match="审核意见"):
            claims.act(open_session, reviewer, claim.id, action, seen=claim.version, opinion=" ")
    assert claim.status is ClaimStatus.SUBMITTED


@pytest.mark.parametrize(
    ("hours", "refusal"), [("16.1", deciding.MoreThanClaimed), (0, InvalidField), ("x", InvalidField)]
)
def test_an_award_is_positive_and_at_most_what_was_claimed(
    open_session: Session, professional: Actor, reviewer: Actor, hours: str | int, refusal: type[DomainError]
) -> None:
    claim = sent(open_session, professional)
    with pytest.raises(refusal):
        claims.act(open_session, reviewer, claim.id, ClaimAction.APPROVE, seen=claim.version, hours=hours)


def test_a_reviewer_cannot_decide_his_own_claim_and_is_told_why(open_session: Session, employer: Organisation) -> None:
    account = factories.create_reviewer(open_session, employer)
    factories.create_person(open_session, employer=employer, account=account)
    actor = factories.actor_of(open_session, account)
    claim = sent(open_session, actor)
    assert claim_moves.possible_actions(actor, claim) == [ClaimAction.WITHDRAW]
    with pytest.raises(claim_moves.OwnClaim):
        claims.act(open_session, actor, claim.id, ClaimAction.APPROVE, seen=claim.version)


def test_a_decision_about_a_claim_that_changed_meanwhile_is_refused(
    open_session: Session, professional: Actor, reviewer: Actor
) -> None:
    claim = sent(open_session, professional)
    seen = claim.version
    claims.act(open_session, professional, claim.id, ClaimAction.WITHDRAW, seen=seen)
    open_session.flush()
    claims.update(open_session, professional, claim.id, replace(FORM, hours_claimed=1), seen=claim.version)
    open_session.flush()
    claims.act(open_session, professional, claim.id, ClaimAction.SUBMIT, seen=claim.version, attested=True)
    open_session.flush()
    with pytest.raises(WrongStatus):
        claims.act(open_session, reviewer, claim.id, ClaimAction.APPROVE, seen=seen)
    assert claim.status is ClaimStatus.SUBMITTED


def test_hours_stay_with_the_employer_they_were_sent_to(
    open_session: Session, professional: Actor, reviewer: Actor, employer: Organisation
) -> None:
    claim = sent(open_session, professional)
    outsider = factories.actor_of(
        open_session, factories.create_reviewer(open_session, factories.create_employer(open_session))
    )
    assert claim.employer_id == employer.id
    assert [c.id for c in review_queue.queue(open_session, reviewer)] == [claim.id]
    assert review_queue.queue(open_session, outsider) == []
    with pytest.raises(NotFound):
        claims.get(open_session, outsider, claim.id)


def test_a_draft_is_nobodys_business_but_its_owners(
    open_session: Session, professional: Actor, reviewer: Actor
) -> None:
    claim = sent(open_session, professional)
    claims.act(open_session, professional, claim.id, ClaimAction.WITHDRAW, seen=claim.version)
    open_session.flush()
    with pytest.raises(NotFound):
        claims.get(open_session, reviewer, claim.id)
    assert claims.get(open_session, professional, claim.id).id == claim.id


def test_only_a_draft_can_be_deleted_and_its_number_is_not_given_again(
    open_session: Session, professional: Actor, reviewer: Actor
) -> None:
    claim = sent(open_session, professional)
    with pytest.raises(WrongStatus):
        claims.delete(open_session, professional, claim.id, seen=claim.version)
    claims.act(open_session, reviewer, claim.id, ClaimAction.RETURN, seen=claim.version, opinion="请补充")
    open_session.flush()
    with pytest.raises(WrongStatus):
        claims.delete(open_session, professional, claim.id, seen=claim.version)
    draft = ready(open_session, professional)
    claims.delete(open_session, professional, draft.id, seen=draft.version)
    open_session.flush()
    assert ready(open_session, professional).id > draft.id
    assert open_session.get(Claim, draft.id) is None


def test_an_approved_claim_cannot_be_edited(open_session: Session, professional: Actor, reviewer: Actor) -> None:
    claim = sent(open_session, professional)
    claims.act(open_session, reviewer, claim.id, ClaimAction.APPROVE, seen=claim.version)
    open_session.flush()
    with pytest.raises(WrongStatus):
        claims.update(open_session, professional, claim.id, FORM, seen=claim.version)
    assert not claim_moves.can_edit(professional, claim)
