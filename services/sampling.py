"""Which rows are drawn, by a seed that is written down, so that anybody can draw the same ones again."""

import heapq
from collections.abc import Iterable
from hashlib import sha256


def size(population: int, rate: int, at_least: int) -> int:
    """How many are drawn at a rate in percent, rounded up."""
    return min(population, max(at_least, -(-population * rate // 100)))


def pick(seed: str, numbers: Iterable[int], count: int) -> list[int]:
    """Everybody draws a lot, and the lowest lots are taken: in whatever order the numbers come, the same ones win."""
    return heapq.nsmallest(count, numbers, key=lambda number: sha256(f"{seed}/{number}".encode()).digest())
