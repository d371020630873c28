"""The captcha's answer: unguessable, good for one try, and not for long."""

from datetime import timedelta

import pytest
import streamlit as st

from services import clock
from web import captcha

pytestmark = pytest.mark.no_database
FORM = "form"


@pytest.fixture(autouse=True)
def _state(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {})


def test_the_right_answer_passes_once_in_any_case_and_with_blanks_around_it() -> None:
    answer = captcha.prepare(FORM)
    assert captcha.consume(FORM, f" {answer.lower()} ")
    assert not captcha.consume(FORM, answer)


def test_a_wrong_answer_uses_the_picture_up() -> None:
    answer = captcha.prepare(FORM)
    assert not captcha.consume(FORM, "wrong")
    assert not captcha.consume(FORM, answer)
    assert captcha.prepare(FORM) != answer


def test_an_answer_after_five_minutes_is_refused() -> None:
    answer = captcha.prepare(FORM)
    with clock.at(clock.now() + timedelta(minutes=5, seconds=1)):
        assert not captcha.consume(FORM, answer)


def test_a_picture_stays_while_it_is_fresh_and_is_replaced_when_it_is_old() -> None:
    first = captcha.prepare(FORM)
    assert captcha.prepare(FORM) == first
    with clock.at(clock.now() + timedelta(minutes=6)):
        assert captcha.prepare(FORM) != first
    assert captcha.serial(FORM) == 2


def test_answers_are_five_characters_that_are_not_mistaken_for_each_other() -> None:
    for number in range(50):
        answer = captcha.prepare(f"{FORM}{number}")
        assert len(answer) == 5
        assert set(answer) <= set(captcha.ALPHABET)
    assert not set("01OI") & set(captcha.ALPHABET)


def test_the_answer_is_not_readable_in_the_state() -> None:
    answer = captcha.prepare(FORM)
    assert answer not in str(st.session_state)


def test_an_answer_of_other_scripts_is_wrong_and_no_error() -> None:
    captcha.prepare(FORM)
    assert not captcha.consume(FORM, "验证码")
