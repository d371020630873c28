"""What administrators do with accounts: suspending, making and finding them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from db import reading, transaction
from db.accounts import Account, Role
from services import accounts, password_change
from services.accounts import LastAdministrator, OwnAccount
from services.errors import DomainError, InvalidField, NotFound, PermissionDenied, WrongStatus
from services.permissions import Actor, Permission, Scope
from services.registration import UsernameUnavailable
from services.sessions import TicketRefused
from services.sign_in import WrongCredentials
from tests import factories, signing_in
from tests.services.acting import refused


@pytest.fixture(autouse=True)
def account() -> Account:
    return signing_in.create_account(Role.PROFESSIONAL)


class TestSuspending:
    def test_it_ends_all_sessions_and_refuses_the_sign_in(self, administrator: Actor, account: Account) -> None:
        token, ticket = signing_in.enter(), signing_in.get_ticket()
        with transaction() as session:
            accounts.suspend(session, administrator, account.id)

        assert signing_in.whose(token) is None
        with pytest.raises(TicketRefused):
            signing_in.redeem(ticket)
        with pytest.raises(WrongCredentials):
            signing_in.enter()

    def test_a_reinstated_account_signs_in_anew(self, administrator: Actor, account: Account) -> None:
        token = signing_in.enter()
        with transaction() as session:
            accounts.suspend(session, administrator, account.id)
            accounts.reinstate(session, administrator, account.id)

        assert signing_in.whose(token) is None
        assert signing_in.enter()
        assert signing_in.logged()[-3:] == ["account_suspend", "account_reinstate", "sign_in"]

    def test_nobody_suspends_the_own_account(self, administrator: Actor) -> None:
        assert refused(accounts.suspend, administrator, administrator.account_id) is OwnAccount

    def test_what_is_already_so_is_refused(self, administrator: Actor, account: Account) -> None:
        assert refused(accounts.reinstate, administrator, account.id) is WrongStatus
        assert refused(accounts.suspend, administrator, account.id) is None
        assert refused(accounts.suspend, administrator, account.id) is WrongStatus

    def test_an_account_that_does_not_exist_is_not_found(self, administrator: Actor) -> None:
        assert refused(accounts.suspend, administrator, 10**9) is NotFound

    def test_of_two_administrators_who_suspend_each_other_one_remains(self, administrator: Actor) -> None:
        other = signing_in.create_account(Role.ADMINISTRATOR, username="guanli2")
        second = signing_in.actor_of(signing_in.enter("guanli2"))
        pairs = [(administrator, other.id), (second, administrator.account_id)]
        with ThreadPoolExecutor(2) as threads:
            answers = list(threads.map(lambda pair: refused(accounts.suspend, *pair), pairs))

        assert sorted(map(str, answers)) == sorted(map(str, [None, LastAdministrator]))


class TestNewAccounts:
    def test_an_administrator_makes_one_with_a_one_time_password(self, administrator: Actor) -> None:
        with transaction() as session:
            password = accounts.create_account(session, administrator, username="Fenxi", display_name="沈清和")

        actor = signing_in.actor_of(signing_in.enter("fenxi", password))
        assert (actor.name, actor.must_change_password, actor.scopes) == ("沈清和", True, ())
        assert "account_create" in signing_in.logged()

    def test_a_taken_or_malformed_name_is_refused(self, administrator: Actor) -> None:
        def create(username: str) -> type[DomainError] | None:
            return refused(accounts.create_account, administrator, username=username, display_name="沈清和")

        assert create("mingyue") is UsernameUnavailable
        assert create("沈清和") is InvalidField

    def test_the_first_administrator_comes_from_the_command_line(self) -> None:
        with transaction() as session:
            password = accounts.create_first_administrator(session, "shouxi")
        token = signing_in.enter("shouxi", password)
        password_change.change(transaction, signing_in.actor_of(token), old=password, new="Lanhua-Zk83")

        assert Permission.ACCOUNT_MANAGE in signing_in.actor_of(token).permissions


class TestSearching:
    def found(self, actor: Actor, text: str = "", *, after_id: int = 0, limit: int = 50) -> list[str]:
        with reading() as session:
            rows = accounts.search(session, actor, text, after_id=after_id, limit=limit)
            return [account.username for account in rows]

    def test_by_the_beginning_of_the_user_name_or_any_part_of_the_name(self, administrator: Actor) -> None:
        with transaction() as session:
            factories.create_account(session, username="tingyu", name="林听雨")

        assert self.found(administrator, " TING ") == ["tingyu"]
        assert self.found(administrator, "听雨") == ["tingyu"]
        assert self.found(administrator, "yu") == []

    @pytest.mark.parametrize("text", ["%", "_", "\\", "\0%"])
    def test_wildcards_are_ordinary_characters(self, administrator: Actor, text: str) -> None:
        assert self.found(administrator, text) == []

    def test_pages_follow_each_other_without_gap_or_repetition(self, administrator: Actor) -> None:
        with transaction() as session:
            made = [factories.create_account(session, username=f"tingyu{number}") for number in range(5)]
        names = [account.username for account in made]

        assert self.found(administrator, "tingyu", limit=2) == names[:2]
        assert self.found(administrator, "tingyu", after_id=made[1].id, limit=2) == names[2:4]
        assert self.found(administrator, "tingyu", after_id=made[3].id, limit=2) == names[4:]

    def test_what_is_found_comes_with_its_roles(self, administrator: Actor) -> None:
        with reading() as session:
            (found,) = accounts.search(session, administrator, "guanli")

        assert [grant.role for grant in found.grants] == [Role.ADMINISTRATOR]


def test_the_language_is_kept_with_the_account(account: Account) -> None:
    token = signing_in.enter()
    with transaction() as session:
        accounts.set_language(session, signing_in.actor_of(token), "en")

    assert signing_in.actor_of(token).language == "en"
    assert refused(accounts.set_language, signing_in.actor_of(token), "xx") is InvalidField


MANAGEMENT: list[Callable[[Session, Actor], object]] = [
    lambda session, actor: accounts.suspend(session, actor, 1),
    lambda session, actor: accounts.reinstate(session, actor, 1),
    lambda session, actor: accounts.search(session, actor),
    lambda session, actor: accounts.roles_of(session, actor, 1),
    lambda session, actor: accounts.create_account(session, actor, username="name", display_name="名"),
    lambda session, actor: accounts.grant(session, actor, 1, Role.ADMINISTRATOR),
    lambda session, actor: accounts.revoke_grant(session, actor, 1),
]


@pytest.mark.parametrize("role", [*(role for role in Role if role is not Role.ADMINISTRATOR), None])
def test_only_administrators_manage_accounts(role: Role | None, account: Account) -> None:
    actor = Actor(account.id, "某人", scopes=(Scope(role),) if role else ())

    assert [refused(service, actor) for service in MANAGEMENT] == [PermissionDenied] * len(MANAGEMENT)


@pytest.mark.parametrize("flag", ["must_change_password", "must_enrol_totp"])
def test_an_administrator_who_has_something_to_do_first_manages_nothing(flag: str, administrator: Actor) -> None:
    actor = replace(administrator, **{flag: True})  # type: ignore[arg-type]  # both are booleans

    assert [refused(service, actor) for service in MANAGEMENT] == [PermissionDenied] * len(MANAGEMENT)
