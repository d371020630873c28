"""Who acts for an organisation: appointed, handed over, removed, and never down to nobody."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from db import reading, transaction
from db.accounts import Account, AccountStatus, Grant, Role
from db.organisations import Organisation, OrganisationAction, OrganisationKind, OrganisationStatus
from services import organisation_history, organisations, reviewers, throttle
from services.errors import InvalidField, NotFound, PermissionDenied, WrongStatus
from services.permissions import Actor, Permission
from services.registration import UsernameUnavailable
from services.reviewers import AlreadyReviewer, LastReviewer, NoSuchAccount, OwnAppointment, SupervisorAppointed
from services.throttle import TooManyAttempts
from tests import factories, signing_in
from tests.services.acting import last_event, refused


@pytest.fixture
def colleague() -> Account:
    with transaction() as session:
        return factories.create_account(session, Role.PROFESSIONAL, username="liankong", name="许望舒")


def appoint(actor: Actor, organisation: Organisation, username: str = "liankong") -> None:
    with transaction() as session:
        reviewers.appoint(session, actor, organisation.id, username=username)


def acting(actor: Actor, organisation: Organisation) -> list[tuple[str, str]]:
    with reading() as session:
        return [(each.name, each.appointed_by) for each in reviewers.of(session, actor, organisation.id)]


def permissions_of(account: Account) -> frozenset[Permission]:
    with reading() as session:
        return factories.actor_of(session, account).permissions


def test_a_colleague_is_appointed_by_the_exact_account_name(
    employer: Organisation, reviewer: Actor, colleague: Account
) -> None:
    appoint(reviewer, employer, " LianKong ")
    assert acting(reviewer, employer) == [(reviewer.name, ""), ("许望舒", reviewer.name)]
    assert Permission.CLAIM_REVIEW in permissions_of(colleague)
    assert last_event().action == "organisation_reviewer_add"
    assert last_event().after == {"account_id": colleague.id, "username": "liankong"}
    assert refused(reviewers.appoint, reviewer, employer.id, username="liankong") is AlreadyReviewer


def test_a_provider_appoints_people_of_its_own_role(colleague: Account) -> None:
    with transaction() as session:
        provider = factories.create_organisation(session, kind=OrganisationKind.PROVIDER)
        owner = factories.create_account(session)
        factories.grant(session, owner, Role.PROVIDER, organisation=provider)
        actor = factories.actor_of(session, owner)
    appoint(actor, provider)
    with reading() as session:
        given = session.scalars(select(Grant).where(Grant.account_id == colleague.id, Grant.role == Role.PROVIDER))
        assert (given.one().granted_by_id) == actor.account_id


@pytest.mark.parametrize("username", ["lian", "liankong2", "", "许望舒", "x" * 70, "liankong\0"])
def test_a_name_that_is_nobodys_is_answered_alike(employer: Organisation, reviewer: Actor, username: str) -> None:
    assert refused(reviewers.appoint, reviewer, employer.id, username=username) is NoSuchAccount
    assert [name for name, _ in acting(reviewer, employer)] == [reviewer.name]


def test_an_account_that_cannot_sign_in_is_like_none(
    employer: Organisation, reviewer: Actor, colleague: Account
) -> None:
    with transaction() as session:
        session.get_one(Account, colleague.id).status = AccountStatus.SUSPENDED
    assert refused(reviewers.appoint, reviewer, employer.id, username="liankong") is NoSuchAccount


def test_guessing_account_names_is_slowed_down_and_a_right_one_begins_anew(
    employer: Organisation, reviewer: Actor, colleague: Account
) -> None:
    guesses = throttle.ACCOUNT_LIMIT.tries
    for _ in range(guesses - 1):
        assert refused(reviewers.appoint, reviewer, employer.id, username="cainiao") is NoSuchAccount
    appoint(reviewer, employer)
    for _ in range(guesses):
        assert refused(reviewers.appoint, reviewer, employer.id, username="cainiao") is NoSuchAccount
    assert refused(reviewers.appoint, reviewer, employer.id, username="cainiao") is TooManyAttempts


def test_a_new_account_comes_with_a_password_that_must_be_changed(employer: Organisation, reviewer: Actor) -> None:
    with transaction() as session:
        password = reviewers.appoint_new(session, reviewer, employer.id, username="jieban", display_name="苏清和")
    entered = signing_in.actor_of(signing_in.enter("jieban", password))
    assert entered.must_change_password
    after_the_change = replace(entered, must_change_password=False)
    assert after_the_change.organisation_ids(Role.EMPLOYER) == [employer.id]
    assert acting(reviewer, employer)[-1] == ("苏清和", reviewer.name)


@pytest.mark.parametrize(
    ("username", "name", "refusal"),
    [("liankong", "苏清和", UsernameUnavailable), ("清和", "苏清和", InvalidField), ("jieban", "<b>", InvalidField)],
)
def test_a_new_account_keeps_the_rules_of_accounts(
    employer: Organisation, reviewer: Actor, colleague: Account, username: str, name: str, refusal: type
) -> None:
    call = reviewers.appoint_new
    assert refused(call, reviewer, employer.id, username=username, display_name=name) is refusal
    assert len(acting(reviewer, employer)) == 1


def test_who_is_removed_loses_it_with_the_next_click(
    employer: Organisation, reviewer: Actor, colleague: Account
) -> None:
    appoint(reviewer, employer)
    with transaction() as session:
        reviewers.remove(session, reviewer, employer.id, colleague.id)
    assert Permission.CLAIM_REVIEW not in permissions_of(colleague)
    assert last_event().action == "organisation_reviewer_remove"
    assert refused(reviewers.remove, reviewer, employer.id, colleague.id) is NotFound


def test_the_last_one_appoints_a_successor_before_he_leaves(
    employer: Organisation, reviewer: Actor, colleague: Account
) -> None:
    assert refused(reviewers.remove, reviewer, employer.id, reviewer.account_id) is LastReviewer
    appoint(reviewer, employer)
    assert refused(reviewers.remove, reviewer, employer.id, reviewer.account_id) is None


def test_a_suspended_colleague_is_nobody_to_hand_over_to(
    employer: Organisation, reviewer: Actor, colleague: Account
) -> None:
    appoint(reviewer, employer)
    with transaction() as session:
        session.get_one(Account, colleague.id).status = AccountStatus.SUSPENDED
    assert refused(reviewers.remove, reviewer, employer.id, reviewer.account_id) is LastReviewer
    assert refused(reviewers.remove, reviewer, employer.id, colleague.id) is None


@pytest.mark.parametrize("status", [each for each in OrganisationStatus if each is not OrganisationStatus.MERGED])
def test_the_supervisor_appoints_somebody_where_nobody_is_left(supervisor: Actor, status: OrganisationStatus) -> None:
    with transaction() as session:
        orphan = factories.create_organisation(session, status=status)
        password = reviewers.appoint_new(session, supervisor, orphan.id, username="jieban", display_name="苏清和")
    assert password
    assert acting(supervisor, orphan) == [("苏清和", supervisor.name)]
    assert last_event().actor_id == supervisor.account_id


def test_the_supervisor_appoints_others_and_not_himself(employer: Organisation, supervisor: Actor) -> None:
    assert refused(reviewers.appoint, supervisor, employer.id, username=supervisor.username) is OwnAppointment


CALLS: list[tuple[Callable[..., object], dict[str, object]]] = [
    (reviewers.of, {}),
    (reviewers.remove, {"account_id": 1}),
    (reviewers.appoint, {"username": "liankong"}),
    (reviewers.appoint_new, {"username": "jieban", "display_name": "苏清和"}),
]


@pytest.mark.parametrize(("call", "arguments"), CALLS, ids=lambda part: getattr(part, "__name__", ""))
def test_nobody_else_sees_or_changes_who_acts_for_an_organisation(
    employer: Organisation, colleague: Account, call: Callable[..., object], arguments: dict[str, object]
) -> None:
    with transaction() as session:
        elsewhere = factories.actor_of(session, factories.create_supervisor(session, "440300"))
        administrator = factories.actor_of(session, factories.create_account(session, Role.ADMINISTRATOR))
        other_reviewer = factories.create_reviewer(session, factories.create_employer(session))
        stranger = factories.actor_of(session, other_reviewer)
    assert refused(call, elsewhere, employer.id, **arguments) is NotFound
    assert refused(call, administrator, employer.id, **arguments) is PermissionDenied
    assert refused(call, stranger, employer.id, **arguments) is PermissionDenied


@pytest.mark.parametrize("status", [OrganisationStatus.SUSPENDED, OrganisationStatus.APPLIED])
def test_while_it_may_not_work_its_own_people_appoint_nobody(status: OrganisationStatus, colleague: Account) -> None:
    with transaction() as session:
        organisation = factories.create_organisation(session, status=status)
        actor = factories.actor_of(session, factories.create_reviewer(session, organisation))
    assert not reviewers.can_manage(actor, organisation)
    assert refused(reviewers.appoint, actor, organisation.id, username="liankong") is WrongStatus
    assert acting(actor, organisation) == [(actor.name, "")]


def test_the_history_tells_whom_it_concerned(employer: Organisation, reviewer: Actor, colleague: Account) -> None:
    appoint(reviewer, employer)
    with transaction() as session:
        reviewers.remove(session, reviewer, employer.id, colleague.id)
    with reading() as session:
        steps = organisation_history.of(session, employer)
    assert [(step.actor_name, step.action, step.about) for step in steps] == [
        (reviewer.name, "reviewer_remove", "liankong"),
        (reviewer.name, "reviewer_add", "liankong"),
    ]


@pytest.mark.parametrize("division", ["440104", "440100", "440000"])
def test_nobody_rids_himself_of_his_supervisor_by_appointing_him(
    employer: Organisation, reviewer: Actor, division: str
) -> None:
    """Whoever acts for an organisation cannot suspend it, nor sample its hours."""
    with transaction() as session:
        account = factories.create_supervisor(session, division)
        supervisor = factories.actor_of(session, account)
    assert refused(reviewers.appoint, reviewer, employer.id, username=account.username) is SupervisorAppointed
    with transaction() as session:
        found = organisations.get(session, supervisor, employer.id)
        suspend = OrganisationAction.SUSPEND
        organisations.decide(session, supervisor, employer.id, suspend, seen=found.version, opinion="核查")


def test_supervisors_share_a_holding_employer_and_may_work_for_organisations_elsewhere(
    employer: Organisation, reviewer: Actor
) -> None:
    with transaction() as session:
        holding = factories.create_holding_employer(session)
        runs_it = factories.actor_of(session, factories.create_reviewer(session, holding))
        colleague, elsewhere = (factories.create_supervisor(session, code) for code in (factories.DIVISION, "440300"))
    appoint(runs_it, holding, colleague.username)
    appoint(reviewer, employer, elsewhere.username)
    assert len(acting(runs_it, holding)) == len(acting(reviewer, employer)) == 2
