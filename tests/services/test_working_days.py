"""Deadlines in working days: public holidays are passed over, make-up days count, and an unknown year says so."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services import working_days
from services.working_days import Deadline

pytestmark = pytest.mark.no_database


@pytest.mark.parametrize(
    ("start", "count", "reached"),
    [
        (date(2026, 11, 26), 1, date(2026, 11, 27)),
        (date(2026, 11, 27), 1, date(2026, 11, 30)),  # a weekend
        (date(2026, 9, 30), 1, date(2026, 10, 8)),  # the National Day holidays
        (date(2026, 10, 8), 2, date(2026, 10, 10)),  # a Saturday that makes up for one of them
    ],
)
def test_holidays_are_passed_over_and_days_that_make_up_for_them_count(start: date, count: int, reached: date) -> None:
    assert working_days.after(start, count) == Deadline(reached, is_certain=True)


def test_a_year_that_is_not_known_counts_monday_to_friday_and_says_so() -> None:
    assert working_days.after(date(2099, 12, 31), 1) == Deadline(date(2100, 1, 1), is_certain=False)
    assert working_days.after(date(2099, 10, 2), 1) == Deadline(date(2099, 10, 5), is_certain=False)


@settings(deadline=None)
@given(st.dates(date(2010, 1, 1), date(2030, 1, 1)), st.integers(1, 10))
def test_the_last_day_from_which_the_days_are_over_is_found_back(day: date, count: int) -> None:
    last = working_days.before(day, count)
    assert working_days.after(last, count).day < day
    assert working_days.after(last + timedelta(days=1), count).day >= day
