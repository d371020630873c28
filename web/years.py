"""Years as they stand in an address."""

from collections.abc import Iterable, Mapping

YEARS = "years"
DIGITS = 4


def year(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) == DIGITS else None


def years(parameters: Mapping[str, str]) -> list[int]:
    """Each once, newest first."""
    found = map(year, parameters.get(YEARS, "").split("-"))
    return sorted({each for each in found if each is not None}, reverse=True)


def joined(chosen: Iterable[int]) -> str:
    """As `years` reads them, and as they stand in the name of a file."""
    return "-".join(map(str, sorted(chosen)))
