"""The figures of a place on a dashboard: numbers by their key while they are added up and kept, and what they say."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Select

from db.claims import ActivityType, Category
from services.asked_hours import as_hours

# What adds up numbers for each organisation, in their order.
Query = Select[*tuple[Any, ...]]
Numbers = Mapping[str, int]
MONTHS = range(1, 13)
PER_MILLE = 1000
# Of fewer decided claims a rate says nothing.
LEAST_DECIDED = 10
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Age(StrEnum):
    """How long a claim has waited: up to 3, 7 or 15 days, or longer."""

    DAYS_3 = "days_3"
    DAYS_7 = "days_7"
    DAYS_15 = "days_15"
    LONGER = "longer"


class Count(StrEnum):
    """What is one number of a place; what it means is said by `Figures`."""

    REGISTERED = "registered"
    BOUND = "bound"
    MET_ALL = "met_all"
    CERTIFICATES = "certificates"
    OLDEST_WAITING = "oldest_waiting"
    DECIDED = "decided"
    RETURNED = "returned"
    CLASSES = "classes"
    SEATS = "seats"
    ENROLLED = "enrolled"
    COMPLETED = "completed"
    PRESENT = "present"
    EXPECTED = "expected"


def met(category: Category) -> str:
    return f"met/{category}"


def hours(category: Category) -> str:
    return f"hours/{category}"


def waiting(age: Age) -> str:
    return f"waiting/{age}"


def of_month(month: int, category: Category) -> str:
    return f"month/{month}/{category}"


def of_activity(activity: ActivityType, category: Category) -> str:
    return f"activity/{activity}/{category}"


def claims_of(activity: ActivityType, category: Category) -> str:
    return f"claims/{activity}/{category}"


def moment(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


class Tally:
    """Numbers that are added up; of the oldest moments the earliest is left."""

    def __init__(self) -> None:
        self._numbers: Counter[str] = Counter()

    def add(self, key: str, number: int) -> None:
        if key == Count.OLDEST_WAITING:
            self._numbers[key] = min(number, self._numbers.get(key, number))
        else:
            self._numbers[key] += number

    def take_in(self, other: "Tally") -> None:
        for key, number in other.numbers.items():
            self.add(key, number)

    @property
    def numbers(self) -> dict[str, int]:
        """Without the zeros."""
        return {key: number for key, number in self._numbers.items() if number}


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one place and year.

    `registered` are the people whose employer is of the place, or was their last one, or is asked to become their first
    one; of them `bound` work there, and of those `met` reach what the year asks for in a category, as far as exemptions
    leave it, and `met_all` in every one. `certificates` of the registered are valid. `hours` are those approved by the
    place's employers; claims that are `waiting` wait there or for the second level. `decided` counts what employers
    decided about, and did not take back: let through or, as `returned`, given back or refused.
    `classes` and all after it are about the published classes of the place's providers that were not cancelled:
    `expected` are the registered attendances of those whose result is posted, `present` those who were there.
    """

    registered: int
    bound: int
    met: Mapping[Category, int]
    met_all: int
    hours: Mapping[Category, Decimal]
    certificates: int
    waiting: Mapping[Age, int]
    oldest_waiting: datetime | None
    decided: int
    returned: int
    classes: int
    seats: int
    enrolled: int
    completed: int
    present: int
    expected: int

    @property
    def behind(self) -> int:
        """People who work there and do not reach the requirement."""
        return self.bound - self.met_all

    @property
    def return_rate(self) -> float | None:
        return self.returned / self.decided if self.decided else None

    @property
    def attendance(self) -> float | None:
        return self.present / self.expected if self.expected else None


@dataclass(frozen=True, slots=True)
class MonthHours:
    """Approved hours of what ended in a month, beside the year before; what was learned after the year is December's.

    `last_year` is None for a year that asked for nothing.
    """

    month: int
    category: Category
    hours: Decimal
    last_year: Decimal | None


@dataclass(frozen=True, slots=True)
class ActivityHours:
    """Approved hours, and how many claims they come from."""

    activity: ActivityType
    category: Category
    hours: Decimal
    claims: int


def figures(numbers: Numbers) -> Figures:
    count = {each: numbers.get(each, 0) for each in Count}
    oldest = count.pop(Count.OLDEST_WAITING)
    return Figures(
        met={each: numbers.get(met(each), 0) for each in Category},
        hours={each: as_hours(numbers.get(hours(each), 0)) for each in Category},
        waiting={each: numbers.get(waiting(each), 0) for each in Age},
        oldest_waiting=_EPOCH + oldest * _MICROSECOND if oldest else None,
        **{each.value: number for each, number in count.items()},
    )


def by_month(numbers: Numbers, last_year: Numbers | None) -> Sequence[MonthHours]:
    """Every month and category, those without hours too."""

    def line(month: int, category: Category) -> MonthHours:
        key = of_month(month, category)
        before = None if last_year is None else as_hours(last_year.get(key, 0))
        return MonthHours(month, category, as_hours(numbers.get(key, 0)), before)

    return [line(month, category) for month in MONTHS for category in Category]


def by_activity(numbers: Numbers) -> Sequence[ActivityHours]:
    """Those that there are hours of."""
    return [
        ActivityHours(activity, category, as_hours(tenths), numbers.get(claims_of(activity, category), 0))
        for activity in ActivityType
        for category in Category
        if (tenths := numbers.get(of_activity(activity, category), 0))
    ]


def behind_share(numbers: Numbers) -> int:
    """Tenths of a percent of the staff."""
    bound = numbers.get(Count.BOUND, 0)
    return (bound - numbers.get(Count.MET_ALL, 0)) * PER_MILLE // bound if bound else 0


def return_share(numbers: Numbers) -> int | None:
    """Tenths of a percent of what was decided; None for too few."""
    decided = numbers.get(Count.DECIDED, 0)
    return numbers.get(Count.RETURNED, 0) * PER_MILLE // decided if decided >= LEAST_DECIDED else None
