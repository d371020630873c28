"""Questions about the rows of old systems: which rows, counted how, and the words for both that an address holds."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar

from db.claims import Category
from db.legacy import LegacyKind, LegacyMatch
from services import divisions
from services.fields import search_text

# Stands for rows that say nothing about a thing: as a key of a group and as a filter.
UNKNOWN = "-"
MOST_YEAR = 9999
MOST_HOURS = Decimal("999.9")
LONGEST = 100
Code = TypeVar("Code", bound=StrEnum)


class Dimension(StrEnum):
    """What rows are grouped by. Divisions are those next below the one that is asked for."""

    YEAR = "year"
    DIVISION = "division"
    CATEGORY = "category"
    KIND = "kind"
    SYSTEM = "system"
    MATCHING = "matching"
    EMPLOYER = "employer"
    HOURS = "hours"
    RESULT = "result"


class Measure(StrEnum):
    """What is told of each group; hours on average are those of a row."""

    ROWS = "rows"
    PEOPLE = "people"
    HOURS = "hours"
    AVERAGE = "average"


class Chart(StrEnum):
    """How a question is looked at."""

    TIME = "time"
    DIVISIONS = "divisions"
    DISTRIBUTION = "distribution"
    EMPLOYERS = "employers"
    COMPLETION = "completion"
    PIVOT = "pivot"


@dataclass(frozen=True, slots=True)
class Question:
    """Empty is everything.

    `employer` is one employer as rows are compared by it, `text` a part of somebody's name or of an employer's.
    """

    division: str = ""
    year_from: int | None = None
    year_to: int | None = None
    category: str = ""
    kind: LegacyKind | None = None
    system: str = ""
    matching: LegacyMatch | None = None
    employer: str = ""
    result: str = ""
    hours_from: Decimal | None = None
    hours_to: Decimal | None = None
    text: str = ""
    chart: Chart = Chart.TIME
    rows: Dimension = Dimension.YEAR
    columns: Dimension | None = None
    measure: Measure = Measure.ROWS


# What a chart groups by, whatever else is asked for; completion is counted by itself.
CHARTED: Mapping[Chart, tuple[Dimension, Dimension | None]] = {
    Chart.TIME: (Dimension.YEAR, Dimension.CATEGORY),
    Chart.DIVISIONS: (Dimension.DIVISION, None),
    Chart.DISTRIBUTION: (Dimension.HOURS, None),
    Chart.EMPLOYERS: (Dimension.EMPLOYER, None),
    Chart.COMPLETION: (Dimension.YEAR, None),
}
# What narrows the rows down, apart from how they are looked at.
NAMES = tuple(each.name for each in fields(Question))
FILTERS = NAMES[: NAMES.index("chart")]


def words(question: Question) -> dict[str, str]:
    """Only what differs from the question about everything; the same question always in the same words."""
    said = asdict(question).items()
    return {name: str(value) for name, value in said if value != getattr(EVERYTHING, name)}


def charted(question: Question) -> Question:
    """Grouped as its chart shows it."""
    rows, columns = CHARTED.get(question.chart, (question.rows, question.columns))
    return replace(question, rows=rows, columns=None if columns is rows else columns)


def widened(question: Question) -> Question:
    """Looked at likewise, about all rows."""
    return replace(question, **{name: getattr(EVERYTHING, name) for name in FILTERS})


def without_ranking(question: Question) -> Question:
    """One employer alone is no ranking: it is looked at over the years."""
    alone = question.chart is Chart.EMPLOYERS and question.employer
    return replace(question, chart=Chart.TIME) if alone else question


def understood(given: Mapping[str, Any]) -> Question:
    """What makes no sense is left out: anybody can type an address."""
    said = {name: str(given[name]) for name in _READERS if isinstance(given.get(name), str | int)}
    read = {name: _READERS[name](value) for name, value in said.items()}
    return replace(EVERYTHING, **{name: value for name, value in read.items() if value is not None})


def _code(kind: type[Code]) -> Any:
    return lambda given: next((code for code in kind if code == given), None)


def _text(given: str) -> str:
    return search_text(given)[:LONGEST]


def _division(given: str) -> str | None:
    return given if given == UNKNOWN or divisions.find(given) else None


def _year(given: str) -> int | None:
    return int(given) if given.isdecimal() and given.isascii() and int(given[:5]) <= MOST_YEAR else None


def _hours(given: str) -> Decimal | None:
    try:
        hours = Decimal(given)
    except InvalidOperation:
        return None
    return hours.quantize(Decimal("0.1")) if hours.is_finite() and 0 <= hours <= MOST_HOURS else None


def _category(given: str) -> str | None:
    return given if given == UNKNOWN or given in set(Category) else None


_READERS: Mapping[str, Any] = {
    "division": _division,
    "year_from": _year,
    "year_to": _year,
    "category": _category,
    "kind": _code(LegacyKind),
    "system": _text,
    "matching": _code(LegacyMatch),
    "employer": _text,
    "result": _text,
    "hours_from": _hours,
    "hours_to": _hours,
    "text": _text,
    "chart": _code(Chart),
    "rows": _code(Dimension),
    "columns": _code(Dimension),
    "measure": _code(Measure),
}
EVERYTHING = Question()
