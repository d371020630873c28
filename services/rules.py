"""The arithmetic of hours: pure functions that statistics, pages and certificates share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from db.claims import Category

NONE = Decimal("0.0")


def plain(hours: Decimal) -> str:
    """Hours as people write them: 8, 4.5."""
    return f"{hours:f}".removesuffix(".0")


def days(start: date, end: date) -> int:
    """Calendar days from the first to the last, both counted."""
    return (end - start).days + 1


def day_cap(start: date, end: date, hours_per_day: Decimal) -> Decimal:
    """The most hours that the dates can hold (GD-2023: 8 a day; before 2021: 6)."""
    return hours_per_day * days(start, end)


@dataclass(frozen=True, slots=True)
class Standing:
    """Hours of one category of one year: what is asked for and what has been earned."""

    category: Category
    required: Decimal
    earned: Decimal

    @property
    def missing(self) -> Decimal:
        return max(self.required - self.earned, NONE)

    @property
    def met(self) -> bool:
        return self.earned >= self.required


def standings(required: Mapping[Category, Decimal], earned: Mapping[Category, Decimal]) -> list[Standing]:
    """One per category in the order general, professional, elective; no surplus moves to another category."""
    return [Standing(category, required[category], earned.get(category, NONE)) for category in Category]


def all_met(of_a_year: Sequence[Standing]) -> bool:
    return bool(of_a_year) and all(standing.met for standing in of_a_year)
