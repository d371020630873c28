"""Roles of accounts: who gives and takes them, and which ones stay."""

import pytest
from sqlalchemy import select

from db import reading, transaction
from db.accounts import Account, AccountStatus, Grant, Role
from services import accounts
from services.accounts import LastAdministrator
from services.errors import InvalidField, NotFound
from services.permissions import Actor
from tests import signing_in
from tests.services.acting import last_event, refused


@pytest.fixture(autouse=True)
def account() -> Account:
    return signing_in.create_account(Role.PROFESSIONAL)


def give(actor: Actor, account: Account, role: Role, division: str | None = None) -> Grant:
    with transaction() as session:
        return accounts.grant(session, actor, account.id, role, division=division)


def roles(account: Account) -> set[Role]:
    with reading() as session:
        return set(session.scalars(select(Grant.role).where(Grant.account_id == account.id)))


def test_a_granted_role_says_who_gave_it(administrator: Actor, account: Account) -> None:
    given = give(administrator, account, Role.SUPERVISOR, "440104")

    assert (given.division, given.granted_by_id) == ("440104", administrator.account_id)
    assert roles(account) == {Role.PROFESSIONAL, Role.SUPERVISOR}
    assert last_event().after == {"role": "supervisor", "division": "440104"}


def test_granting_twice_grants_once(administrator: Actor, account: Account) -> None:
    first, second = (give(administrator, account, Role.ANALYST) for _ in range(2))

    assert first.id == second.id


@pytest.mark.parametrize(
    ("role", "division"),
    [
        (Role.SUPERVISOR, None),
        (Role.SUPERVISOR, "999999"),
        (Role.SUPERVISOR, "440103999"),
        (Role.ANALYST, "440104"),
        (Role.EMPLOYER, None),
        (Role.PROVIDER, None),
        (Role.PROFESSIONAL, None),
    ],
)
def test_other_roles_and_wrong_divisions_are_refused(
    administrator: Actor, account: Account, role: Role, division: str | None
) -> None:
    assert refused(accounts.grant, administrator, account.id, role, division=division) is InvalidField


def test_a_revoked_role_is_gone(administrator: Actor, account: Account) -> None:
    given = give(administrator, account, Role.ANALYST)
    with transaction() as session:
        accounts.revoke_grant(session, administrator, given.id)

    assert roles(account) == {Role.PROFESSIONAL}
    assert last_event().before["role"] == "analyst"


def test_the_last_administrator_keeps_the_role(administrator: Actor, account: Account) -> None:
    with reading() as session:
        own = session.scalars(select(Grant.id).where(Grant.account_id == administrator.account_id)).one()
    assert refused(accounts.revoke_grant, administrator, own) is LastAdministrator

    give(administrator, account, Role.ADMINISTRATOR)
    assert refused(accounts.revoke_grant, administrator, own) is None


def test_a_suspended_administrator_does_not_count_as_one(administrator: Actor, account: Account) -> None:
    give(administrator, account, Role.ADMINISTRATOR)
    with transaction() as session:
        session.get_one(Account, account.id).status = AccountStatus.SUSPENDED
        own = session.scalars(select(Grant.id).where(Grant.account_id == administrator.account_id)).one()

    assert refused(accounts.revoke_grant, administrator, own) is LastAdministrator


def test_a_professional_stays_one(administrator: Actor, account: Account) -> None:
    with reading() as session:
        grant = session.scalars(select(Grant.id).where(Grant.account_id == account.id)).one()

    assert refused(accounts.revoke_grant, administrator, grant) is InvalidField
    assert refused(accounts.revoke_grant, administrator, 10**9) is NotFound
