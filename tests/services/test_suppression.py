"""Small groups stay away from a table, and nobody can work them out from what is left."""

import itertools
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.pivots import TOTAL, Place
from services.suppression import FEWEST, left_out

pytestmark = pytest.mark.no_database

COUNTS = st.integers(0, 12)
TABLES = st.integers(1, 5).flatmap(
    lambda width: st.lists(st.lists(COUNTS, min_size=width, max_size=width), min_size=1, max_size=6)
)
UNHURRIED = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))


def with_totals(table: list[list[int]], *, columns: bool = True) -> dict[Place, int]:
    """Groups of nobody are not in a table; every total counts everybody once."""
    cells = {(f"r{r}", f"c{c}"): count for r, row in enumerate(table) for c, count in enumerate(row) if count}
    found: dict[Place, int] = dict(cells) if columns else {}
    for (row, column), count in cells.items():
        for total in [(row, TOTAL), *([(TOTAL, column)] if columns else []), (TOTAL, TOTAL)]:
            found[total] = found.get(total, 0) + count
    return found


def lines(people: Mapping[Place, int], *, columns: bool) -> list[tuple[set[Place], Place]]:
    """The places that add up to a total, and the total."""
    rows, named = {row for row, _ in people}, {column for _, column in people}
    found = [({(row, column) for row in rows - {TOTAL}} & set(people), (TOTAL, column)) for column in named]
    if columns:
        found += [({(row, column) for column in named - {TOTAL}} & set(people), (row, TOTAL)) for row in rows]
    return found


def can_be_worked_out(people: Mapping[Place, int], hidden: set[Place], *, columns: bool) -> set[Place]:
    """By linear algebra: those of the hidden on which all solutions of the sums agree."""
    unknown = sorted(hidden)
    if not unknown:
        return set()
    sums = np.array(
        [[(place in parts) - (place == total) for place in unknown] for parts, total in lines(people, columns=columns)],
        dtype=float,
    )
    rank = np.linalg.matrix_rank(sums)
    return {
        place
        for place, row in zip(unknown, np.eye(len(unknown)), strict=True)
        if np.linalg.matrix_rank(np.vstack([sums, row])) == rank
    }


@pytest.mark.parametrize("columns", [True, False])
def test_no_small_group_is_shown_and_none_can_be_worked_out(columns: bool) -> None:
    @UNHURRIED
    @given(TABLES)
    def check(table: list[list[int]]) -> None:
        people = with_totals(table, columns=columns)
        hidden = left_out(people, columns=columns)
        assert {place for place, count in people.items() if count < FEWEST} <= hidden
        assert not can_be_worked_out(people, hidden, columns=columns)

    check()


@pytest.mark.parametrize("columns", [True, False])
def test_what_a_line_leaves_out_is_never_about_few_people_altogether(columns: bool) -> None:
    """The people of two small groups may be the same ones."""

    @UNHURRIED
    @given(TABLES)
    def check(table: list[list[int]]) -> None:
        people = with_totals(table, columns=columns)
        hidden = left_out(people, columns=columns)
        for parts, total in lines(people, columns=columns):
            away = parts & hidden
            assert not away or total in hidden or max(people[place] for place in away) >= FEWEST

    check()


def test_where_all_groups_are_large_nothing_is_left_out() -> None:
    assert left_out(with_totals([[5, 9], [7, 30]]), columns=True) == set()


def test_beside_a_small_group_the_smallest_others_go() -> None:
    people = with_totals([[1, 20, 30], [9, 40, 50], [60, 70, 80]])
    corners = itertools.product(("r0", "r1"), ("c0", "c1"))
    assert left_out(people, columns=True) == set(corners)


def test_the_only_group_takes_its_totals_along() -> None:
    people = with_totals([[3]])
    assert left_out(people, columns=True) == set(people)


def test_a_large_table_is_dealt_with_in_a_moment() -> None:
    table = [[(7 * row + 3 * column) % 40 + 1 for column in range(30)] for row in range(100)]
    people = with_totals(table)
    hidden = left_out(people, columns=True)
    assert {place for place, count in people.items() if count < FEWEST} < hidden < set(people)
