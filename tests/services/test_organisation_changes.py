"""What an organisation changes about itself: the contact at once, the rest when the supervisor over both agrees."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import select

from db import reading, transaction
from db.accounts import Role
from db.certificates import Certificate
from db.claims import Category, Claim, ClaimStatus
from db.organisation_changes import OrganisationChange, OrganisationChangeAction, OrganisationChangeStatus
from db.organisations import Organisation, OrganisationAction, OrganisationKind, OrganisationStatus
from services import certificates, organisation_changes, organisation_history, statistics
from services.clock import today
from services.errors import InvalidField, NotFound, PermissionDenied, WrongStatus
from services.organisation_changes import AlreadyAsked, CodeTaken, NothingChanged, Wanted
from services.organisations import OwnOrganisation
from services.permissions import SYSTEM, Actor
from tests import factories
from tests.services.acting import refused

APPROVE, RETURN = OrganisationChangeAction.APPROVE, OrganisationChangeAction.RETURN
WITHDRAW = OrganisationChangeAction.WITHDRAW
GUANGZHOU, YUEXIU, TIANHE, SHENZHEN, GUANGXI = "440100", "440104", "440106", "440300", "450100"


@pytest.fixture
def employer() -> Organisation:
    with transaction() as session:
        return factories.create_employer(session, name="晴川设计院")


def supervisor_of(division: str) -> Actor:
    with transaction() as session:
        return factories.actor_of(session, factories.create_supervisor(session, division))


def wanted(employer: Organisation, **changes: str) -> Wanted:
    same = Wanted(employer.name, employer.uscc or "", employer.division, "2026年3月更名")
    return replace(same, **changes)


def ask(actor: Actor, employer: Organisation, **changes: str) -> OrganisationChange:
    with transaction() as session:
        return organisation_changes.request(session, actor, employer.id, wanted(employer, **changes))


def stored(employer: Organisation) -> Organisation:
    with reading() as session:
        return session.get_one(Organisation, employer.id)


def decide(
    actor: Actor, change: OrganisationChange, action: OrganisationChangeAction = APPROVE, opinion: str = "属实"
) -> None:
    with transaction() as session:
        organisation_changes.decide(session, actor, change.id, action, seen=change.version, opinion=opinion)


def test_the_contact_changes_at_once(employer: Organisation, reviewer: Actor) -> None:
    said = {"contact_name": "苏清和", "contact_phone": "020-81234567"}
    with transaction() as session:
        organisation_changes.update_contact(session, reviewer, employer.id, seen=employer.version, **said)
    assert (stored(employer).contact_name, stored(employer).contact_phone) == ("苏清和", "020-81234567")
    update = organisation_changes.update_contact
    assert refused(update, reviewer, employer.id, seen=employer.version, **said) is WrongStatus
    assert refused(update, reviewer, employer.id, seen=2, contact_name="", contact_phone="1") is InvalidField
    assert refused(update, supervisor_of(YUEXIU), employer.id, seen=2, **said) is PermissionDenied


def test_a_new_name_waits_for_the_supervisor_and_then_holds(employer: Organisation, reviewer: Actor) -> None:
    change = ask(reviewer, employer, name="晴川工程设计研究院")
    assert stored(employer).name == "晴川设计院"
    supervisor = supervisor_of(GUANGZHOU)
    with reading() as session:
        assert session.scalar(organisation_changes.waiting(supervisor)) == 1
    decide(supervisor, change)
    assert stored(employer).name == "晴川工程设计研究院"
    with reading() as session:
        assert session.scalar(organisation_changes.waiting(supervisor)) == 0
        assert organisation_changes.counts(session, supervisor) == {OrganisationChangeStatus.APPROVED: 1}
        newest = organisation_history.of(session, employer)[0]
    assert newest.action is OrganisationAction.CHANGE_APPROVE
    assert (newest.about, newest.changes) == ("属实", [("单位名称", "晴川设计院", "晴川工程设计研究院")])


def test_certificates_and_hours_keep_what_they_said(employer: Organisation, reviewer: Actor) -> None:
    with transaction() as session:
        person = factories.create_person(session, employer=employer)
        for category in Category:
            factories.create_claim(session, person, status=ClaimStatus.APPROVED, category=category, hours=Decimal(90))
        owner = factories.actor_for(session, person)
    statistics.recompute(transaction, SYSTEM)
    with transaction() as session:
        certificates.obtain(session, owner, today().year)
    decide(supervisor_of(YUEXIU), ask(reviewer, employer, name="晴川工程设计研究院"))
    with reading() as session:
        certificate = session.scalars(select(Certificate)).one()
        assert "晴川设计院" in str(certificate.statement)
        assert set(session.scalars(select(Claim.employer_id))) == {employer.id}


@pytest.mark.parametrize("status", OrganisationChangeStatus)
@pytest.mark.parametrize("action", OrganisationChangeAction)
@pytest.mark.parametrize("who", ["its own people", "the supervisor", "an administrator"])
def test_only_what_waits_is_decided_and_only_by_whom_it_concerns(
    employer: Organisation,
    reviewer: Actor,
    status: OrganisationChangeStatus,
    action: OrganisationChangeAction,
    who: str,
) -> None:
    change = ask(reviewer, employer, name="晴川工程设计研究院")
    with transaction() as session:
        session.get_one(OrganisationChange, change.id).status = status
        administrator = factories.actor_of(session, factories.create_account(session, Role.ADMINISTRATOR))
    actor = {"its own people": reviewer, "the supervisor": supervisor_of(YUEXIU)}.get(who, administrator)
    with reading() as session:
        change = session.get_one(OrganisationChange, change.id)
    if action is WITHDRAW:
        refusal = refused(organisation_changes.withdraw, actor, employer.id, seen=change.version)
    else:
        refusal = refused(
            organisation_changes.decide, actor, change.id, action, seen=change.version, opinion="名称有误"
        )
    is_theirs = who == ("its own people" if action is WITHDRAW else "the supervisor")
    assert refusal is (PermissionDenied if not is_theirs else None if status == "requested" else WrongStatus)


def test_returning_needs_an_opinion_and_leaves_everything_as_it_is(employer: Organisation, reviewer: Actor) -> None:
    change, supervisor = ask(reviewer, employer, name="晴川工程设计研究院"), supervisor_of(YUEXIU)
    call = organisation_changes.decide
    assert refused(call, supervisor, change.id, RETURN, seen=change.version, opinion=" ") is InvalidField
    decide(supervisor, change, RETURN, "与执照不符")
    assert stored(employer).name == "晴川设计院"
    with reading() as session:
        (kept,) = organisation_changes.list_own(session, reviewer, employer.id)
    assert (kept.status, kept.opinion) == (OrganisationChangeStatus.RETURNED, "与执照不符")
    assert ask(reviewer, employer, name="晴川设计研究院").id


def test_one_change_waits_at_a_time_and_can_be_withdrawn(employer: Organisation, reviewer: Actor) -> None:
    change = ask(reviewer, employer, name="晴川工程设计研究院")
    again = wanted(employer, name="晴川院")
    assert refused(organisation_changes.request, reviewer, employer.id, again) is AlreadyAsked
    with transaction() as session:
        organisation_changes.withdraw(session, reviewer, employer.id, seen=change.version)
    assert ask(reviewer, employer, name="晴川院").status is OrganisationChangeStatus.REQUESTED


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({}, NothingChanged),
        ({"name": " 晴川设计院 "}, NothingChanged),
        ({"name": ""}, InvalidField),
        ({"uscc": "123"}, InvalidField),
        ({"division": "440102"}, InvalidField),
        ({"division": GUANGXI}, InvalidField),
        ({"name": "晴川院", "explanation": " "}, InvalidField),
    ],
)
def test_a_wrong_wish_is_refused(
    employer: Organisation, reviewer: Actor, changes: dict[str, str], refusal: type
) -> None:
    assert refused(organisation_changes.request, reviewer, employer.id, wanted(employer, **changes)) is refusal


def test_a_code_of_another_one_is_refused_when_asked_for_and_when_decided(
    employer: Organisation, reviewer: Actor
) -> None:
    free = factories.invented_uscc()
    change = ask(reviewer, employer, uscc=free)
    with transaction() as session:
        other = factories.create_employer(session)
        session.get_one(Organisation, other.id).uscc = free
        provider = factories.create_organisation(session, kind=OrganisationKind.PROVIDER)
    supervisor = supervisor_of(YUEXIU)
    call = organisation_changes.decide
    assert refused(call, supervisor, change.id, APPROVE, seen=change.version) is CodeTaken
    with transaction() as session:
        organisation_changes.withdraw(session, reviewer, employer.id, seen=change.version)
    assert refused(organisation_changes.request, reviewer, employer.id, wanted(employer, uscc=free)) is CodeTaken
    assert ask(reviewer, employer, uscc=provider.uscc or "").id


@pytest.mark.parametrize(
    ("division", "may_decide"),
    [(YUEXIU, False), (TIANHE, False), (GUANGZHOU, True), ("440000", True), (SHENZHEN, False)],
)
def test_a_move_is_decided_by_whoever_is_over_both_divisions(
    employer: Organisation, reviewer: Actor, division: str, may_decide: bool
) -> None:
    change = ask(reviewer, employer, division=TIANHE)
    supervisor = supervisor_of(division)
    with reading() as session:
        found = organisation_changes.queue(session, supervisor, status=OrganisationChangeStatus.REQUESTED)
    assert bool(found) is may_decide
    refusal = refused(organisation_changes.decide, supervisor, change.id, APPROVE, seen=change.version)
    assert refusal is (None if may_decide else NotFound)
    assert stored(employer).division == (TIANHE if may_decide else YUEXIU)


def test_nobody_decides_about_his_own(employer: Organisation) -> None:
    with transaction() as session:
        account = factories.create_reviewer(session, employer)
        factories.grant(session, account, Role.SUPERVISOR, division=GUANGZHOU)
        both = factories.actor_of(session, account)
    change = ask(both, employer, name="晴川院")
    call = organisation_changes.decide
    assert refused(call, both, change.id, APPROVE, seen=change.version) is OwnOrganisation


@pytest.mark.parametrize("status", [OrganisationStatus.APPLIED, OrganisationStatus.SUSPENDED])
def test_who_may_not_work_asks_for_nothing(status: OrganisationStatus) -> None:
    with transaction() as session:
        organisation = factories.create_organisation(session, status=status)
        actor = factories.actor_of(session, factories.create_reviewer(session, organisation))
    call = organisation_changes.request
    assert refused(call, actor, organisation.id, wanted(organisation, name="晴川院")) is WrongStatus


def test_a_holding_employer_is_called_after_its_division(employer: Organisation, reviewer: Actor) -> None:
    with transaction() as session:
        session.get_one(Organisation, employer.id).uscc = None
    asked = wanted(employer, name="晴川院")
    assert refused(organisation_changes.request, reviewer, employer.id, asked) is WrongStatus


def test_a_stranger_asks_for_nothing_and_sees_nothing(employer: Organisation) -> None:
    with transaction() as session:
        elsewhere = factories.create_reviewer(session, factories.create_employer(session))
        stranger = factories.actor_of(session, elsewhere)
    assert refused(organisation_changes.request, stranger, employer.id, wanted(employer, name="院")) is NotFound
    assert refused(organisation_changes.list_own, stranger, employer.id) is NotFound
    assert refused(organisation_changes.withdraw, stranger, employer.id, seen=1) is NotFound


def test_a_change_is_found_by_either_name_and_either_code(employer: Organisation, reviewer: Actor) -> None:
    new = factories.invented_uscc()
    change = ask(reviewer, employer, name="珠江勘测院", uscc=new)
    supervisor = supervisor_of(YUEXIU)
    with reading() as session:
        for text in ("晴川", "勘测", (employer.uscc or "").lower(), new, " 晴\0川 "):
            status = OrganisationChangeStatus.REQUESTED
            found = organisation_changes.queue(session, supervisor, status=status, text=text)
            assert [each.id for each in found] == [change.id], text
        assert not organisation_changes.queue(session, supervisor, status=status, text="100%")
