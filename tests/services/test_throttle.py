"""Guessing is slowed down, and nobody but the guesser is."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from db import transaction
from db.accounts import AttemptKind
from services import clock, passwords, throttle
from services.errors import DomainError
from services.sign_in import WrongCredentials
from services.throttle import TooManyAttempts
from tests import signing_in

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
WRONG = "Wrong-2026"


def answer(act: Callable[[], object]) -> type[DomainError] | None:
    try:
        act()
    except DomainError as refusal:
        return type(refusal)
    return None


def attempt(username: str = "mingyue", password: str = WRONG, address: str = "192.0.2.1") -> type[DomainError] | None:
    return answer(lambda: signing_in.get_ticket(username, password, address=address))


def attempts(*minutes: float, username: str = "mingyue") -> list[type[DomainError] | None]:
    """Wrong passwords, so many minutes after noon."""
    answers = []
    for minute in minutes:
        with clock.at(NOON + minute * MINUTE):
            answers.append(attempt(username))
    return answers


def right_after(minutes: float) -> type[DomainError] | None:
    with clock.at(NOON + minutes * MINUTE):
        return attempt(password=signing_in.PASSWORD)


@pytest.fixture(autouse=True)
def _account() -> None:
    signing_in.create_account()


def test_after_five_wrong_passwords_the_right_one_is_refused_too() -> None:
    assert attempts(0, 1, 2, 3, 4) == [WrongCredentials] * 5
    assert right_after(5) is TooManyAttempts


def test_the_lock_is_written_down_once() -> None:
    attempts(0, 1, 2, 3, 4, 5, 6)

    assert signing_in.logged() == ["sign_in_fail"] * 5 + ["sign_in_lock"]


def test_the_lock_ends_fifteen_minutes_after_the_fifth_failure() -> None:
    attempts(0, 3, 6, 9, 12)

    assert right_after(12 + 14.9) is TooManyAttempts
    assert right_after(12 + 15) is None


def test_tries_during_the_lock_do_not_extend_it() -> None:
    attempts(0, 1, 2, 3, 4)

    assert attempts(*range(5, 19)) == [TooManyAttempts] * 14
    assert right_after(19) is None


def test_the_refusal_says_how_many_minutes_to_wait() -> None:
    attempts(0, 1, 2, 3, 4)

    with clock.at(NOON + 10 * MINUTE), pytest.raises(TooManyAttempts) as refusal:
        signing_in.get_ticket()
    assert refusal.value.params == {"minutes": 9}


def test_five_failures_spread_over_more_than_fifteen_minutes_lock_nobody() -> None:
    attempts(0, 4, 8, 12, 16)

    assert right_after(16.1) is None


def test_a_success_resets_the_count() -> None:
    attempts(0, 1, 2, 3)
    assert right_after(4) is None

    assert attempts(5, 6, 7, 8) == [WrongCredentials] * 4
    assert right_after(9) is None


def test_after_the_lock_there_are_five_new_tries() -> None:
    attempts(0, 1, 2, 3, 4)

    assert attempts(19, 20, 21, 22, 23, 24) == [WrongCredentials] * 5 + [TooManyAttempts]


def test_unknown_names_are_counted_alike() -> None:
    assert attempts(0, 1, 2, 3, 4, 5, username="nobody") == [WrongCredentials] * 5 + [TooManyAttempts]


def test_spellings_of_one_name_share_one_count() -> None:
    for name in ("mingyue", " MINGYUE", "MingYue ", "ｍｉｎｇｙｕｅ", "Mingyue"):
        assert attempt(name) is WrongCredentials

    assert attempt("mingyue", signing_in.PASSWORD) is TooManyAttempts


def test_a_hundred_empty_names_lock_nobody() -> None:
    assert {attempt(name) for name in ["", " ", "\t", "\u3000"] * 25} == {WrongCredentials}
    assert attempt(password=signing_in.PASSWORD) is None


@pytest.mark.parametrize("name", ["\0", "ming\0yue", "\ud800", "x" * 10_000, "' OR 1=1 --", "明月"])
def test_names_that_cannot_exist_are_simply_wrong(name: str) -> None:
    assert attempt(name) is WrongCredentials


def test_the_fifty_first_name_from_one_address_is_refused_and_other_addresses_are_free() -> None:
    with clock.at(NOON):
        assert {attempt(f"guess{number}") for number in range(50)} == {WrongCredentials}
        assert attempt("guess50") is TooManyAttempts
        assert attempt(password=signing_in.PASSWORD) is TooManyAttempts
        assert attempt(password=signing_in.PASSWORD, address="198.51.100.7") is None


def test_without_an_address_only_the_name_is_counted() -> None:
    with clock.at(NOON):
        assert {attempt(f"guess{number}", address="") for number in range(51)} == {WrongCredentials}


def test_a_locked_account_is_locked_from_every_address() -> None:
    attempts(0, 1, 2, 3, 4)

    with clock.at(NOON + 5 * MINUTE):
        assert attempt(password=signing_in.PASSWORD, address="198.51.100.7") is TooManyAttempts


def test_twenty_four_simultaneous_tries_lead_to_five_password_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []

    def matches(password: str, _password_hash: str) -> bool:
        checked.append(password)
        return False

    monkeypatch.setattr(passwords, "matches", matches)
    with ThreadPoolExecutor(24) as threads:
        answers = list(threads.map(lambda number: attempt(password=f"guess {number}"), range(24)))

    assert len(checked) == 5
    assert sorted(map(str, answers)) == sorted(map(str, [WrongCredentials] * 5 + [TooManyAttempts] * 19))
    assert signing_in.logged().count("sign_in_lock") == 1


def test_the_table_holds_no_name_that_was_tried() -> None:
    with transaction() as session:
        counted = throttle.count_try(session, AttemptKind.SIGN_IN, throttle.key_for("Hunter2-my-password"), "")

    assert "Hunter2" not in counted.key
    assert len(counted.key) == 64
