"""One row of the checklist."""

from typing import NamedTuple


class Row(NamedTuple):
    """What is tried and must come of it, and the tests: a path below tests/, and one of its functions."""

    said: str
    tests: tuple[str, ...]


def row(said: str, *tests: str) -> Row:
    return Row(said, tests)
