"""What attendance earns: the share of the class's hours, in half hours rounded down."""

from datetime import date, time
from decimal import Decimal

import pytest

from db.classes import ClassSession, CourseClass
from services import class_hours

pytestmark = pytest.mark.no_database
DAY = date(2026, 3, 2)


def held(hours: str, *minutes: int, percent: int = 1, has_exam: bool = False) -> CourseClass:
    """A class with sessions of so many minutes, numbered from 1."""
    sessions = [
        ClassSession(id=number, held_on=DAY.replace(day=number), begins=time(8), ends=time(8 + long // 60, long % 60))
        for number, long in enumerate(minutes, 1)
    ]
    return CourseClass(hours=Decimal(hours), attendance_needed=percent, has_exam=has_exam, sessions=sessions)


@pytest.mark.parametrize(
    ("hours", "minutes", "present", "earned"),
    [
        ("8", (180, 180), {1, 2}, "8"),
        ("8", (180, 180), {1}, "4"),
        ("8", (180, 90), {2}, "2.5"),  # a third of eight
        ("8", (180, 90), {1}, "5"),  # two thirds of eight
        ("7.3", (180, 180), {1, 2}, "7.3"),
        ("7.3", (180, 180), {2}, "3.5"),
        ("0.5", (180, 180), {1}, "0"),
        ("8", (180, 180), set(), "0"),
        ("8", (180, 180), {7}, "0"),  # a session of another class
    ],
)
def test_hours_follow_the_attended_time(hours: str, minutes: tuple[int, ...], present: set[int], earned: str) -> None:
    assert class_hours.earned(held(hours, *minutes), present) == Decimal(earned)


@pytest.mark.parametrize(("percent", "earned"), [(66, "5"), (67, "0"), (100, "0")])
def test_less_attendance_than_is_asked_for_earns_nothing(percent: int, earned: str) -> None:
    assert class_hours.earned(held("8", 180, 90, percent=percent), {1}) == Decimal(earned)


@pytest.mark.parametrize(("passed", "earned"), [(True, "8"), (False, "0"), (None, "0")])
def test_a_class_with_an_exam_is_to_be_passed(passed: bool | None, earned: str) -> None:
    assert class_hours.earned(held("8", 180, has_exam=True), {1}, passed=passed) == Decimal(earned)


def test_without_an_exam_no_result_matters() -> None:
    assert class_hours.earned(held("8", 180), {1}, passed=False) == Decimal(8)
