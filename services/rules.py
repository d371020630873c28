"""The arithmetic of hours: pure functions that statistics, pages and certificates share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from db.claims import Category

NONE = Decimal("0.0")
NOTHING: Mapping[Category, Decimal] = {}


def plain(hours: Decimal) -> str:
    """Hours as people write them: 8, 4.5."""
    return f"{hours:f}".removesuffix(".0")


def days(start: date, end: date) -> int:
    """Calendar days from the first to the last, both counted."""
    return (end - start).days + 1


@dataclass(frozen=True, slots=True)
class Standing:
    """Hours of one category of one year: what is asked for and what has been earned.

    What somebody is exempted from is not asked for any more.
    """

    category: Category
    required: Decimal
    earned: Decimal
    exempted: Decimal = NONE

    @property
    def missing(self) -> Decimal:
        return max(self.required - self.earned, NONE)

    @property
    def met(self) -> bool:
        return self.earned >= self.required


def standings(
    asked: Mapping[Category, Decimal],
    earned: Mapping[Category, Decimal],
    exempted: Mapping[Category, Decimal] = NOTHING,
) -> list[Standing]:
    """One per category in the order general, professional, elective; no surplus moves to another category.

    `asked` is what the year asks for, of which an exemption takes away as much as there is.
    """
    return [
        _standing(category, asked[category], earned.get(category, NONE), exempted.get(category, NONE))
        for category in Category
    ]


def _standing(category: Category, asked: Decimal, earned: Decimal, exempted: Decimal) -> Standing:
    taken = min(asked, exempted)
    return Standing(category, asked - taken, earned, taken)


def all_met(of_a_year: Sequence[Standing]) -> bool:
    return bool(of_a_year) and all(standing.met for standing in of_a_year)
