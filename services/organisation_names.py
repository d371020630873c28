"""When the names of two organisations are nearly the same, however they are written."""

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property

from services import divisions

# Of the pairs of neighbouring characters that two names have, this part must be common.
ALIKE = Fraction(3, 5)
SHORTEST = 2
_LEGAL_FORM = re.compile(r"(股份有限公司|有限责任公司|有限公司|公司)$")
_BRACKETS = re.compile(r"\(([^()]*)\)")
_LEVEL = re.compile(r"(省|市|地区|盟|(壮族|回族|维吾尔)?自治区|特别行政区)$")
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_NUMBER = re.compile(r"[0-9十百]+")


@dataclass(frozen=True)
class Essence:
    """What a name says besides its city and its legal form; `place` is the county that it names."""

    place: str
    core: str

    @cached_property
    def grams(self) -> frozenset[str]:
        """Every two neighbouring characters; there is always at least one."""
        return frozenset(self.core[at : at + 2] for at in range(max(len(self.core) - 1, 1)))

    @cached_property
    def numbers(self) -> list[str]:
        return _NUMBER.findall(self.core)


def essence(name: str, division: str) -> Essence:
    """Of a name in the division that it is registered in."""
    written = unicodedata.normalize("NFKC", name).upper()
    bracketed = {text for text in _BRACKETS.findall(written) if _is_place(text, division)}
    for text in bracketed:
        written = written.replace(f"({text})", "")
    letters = "".join(filter(str.isalnum, written)) or written
    rest = _without_leading(letters, _wider_places(division))
    place = next((county for county in _counties(division) if rest.startswith(county)), "")
    rest = _shortened(rest, rest.removeprefix(place))
    core = _shortened(rest, _LEGAL_FORM.sub("", rest)).translate(_DIGITS)
    return Essence(place or next(iter(bracketed & _counties(division)), ""), core)


def _is_place(text: str, division: str) -> bool:
    return text in _counties(division) or text in _wider_places(division)


def _without_leading(text: str, places: tuple[str, ...]) -> str:
    """The province and then the city may stand before a name."""
    for place in places:
        text = _shortened(text, text.removeprefix(place))
    return text


def _shortened(text: str, shorter: str) -> str:
    """A name that would be nothing but a place or a legal form stays whole."""
    return shorter if len(shorter) >= SHORTEST else text


@cache
def _wider_places(division: str) -> tuple[str, ...]:
    """Province before city, each first in full and then as it is called for short."""
    found = map(divisions.find, (division[:2] + "0000", division[:4] + "00"))
    names = [place.name for place in found if place and divisions.can_be_chosen(place.code)]
    return tuple(name for full in names for name in (full, _LEVEL.sub("", full)))


@cache
def _counties(division: str) -> frozenset[str]:
    return frozenset(place.name for place in divisions.below(division[:4] + "00"))


def likeness(one: Essence, other: Essence) -> Fraction:
    """0 for names that contradict each other, such as 第一中学 and 第二中学; else the part that they have in common."""
    if _contradict(one, other):
        return Fraction(0)
    return Fraction(2 * len(one.grams & other.grams), len(one.grams) + len(other.grams))


def _contradict(one: Essence, other: Essence) -> bool:
    """A name proper comes first, and what it does comes after it: 晴川建筑工程 has nothing to do with 明月建筑工程."""
    other_place = one.place and other.place and one.place != other.place
    return bool(other_place) or one.numbers != other.numbers or not set(one.core[:2]) & set(other.core[:2])


def least_shared(one: Essence) -> int:
    """How many grams any name has in common with this one that is alike: its own are at least those."""
    needed = ALIKE / (2 - ALIKE) * len(one.grams)
    return -(-needed.numerator // needed.denominator)
