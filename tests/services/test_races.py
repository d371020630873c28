"""Two clicks at the same moment: one takes effect, and the other gets a refusal that the screen can explain."""

from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from db import transaction
from db.accounts import Account, Grant, Role
from db.certificates import Certificate
from db.claims import Category, ClaimStatus
from db.organisation_changes import OrganisationChange, OrganisationChangeAction
from db.organisations import Organisation, OrganisationAction, OrganisationKind, OrganisationStatus
from db.people import Binding, BindingStatus, Person
from services import (
    accounts,
    bindings,
    certificates,
    organisation_changes,
    organisations,
    registration,
    reviewers,
    statistics,
)
from services.clock import today
from services.organisation_changes import Wanted
from services.organisation_form import Application
from services.permissions import SYSTEM, Actor
from tests import factories
from tests.services.racing import Call, at_once, count

ENOUGH = Decimal(90)


def reviewers_of(employer: Organisation) -> list[Actor]:
    with transaction() as session:
        return [factories.actor_of(session, factories.create_reviewer(session, employer)) for _ in range(2)]


def test_two_prints_give_one_certificate() -> None:
    with transaction() as session:
        person = factories.create_person(session, employer=factories.create_employer(session))
        for category in Category:
            factories.create_claim(session, person, status=ClaimStatus.APPROVED, category=category, hours=ENOUGH)
        actor = factories.actor_for(session, person)
    statistics.recompute(transaction, SYSTEM)
    year = today().year
    assert at_once(*[lambda session: certificates.obtain(session, actor, year)] * 3) == [False] * 3
    assert count(Certificate) == 1


@pytest.mark.parametrize("other", ["confirm", "refuse"])
def test_somebody_is_confirmed_once(other: str) -> None:
    with transaction() as session:
        employer = factories.create_employer(session)
        person = factories.create_person(session)
        binding = factories.create_binding(session, person, employer, status=BindingStatus.REQUESTED)
    first, second = reviewers_of(employer)

    def decide_too(session: Session) -> None:
        if other == "confirm":
            bindings.confirm(session, second, binding.id)
        else:
            bindings.refuse(session, second, binding.id, reason="不是本单位人员")

    assert at_once(lambda session: bindings.confirm(session, first, binding.id), decide_too) == [False, True]


def test_somebody_asks_one_employer_at_a_time() -> None:
    with transaction() as session:
        employers = [factories.create_employer(session) for _ in range(3)]
        actor = factories.actor_for(session, factories.create_person(session))

    def ask(employer: Organisation) -> Call:
        return lambda session: bindings.request(session, actor, employer.id)

    assert at_once(*map(ask, employers)) == [False, True, True]
    assert count(Binding) == 1


def test_an_id_number_is_registered_once_whatever_the_user_name() -> None:
    number = factories.invented_id_number()

    def register(username: str) -> Call:
        return lambda session: registration.register_person(
            session,
            username=username,
            password="River-2031-sky",
            name="林知夏",
            id_number=number,
            mobile="13800000000",
            email="name@example.com",
            address="",
        )

    assert at_once(register("zhixia"), register("linzhixia")) == [False, True]
    assert (count(Person), count(Account)) == (1, 1)


def test_an_organisation_is_registered_once() -> None:
    form = Application(
        uscc=factories.invented_uscc(),
        name="晴川桥隧设计有限公司",
        division=factories.DIVISION,
        kind=OrganisationKind.EMPLOYER,
        contact_name="林知夏",
        contact_phone="020-00000000",
    )

    def register(username: str) -> Call:
        return lambda session: organisations.register(
            session, form, username=username, password="River-2031-sky", address=""
        )

    assert at_once(register("qingchuan"), register("qiaosui")) == [False, True]
    assert (count(Organisation), count(Account)) == (1, 1)


def test_an_application_is_decided_once() -> None:
    with transaction() as session:
        applied = factories.create_organisation(session, status=OrganisationStatus.APPLIED)
        first, second = (factories.actor_of(session, factories.create_supervisor(session)) for _ in range(2))
    seen = applied.version

    def approve(session: Session) -> None:
        organisations.decide(session, first, applied.id, OrganisationAction.APPROVE, seen=seen)

    def send_back(session: Session) -> None:
        organisations.decide(session, second, applied.id, OrganisationAction.RETURN, opinion="名称有误", seen=seen)

    assert at_once(approve, send_back) == [False, True]


def test_of_the_last_two_reviewers_one_stays() -> None:
    with transaction() as session:
        employer = factories.create_employer(session)
    first, second = reviewers_of(employer)

    def leave(actor: Actor) -> Call:
        return lambda session: reviewers.remove(session, actor, employer.id, actor.account_id or 0)

    assert at_once(leave(first), leave(second)) == [False, True]
    assert count(Grant) == 1


def test_a_colleague_is_appointed_once() -> None:
    with transaction() as session:
        employer = factories.create_employer(session)
        factories.create_account(session, username="liankong")

    def appoint(actor: Actor) -> Call:
        return lambda session: reviewers.appoint(session, actor, employer.id, username="liankong")

    assert at_once(*map(appoint, reviewers_of(employer))) == [False, True]
    assert count(Grant) == 3


def test_a_change_of_data_is_decided_once() -> None:
    with transaction() as session:
        employer = factories.create_employer(session)
        wanted = Wanted("晴川院", employer.uscc or "", employer.division, "更名")
        first, second = (factories.actor_of(session, factories.create_supervisor(session)) for _ in range(2))
    asking = reviewers_of(employer)
    with transaction() as session:
        change = organisation_changes.request(session, asking[0], employer.id, wanted)

    def decide(actor: Actor, action: OrganisationChangeAction) -> Call:
        return lambda session: organisation_changes.decide(
            session, actor, change.id, action, seen=change.version, opinion="见附件"
        )

    approve, send_back = OrganisationChangeAction.APPROVE, OrganisationChangeAction.RETURN
    assert at_once(decide(first, approve), decide(second, send_back)) == [False, True]


def test_an_organisation_asks_for_one_change_at_a_time() -> None:
    with transaction() as session:
        employer = factories.create_employer(session)
    wanted = Wanted("晴川院", employer.uscc or "", employer.division, "更名")

    def ask(actor: Actor) -> Call:
        return lambda session: organisation_changes.request(session, actor, employer.id, wanted)

    assert at_once(*map(ask, reviewers_of(employer))) == [False, True]
    assert count(OrganisationChange) == 1


def test_a_role_is_granted_once(administrator: Actor) -> None:
    with transaction() as session:
        account = factories.create_account(session)
    before = count(Grant) or 0
    grants: list[Call] = [lambda session: accounts.grant(session, administrator, account.id, Role.ANALYST)] * 3
    assert at_once(*grants) == [False] * 3
    assert count(Grant) == before + 1
