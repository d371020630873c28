"""An employer that is suspended with claims waiting: its people do nothing, its staff lose nothing, it can go on."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from db import reading, transaction
from db.accounts import Account, Role
from db.claims import Claim, ClaimAction, ClaimStatus
from db.organisations import Organisation, OrganisationAction, OrganisationStatus
from db.people import BindingStatus, Person
from services import accounts, bindings, claims, organisations, review_queue, workload
from services.errors import DomainError, NotFound, PermissionDenied, WrongStatus
from services.people import EmployerSuspended
from services.permissions import Actor, Permission
from tests import factories, signing_in

SUSPEND, REINSTATE = OrganisationAction.SUSPEND, OrganisationAction.REINSTATE


@pytest.fixture
def claim(person: Person) -> Claim:
    with transaction() as session:
        return factories.create_claim(session, person, status=ClaimStatus.SUBMITTED)


def decide(employer: Organisation, action: OrganisationAction) -> None:
    with transaction() as session:
        supervisor = factories.actor_of(session, factories.create_supervisor(session))
        seen = organisations.get(session, supervisor, employer.id).version
        organisations.decide(session, supervisor, employer.id, action, seen=seen, opinion="长期无人审核")


def sign_in_reviewer(*employers: Organisation) -> str:
    """The token of a browser that stays signed in."""
    account = signing_in.create_account(username="shenhe")
    with transaction() as session:
        for employer in employers:
            factories.grant(session, session.get_one(Account, account.id), Role.EMPLOYER, organisation=employer)
    return signing_in.enter("shenhe")


def refusal(call: Callable[[Session], object]) -> type[DomainError] | None:
    try:
        with transaction() as session:
            call(session)
    except DomainError as error:
        return type(error)
    return None


def test_from_the_next_click_on_its_people_do_nothing_but_see_where_it_stands(
    employer: Organisation, person: Person, claim: Claim
) -> None:
    token = sign_in_reviewer(employer)
    with transaction() as session:
        newcomer = factories.create_person(session)
        asked = factories.create_binding(session, newcomer, employer, status=BindingStatus.REQUESTED)
    decide(employer, SUSPEND)
    actor = signing_in.actor_of(token)
    assert actor.permissions.isdisjoint({Permission.CLAIM_REVIEW, Permission.STAFF_CONFIRM, Permission.PASSWORD_RESET})
    assert {
        refusal(lambda s: claims.act(s, actor, claim.id, ClaimAction.APPROVE, seen=claim.version)),
        refusal(lambda s: bindings.confirm(s, actor, asked.id)),
        refusal(lambda s: accounts.reset_password(s, actor, person.account_id)),
    } == {PermissionDenied}
    with reading() as session:
        assert [own.status for own in organisations.list_own(session, actor)] == [OrganisationStatus.SUSPENDED]
        assert workload.of_employer(session, actor) is None


def test_who_reviews_for_two_employers_goes_on_for_the_other_one(employer: Organisation, claim: Claim) -> None:
    with transaction() as session:
        other = factories.create_employer(session)
        colleague = factories.create_person(session, employer=other)
        theirs = factories.create_claim(session, colleague, status=ClaimStatus.SUBMITTED)
    token = sign_in_reviewer(employer, other)
    decide(employer, SUSPEND)
    actor = signing_in.actor_of(token)
    with reading() as session:
        assert [each.id for each in review_queue.queue(session, actor)] == [theirs.id]
    act = claims.act
    assert refusal(lambda s: act(s, actor, claim.id, ClaimAction.APPROVE, seen=claim.version)) is NotFound
    assert refusal(lambda s: act(s, actor, theirs.id, ClaimAction.APPROVE, seen=theirs.version)) is None


def test_what_waits_there_stays_and_its_owner_may_take_it_back(
    employer: Organisation, person: Person, claim: Claim
) -> None:
    decide(employer, SUSPEND)
    with transaction() as session:
        owner = factories.actor_for(session, person)
        kept = claims.get(session, owner, claim.id)
        assert (kept.status, kept.version, kept.employer_id) == (ClaimStatus.SUBMITTED, claim.version, employer.id)
        claims.act(session, owner, claim.id, ClaimAction.WITHDRAW, seen=claim.version)
        assert kept.status is ClaimStatus.DRAFT


def test_nothing_is_sent_there_and_the_refusal_says_whom_to_ask(employer: Organisation, person: Person) -> None:
    with transaction() as session:
        draft = factories.create_claim(session, person)
        factories.create_evidence(session, draft)
        owner = factories.actor_for(session, person)
    decide(employer, SUSPEND)
    with pytest.raises(EmployerSuspended, match="广东省广州市越秀区"), transaction() as session:
        claims.act(session, owner, draft.id, ClaimAction.SUBMIT, seen=draft.version, attested=True)


def test_a_decision_that_was_under_way_is_refused(employer: Organisation, claim: Claim) -> None:
    """With the actor as he was before the suspension."""
    with transaction() as session:
        reviewer = factories.actor_of(session, factories.create_reviewer(session, employer))
    decide(employer, SUSPEND)
    act, seen = claims.act, claim.version
    assert refusal(lambda s: act(s, reviewer, claim.id, ClaimAction.APPROVE, seen=seen)) is WrongStatus


def test_a_reinstated_employer_goes_on_where_it_stopped(employer: Organisation, claim: Claim) -> None:
    token = sign_in_reviewer(employer)
    decide(employer, SUSPEND)
    decide(employer, REINSTATE)
    actor: Actor = signing_in.actor_of(token)
    with transaction() as session:
        claims.act(session, actor, claim.id, ClaimAction.APPROVE, seen=claim.version)
    with reading() as session:
        assert session.get_one(Claim, claim.id).status is ClaimStatus.APPROVED


@pytest.mark.parametrize("status", [OrganisationStatus.APPLIED, OrganisationStatus.RETURNED])
def test_whoever_is_not_admitted_yet_has_no_work(status: OrganisationStatus) -> None:
    with transaction() as session:
        applicant = factories.create_organisation(session, status=status)
        actor = factories.actor_of(session, factories.create_reviewer(session, applicant))
    assert Permission.ORGANISATION_OWN in actor.permissions
    assert Permission.CLAIM_REVIEW not in actor.permissions
