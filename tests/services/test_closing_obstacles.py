"""What stands in the way of closing an account, one by one, and the two passwords of it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.orm import Session

from db import reading, transaction
from db.accounts import Account, AccountStatus, Role
from db.claims import Claim, ClaimAction, ClaimStatus
from db.identity_changes import IdentityChangeStatus
from db.organisations import Organisation, OrganisationStatus
from db.people import BindingStatus, Person
from db.profile_changes import ProfileChange, ProfileChangeAction, ProfileChangeStatus
from services import accounts, claims, closing, profile_changes
from services.closing import NotSettled, Obstacle
from services.errors import DomainError, InvalidField, NotFound, PermissionDenied, WrongStatus
from services.own_password import WrongPassword
from services.permissions import Actor
from services.throttle import TooManyAttempts
from tests import factories, profiles, signing_in
from tests.counting import CountQueries
from tests.services.acting import refused
from tests.signing_in import PASSWORD

Scene = Callable[[Session, Person, Organisation], object]


def claim(status: ClaimStatus) -> Scene:
    return lambda session, person, employer: factories.create_claim(session, person, employer=employer, status=status)


def binding(status: BindingStatus) -> Scene:
    return lambda session, person, employer: factories.create_binding(session, person, employer, status=status)


def reviewer(status: OrganisationStatus, *, colleague: AccountStatus | None = None) -> Scene:
    def prepare(session: Session, person: Person, employer: Organisation) -> None:
        another = factories.create_employer(session)
        employer.status = status
        employer.merged_into_id = another.id if status is OrganisationStatus.MERGED else None
        factories.grant(session, session.get_one(Account, person.account_id), Role.EMPLOYER, organisation=employer)
        if colleague:
            factories.create_reviewer(session, employer).status = colleague

    return prepare


def administrator(*, colleague: AccountStatus | None = None) -> Scene:
    def prepare(session: Session, person: Person, _employer: Organisation) -> None:
        factories.grant(session, session.get_one(Account, person.account_id), Role.ADMINISTRATOR)
        if colleague:
            factories.create_account(session, Role.ADMINISTRATOR).status = colleague

    return prepare


def profile_change(status: ProfileChangeStatus) -> Scene:
    return lambda session, person, _employer: profiles.create_profile_change(session, person, status=status)


def identity_change(status: IdentityChangeStatus) -> Scene:
    def prepare(session: Session, person: Person, employer: Organisation) -> None:
        endorser = factories.create_reviewer(session, employer)
        profiles.create_identity_change(session, person, status=status, employer=employer, endorsed_by=endorser)

    return prepare


ACTIVE, SUSPENDED, CLOSED = AccountStatus
SCENES: dict[str, tuple[Scene, set[Obstacle]]] = {
    "a draft": (claim(ClaimStatus.DRAFT), set()),
    "a claim waits for the employer": (claim(ClaimStatus.SUBMITTED), {Obstacle.CLAIMS_WAITING}),
    "a claim waits for the supervisor": (claim(ClaimStatus.ENDORSED), {Obstacle.CLAIMS_WAITING}),
    "a claim was returned": (claim(ClaimStatus.RETURNED), set()),
    "a claim was approved": (claim(ClaimStatus.APPROVED), set()),
    "an employer is asked": (binding(BindingStatus.REQUESTED), {Obstacle.EMPLOYER_ASKED}),
    "an employment is to begin": (binding(BindingStatus.SCHEDULED), {Obstacle.EMPLOYER_ASKED}),
    "an employment": (binding(BindingStatus.ACTIVE), set()),
    "an employment that ended": (binding(BindingStatus.ENDED), set()),
    "a change that is not sent": (profile_change(ProfileChangeStatus.DRAFT), set()),
    "a change waits": (profile_change(ProfileChangeStatus.REQUESTED), {Obstacle.CHANGES_WAITING}),
    "a change was returned": (profile_change(ProfileChangeStatus.RETURNED), set()),
    "a correction waits for the employer": (
        identity_change(IdentityChangeStatus.REQUESTED),
        {Obstacle.CHANGES_WAITING},
    ),
    "a correction waits for the supervisor": (
        identity_change(IdentityChangeStatus.ENDORSED),
        {Obstacle.CHANGES_WAITING},
    ),
    "a correction was approved": (identity_change(IdentityChangeStatus.APPROVED), set()),
    "the only reviewer": (reviewer(OrganisationStatus.APPROVED), {Obstacle.LAST_REVIEWER}),
    "the only applicant": (reviewer(OrganisationStatus.APPLIED), {Obstacle.LAST_REVIEWER}),
    "the only one of a suspended employer": (reviewer(OrganisationStatus.SUSPENDED), {Obstacle.LAST_REVIEWER}),
    "of an application sent back": (reviewer(OrganisationStatus.RETURNED), set()),
    "of an employer merged away": (reviewer(OrganisationStatus.MERGED), set()),
    "one of two reviewers": (reviewer(OrganisationStatus.APPROVED, colleague=ACTIVE), set()),
    "the other is suspended": (reviewer(OrganisationStatus.APPROVED, colleague=SUSPENDED), {Obstacle.LAST_REVIEWER}),
    "the other has left": (reviewer(OrganisationStatus.APPROVED, colleague=CLOSED), {Obstacle.LAST_REVIEWER}),
    "the only administrator": (administrator(), {Obstacle.LAST_ADMINISTRATOR}),
    "one of two administrators": (administrator(colleague=ACTIVE), set()),
    "the other administrator is suspended": (administrator(colleague=SUSPENDED), {Obstacle.LAST_ADMINISTRATOR}),
}


@pytest.fixture
def account() -> Account:
    return signing_in.create_account()


def prepared(account: Account, scene: str) -> Actor:
    with transaction() as session:
        person = factories.create_person(session, account=session.get_one(Account, account.id))
        SCENES[scene][0](session, person, factories.create_employer(session))
    return signing_in.actor_of(signing_in.enter())


def close(actor: Actor, password: str = PASSWORD, username: str | None = None) -> type[DomainError] | None:
    try:
        closing.close(transaction, actor, username=actor.username if username is None else username, password=password)
    except DomainError as refusal:
        return type(refusal)
    return None


def status_of(account: Account) -> AccountStatus:
    with reading() as session:
        return session.get_one(Account, account.id).status


@pytest.mark.parametrize("scene", SCENES)
def test_what_is_not_settled_stands_in_the_way_and_nothing_else(account: Account, scene: str) -> None:
    expected = SCENES[scene][1]
    actor = prepared(account, scene)
    with reading() as session:
        assert closing.outlook(session, actor).obstacles == dict.fromkeys(expected, 1)
    assert close(actor) is (NotSettled if expected else None)
    assert status_of(account) is (AccountStatus.ACTIVE if expected else AccountStatus.CLOSED)


def test_every_obstacle_is_in_a_scene() -> None:
    assert {obstacle for _, obstacles in SCENES.values() for obstacle in obstacles} == set(Obstacle)


def test_the_outlook_is_one_query(account: Account, count_queries: CountQueries) -> None:
    actor = prepared(account, "a claim waits for the employer")
    with count_queries() as queries, reading() as session:
        closing.outlook(session, actor)
    assert len(queries) == 1, queries


@pytest.mark.parametrize(
    ("scene", "keeps"),
    [("a claim was approved", True), ("a claim was returned", False), ("one of two administrators", False)],
)
def test_it_is_told_before_whether_name_and_id_number_stay(account: Account, scene: str, keeps: bool) -> None:
    actor = prepared(account, scene)
    with reading() as session:
        assert closing.outlook(session, actor).keeps_record is keeps


def test_it_takes_the_right_password_and_the_own_user_name(account: Account) -> None:
    actor = prepared(account, "a draft")
    assert close(actor, username="somebody") is InvalidField
    assert close(actor, username="") is InvalidField
    assert close(actor, password="wrong") is WrongPassword
    assert signing_in.logged()[-1] == "account_close_fail"
    assert status_of(account) is AccountStatus.ACTIVE
    assert close(actor, username=" MingYue ") is None


def test_guesses_are_counted(account: Account) -> None:
    actor = prepared(account, "a draft")
    assert [close(actor, password="wrong") for _ in range(5)] == [WrongPassword] * 5
    assert close(actor) is TooManyAttempts


def test_a_password_that_was_reset_meanwhile_closes_nothing(account: Account, administrator: Actor) -> None:
    actor = prepared(account, "a draft")
    with transaction() as session:
        accounts.reset_password(session, administrator, account.id)
    assert close(actor) is WrongPassword


def test_closing_twice_does_nothing_the_second_time(account: Account) -> None:
    actor = prepared(account, "a draft")
    assert close(actor) is None
    assert close(actor) is WrongPassword
    assert signing_in.logged().count("account_close") == 1


@pytest.mark.parametrize("flag", ["must_change_password", "must_enrol_totp"])
def test_nobody_closes_an_account_he_has_not_come_into(account: Account, flag: str) -> None:
    held = Actor(account.id, "林知夏", username=account.username, **{flag: True})  # type: ignore[arg-type]  # flags
    assert close(held) is PermissionDenied


@pytest.mark.parametrize("scene", ["the only administrator", "the only reviewer"])
def test_of_the_last_two_who_close_at_once_one_stays(account: Account, scene: str) -> None:
    first = prepared(account, scene)
    scope = next(scope for scope in first.scopes if scope.role is not Role.PROFESSIONAL)
    other = signing_in.create_account(username="another")
    with transaction() as session:
        employer = session.get(Organisation, scope.organisation_id) if scope.organisation_id else None
        factories.grant(session, session.get_one(Account, other.id), scope.role, organisation=employer)
    second = signing_in.actor_of(signing_in.enter("another"))
    with ThreadPoolExecutor(2) as threads:
        assert set(threads.map(close, (first, second))) == {None, NotSettled}


def test_a_claim_that_is_sent_while_the_account_closes_is_in_the_way_or_gone(account: Account) -> None:
    actor = prepared(account, "a draft")
    with transaction() as session:
        draft, person = session.query(Claim).one(), session.get_one(Person, actor.person_id)
        factories.create_binding(session, person, factories.create_employer(session))
        factories.create_evidence(session, draft)

    def send(_: object) -> type[DomainError] | None:
        return refused(claims.act, actor, draft.id, ClaimAction.SUBMIT, seen=draft.version, attested=True)

    with ThreadPoolExecutor(2) as threads:
        sent, closed = threads.submit(send, None), threads.submit(close, actor)
    assert (sent.result(), closed.result()) in {(None, NotSettled), (NotFound, None), (WrongStatus, None)}


def test_hours_that_are_revoked_while_the_account_closes_are_revoked(account: Account) -> None:
    actor = prepared(account, "a claim was approved")
    with transaction() as session:
        approved = session.query(Claim).one()
        supervisor = factories.create_supervisor(session, session.get_one(Organisation, approved.employer_id).division)
        revoking = factories.actor_of(session, supervisor)

    def revoke() -> type[DomainError] | None:
        seen = approved.version
        return refused(claims.act, revoking, approved.id, ClaimAction.REVOKE, seen=seen, opinion="材料不实")

    with ThreadPoolExecutor(2) as threads:
        revoked, closed = threads.submit(revoke), threads.submit(close, actor)
    assert (revoked.result(), closed.result()) == (None, None)
    with reading() as session:
        assert session.get_one(Claim, approved.id).status is ClaimStatus.REVOKED


def test_a_change_that_is_sent_while_the_account_closes_is_in_the_way_or_gone(account: Account) -> None:
    actor = prepared(account, "a change that is not sent")
    with transaction() as session:
        change, person = session.query(ProfileChange).one(), session.get_one(Person, actor.person_id)
        factories.create_binding(session, person, factories.create_employer(session))

    def send() -> type[DomainError] | None:
        return refused(profile_changes.act, actor, change.id, ProfileChangeAction.SUBMIT, seen=change.version)

    with ThreadPoolExecutor(2) as threads:
        sent, closed = threads.submit(send), threads.submit(close, actor)
    assert (sent.result(), closed.result()) in {(None, NotSettled), (NotFound, None), (WrongStatus, None)}
