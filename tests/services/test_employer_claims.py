"""Hours that an employer enters for its staff."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.claims import Claim, ClaimAction, ClaimSource, ClaimStatus, Evidence
from db.organisations import Organisation
from db.people import Person
from services import clock, deciding, employer_claims
from services.claim_moves import OwnClaim
from services.errors import NotFound, PermissionDenied, WrongStatus
from services.permissions import Actor
from tests import factories
from tests.services.claim_forms import FORM, TODAY
from tests.services.claim_steps import act


@pytest.fixture(autouse=True)
def _june() -> Iterator[None]:
    with clock.at(TODAY):
        yield


def proof() -> Evidence:
    digest = "a" * 64
    return Evidence(
        file_name="签到表.pdf",
        media_type="application/pdf",
        size=5,
        sha256=digest,
        original_sha256=digest,
        uploaded_at=clock.now(),
    )


def enter(session: Session, actor: Actor, employer: Organisation, person: Person, *, attested: bool = True) -> Claim:
    claim = employer_claims.enter(session, actor, employer.id, person.id, FORM, [proof()], attested=attested)
    session.flush()
    session.expire(claim)
    return claim


def test_what_an_employer_enters_goes_straight_to_the_supervisor(
    open_session: Session, employer: Organisation, person: Person, reviewer: Actor, supervisor: Actor
) -> None:
    claim = enter(open_session, reviewer, employer, person)
    assert (claim.source, claim.status, claim.hours_endorsed) == (
        ClaimSource.EMPLOYER,
        ClaimStatus.ENDORSED,
        FORM.hours_claimed,
    )
    act(open_session, supervisor, claim, ClaimAction.APPROVE)
    assert claim.hours_awarded == FORM.hours_claimed
    with pytest.raises(WrongStatus):
        employer_claims.take_back(open_session, reviewer, claim.id)


def test_an_employer_takes_back_what_nobody_has_decided(
    open_session: Session, employer: Organisation, person: Person, reviewer: Actor, supervisor: Actor
) -> None:
    claim = enter(open_session, reviewer, employer, person)
    with pytest.raises(PermissionDenied):
        employer_claims.take_back(open_session, supervisor, claim.id)
    employer_claims.take_back(open_session, reviewer, claim.id)
    open_session.flush()
    assert open_session.scalars(select(Claim)).all() == []


def test_only_ones_own_staff_but_not_oneself_can_be_entered(
    open_session: Session, employer: Organisation, reviewer: Actor
) -> None:
    stranger = factories.create_person(open_session, employer=factories.create_employer(open_session))
    with pytest.raises(employer_claims.NotOnTheStaff):
        enter(open_session, reviewer, employer, stranger)
    other = factories.actor_of(
        open_session, factories.create_reviewer(open_session, factories.create_employer(open_session))
    )
    with pytest.raises(NotFound):
        enter(open_session, other, employer, stranger)
    account = factories.create_reviewer(open_session, employer)
    himself = factories.create_person(open_session, employer=employer, account=account)
    with pytest.raises(OwnClaim):
        enter(open_session, factories.actor_of(open_session, account), employer, himself)


def test_what_an_employer_enters_is_vouched_for(
    open_session: Session, employer: Organisation, person: Person, reviewer: Actor
) -> None:
    with pytest.raises(deciding.NotAttested):
        enter(open_session, reviewer, employer, person, attested=False)
    with pytest.raises(deciding.NoEvidence):
        employer_claims.enter(open_session, reviewer, employer.id, person.id, FORM, [], attested=True)
