"""What waits for whom: every kind for those whose work it is, for nobody else, in one query."""

from dataclasses import replace

import pytest

from db import reading, transaction
from db.accounts import Account, Role
from db.claims import ClaimStatus
from db.organisations import OrganisationStatus
from db.people import BindingStatus
from services import to_do
from services.permissions import Actor
from services.to_do import KINDS, ToDo
from tests import factories
from tests.counting import CountQueries
from tests.services.to_do_scenes import SCENES, UNBOUND, Stage


@pytest.fixture
def stage() -> Stage:
    """Somebody of every role, each where what happens could concern him."""
    with transaction() as session:
        employer, person = factories.create_employer(session), factories.create_person(session)
        accounts = {role: factories.create_account(session, role) for role in (Role.ANALYST, Role.ADMINISTRATOR)}
        accounts[Role.PROFESSIONAL] = session.get_one(Account, person.account_id)
        accounts[Role.EMPLOYER] = factories.create_reviewer(session, employer)
        accounts[Role.SUPERVISOR] = factories.create_supervisor(session)
        accounts[Role.PROVIDER] = factories.create_account(session)
        factories.grant(session, accounts[Role.PROVIDER], Role.PROVIDER, organisation=employer)
    return person, employer, accounts


def actor_of(account: Account) -> Actor:
    with reading() as session:
        return factories.actor_of(session, account)


def counted(actor: Actor) -> dict[ToDo, int]:
    with reading() as session:
        return to_do.counts(session, actor)


@pytest.mark.parametrize("scene", SCENES)
def test_what_happens_waits_for_those_whose_work_it_is(stage: Stage, scene: str) -> None:
    person, employer, accounts = stage
    happens, expected = SCENES[scene]
    with transaction() as session:
        happens(session, person, employer)
    found = {role: counted(actor_of(account)) for role, account in accounts.items()}
    assert {role: counts for role, counts in found.items() if counts} == expected


def test_every_kind_is_in_a_scene() -> None:
    scenes = (expected for _, expected in SCENES.values())
    assert {kind for roles in scenes for counts in roles.values() for kind in counts} == set(KINDS) == set(ToDo)


def test_nothing_of_elsewhere_is_counted(stage: Stage) -> None:
    with transaction() as session:
        there = factories.create_employer(session, division="440300")
        stranger = factories.create_person(session, employer=there)
        for status in ClaimStatus:
            factories.create_claim(session, stranger, status=status)
        factories.create_binding(session, factories.create_person(session), there, status=BindingStatus.REQUESTED)
        factories.create_organisation(session, status=OrganisationStatus.APPLIED, division="440300")
    found = {role: counted(actor_of(account)) for role, account in stage[2].items()}
    assert {role: counts for role, counts in found.items() if counts} == UNBOUND


def test_several_roles_are_counted_together_in_one_query(stage: Stage, count_queries: CountQueries) -> None:
    person, employer, accounts = stage
    with transaction() as session:
        for happens, _ in SCENES.values():
            if happens is not SCENES["an employer confirms"][0]:
                happens(session, person, employer)
        account = accounts[Role.PROFESSIONAL]
        for role in (Role.EMPLOYER, Role.PROVIDER):
            factories.grant(session, account, role, organisation=employer)
        factories.grant(session, account, Role.SUPERVISOR, division=factories.DIVISION)
        for role in (Role.ADMINISTRATOR, Role.ANALYST):
            factories.grant(session, account, role)
    actor = actor_of(account)
    with count_queries() as queries:
        found = counted(actor)
    assert set(found) == set(ToDo) - {ToDo.EMPLOYER_TO_CHOOSE}
    assert len(queries) == 1, queries


@pytest.mark.parametrize("flag", ["must_change_password", "must_enrol_totp"])
def test_nothing_is_asked_for_whoever_has_no_work_yet(stage: Stage, flag: str, count_queries: CountQueries) -> None:
    actor = replace(actor_of(stage[2][Role.PROFESSIONAL]), **{flag: True})  # type: ignore[arg-type]  # both are booleans
    with count_queries() as queries:
        assert counted(actor) == {}
    assert queries == []
