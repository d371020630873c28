"""No ID number stays readable in a text, wherever in it and however it is written."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services import identity
from services.masking import masked
from tests import factories

pytestmark = pytest.mark.no_database

NUMBERS = st.integers(0, 50_000).map(factories.invented_id_number)
FIRST_GENERATION = NUMBERS.map(lambda number: number[:6] + number[8:17])
FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
WIDE = (NUMBERS | FIRST_GENERATION).map(lambda number: number.translate(FULL_WIDTH))
MISTYPED = NUMBERS.map(lambda number: number[:17] + ("1" if number[17] != "1" else "2"))
WORDS = st.text(st.sampled_from("课程第期（）:：-，。林晓ab "), max_size=12)
LONG_RUN = re.compile(r"\d{12,}")


@given(WORDS, NUMBERS | FIRST_GENERATION | WIDE | MISTYPED, WORDS, st.none() | NUMBERS)
@settings(deadline=None)
def test_whatever_stands_around_it_is_kept_and_the_number_is_not(
    before: str, number: str, after: str, another: str | None
) -> None:
    text = before + number + after + (f"、{another}" if another else "")
    shown = masked(text)
    assert not LONG_RUN.search(shown)
    assert shown.startswith(before)
    assert len(shown) == len(text)
    assert masked(shown) == shown


@given(WORDS)
@settings(deadline=None)
def test_what_holds_no_number_stays_as_it_is(text: str) -> None:
    assert masked(text) == text


@pytest.mark.parametrize("text", ["粤继教20160000123", "2016年第1234567890号", "课程4401031990", "1" * 30])
def test_other_numbers_stay_as_they_are(text: str) -> None:
    assert masked(text) == text


def test_it_looks_like_any_other_masked_number() -> None:
    number = factories.invented_id_number(7)
    assert masked(f"学员{number}的课程") == f"学员{identity.mask(number)}的课程"
