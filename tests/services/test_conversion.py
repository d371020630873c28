"""What a claim can hold, and the sum that says why."""

from datetime import date
from decimal import Decimal

import pytest

from db.activity_rules import ActivityRule, DetailField, Unit
from services import conversion
from services.conversion import AboveItemCap, AboveYearlyCap, Facts, MoreThanConverted, MoreThanDaysHold
from services.errors import DomainError
from services.rules import NONE
from web.i18n import explain, speaking

pytestmark = pytest.mark.no_database
EIGHT = Decimal(8)
TWO_DAYS = Facts(date(2026, 5, 11), date(2026, 5, 12), {})


def rule(unit: Unit = Unit.CLOCK, rate: int | None = None, **said: object) -> ActivityRule:
    columns = {"grades": {}, "asks": [], **said}
    return ActivityRule(unit=unit, rate=None if rate is None else Decimal(rate), **columns)


def facts(**details: str) -> Facts:
    return Facts(TWO_DAYS.start_on, TWO_DAYS.start_on, details)


PAPERS = rule(Unit.ITEM, 18, graded_by=DetailField.LEVEL, grades={"national": "24", "city": "4.5"})
BOOKS = rule(Unit.TEN_THOUSAND_CHARACTERS, 5, asks=["characters"])
COURSES = rule(Unit.ITEM, 15, asks=["items"])


@pytest.mark.parametrize(
    ("given", "of", "most", "sum_"),
    [
        (None, TWO_DAYS, 16, "2 天 × 每天最多 8 学时 = 16 学时"),
        (rule(), TWO_DAYS, 16, "2 天 × 每天最多 8 学时 = 16 学时"),
        (rule(Unit.DAY, 4), TWO_DAYS, 8, "2 天 × 4 = 8 学时"),
        (PAPERS, facts(level="provincial"), 18, "1 项 × 18 = 18 学时"),
        (PAPERS, facts(level="national"), 24, "1 项 × 24 = 24 学时"),
        (PAPERS, facts(level="city"), "4.5", "1 项 × 4.5 = 4.5 学时"),
        (COURSES, facts(items="3"), 45, "3 项 × 15 = 45 学时"),
        (BOOKS, facts(characters="120000"), 60, "12 万字 × 5 = 60 学时"),
        (BOOKS, facts(characters="12345"), "6.1", "1.2345 万字 × 5 = 6.1 学时"),
        (rule(Unit.THOUSAND_CHARACTERS, 2), facts(characters="3500"), 7, "3.5 千字 × 2 = 7 学时"),
    ],
)
def test_each_unit_is_multiplied_by_its_rate_and_rounded_down(
    given: ActivityRule | None, of: Facts, most: int | str, sum_: str
) -> None:
    (limit,) = conversion.limits(given, of, EIGHT, NONE)
    assert (limit.most, str(limit.sum)) == (Decimal(most), sum_)


def test_no_day_holds_more_than_the_year_allows() -> None:
    (limit,) = conversion.limits(rule(Unit.DAY, 12), TWO_DAYS, Decimal(6), NONE)
    assert str(limit.sum) == "2 天 × 6 = 12 学时"


def test_a_paper_is_not_bound_by_the_hours_of_its_day() -> None:
    conversion.check(conversion.limits(PAPERS, facts(level="national"), EIGHT, NONE), Decimal(24))


def test_what_is_not_known_yet_limits_nothing() -> None:
    assert conversion.limits(BOOKS, facts(), EIGHT, NONE) == []
    assert conversion.limits(None, Facts(None, None, {}), EIGHT, NONE) == []


def test_the_least_of_all_limits_holds_and_every_sum_is_said() -> None:
    found = conversion.limits(rule(most_per_item=Decimal(12), most_per_year=Decimal(24)), TWO_DAYS, EIGHT, Decimal(18))
    assert conversion.most(found) == 6
    assert str(conversion.summed_up(found)) == (
        "2 天 × 每天最多 8 学时 = 16 学时；每条记录最多 12 学时；"
        "此类活动每年最多 24 学时，本年度已有 18 学时，还可申报 6 学时"
    )


def test_a_cap_that_others_have_passed_leaves_nothing_and_not_less() -> None:
    assert conversion.most(conversion.limits(rule(most_per_year=Decimal(24)), TWO_DAYS, EIGHT, Decimal(30))) == 0


@pytest.mark.parametrize(
    ("given", "used", "hours", "refusal"),
    [
        (None, 0, "16.1", MoreThanDaysHold),
        (rule(Unit.DAY, 4), 0, "8.1", MoreThanDaysHold),
        (rule(Unit.ITEM, 10), 0, "10.1", MoreThanConverted),
        (rule(most_per_item=Decimal(10)), 0, "10.1", AboveItemCap),
        (rule(most_per_year=Decimal(24)), 18, "6.1", AboveYearlyCap),
        (rule(most_per_item=Decimal(10), most_per_year=Decimal(5)), 0, "20", MoreThanDaysHold),
    ],
)
def test_the_first_limit_that_is_passed_refuses(
    given: ActivityRule | None, used: int, hours: str, refusal: type[DomainError]
) -> None:
    found = conversion.limits(given, TWO_DAYS, EIGHT, Decimal(used))
    with pytest.raises(refusal, match=f"填写的 {hours} 学时超出了") as refused:
        conversion.check(found, Decimal(hours))
    assert str(found[0].sum) in str(refused.value)
    conversion.check(found, conversion.most(found))


def test_a_refusal_is_put_into_the_readers_language_down_to_its_last_part() -> None:
    found = conversion.limits(rule(most_per_year=Decimal(24)), TWO_DAYS, EIGHT, Decimal(18))
    with pytest.raises(AboveYearlyCap) as refused:
        conversion.check(found, Decimal(7))
    with speaking("en"):
        assert explain(refused.value) == (
            "Days: 2 × at most 8 hours = 16 hours; "
            "the yearly cap of 24 hours for this type, of which 18 are used, leaves 6: "
            "7 hours are too many. Enter fewer; what lies above the cap cannot count."
        )
