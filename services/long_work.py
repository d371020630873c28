"""Work in many transactions, and whom it tells how far it has come."""

from collections.abc import Callable

# How many of how many are done.
Progress = Callable[[int, int], None]


def unwatched(_done: int, _total: int) -> None:
    """For work that nobody follows."""
