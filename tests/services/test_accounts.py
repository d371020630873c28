"""What owners and administrators do with accounts, and what it ends."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db import reading, transaction
from db.accounts import Account, AccountStatus, Grant, Role
from db.events import Event
from db.people import Binding, BindingStatus
from services import accounts, clock
from services.accounts import LastAdministrator, OwnAccount, WrongPassword
from services.errors import DomainError, InvalidField, NotFound, PermissionDenied, WrongStatus
from services.permissions import SYSTEM, Actor, Permission, Scope
from services.registration import UsernameUnavailable
from services.sessions import TicketRefused
from services.sign_in import WrongCredentials
from services.throttle import TooManyAttempts
from tests import factories, signing_in
from tests.signing_in import PASSWORD

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
NEW = "Lanhua-Zk83"


@pytest.fixture(autouse=True)
def account() -> Account:
    return signing_in.create_account(Role.PROFESSIONAL)


@pytest.fixture
def administrator(account: Account) -> Actor:
    signing_in.create_account(Role.ADMINISTRATOR, username="guanli")
    return signing_in.actor_of(signing_in.enter("guanli"))


def change(token: str, old: str, new: str) -> None:
    with transaction() as session:
        accounts.change_password(session, signing_in.actor_of(token), old=old, new=new)


def stored(account: Account) -> Account:
    with reading() as session:
        return session.get_one(Account, account.id)


def last_event() -> Event:
    with reading() as session:
        return session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()


def refused(act: Callable[..., object], *arguments: object, **named: object) -> type[DomainError] | None:
    try:
        with transaction() as session:
            act(session, *arguments, **named)
    except DomainError as refusal:
        return type(refusal)
    return None


class TestChangingThePassword:
    def test_it_ends_every_other_session_at_once_and_keeps_this_one(self) -> None:
        here, there = signing_in.enter(), signing_in.enter()
        change(here, PASSWORD, NEW)

        assert signing_in.whose(here)
        assert signing_in.whose(there) is None
        assert last_event().action == "password_change"

    def test_only_the_new_password_works_afterwards(self) -> None:
        change(signing_in.enter(), PASSWORD, NEW)

        with pytest.raises(WrongCredentials):
            signing_in.enter()
        assert signing_in.enter(password=NEW)

    def test_it_stops_a_sign_in_on_its_way(self) -> None:
        ticket = signing_in.get_ticket()
        change(signing_in.enter(), PASSWORD, NEW)

        with pytest.raises(TicketRefused):
            signing_in.redeem(ticket)

    def test_who_must_change_it_can_and_may_then_work(self, account: Account) -> None:
        with transaction() as session:
            session.get_one(Account, account.id).must_change_password = True
        token = signing_in.enter()
        assert signing_in.actor_of(token).permissions == {Permission.PASSWORD_CHANGE}

        change(token, PASSWORD, NEW)
        assert Permission.CLAIM_WRITE in signing_in.actor_of(token).permissions

    @pytest.mark.parametrize("same", [PASSWORD, "Ｐilot-2026"])
    def test_the_same_password_is_refused(self, same: str) -> None:
        with pytest.raises(InvalidField, match="不能与现在"):
            change(signing_in.enter(), PASSWORD, same)

    def test_the_last_three_are_refused_and_the_fourth_is_not(self) -> None:
        token, used = signing_in.enter(), [PASSWORD, "Baihe-Qx71", "Hehua-Wv62", "Juhua-Rt53", "Meihua-Yn44"]
        for old, new in pairwise(used):
            change(token, old, new)

        for earlier in used[1:]:
            with pytest.raises(InvalidField, match="不能与现在"):
                change(token, used[-1], earlier)
        change(token, used[-1], PASSWORD)
        assert signing_in.enter()

    def test_a_weak_password_is_refused_under_the_label_of_its_field(self) -> None:
        with pytest.raises(InvalidField) as refusal:
            change(signing_in.enter(), PASSWORD, "Password1!")
        assert refusal.value.field == "新密码"

    def test_a_password_made_of_the_own_id_number_is_refused(self) -> None:
        with transaction() as session:
            person = factories.create_person(session, account=factories.create_account(session))
            owner = factories.actor_for(session, person)
            birthday = f"{person.birth_date:%Y%m%d}"

        with pytest.raises(InvalidField, match="不能含有"), transaction() as session:
            accounts.change_password(session, owner, old=PASSWORD, new=f"Zq-{birthday}-Kw")

    def test_a_wrong_old_password_changes_nothing_and_is_logged(self) -> None:
        with pytest.raises(WrongPassword):
            change(signing_in.enter(), "wrong", NEW)

        assert signing_in.enter()
        assert "password_change_fail" in signing_in.logged()

    def test_five_wrong_old_passwords_close_the_change_and_not_the_sign_in(self) -> None:
        with clock.at(NOON):
            token = signing_in.enter()
            for _ in range(5):
                with pytest.raises(WrongPassword):
                    change(token, "wrong", NEW)
            with pytest.raises(TooManyAttempts):
                change(token, PASSWORD, NEW)
            assert signing_in.enter()

    def test_the_change_opens_again_after_fifteen_minutes(self) -> None:
        with clock.at(NOON):
            token = signing_in.enter()
            for _ in range(5):
                with pytest.raises(WrongPassword):
                    change(token, "wrong", NEW)
        with clock.at(NOON + timedelta(minutes=15)):
            change(token, PASSWORD, NEW)
            assert signing_in.enter(password=NEW)

    def test_a_locked_sign_in_does_not_close_the_change(self) -> None:
        token = signing_in.enter()
        for _ in range(5):
            with pytest.raises(WrongCredentials):
                signing_in.get_ticket(password="wrong")

        change(token, PASSWORD, NEW)
        assert last_event().action == "password_change"


class TestResettingAPassword:
    def reset(self, actor: Actor, account: Account) -> str:
        with transaction() as session:
            return accounts.reset_password(session, actor, account.id)

    def test_it_makes_a_one_time_password_that_must_be_changed(self, administrator: Actor, account: Account) -> None:
        password = self.reset(administrator, account)

        actor = signing_in.actor_of(signing_in.enter(password=password))
        assert actor.permissions == {Permission.PASSWORD_CHANGE}
        with pytest.raises(WrongCredentials):
            signing_in.enter()

    def test_it_ends_all_sessions(self, administrator: Actor, account: Account) -> None:
        tokens = [signing_in.enter(), signing_in.enter(remember=True)]
        self.reset(administrator, account)

        assert [signing_in.whose(token) for token in tokens] == [None, None]

    def test_it_opens_a_locked_account(self, administrator: Actor, account: Account) -> None:
        for _ in range(5):
            with pytest.raises(WrongCredentials):
                signing_in.get_ticket(password="wrong")

        assert signing_in.enter(password=self.reset(administrator, account))

    def test_the_event_names_who_reset_and_holds_no_password(self, administrator: Actor, account: Account) -> None:
        password = self.reset(administrator, account)
        event = last_event()

        assert (event.action, event.actor_id, event.object_id) == (
            "password_reset",
            administrator.account_id,
            account.id,
        )
        assert password not in str((event.before, event.after))

    def test_an_administrator_cannot_reset_the_own_one(self, administrator: Actor) -> None:
        assert refused(accounts.reset_password, administrator, administrator.account_id) is NotFound

    def test_an_employer_resets_for_the_staff_and_for_nobody_else(self) -> None:
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

    def test_former_staff_is_out_of_reach(self) -> None:
        with transaction() as session:
            employer = factories.create_employer(session)
            reviewer = factories.actor_of(session, factories.create_reviewer(session, employer))
            person = factories.create_person(session, employer=employer)
            binding = session.scalars(select(Binding).where(Binding.person_id == person.id)).one()
            binding.status = BindingStatus.ENDED

        assert refused(accounts.reset_password, reviewer, person.account_id) is NotFound

    @pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.ANALYST])
    def test_an_employer_cannot_take_over_staff_that_has_another_role(self, role: Role) -> None:
        with transaction() as session:
            employer = factories.create_employer(session)
            reviewer = factories.actor_of(session, factories.create_reviewer(session, employer))
            person = factories.create_person(session, employer=employer)
            factories.grant(session, session.get_one(Account, person.account_id), role)

        assert refused(accounts.reset_password, reviewer, person.account_id) is NotFound


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


class TestRoles:
    def give(self, actor: Actor, account: Account, role: Role, division: str | None = None) -> Grant:
        with transaction() as session:
            return accounts.grant(session, actor, account.id, role, division=division)

    def roles(self, account: Account) -> set[Role]:
        with reading() as session:
            return set(session.scalars(select(Grant.role).where(Grant.account_id == account.id)))

    def test_a_granted_role_says_who_gave_it(self, administrator: Actor, account: Account) -> None:
        given = self.give(administrator, account, Role.SUPERVISOR, "440104")

        assert (given.division, given.granted_by_id) == ("440104", administrator.account_id)
        assert self.roles(account) == {Role.PROFESSIONAL, Role.SUPERVISOR}
        assert last_event().after == {"role": "supervisor", "division": "440104"}

    def test_granting_twice_grants_once(self, administrator: Actor, account: Account) -> None:
        first, second = (self.give(administrator, account, Role.ANALYST) for _ in range(2))

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
        self, administrator: Actor, account: Account, role: Role, division: str | None
    ) -> None:
        assert refused(accounts.grant, administrator, account.id, role, division=division) is InvalidField

    def test_a_revoked_role_is_gone(self, administrator: Actor, account: Account) -> None:
        given = self.give(administrator, account, Role.ANALYST)
        with transaction() as session:
            accounts.revoke_grant(session, administrator, given.id)

        assert self.roles(account) == {Role.PROFESSIONAL}
        assert last_event().before["role"] == "analyst"

    def test_the_last_administrator_keeps_the_role(self, administrator: Actor, account: Account) -> None:
        with reading() as session:
            own = session.scalars(select(Grant.id).where(Grant.account_id == administrator.account_id)).one()
        assert refused(accounts.revoke_grant, administrator, own) is LastAdministrator

        self.give(administrator, account, Role.ADMINISTRATOR)
        assert refused(accounts.revoke_grant, administrator, own) is None

    def test_a_suspended_administrator_does_not_count_as_one(self, administrator: Actor, account: Account) -> None:
        self.give(administrator, account, Role.ADMINISTRATOR)
        with transaction() as session:
            session.get_one(Account, account.id).status = AccountStatus.SUSPENDED
            own = session.scalars(select(Grant.id).where(Grant.account_id == administrator.account_id)).one()

        assert refused(accounts.revoke_grant, administrator, own) is LastAdministrator

    def test_a_professional_stays_one(self, administrator: Actor, account: Account) -> None:
        with reading() as session:
            grant = session.scalars(select(Grant.id).where(Grant.account_id == account.id)).one()

        assert refused(accounts.revoke_grant, administrator, grant) is InvalidField
        assert refused(accounts.revoke_grant, administrator, 10**9) is NotFound


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
        change(token, password, NEW)

        assert Permission.ACCOUNT_MANAGE in signing_in.actor_of(token).permissions


class TestSearching:
    def found(self, actor: Actor, text: str = "", *, after_id: int = 0, limit: int = 50) -> list[str]:
        with reading() as session:
            rows = accounts.search(session, actor, text, after_id=after_id, limit=limit)
            return [account.username for account in rows]

    def test_by_the_beginning_of_the_user_name_or_any_part_of_the_name(self, administrator: Actor) -> None:
        with transaction() as session:
            factories.create_account(session, username="tingyu", name="林若谷")

        assert self.found(administrator, " TING ") == ["tingyu"]
        assert self.found(administrator, "若谷") == ["tingyu"]
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


def test_nobody_changes_or_resets_a_password_without_an_account(account: Account) -> None:
    assert refused(accounts.change_password, SYSTEM, old=PASSWORD, new=NEW) is PermissionDenied
    assert refused(accounts.reset_password, SYSTEM, account.id) is PermissionDenied
    assert stored(account).must_change_password is False
