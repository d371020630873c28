"""The captcha's answer: unguessable, good for one try, and not for long."""

from datetime import timedelta

import pytest
import streamlit as st

from services import clock
from web import captchas

pytestmark = pytest.mark.no_database
FORM = "form"


@pytest.fixture(autouse=True)
def _state(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {})


def test_the_right_answer_passes_once_in_any_case_and_with_blanks_around_it() -> None:
    answer = captchas.prepare(FORM)
    assert captchas.consume(FORM, f" {answer.lower()} ")
    assert not captchas.consume(FORM, answer)


def test_a_wrong_answer_uses_the_picture_up() -> None:
    answer = captchas.prepare(FORM)
    assert not captchas.consume(FORM, "wrong")
    assert not captchas.consume(FORM, answer)
    assert captchas.prepare(FORM) != answer


def test_an_answer_after_five_minutes_is_refused() -> None:
    answer = captchas.prepare(FORM)
    with clock.at(clock.now() + timedelta(minutes=5, seconds=1)):
        assert not captchas.consume(FORM, answer)


def test_a_picture_stays_while_it_is_fresh_and_is_replaced_when_it_is_old() -> None:
    first = captchas.prepare(FORM)
    assert captchas.prepare(FORM) == first
    with clock.at(clock.now() + timedelta(minutes=6)):
        assert captchas.prepare(FORM) != first
    assert captchas.serial(FORM) == 2


def test_answers_are_five_characters_that_are_not_mistaken_for_each_other() -> None:
    for number in range(50):
        answer = captchas.prepare(f"{FORM}{number}")
        assert len(answer) == 5
        assert set(answer) <= set(captchas.ALPHABET)
    assert not set("01OI") & set(captchas.ALPHABET)


def test_the_answer_is_not_readable_in_the_state() -> None:
    answer = captchas.prepare(FORM)
    assert answer not in str(st.session_state)


def test_an_answer_of_other_scripts_is_wrong_and_no_error() -> None:
    captchas.prepare(FORM)
    assert not captchas.consume(FORM, "验证码")
