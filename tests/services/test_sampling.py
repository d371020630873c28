"""Samples: how many, and always the same ones."""

import pytest

from services import sampling

pytestmark = pytest.mark.no_database


@pytest.mark.parametrize(
    ("population", "rate", "at_least", "drawn"),
    [(0, 5, 1, 0), (1, 5, 1, 1), (20, 5, 1, 1), (21, 5, 1, 2), (100, 5, 10, 10), (3, 5, 10, 3), (7, 100, 1, 7)],
)
def test_a_rate_is_rounded_up_and_never_more_than_there_are(
    population: int, rate: int, at_least: int, drawn: int
) -> None:
    assert sampling.size(population, rate, at_least) == drawn


def test_the_same_seed_draws_the_same_in_whatever_order_they_come() -> None:
    assert sampling.pick("a", range(1000), 5) == sampling.pick("a", reversed(range(1000)), 5)
    assert sampling.pick("a", range(1000), 5) != sampling.pick("b", range(1000), 5)


def test_what_is_drawn_does_not_depend_on_the_machine() -> None:
    assert sampling.pick("2026", range(1, 101), 3) == [93, 32, 16]


def test_every_number_is_drawn_about_equally_often() -> None:
    drawn = [number for seed in range(2000) for number in sampling.pick(str(seed), range(10), 1)]
    assert all(150 < drawn.count(number) < 250 for number in range(10))
