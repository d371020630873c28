"""The administrative divisions of GB/T 2260, with the years in which each code was valid."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sqlalchemy import ColumnElement, and_, false, or_
from sqlalchemy.orm import InstrumentedAttribute

CODE_LENGTH = 6
_PROVINCE = re.compile(r'^(\d{2}) province="([^"]+)"')
_COUNTY = re.compile(r'^\s+(\d{4}) county="([^"]+)"')
_PERIOD = re.compile(r"\[(\d*)-(\d*)\]")
# Names that group counties in the standard without being a place one can belong to.
_GROUPING = frozenset({"市辖区", "县", "林区", "省直辖县级行政单位", "自治区直辖县级行政单位"})


@dataclass(frozen=True, slots=True)
class Division:
    """A province, prefecture or county; `current` is false for a code that was withdrawn."""

    code: str
    name: str
    current: bool

    @property
    def level(self) -> int:
        """1 province, 2 prefecture, 3 county."""
        return 1 if self.code.endswith("0000") else 2 if self.code.endswith("00") else 3


@cache
def _table() -> dict[str, Division]:
    """Read once from the table that python-stdnum ships and keeps up to date."""
    table: dict[str, Division] = {}
    province = ""
    for line in files("stdnum.cn").joinpath("loc.dat").read_text(encoding="utf-8").splitlines():
        if match := _PROVINCE.match(line):
            province = match[1]
        elif match := _COUNTY.match(line):
            code = province + match[1]
            table[code] = _division(code, match[2])
    return table


def _division(code: str, entry: str) -> Division:
    last = entry.split(",")[-1]
    period = _PERIOD.match(last)
    return Division(code, _PERIOD.sub("", last), current=period is None or not period[2])


def find(code: str) -> Division | None:
    return _table().get(code)


def can_be_chosen(code: str) -> bool:
    """Only a current code of a real place; retired codes stay readable."""
    division = find(code)
    return division is not None and division.current and division.name not in _GROUPING


def name(code: str) -> str:
    """The full name from the province down, for instance 广东省广州市越秀区."""
    parents = dict.fromkeys((code[:2] + "0000", code[:4] + "00", code))
    found = [division.name for parent in parents if (division := find(parent)) and division.name not in _GROUPING]
    return "".join(found) or code


def below(code: str) -> list[Division]:
    """The places next below that can be chosen, groupings passed over; without a code the provinces."""
    children = sorted(_children().get(code, []), key=lambda division: -division.level)
    # The table forgot to end a few old codes: of two with one name the higher level, then the later code holds.
    return sorted({division.name: division for division in children}.values(), key=lambda division: division.code)


def tree(code: str) -> Iterator[str]:
    """A division and all places below it, from above."""
    yield code
    for place in below(code):
        yield from tree(place.code)


@cache
def _children() -> dict[str, list[Division]]:
    children: dict[str, list[Division]] = defaultdict(list)
    for division in _table().values():
        if can_be_chosen(division.code):
            children[_parent(division.code)].append(division)
    return children


def _parent(code: str) -> str:
    above = (code[:4] + "00", code[:2] + "0000")
    return next((parent for parent in above if parent != code and can_be_chosen(parent)), "")


def upward(code: str) -> list[str]:
    """A division and those above it, the nearest first."""
    parent = _parent(code)
    return [code, *upward(parent)] if parent else [code]


def subtree(code: str) -> list[Division]:
    """The places that can be chosen: a division and all below it, each before those that are below itself."""
    top = [place] if (place := find(code)) and can_be_chosen(code) else []
    return top + [place for child in below(code) for place in subtree(child.code)]


def span(code: str) -> tuple[str, str]:
    """The half-open range of codes that holds a division and all below it."""
    head = code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code
    return code, str(int(head) + 1).ljust(CODE_LENGTH, "0")


def common(code: str, other: str) -> str:
    """The lowest division that holds both, or an empty text for two provinces."""
    above = (code, code[:4] + "00", code[:2] + "0000")
    return next((each for each in above if find(each) and covers(each, other)), "")


def covers(code: str, other: str) -> bool:
    """Whether a division is `code` or below it."""
    low, high = span(code)
    return low <= other < high


def within(column: InstrumentedAttribute[str], code: str) -> ColumnElement[bool]:
    """The condition that a row's division is `code` or below it, in a form an index can answer."""
    low, high = span(code)
    return and_(column >= low, column < high)


def within_any(column: InstrumentedAttribute[str], codes: Iterable[str]) -> ColumnElement[bool]:
    """Likewise for one of several; without any of them no row is meant."""
    return or_(false(), *(within(column, code) for code in codes))
