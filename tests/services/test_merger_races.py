"""Something happens to a duplicate at the moment it is merged: nothing is ever left waiting where nobody works."""

import pytest
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from db import reading, transaction
from db.claims import Claim, ClaimAction, ClaimStatus
from db.organisations import Organisation, OrganisationAction, OrganisationStatus
from db.people import Binding, BindingStatus
from services import bindings, claims, mergers, organisations
from services.permissions import Actor
from tests import factories
from tests.services.racing import Call, at_once

ROUNDS = range(3)


@pytest.fixture
def duplicates() -> tuple[Organisation, Organisation]:
    with transaction() as session:
        return factories.create_employer(session, name="晴川设计院"), factories.create_employer(session)


def supervisor() -> Actor:
    with transaction() as session:
        return factories.actor_of(session, factories.create_supervisor(session))


def merging(gone: Organisation, kept: Organisation) -> Call:
    actor, seen = supervisor(), (gone.version, kept.version)
    return lambda session: mergers.merge(session, actor, gone.id, kept.id, seen=seen, take_reviewers=True)


def left_behind() -> list[str]:
    """What waits, or who works, at an organisation that is merged."""
    merged = select(Organisation.id).where(Organisation.status == OrganisationStatus.MERGED)
    open_states = (BindingStatus.REQUESTED, BindingStatus.SCHEDULED, BindingStatus.ACTIVE)
    stuck = {
        "binding": exists().where(Binding.organisation_id.in_(merged), Binding.status.in_(open_states)),
        "claim": exists().where(Claim.employer_id.in_(merged), Claim.status == ClaimStatus.SUBMITTED),
    }
    with reading() as session:
        assert session.scalar(select(exists().where(Organisation.id.in_(merged))))
        return [what for what, condition in stuck.items() if session.scalar(select(condition))]


@pytest.mark.parametrize("_round", ROUNDS)
def test_somebody_asks_to_be_confirmed(duplicates: tuple[Organisation, Organisation], _round: int) -> None:
    gone, kept = duplicates
    with transaction() as session:
        actors = [factories.actor_for(session, factories.create_person(session)) for _ in range(4)]

    def ask(actor: Actor) -> Call:
        return lambda session: bindings.request(session, actor, gone.id)

    assert at_once(merging(gone, kept), *map(ask, actors))[0] is False
    assert left_behind() == []


@pytest.mark.parametrize("_round", ROUNDS)
def test_somebody_sends_a_claim(duplicates: tuple[Organisation, Organisation], _round: int) -> None:
    gone, kept = duplicates
    sending = []
    with transaction() as session:
        for _ in range(4):
            person = factories.create_person(session, employer=gone)
            claim = factories.create_claim(session, person)
            factories.create_evidence(session, claim)
            sending.append((factories.actor_for(session, person), claim))

    def send(actor: Actor, claim: Claim) -> Call:
        return lambda session: claims.act(
            session, actor, claim.id, ClaimAction.SUBMIT, seen=claim.version, attested=True
        )

    assert at_once(merging(gone, kept), *(send(*one) for one in sending)) == [False] * 5
    assert left_behind() == []


def test_a_reviewer_decides(duplicates: tuple[Organisation, Organisation]) -> None:
    """Either he was first, or what he decides about has gone to somebody else."""
    gone, kept = duplicates
    with transaction() as session:
        reviewer = factories.actor_of(session, factories.create_reviewer(session, gone))
        binding = factories.create_binding(
            session, factories.create_person(session), gone, status=BindingStatus.REQUESTED
        )
        person = factories.create_person(session, employer=gone)
        claim = factories.create_claim(session, person, status=ClaimStatus.SUBMITTED)
    at_once(
        merging(gone, kept),
        lambda session: bindings.confirm(session, reviewer, binding.id),
        lambda session: claims.act(session, reviewer, claim.id, ClaimAction.APPROVE, seen=claim.version),
    )
    assert left_behind() == []
    with reading() as session:
        decided = session.get_one(Claim, claim.id)
    assert (decided.employer_id == gone.id) is (decided.status is ClaimStatus.APPROVED)


def test_a_reviewer_takes_his_decision_back(duplicates: tuple[Organisation, Organisation]) -> None:
    gone, kept = duplicates
    with transaction() as session:
        reviewer = factories.actor_of(session, factories.create_reviewer(session, gone))
        person = factories.create_person(session, employer=gone)
        sent = [factories.create_claim(session, person, status=ClaimStatus.SUBMITTED) for _ in range(4)]
    with transaction() as session:
        for claim in sent:
            claims.act(session, reviewer, claim.id, ClaimAction.RETURN, seen=claim.version, opinion="请补充")

    def undo(claim: Claim) -> Call:
        return lambda session: claims.act(session, reviewer, claim.id, ClaimAction.UNDO, seen=claim.version + 1)

    assert at_once(merging(gone, kept), *map(undo, sent))[0] is False
    assert left_behind() == []


@pytest.mark.parametrize("is_same_direction", [True, False])
def test_another_supervisor_merges_them(duplicates: tuple[Organisation, Organisation], is_same_direction: bool) -> None:
    gone, kept = duplicates
    other = merging(gone, kept) if is_same_direction else merging(kept, gone)
    assert at_once(merging(gone, kept), other) == [False, True]
    with reading() as session:
        states = session.scalars(select(Organisation.status).order_by(Organisation.status)).all()
    assert states == [OrganisationStatus.APPROVED, OrganisationStatus.MERGED]


def test_another_supervisor_suspends_it(duplicates: tuple[Organisation, Organisation]) -> None:
    gone, kept = duplicates
    actor = supervisor()

    def suspend(session: Session) -> None:
        organisations.decide(session, actor, gone.id, OrganisationAction.SUSPEND, seen=gone.version, opinion="重复注册")

    assert at_once(merging(gone, kept), suspend) == [False, True]
