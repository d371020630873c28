"""Questions as SQL over a snapshot. Whatever somebody has typed goes along as a parameter."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from services import divisions, legacy_cells
from services.asked_hours import tenths
from services.questions import UNKNOWN, Dimension, Question, understood, words

BAND = 8  # hours
LAST_BAND = 120  # and all above
_TENTH = Decimal("0.1")


class Condition(NamedTuple):
    sql: str
    parameters: tuple[object, ...]


def where(question: Question) -> Condition:
    """Beginning with the word itself, so that a further condition can be joined by AND."""
    found = list(_conditions(question))
    joined = " AND ".join(f"({each.sql})" for each in found) or "true"
    return Condition(f"WHERE {joined}", tuple(value for each in found for value in each.parameters))


def _conditions(question: Question) -> Iterator[Condition]:
    if question.division:
        yield _within(question.division)
    for name in ("category", "system", "result"):
        if value := getattr(question, name):
            yield Condition(f"{name} = ?", ("" if value == UNKNOWN else value,))
    if question.employer:
        yield Condition("employer_core = ?", ("" if question.employer == UNKNOWN else question.employer,))
    if question.kind:
        yield Condition("kind = ?", (question.kind.value,))
    if question.matching:
        yield Condition("matching = ?", (question.matching.value,))
    yield from _ranges(question)
    if question.text:
        core = legacy_cells.employer_core(question.text)
        yield Condition("contains(name, ?) OR contains(employer_core, ?)", (question.text, core))


def _within(division: str) -> Condition:
    if division == UNKNOWN:
        return Condition("division = ''", ())
    return Condition("division >= ? AND division < ?", divisions.span(division))


def _ranges(question: Question) -> Iterator[Condition]:
    if question.year_from is not None:
        yield Condition("year >= ?", (question.year_from,))
    if question.year_to is not None:
        yield Condition("year <= ?", (question.year_to,))
    if question.hours_from is not None:
        yield Condition("hours >= ?", (tenths(question.hours_from),))
    if question.hours_to is not None:
        yield Condition("hours <= ?", (tenths(question.hours_to),))


def group(dimension: Dimension, question: Question) -> str:
    """The expression whose values are the keys of the groups; empty for what a row does not say."""
    if dimension is Dimension.DIVISION:
        return _next_below(question.division)
    if dimension is Dimension.HOURS:
        return f"least(hours // {tenths(Decimal(BAND))} * {BAND}, {LAST_BAND})"
    return "employer_core" if dimension is Dimension.EMPLOYER else dimension.value


def _next_below(division: str) -> str:
    place = divisions.find(division)
    if place is None:
        return "CASE division WHEN '' THEN '' ELSE left(division, 2) || '0000' END"
    return "left(division, 4) || '00'" if place.level == 1 else "division"


def narrowed(question: Question, dimension: Dimension, key: str) -> Question:
    """The question about one group alone, which is how one comes to the rows behind a figure."""
    if dimension is Dimension.YEAR:
        return replace(question, year_from=int(key), year_to=int(key))
    if dimension is Dimension.HOURS:
        low = Decimal(key)
        high = None if low >= LAST_BAND else low + BAND - _TENTH
        return replace(
            question, hours_from=_larger(low, question.hours_from), hours_to=_smaller(high, question.hours_to)
        )
    return understood({**words(question), dimension.value: key or UNKNOWN})


def _larger(low: Decimal, other: Decimal | None) -> Decimal:
    return low if other is None else max(low, other)


def _smaller(high: Decimal | None, other: Decimal | None) -> Decimal | None:
    return min((each for each in (high, other) if each is not None), default=None)
