"""ID numbers that old systems have left in texts, such as the title of a course: masked like any other."""

import re

from services import identity

_DIGITS = str.maketrans("０１２３４５６７８９Ｘｘ", "0123456789Xx")
_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
# Also with a wrong check digit: a slip of the pen leaves the number recognisable.
_NUMBER = re.compile(rf"(?<!\d)(?:\d{{6}}(?:18|19|20)\d\d{_DAY}\d{{3}}[\dXx]|\d{{8}}{_DAY}\d{{3}})(?!\d)", re.ASCII)


def masked(text: str) -> str:
    """The text with all that looks like an ID number of 18 or 15 digits masked, full-width digits included."""
    plain = text.translate(_DIGITS)
    found = list(_NUMBER.finditer(plain))
    for number in reversed(found):
        text = text[: number.start()] + identity.mask(number[0]) + text[number.end() :]
    return text
