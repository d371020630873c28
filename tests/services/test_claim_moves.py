"""Who may take which step of a claim from which status, on both levels."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from db.accounts import Role
from db.claims import Claim, ClaimAction, ClaimStatus
from db.organisations import Organisation
from db.people import Person, TitleSeries
from services import claim_moves, claims, clock
from services.errors import NotFound, PermissionDenied, WrongStatus
from services.permissions import Actor
from tests import factories
from tests.services.claim_forms import TODAY


@pytest.fixture(autouse=True)
def _june() -> Iterator[None]:
    with clock.at(TODAY):
        yield


OWNER, REVIEWER, SUPERVISOR = "the claimant", "a reviewer of the employer", "a supervisor"
DECIDED = (ClaimStatus.APPROVED, ClaimStatus.RETURNED, ClaimStatus.REJECTED)
ONE_LEVEL = {
    (OWNER, ClaimStatus.DRAFT, ClaimAction.SUBMIT): ClaimStatus.SUBMITTED,
    (OWNER, ClaimStatus.RETURNED, ClaimAction.SUBMIT): ClaimStatus.SUBMITTED,
    (OWNER, ClaimStatus.SUBMITTED, ClaimAction.WITHDRAW): ClaimStatus.DRAFT,
    (REVIEWER, ClaimStatus.SUBMITTED, ClaimAction.APPROVE): ClaimStatus.APPROVED,
    (REVIEWER, ClaimStatus.SUBMITTED, ClaimAction.RETURN): ClaimStatus.RETURNED,
    (REVIEWER, ClaimStatus.SUBMITTED, ClaimAction.REJECT): ClaimStatus.REJECTED,
    (SUPERVISOR, ClaimStatus.APPROVED, ClaimAction.REVOKE): ClaimStatus.REVOKED,
    (SUPERVISOR, ClaimStatus.REVOKED, ClaimAction.UNDO): ClaimStatus.APPROVED,
} | {(REVIEWER, status, ClaimAction.UNDO): ClaimStatus.SUBMITTED for status in DECIDED}
# As long as the employer has not endorsed it, a claim with two levels goes its way like any other.
SENT_TO_TWO_LEVELS = {
    key: target
    for key, target in ONE_LEVEL.items()
    if key[1] not in {ClaimStatus.APPROVED, ClaimStatus.REVOKED} and key[2] is not ClaimAction.APPROVE
} | {(REVIEWER, ClaimStatus.SUBMITTED, ClaimAction.ENDORSE): ClaimStatus.ENDORSED}
ENDORSED = {
    (OWNER, ClaimStatus.RETURNED, ClaimAction.SUBMIT): ClaimStatus.SUBMITTED,
    (REVIEWER, ClaimStatus.ENDORSED, ClaimAction.UNDO): ClaimStatus.SUBMITTED,
    (SUPERVISOR, ClaimStatus.ENDORSED, ClaimAction.APPROVE): ClaimStatus.APPROVED,
    (SUPERVISOR, ClaimStatus.ENDORSED, ClaimAction.RETURN): ClaimStatus.RETURNED,
    (SUPERVISOR, ClaimStatus.ENDORSED, ClaimAction.REJECT): ClaimStatus.REJECTED,
    (SUPERVISOR, ClaimStatus.APPROVED, ClaimAction.REVOKE): ClaimStatus.REVOKED,
    (SUPERVISOR, ClaimStatus.REVOKED, ClaimAction.UNDO): ClaimStatus.APPROVED,
} | {(SUPERVISOR, status, ClaimAction.UNDO): ClaimStatus.ENDORSED for status in DECIDED}
BEFORE_ENDORSEMENT = frozenset({ClaimStatus.DRAFT, ClaimStatus.SUBMITTED, ClaimStatus.RETURNED, ClaimStatus.REJECTED})
AFTER_ENDORSEMENT = frozenset(ClaimStatus) - {ClaimStatus.DRAFT, ClaimStatus.SUBMITTED}


def cast(session: Session, employer: Organisation) -> dict[str, Actor]:
    """Everybody who might try, each as the database knows him."""
    owner = factories.create_person(session, employer=employer)
    owner.title_series = TitleSeries.TEACHING
    others = factories.create_employer(session)
    actors = {
        OWNER: factories.actor_for(session, owner),
        REVIEWER: factories.actor_of(session, factories.create_reviewer(session, employer)),
        SUPERVISOR: factories.actor_of(session, factories.create_supervisor(session)),
        "a colleague": factories.actor_for(session, factories.create_person(session, employer=employer)),
        "another employer": factories.actor_of(session, factories.create_reviewer(session, others)),
        "another division": factories.actor_of(session, factories.create_supervisor(session, "440300")),
        "an analyst": factories.actor_of(session, factories.create_account(session, Role.ANALYST)),
        "an administrator": factories.actor_of(session, factories.create_account(session, Role.ADMINISTRATOR)),
        "the claimant with an initial password": factories.actor_for(session, owner),
    }
    initial = "the claimant with an initial password"
    return actors | {initial: replace(actors[initial], must_change_password=True)}


@pytest.mark.parametrize(
    ("second_level", "endorsed", "statuses", "table"),
    [
        (False, False, frozenset(ClaimStatus) - {ClaimStatus.ENDORSED}, ONE_LEVEL),
        (True, False, BEFORE_ENDORSEMENT, SENT_TO_TWO_LEVELS),
        (True, True, AFTER_ENDORSEMENT, ENDORSED),
    ],
)
def test_every_role_in_every_status_may_take_exactly_the_steps_of_the_table(
    open_session: Session,
    employer: Organisation,
    second_level: bool,
    endorsed: bool,
    statuses: frozenset[ClaimStatus],
    table: dict[tuple[str, ClaimStatus, ClaimAction], ClaimStatus],
) -> None:
    actors = cast(open_session, employer)
    owner = open_session.get_one(Person, actors[OWNER].person_id)
    taken = {}
    for status in sorted(statuses):
        for who, actor in actors.items():
            for action in set(ClaimAction) - {ClaimAction.CREATE}:
                claim = decided(open_session, owner, employer, status, second_level=second_level, endorsed=endorsed)
                offered = action in claim_moves.possible_actions(actor, claim)
                try:
                    claims.act(
                        open_session, actor, claim.id, action, seen=claim.version, opinion="材料不清", attested=True
                    )
                except (PermissionDenied, NotFound, WrongStatus):
                    assert claim.status is status
                    assert not offered
                else:
                    assert offered
                    taken[who, status, action] = claim.status
                open_session.flush()
    assert taken == table


def decided(
    session: Session, owner: Person, employer: Organisation, status: ClaimStatus, *, second_level: bool, endorsed: bool
) -> Claim:
    """A claim in a status, with what it must have passed to get there."""
    claim = factories.create_claim(
        session, owner, status=status, employer=employer, second_level=second_level, endorsed=endorsed
    )
    factories.create_evidence(session, claim)
    for reached in (ClaimStatus.ENDORSED, ClaimStatus.APPROVED):
        factories.create_step(session, claim, reached)
    session.expire(claim)
    everything = (joinedload(Claim.evidence), joinedload(Claim.employer), joinedload(Claim.steps))
    return session.scalars(select(Claim).where(Claim.id == claim.id).options(*everything)).unique().one()
