"""Figures of groups of rows, over one dimension or two, with the totals of both."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from db.claims import Category
from db.snapshots import Snapshot
from services import question_sql, snapshot_queries
from services.asked_hours import as_hours
from services.permissions import Actor, Permission, require
from services.question_sql import Condition
from services.questions import Dimension, Measure, Question, words

MOST_ROWS, MOST_COLUMNS = 100, 30
# Those that have any number of groups: the largest are told apart.
OPEN = frozenset({Dimension.EMPLOYER, Dimension.RESULT, Dimension.SYSTEM, Dimension.DIVISION})
# No stored text holds NUL, so these are the keys of no group.
TOTAL, REST = "\0total", "\0rest"
_AVERAGE = Decimal("0.01")
Place = tuple[str, str]


class Figures(NamedTuple):
    """Of a group. People are counted only when they are asked for."""

    rows: int
    hours: Decimal
    people: int | None = None

    def told(self, measure: Measure) -> Decimal | int:
        match measure:
            case Measure.ROWS:
                return self.rows
            case Measure.PEOPLE:
                return self.people or 0
            case Measure.HOURS:
                return self.hours
            case Measure.AVERAGE:
                return (self.hours / self.rows).quantize(_AVERAGE)


@dataclass(frozen=True, slots=True)
class Pivot:
    """`cells` by row and column; under TOTAL those of all rows and of all columns, under REST those not told apart."""

    question: Question
    snapshot: Snapshot
    rows: Sequence[str]
    columns: Sequence[str]
    cells: Mapping[Place, Figures]

    @property
    def total(self) -> Figures | None:
        """None when no row is like this."""
        return self.cells.get((TOTAL, TOTAL))

    def told(self, row: str, column: str) -> Decimal | int | None:
        found = self.cells.get((row, column))
        return found.told(self.question.measure) if found else None

    @property
    def digest(self) -> str:
        """Equal for the same answer to the same question about the same rows, whatever else was counted on the way."""
        measure = self.question.measure
        told = sorted(
            [*place, str(found.rows), str(found.hours), str(found.told(measure))] for place, found in self.cells.items()
        )
        said = [self.snapshot.sha256, words(self.question), told]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def ask(actor: Actor, snapshot: Snapshot, question: Question, *, counting_people: bool = False) -> Pivot:
    """People are counted as well when somebody needs to know, which takes longer than all the rest.

    Raises PermissionDenied, StorageDamaged, StorageUnavailable."""
    require(actor, Permission.LEGACY_EXPLORE)
    cells = _cells(snapshot, question, counting_people or question.measure is Measure.PEOPLE)
    sizes_of_rows = {row: found for (row, column), found in cells.items() if column == TOTAL and row != TOTAL}
    sizes_of_columns = {column: found for (row, column), found in cells.items() if row == TOTAL and column != TOTAL}
    return Pivot(
        question,
        snapshot,
        _in_order(question.rows, sizes_of_rows, question.measure),
        _in_order(question.columns, sizes_of_columns, question.measure) if question.columns else (),
        cells,
    )


def _cells(snapshot: Snapshot, question: Question, counting_people: bool) -> dict[Place, Figures]:
    rows = _key_of(snapshot, question, question.rows, MOST_ROWS)
    columns = _key_of(snapshot, question, question.columns, MOST_COLUMNS) if question.columns else Condition("''", ())
    sets = "(r, c), (r), (c), ()" if question.columns else "(r), ()"
    column = "c, grouping(c)" if question.columns else "'', 1"
    people = "count(DISTINCT person)" if counting_people else "NULL"
    statement = f"""
        SELECT r, grouping(r), {column}, count(*), sum(hours), {people}
        FROM (SELECT {rows.sql} AS r, {columns.sql} AS c, hours, person FROM asked)
        GROUP BY GROUPING SETS ({sets}) HAVING count(*) > 0
    """  # noqa: S608  # our own codes; what somebody typed is among the parameters
    found = snapshot_queries.ask(snapshot.sha256, question, statement, (*rows.parameters, *columns.parameters))
    return {
        (TOTAL if all_rows else row, TOTAL if all_columns else column): Figures(count, as_hours(tenths), people)
        for row, all_rows, column, all_columns, count, tenths, people in found
    }


def _key_of(snapshot: Snapshot, question: Question, dimension: Dimension, most: int) -> Condition:
    """The expression of a group's key; of too many groups all but the largest share one."""
    key = f"CAST({question_sql.group(dimension, question)} AS VARCHAR)"
    if dimension not in OPEN:
        return Condition(key, ())
    size = "sum(hours)" if question.measure is Measure.HOURS else "count(*)"
    statement = f"SELECT {key} AS k FROM asked GROUP BY k ORDER BY {size} DESC, k LIMIT {most + 1}"  # noqa: S608
    largest = [key for (key,) in snapshot_queries.ask(snapshot.sha256, question, statement)]
    if len(largest) <= most:
        return Condition(key, ())
    return Condition(f"CASE WHEN {key} IN (SELECT unnest(?)) THEN {key} ELSE ? END", (largest[:most], REST))


def _in_order(dimension: Dimension, sizes: Mapping[str, Figures], measure: Measure) -> Sequence[str]:
    """Numbers and categories as they count up, all others the largest first, what is not told apart last."""
    if dimension in {Dimension.YEAR, Dimension.HOURS}:
        return sorted(sizes, key=int)
    if dimension is Dimension.CATEGORY:
        return [key for key in (*Category, "") if key in sizes]
    return sorted(sizes, key=lambda key: (key == REST, -sizes[key].told(measure), key))
