"""What the sessions of a class are worth."""

from datetime import date, time
from decimal import Decimal

import pytest

from db.classes import ClassSession
from services import class_hours

pytestmark = pytest.mark.no_database
FIRST, SECOND = date(2026, 7, 6), date(2026, 7, 7)


def held(on: date, begins: tuple[int, int], ends: tuple[int, int]) -> ClassSession:
    return ClassSession(held_on=on, begins=time(*begins), ends=time(*ends))


@pytest.mark.parametrize(
    ("sessions", "hours"),
    [
        ([], "0"),
        ([held(FIRST, (9, 0), (9, 45))], "1"),
        ([held(FIRST, (9, 0), (10, 0))], "1.3"),
        ([held(FIRST, (9, 0), (12, 0)), held(FIRST, (14, 0), (17, 0))], "8"),
        ([held(FIRST, (8, 0), (20, 0))], "8"),
        ([held(FIRST, (8, 0), (20, 0)), held(SECOND, (9, 0), (12, 0))], "12"),
        ([held(FIRST, (9, 0), (9, 4))], "0"),
    ],
)
def test_an_hour_is_45_minutes_and_a_day_has_at_most_eight(sessions: list[ClassSession], hours: str) -> None:
    assert class_hours.allowed(sessions) == Decimal(hours)


def test_what_is_over_is_rounded_down_once_and_not_every_day() -> None:
    short = [held(date(2026, 7, day), (9, 0), (9, 5)) for day in range(1, 10)]
    assert class_hours.allowed(short) == Decimal(1)
