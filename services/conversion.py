"""The arithmetic of what one claim can hold: each limit with the sum that leads to it, in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal

from db.activity_rules import ActivityRule, DetailField, Unit
from services import rules
from services.errors import N_, DomainError, Said
from services.rules import plain

TENTH = Decimal("0.1")
CHARACTERS = {Unit.THOUSAND_CHARACTERS: 1000, Unit.TEN_THOUSAND_CHARACTERS: 10000}
CONVERTED = frozenset({Unit.ITEM, *CHARACTERS})
PRODUCTS = {
    Unit.CLOCK: N_("%(number)s 天 × 每天最多 %(rate)s 学时 = %(hours)s 学时"),
    Unit.DAY: N_("%(number)s 天 × %(rate)s = %(hours)s 学时"),
    Unit.ITEM: N_("%(number)s 项 × %(rate)s = %(hours)s 学时"),
    Unit.THOUSAND_CHARACTERS: N_("%(number)s 千字 × %(rate)s = %(hours)s 学时"),
    Unit.TEN_THOUSAND_CHARACTERS: N_("%(number)s 万字 × %(rate)s = %(hours)s 学时"),
}
PER_ITEM = N_("每条记录最多 %(most)s 学时")
PER_YEAR = N_("此类活动每年最多 %(most)s 学时，本年度已有 %(used)s 学时，还可申报 %(left)s 学时")
SUM_AND = N_("%(sum)s；%(further)s")


class MoreThanDaysHold(DomainError):
    message = N_("%(sum)s，填写的 %(hours)s 学时超出了。请核对日期或学时。")


class MoreThanConverted(DomainError):
    message = N_("%(sum)s，填写的 %(hours)s 学时超出了。请核对填写的内容或学时。")


class AboveItemCap(DomainError):
    message = N_("%(sum)s，填写的 %(hours)s 学时超出了。请减少学时。")


class AboveYearlyCap(DomainError):
    message = N_("%(sum)s，填写的 %(hours)s 学时超出了。请减少学时；超出的部分不能计入。")


@dataclass(frozen=True, slots=True)
class Limit:
    """At most these hours; `sum` says why, and whoever wants more is refused with it."""

    most: Decimal
    sum: Said
    refusal: type[DomainError]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a claim says that its hours depend on; what is not known yet is left out."""

    start_on: date | None
    end_on: date | None
    details: Mapping[str, str]

    @property
    def days(self) -> int:
        return rules.days(self.start_on, self.end_on) if self.start_on and self.end_on else 0


def limits(rule: ActivityRule | None, facts: Facts, hours_per_day: Decimal, used: Decimal) -> list[Limit]:
    """All that can be reckoned from the facts, in the order in which they are explained.

    Without a rule only the days count. Hours that were `used` in the same year for the same type leave less of its cap.
    """
    return [
        *_of_its_size(rule, facts, hours_per_day),
        *_of_the_item(rule),
        *_of_the_year(rule, used),
    ]


def _of_its_size(rule: ActivityRule | None, facts: Facts, hours_per_day: Decimal) -> Iterator[Limit]:
    unit, number = rule.unit if rule else Unit.CLOCK, _number(rule, facts)
    if number > 0:
        rate = _rate(rule, facts, hours_per_day)
        hours = (number * rate).quantize(TENTH, ROUND_DOWN)
        figures = {"number": plain(number.normalize()), "rate": plain(rate), "hours": plain(hours)}
        yield Limit(hours, Said(PRODUCTS[unit], figures), MoreThanConverted if unit in CONVERTED else MoreThanDaysHold)


def _rate(rule: ActivityRule | None, facts: Facts, hours_per_day: Decimal) -> Decimal:
    """A day never holds more than the year allows."""
    if rule is None or rule.unit is Unit.CLOCK:
        return hours_per_day
    rate = rate_of(rule, facts.details)
    return min(rate, hours_per_day) if rule.unit is Unit.DAY else rate


def _number(rule: ActivityRule | None, facts: Facts) -> Decimal:
    """How many units there are; 0 as long as nobody has said."""
    if rule is None or rule.unit not in CONVERTED:
        return Decimal(facts.days)
    if rule.unit is Unit.ITEM:
        return Decimal(_counted(facts, DetailField.ITEMS) if DetailField.ITEMS in rule.asks else 1)
    return Decimal(_counted(facts, DetailField.CHARACTERS)) / CHARACTERS[rule.unit]


def _counted(facts: Facts, field: DetailField) -> int:
    return int(facts.details.get(field) or 0)


def rate_of(rule: ActivityRule, details: Mapping[str, str]) -> Decimal:
    """Hours for one unit."""
    grade = details.get(rule.graded_by, "") if rule.graded_by else ""
    return Decimal(rule.grades[grade]) if grade in rule.grades else rule.rate or rules.NONE


def _of_the_item(rule: ActivityRule | None) -> Iterator[Limit]:
    if rule and rule.most_per_item is not None:
        yield Limit(rule.most_per_item, Said(PER_ITEM, {"most": plain(rule.most_per_item)}), AboveItemCap)


def _of_the_year(rule: ActivityRule | None, used: Decimal) -> Iterator[Limit]:
    if rule and rule.most_per_year is not None:
        left = max(rule.most_per_year - used, rules.NONE)
        figures = {"most": plain(rule.most_per_year), "used": plain(used), "left": plain(left)}
        yield Limit(left, Said(PER_YEAR, figures), AboveYearlyCap)


def most(found: Sequence[Limit]) -> Decimal:
    return min(limit.most for limit in found)


def summed_up(found: Sequence[Limit]) -> Said:
    """All sums in one sentence."""
    first, *further = (limit.sum for limit in found)
    for each in further:
        first = Said(SUM_AND, {"sum": first, "further": each})
    return first


def check(found: Sequence[Limit], hours: Decimal) -> None:
    """Raises the refusal of the first limit that the hours exceed, with all sums that lead to it."""
    for number, limit in enumerate(found, 1):
        if hours > limit.most:
            raise limit.refusal(sum=summed_up(found[:number]), hours=plain(hours))
