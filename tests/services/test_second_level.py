"""Two levels of review, decisions taken back, and hours taken away after they counted."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.accounts import Account, Role
from db.claims import Claim, ClaimAction, ClaimStatus, ClaimStep, ReviewReason
from db.organisations import Organisation
from db.people import Person, TitleSeries
from services import claims, clock, deciding, evidence
from services.claim_moves import EditedSince, OwnApproval, OwnClaim, OwnEndorsement, TooLateToUndo, possible_actions
from services.errors import InvalidField, NotFound
from services.evidence_files import CheckedFile
from services.permissions import Actor
from tests import factories
from tests.services.claim_forms import FORM, TODAY
from tests.services.claim_steps import act


@pytest.fixture(autouse=True)
def _june() -> Iterator[None]:
    with clock.at(TODAY):
        yield


def sent(session: Session, person: Person) -> Claim:
    owner = factories.actor_for(session, person)
    claim = claims.create(session, owner, FORM)
    factories.create_evidence(session, claim)
    session.expire(claim)
    return act(session, owner, claim, ClaimAction.SUBMIT)


@pytest.mark.parametrize("series", [None, *TitleSeries])
def test_teachers_and_health_workers_go_on_to_the_supervisor(
    open_session: Session, person: Person, series: TitleSeries | None
) -> None:
    person.title_series = series
    assert sent(open_session, person).second_level is (series in {TitleSeries.TEACHING, TitleSeries.HEALTH})


def test_the_supervisor_awards_at_most_what_the_employer_endorsed(
    open_session: Session, person: Person, reviewer: Actor, supervisor: Actor
) -> None:
    person.title_series = TitleSeries.TEACHING
    claim = act(open_session, reviewer, sent(open_session, person), ClaimAction.ENDORSE, hours="12")
    assert (claim.status, claim.hours_endorsed, claim.hours_awarded) == (ClaimStatus.ENDORSED, Decimal(12), None)
    with pytest.raises(deciding.MoreThanEndorsed):
        act(open_session, supervisor, claim, ClaimAction.APPROVE, hours="12.5")
    act(open_session, supervisor, claim, ClaimAction.APPROVE)
    assert (claim.status, claim.hours_awarded) == (ClaimStatus.APPROVED, Decimal(12))


def test_a_claim_that_came_back_from_the_supervisor_begins_with_the_employer_again(
    open_session: Session, person: Person, reviewer: Actor, supervisor: Actor
) -> None:
    person.title_series = TitleSeries.HEALTH
    claim = act(open_session, reviewer, sent(open_session, person), ClaimAction.ENDORSE)
    act(open_session, supervisor, claim, ClaimAction.RETURN, reason=ReviewReason.UNREADABLE)
    act(open_session, factories.actor_for(open_session, person), claim, ClaimAction.SUBMIT)
    assert (claim.status, claim.endorsed_at, claim.hours_endorsed, claim.reason) == (
        ClaimStatus.SUBMITTED,
        None,
        None,
        None,
    )


def test_nobody_recognises_what_he_endorsed(open_session: Session, person: Person, employer: Organisation) -> None:
    account = factories.create_reviewer(open_session, employer)
    factories.grant(open_session, account, Role.SUPERVISOR, division=employer.division)
    both = factories.actor_of(open_session, account)
    person.title_series = TitleSeries.TEACHING
    claim = act(open_session, both, sent(open_session, person), ClaimAction.ENDORSE)
    with pytest.raises(OwnEndorsement):
        act(open_session, both, claim, ClaimAction.APPROVE)


def test_nobody_recognises_his_own_hours(open_session: Session, person: Person, reviewer: Actor) -> None:
    person.title_series = TitleSeries.TEACHING
    account = open_session.get_one(Account, person.account_id)
    factories.grant(open_session, account, Role.SUPERVISOR, division=factories.DIVISION)
    claim = act(open_session, reviewer, sent(open_session, person), ClaimAction.ENDORSE)
    with pytest.raises(OwnClaim):
        act(open_session, factories.actor_for(open_session, person), claim, ClaimAction.APPROVE)


def test_the_supervisor_sees_only_what_has_left_the_employer(
    open_session: Session, person: Person, reviewer: Actor, supervisor: Actor
) -> None:
    claim = sent(open_session, person)
    with pytest.raises(NotFound):
        claims.get(open_session, supervisor, claim.id)
    act(open_session, reviewer, claim, ClaimAction.APPROVE)
    assert claims.get(open_session, supervisor, claim.id).id == claim.id
    neighbour = factories.actor_of(open_session, factories.create_supervisor(open_session, "440300"))
    with pytest.raises(NotFound):
        claims.get(open_session, neighbour, claim.id)


@pytest.mark.parametrize(
    ("reason", "opinion", "is_enough"),
    [
        (ReviewReason.UNREADABLE, "", True),
        (ReviewReason.OTHER, "", False),
        (ReviewReason.OTHER, "请重新上传", True),
        (None, "", False),
        (None, "请重新上传", True),
    ],
)
def test_a_coded_reason_speaks_for_itself_and_other_needs_words(
    open_session: Session, person: Person, reviewer: Actor, reason: ReviewReason | None, opinion: str, is_enough: bool
) -> None:
    claim = sent(open_session, person)
    if not is_enough:
        with pytest.raises(InvalidField, match="审核意见"):
            act(open_session, reviewer, claim, ClaimAction.RETURN, reason=reason, opinion=opinion)
        return
    act(open_session, reviewer, claim, ClaimAction.RETURN, reason=reason, opinion=opinion)
    step = open_session.scalars(select(ClaimStep).order_by(ClaimStep.id.desc()).limit(1)).one()
    assert (claim.reason, step.reason, step.opinion) == (reason, reason, opinion)


@pytest.mark.parametrize("action", [ClaimAction.APPROVE, ClaimAction.RETURN, ClaimAction.REJECT])
def test_a_decision_can_be_taken_back_for_a_day_and_every_step_stays(
    open_session: Session, person: Person, reviewer: Actor, action: ClaimAction
) -> None:
    claim = act(open_session, reviewer, sent(open_session, person), action, reason=ReviewReason.DUPLICATE)
    with clock.at(TODAY + timedelta(hours=24)):
        act(open_session, reviewer, claim, ClaimAction.UNDO)
    assert (claim.status, claim.hours_awarded, claim.decided_at) == (ClaimStatus.SUBMITTED, None, None)
    taken = open_session.scalars(select(ClaimStep.action).where(ClaimStep.claim_id == claim.id).order_by(ClaimStep.id))
    assert list(taken) == [ClaimAction.CREATE, ClaimAction.SUBMIT, action, ClaimAction.UNDO]


def test_after_a_day_a_decision_stands(open_session: Session, person: Person, reviewer: Actor) -> None:
    claim = act(open_session, reviewer, sent(open_session, person), ClaimAction.APPROVE)
    with clock.at(TODAY + timedelta(hours=24, seconds=1)), pytest.raises(TooLateToUndo, match="24 小时"):
        act(open_session, reviewer, claim, ClaimAction.UNDO)


def test_a_return_is_not_taken_back_once_the_owner_has_begun_to_correct(
    open_session: Session, person: Person, reviewer: Actor
) -> None:
    owner = factories.actor_for(open_session, person)
    claim = act(open_session, reviewer, sent(open_session, person), ClaimAction.RETURN, opinion="请补充")
    with clock.at(TODAY + timedelta(minutes=1)):
        file = CheckedFile("补充.pdf", "application/pdf", b"%PDF-", b"%PDF-", "0" * 64, "1" * 64)
        version = claim.version
        evidence.attach(open_session, owner, claim.id, file)
        open_session.expire(claim)
        assert claim.version == version, "the form that the owner is filling in would be refused"
        with pytest.raises(EditedSince):
            act(open_session, reviewer, claim, ClaimAction.UNDO)


def test_a_recognition_that_is_taken_back_waits_for_the_supervisor_again(
    open_session: Session, person: Person, reviewer: Actor, supervisor: Actor
) -> None:
    person.title_series = TitleSeries.TEACHING
    claim = act(open_session, reviewer, sent(open_session, person), ClaimAction.ENDORSE, hours="8")
    with clock.at(TODAY + timedelta(hours=3)):
        act(open_session, supervisor, claim, ClaimAction.APPROVE)
        act(open_session, supervisor, claim, ClaimAction.UNDO)
    assert (claim.status, claim.hours_endorsed, claim.hours_awarded) == (ClaimStatus.ENDORSED, Decimal(8), None)


def test_the_database_lets_no_claim_skip_a_level(open_session: Session, person: Person) -> None:
    claim = factories.create_claim(open_session, person, status=ClaimStatus.SUBMITTED, second_level=True)
    claim.status, claim.hours_awarded = ClaimStatus.APPROVED, claim.hours_claimed
    with pytest.raises(IntegrityError, match="no_level_is_skipped"), open_session.begin_nested():
        open_session.flush()


def test_whoever_approved_for_the_employer_does_not_give_back_what_the_supervisor_took(
    open_session: Session, person: Person, employer: Organisation, supervisor: Actor
) -> None:
    account = factories.create_reviewer(open_session, employer)
    factories.grant(open_session, account, Role.SUPERVISOR, division=employer.division)
    both = factories.actor_of(open_session, account)
    claim = act(open_session, both, sent(open_session, person), ClaimAction.APPROVE)
    act(open_session, supervisor, claim, ClaimAction.REVOKE, reason=ReviewReason.UNTRUE)
    with pytest.raises(OwnApproval):
        act(open_session, both, claim, ClaimAction.UNDO)
    assert ClaimAction.UNDO not in possible_actions(both, claims.get(open_session, both, claim.id))
    act(open_session, supervisor, claim, ClaimAction.UNDO)
    act(open_session, both, claim, ClaimAction.REVOKE, reason=ReviewReason.UNTRUE)
    act(open_session, both, claim, ClaimAction.UNDO)
    assert claim.status is ClaimStatus.APPROVED
