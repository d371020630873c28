"""One-time passwords for those who lost theirs: who may make one for whom, and what it ends."""

import pytest

from db import transaction
from db.accounts import Account, Role
from db.people import BindingStatus
from services import accounts
from services.errors import NotFound, PermissionDenied
from services.permissions import SYSTEM, Actor, Permission
from services.sign_in import WrongCredentials
from tests import factories, signing_in
from tests.services.acting import last_event, refused


@pytest.fixture(autouse=True)
def account() -> Account:
    return signing_in.create_account(Role.PROFESSIONAL)


def reset(actor: Actor, account: Account) -> str:
    with transaction() as session:
        return accounts.reset_password(session, actor, account.id)


def test_it_makes_a_one_time_password_that_must_be_changed(administrator: Actor, account: Account) -> None:
    password = reset(administrator, account)

    actor = signing_in.actor_of(signing_in.enter(password=password))
    assert actor.permissions == {Permission.PASSWORD_CHANGE}
    with pytest.raises(WrongCredentials):
        signing_in.enter()


def test_it_ends_all_sessions(administrator: Actor, account: Account) -> None:
    tokens = [signing_in.enter(), signing_in.enter(remember=True)]
    reset(administrator, account)

    assert [signing_in.whose(token) for token in tokens] == [None, None]


def test_it_opens_a_locked_account(administrator: Actor, account: Account) -> None:
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            signing_in.get_ticket(password="wrong")

    assert signing_in.enter(password=reset(administrator, account))


def test_the_event_names_who_reset_and_holds_no_password(administrator: Actor, account: Account) -> None:
    password = reset(administrator, account)
    event = last_event()

    assert (event.action, event.actor_id, event.object_id) == (
        "password_reset",
        administrator.account_id,
        account.id,
    )
    assert password not in str((event.before, event.after))


def test_an_administrator_cannot_reset_the_own_one(administrator: Actor) -> None:
    assert refused(accounts.reset_password, administrator, administrator.account_id) is NotFound


def test_an_employer_resets_for_the_staff_and_for_nobody_else() -> None:
    with transaction() as session:
        employer, other = factories.create_employer(session), factories.create_employer(session)
        reviewer = factories.actor_of(session, factories.create_reviewer(session, employer))
        mine = factories.create_person(session, employer=employer).account_id
        theirs = factories.create_person(session, employer=other).account_id
        asking = factories.create_person(session)
        factories.create_binding(session, asking, employer, status=BindingStatus.REQUESTED)

    assert refused(accounts.reset_password, reviewer, mine) is None
    for foreign in (theirs, asking.account_id, reviewer.account_id, 10**9):
        assert refused(accounts.reset_password, reviewer, foreign) is NotFound


def test_former_staff_is_out_of_reach() -> None:
    with transaction() as session:
        employer = factories.create_employer(session)
        reviewer = factories.actor_of(session, factories.create_reviewer(session, employer))
        person = factories.create_person(session)
        factories.create_binding(session, person, employer, status=BindingStatus.ENDED)

    assert refused(accounts.reset_password, reviewer, person.account_id) is NotFound


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.ANALYST])
def test_an_employer_cannot_take_over_staff_that_has_another_role(role: Role) -> None:
    with transaction() as session:
        employer = factories.create_employer(session)
        reviewer = factories.actor_of(session, factories.create_reviewer(session, employer))
        person = factories.create_person(session, employer=employer)
        factories.grant(session, session.get_one(Account, person.account_id), role)

    assert refused(accounts.reset_password, reviewer, person.account_id) is NotFound


def test_nobody_resets_a_password_without_an_account(account: Account) -> None:
    assert refused(accounts.reset_password, SYSTEM, account.id) is PermissionDenied
    assert signing_in.enter()
