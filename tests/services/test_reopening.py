"""How somebody who closed his account, and whose hours stay, comes back."""

from dataclasses import replace

import pytest

from db import reading, transaction
from db.accounts import Account, AccountStatus, Role
from db.claims import ClaimStatus
from db.people import Person
from services import accounts, claims, closing, people
from services.closing import IdentityNotChecked, NothingKept
from services.errors import InvalidField, NotFound, PermissionDenied, WrongStatus
from services.forgetting import NOBODY
from services.permissions import Actor, Permission, Scope
from services.registration import UsernameUnavailable
from tests import factories, signing_in, whole_life
from tests.services.acting import refused
from tests.signing_in import PASSWORD
from tests.whole_life import Life


def close(life: Life) -> None:
    closing.close(transaction, life.actor, username=life.actor.username, password=PASSWORD)


def status_of(account: Account) -> AccountStatus:
    with reading() as session:
        return session.get_one(Account, account.id).status


@pytest.fixture
def life() -> Life:
    life = whole_life.begin()
    close(life)
    return life


def reopen(administrator: Actor, life: Life, username: str = "mingyue2", *, checked: bool = True) -> str:
    with transaction() as session:
        return closing.reopen(session, administrator, life.account.id, username=username, identity_checked=checked)


def test_an_administrator_lets_him_in_again_with_his_hours(administrator: Actor, life: Life) -> None:
    password = reopen(administrator, life)
    actor = signing_in.actor_of(signing_in.enter("mingyue2", password))
    assert actor.permissions == {Permission.PASSWORD_CHANGE}
    assert (actor.person_id, actor.name) == (life.person.id, life.person.name)
    assert [scope.role for scope in actor.scopes] == [Role.PROFESSIONAL]
    assert "account_reopen" in signing_in.logged()


def test_he_finds_his_hours_and_no_employer(administrator: Actor, life: Life) -> None:
    reopen(administrator, life)
    with reading() as session:
        held = factories.actor_of(session, session.get_one(Account, life.account.id))
        actor = replace(held, must_change_password=False)
        assert [claim.status for claim in claims.list_mine(session, actor)] == [ClaimStatus.APPROVED]
        assert people.find_employer(session, actor.person_id) is None
        assert session.get_one(Person, actor.person_id).mobile == ""


def test_somebody_has_looked_at_his_identity_document(administrator: Actor, life: Life) -> None:
    with pytest.raises(IdentityNotChecked):
        reopen(administrator, life, checked=False)
    assert status_of(life.account) is AccountStatus.CLOSED


def test_a_name_that_is_taken_or_malformed_is_refused(administrator: Actor, life: Life) -> None:
    for name, refusal in (("guanli", UsernameUnavailable), ("#1", InvalidField)):
        with pytest.raises(refusal):
            reopen(administrator, life, name)


def test_only_what_is_closed_is_reopened(administrator: Actor, life: Life) -> None:
    reopen(administrator, life)
    with pytest.raises(WrongStatus):
        reopen(administrator, life, "mingyue3")


def test_of_whom_nothing_was_kept_nobody_comes_back(administrator: Actor) -> None:
    life = whole_life.begin("another", approved=False)
    close(life)
    with pytest.raises(NothingKept):
        reopen(administrator, life)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_reopens(life: Life, role: Role) -> None:
    with pytest.raises(PermissionDenied):
        reopen(Actor(1, "某人", scopes=(Scope(role),)), life)


def test_nothing_else_brings_a_closed_account_back(administrator: Actor, life: Life) -> None:
    number = life.account.id
    assert refused(accounts.suspend, administrator, number) is WrongStatus
    assert refused(accounts.reinstate, administrator, number) is WrongStatus
    assert refused(accounts.reset_password, administrator, number) is NotFound
    assert refused(accounts.grant, administrator, number, Role.ANALYST) is WrongStatus
    assert status_of(life.account) is AccountStatus.CLOSED


def test_an_administrator_finds_it_by_its_name(administrator: Actor, life: Life) -> None:
    with reading() as session:
        found = accounts.search(session, administrator, life.person.name)
    assert [(each.status, each.grants) for each in found] == [(AccountStatus.CLOSED, [])]
    assert found[0].display_name != NOBODY
