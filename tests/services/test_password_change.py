"""From an old password to a new one: what it ends, what is refused, and that tries are counted."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise

import pytest
from sqlalchemy.orm import Session

from db import transaction
from db.accounts import Account, Role
from db.session import UnitOfWork
from services import accounts, clock, password_change
from services.errors import DomainError, InvalidField, PermissionDenied, WrongStatus
from services.own_password import WrongPassword
from services.permissions import SYSTEM, Actor, Permission
from services.sessions import TicketRefused
from services.sign_in import WrongCredentials
from services.throttle import TooManyAttempts
from tests import factories, signing_in
from tests.services.acting import last_event
from tests.signing_in import PASSWORD

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
NEW = "Lanhua-Zk83"


@pytest.fixture(autouse=True)
def account() -> Account:
    return signing_in.create_account(Role.PROFESSIONAL)


def change(token: str, old: str, new: str) -> None:
    password_change.change(transaction, signing_in.actor_of(token), old=old, new=new)


def answer(token: str, old: str, new: str) -> type[DomainError] | None:
    try:
        change(token, old, new)
    except DomainError as refusal:
        return type(refusal)
    return None


def interrupted(step: int, act: Callable[[], None]) -> UnitOfWork:
    """Like `transaction`, but the act comes after so many of them."""
    numbers = count()

    def open_() -> AbstractContextManager[Session]:
        if next(numbers) == step:
            act()
        return transaction()

    return open_


def kill() -> None:
    raise KeyboardInterrupt


def test_it_ends_every_other_session_at_once_and_keeps_this_one() -> None:
    here, there = signing_in.enter(), signing_in.enter()
    change(here, PASSWORD, NEW)

    assert signing_in.whose(here)
    assert signing_in.whose(there) is None
    assert last_event().action == "password_change"


def test_only_the_new_password_works_afterwards() -> None:
    change(signing_in.enter(), PASSWORD, NEW)

    with pytest.raises(WrongCredentials):
        signing_in.enter()
    assert signing_in.enter(password=NEW)


def test_it_stops_a_sign_in_on_its_way() -> None:
    ticket = signing_in.get_ticket()
    change(signing_in.enter(), PASSWORD, NEW)

    with pytest.raises(TicketRefused):
        signing_in.redeem(ticket)


def test_who_must_change_it_can_and_may_then_work(account: Account) -> None:
    with transaction() as session:
        session.get_one(Account, account.id).must_change_password = True
    token = signing_in.enter()
    assert signing_in.actor_of(token).permissions == {Permission.PASSWORD_CHANGE}

    change(token, PASSWORD, NEW)
    assert Permission.CLAIM_WRITE in signing_in.actor_of(token).permissions


@pytest.mark.parametrize("same", [PASSWORD, "Ｐilot-2026"])
def test_the_same_password_is_refused(same: str) -> None:
    with pytest.raises(InvalidField, match="不能与现在"):
        change(signing_in.enter(), PASSWORD, same)


def test_the_last_three_are_refused_and_the_fourth_is_not() -> None:
    token, used = signing_in.enter(), [PASSWORD, "Baihe-Qx71", "Hehua-Wv62", "Juhua-Rt53", "Meihua-Yn44"]
    for old, new in pairwise(used):
        change(token, old, new)

    for earlier in used[1:]:
        with pytest.raises(InvalidField, match="不能与现在"):
            change(token, used[-1], earlier)
    change(token, used[-1], PASSWORD)
    assert signing_in.enter()


def test_a_weak_password_is_refused_under_the_label_of_its_field() -> None:
    with pytest.raises(InvalidField) as refusal:
        change(signing_in.enter(), PASSWORD, "Password1!")
    assert refusal.value.field == "新密码"


def test_a_password_made_of_the_own_id_number_is_refused(account: Account) -> None:
    with transaction() as session:
        person = factories.create_person(session, account=session.get_one(Account, account.id))

    with pytest.raises(InvalidField, match="不能含有"):
        change(signing_in.enter(), PASSWORD, f"Zq-{person.birth_date:%Y%m%d}-Kw")


def test_refusals_of_the_new_password_do_not_count_as_guesses_at_the_old_one() -> None:
    token = signing_in.enter()
    for new in ["Password1!", PASSWORD] * 3:
        with pytest.raises(InvalidField):
            change(token, PASSWORD, new)

    change(token, PASSWORD, NEW)
    assert signing_in.enter(password=NEW)


def test_a_try_is_counted_before_it_is_judged() -> None:
    actor = signing_in.actor_of(signing_in.enter())
    for _ in range(5):
        with pytest.raises(KeyboardInterrupt):
            password_change.change(interrupted(1, kill), actor, old=PASSWORD, new=NEW)

    with pytest.raises(TooManyAttempts):
        password_change.change(transaction, actor, old=PASSWORD, new=NEW)


def test_of_many_wrong_tries_at_once_five_are_judged() -> None:
    token = signing_in.enter()
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: answer(token, "wrong", NEW), range(12)))

    assert (answers.count(WrongPassword), answers.count(TooManyAttempts)) == (5, 7)


@pytest.mark.parametrize("step", [1, 2, 3])
def test_it_is_refused_when_the_password_is_reset_meanwhile(step: int, administrator: Actor, account: Account) -> None:
    token, given = signing_in.enter(), []

    def reset() -> None:
        with transaction() as session:
            given.append(accounts.reset_password(session, administrator, account.id))

    with pytest.raises(WrongStatus):
        password_change.change(interrupted(step, reset), signing_in.actor_of(token), old=PASSWORD, new=NEW)
    assert signing_in.enter(password=given[0])


def test_of_two_changes_at_once_one_takes_effect() -> None:
    token, wanted = signing_in.enter(), [NEW, "Baihe-Qx71"]
    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(lambda new: answer(token, PASSWORD, new), wanted))

    assert answers.count(None) == 1
    assert {*answers} <= {None, WrongStatus, WrongPassword}
    assert signing_in.enter(password=wanted[answers.index(None)])


def test_a_wrong_old_password_changes_nothing_and_is_logged() -> None:
    with pytest.raises(WrongPassword):
        change(signing_in.enter(), "wrong", NEW)

    assert signing_in.enter()
    assert "password_change_fail" in signing_in.logged()


def test_five_wrong_old_passwords_close_the_change_and_not_the_sign_in() -> None:
    with clock.at(NOON):
        token = signing_in.enter()
        for _ in range(5):
            with pytest.raises(WrongPassword):
                change(token, "wrong", NEW)
        with pytest.raises(TooManyAttempts):
            change(token, PASSWORD, NEW)
        assert signing_in.enter()


def test_the_change_opens_again_after_fifteen_minutes() -> None:
    with clock.at(NOON):
        token = signing_in.enter()
        for _ in range(5):
            with pytest.raises(WrongPassword):
                change(token, "wrong", NEW)
    with clock.at(NOON + timedelta(minutes=15)):
        change(token, PASSWORD, NEW)
        assert signing_in.enter(password=NEW)


def test_a_locked_sign_in_does_not_close_the_change() -> None:
    token = signing_in.enter()
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            signing_in.get_ticket(password="wrong")

    change(token, PASSWORD, NEW)
    assert last_event().action == "password_change"


def test_nobody_changes_a_password_without_an_account() -> None:
    with pytest.raises(PermissionDenied):
        password_change.change(transaction, SYSTEM, old=PASSWORD, new=NEW)
    assert signing_in.enter()
