"""Two clicks at the same moment about somebody's profile or identity: one takes effect, the other is refused."""

import pytest
from sqlalchemy.orm import Session

from db import reading, transaction
from db.accounts import Role
from db.identity_changes import IdentityChange, IdentityChangeAction, IdentityChangeStatus
from db.organisations import Organisation
from db.people import Person
from db.profile_changes import ProfileChange, ProfileChangeAction, ProfileChangeItem, ProfileChangeStatus, ProfilePart
from services import bindings, identity, identity_changes, identity_requests, profile_changes, profile_drafts
from services.identity_requests import Correction
from services.permissions import Actor
from tests import factories, profiles
from tests.services.files import checked_file
from tests.services.racing import Call, at_once, count

WORK: dict[str, object] = {"department": "桥梁所"}


@pytest.fixture
def owner(employer: Organisation) -> Actor:
    with transaction() as session:
        return factories.actor_for(session, factories.create_person(session, employer=employer))


@pytest.fixture
def reviewers(employer: Organisation) -> list[Actor]:
    with transaction() as session:
        return [factories.actor_of(session, factories.create_reviewer(session, employer)) for _ in range(2)]


def person_of(actor: Actor) -> Person:
    with reading() as session:
        return session.get_one(Person, actor.person_id)


def changed(owner: Actor, status: ProfileChangeStatus) -> ProfileChange:
    with transaction() as session:
        person = session.get_one(Person, owner.person_id)
        return profiles.create_profile_change(session, person, status=status, after=WORK)


def step(actor: Actor, change: ProfileChange, action: ProfileChangeAction) -> Call:
    return lambda session: profile_changes.act(session, actor, change.id, action, seen=change.version, reason="请核对")


def identity_step(actor: Actor, role: Role, change: IdentityChange, action: IdentityChangeAction) -> Call:
    return lambda session: identity_changes.act(
        session, actor, role, change.id, action, seen=change.version, reason="看不清"
    )


def test_two_first_changes_make_one_draft(owner: Actor) -> None:
    def put(name: str) -> Call:
        values = {"department": name}
        return lambda session: profile_drafts.put(session, owner, ProfilePart.WORK, values, entry_id=owner.person_id)

    assert at_once(*map(put, ("桥梁所", "隧道所", "道路所"))) == [False] * 3
    assert (count(ProfileChange), count(ProfileChangeItem)) == (1, 1)


def test_a_change_is_submitted_once(owner: Actor) -> None:
    change = changed(owner, ProfileChangeStatus.DRAFT)
    assert at_once(*[step(owner, change, ProfileChangeAction.SUBMIT)] * 2) == [False, True]


@pytest.mark.parametrize("other", [ProfileChangeAction.CONFIRM, ProfileChangeAction.RETURN])
def test_a_change_is_decided_once(owner: Actor, reviewers: list[Actor], other: ProfileChangeAction) -> None:
    change = changed(owner, ProfileChangeStatus.REQUESTED)
    first, second = reviewers
    calls = step(first, change, ProfileChangeAction.CONFIRM), step(second, change, other)
    assert at_once(*calls) == [False, True]


def test_what_is_withdrawn_is_not_confirmed_at_the_same_time(owner: Actor, reviewers: list[Actor]) -> None:
    change = changed(owner, ProfileChangeStatus.REQUESTED)
    confirm = step(reviewers[0], change, ProfileChangeAction.CONFIRM)
    assert at_once(confirm, step(owner, change, ProfileChangeAction.WITHDRAW)) == [False, True]
    with reading() as session:
        status = session.get_one(ProfileChange, change.id).status
    assert (status is ProfileChangeStatus.CONFIRMED) == (person_of(owner).department == "桥梁所")


def test_nothing_slips_in_between_the_request_to_an_employer_and_its_look(employer: Organisation) -> None:
    """Either it was there when the employer was asked, or it is refused."""
    with transaction() as session:
        alone = factories.actor_for(session, factories.create_person(session))

    def put(session: Session) -> None:
        profile_drafts.put(session, alone, ProfilePart.WORK, WORK, entry_id=alone.person_id)

    refusals = at_once(put, lambda session: bindings.request(session, alone, employer.id))
    assert refusals[0] is False
    assert refusals.count(True) == (person_of(alone).department == "")


def test_one_correction_is_asked_for(owner: Actor) -> None:
    def ask(session: Session) -> None:
        correction = Correction("欧阳若谷", "", "更名")
        identity_requests.request(session, owner, correction, [checked_file()])

    assert at_once(ask, ask) == [False, True]
    assert count(IdentityChange) == 1


def test_a_correction_is_endorsed_once(owner: Actor, reviewers: list[Actor]) -> None:
    with transaction() as session:
        change = profiles.create_identity_change(session, session.get_one(Person, owner.person_id))
    first, second = reviewers
    calls = (
        identity_step(first, Role.EMPLOYER, change, IdentityChangeAction.ENDORSE),
        identity_step(second, Role.EMPLOYER, change, IdentityChangeAction.RETURN),
    )
    assert at_once(*calls) == [False, True]


def test_one_number_is_given_to_one_of_two_people(employer: Organisation, reviewers: list[Actor]) -> None:
    number = factories.invented_id_number(951)
    with transaction() as session:
        supervisor = factories.actor_of(session, factories.create_supervisor(session))
        endorser = factories.create_reviewer(session, employer)
        changes = [
            profiles.create_identity_change(
                session,
                factories.create_person(session, employer=employer),
                status=IdentityChangeStatus.ENDORSED,
                employer=employer,
                endorsed_by=endorser,
                id_number=number,
            )
            for _ in range(2)
        ]
    calls = [identity_step(supervisor, Role.SUPERVISOR, each, IdentityChangeAction.APPROVE) for each in changes]
    assert at_once(*calls) == [False, True]
    with reading() as session:
        people = [session.get_one(Person, each.person_id) for each in changes]
    assert [person.id_number_digest for person in people].count(identity.digest(number)) == 1
