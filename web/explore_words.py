"""What the groups and figures of a question are called on the screen and in files."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from db.claims import Category
from db.legacy import LegacyKind, LegacyMatch
from services import divisions
from services.pivots import REST, TOTAL
from services.question_sql import BAND, LAST_BAND
from services.questions import UNKNOWN, Dimension
from services.rules import plain
from web.i18n import _
from web.labels import word


def of_key(dimension: Dimension | None, key: str) -> str:
    """What a group is called; a total and what is not told apart as well."""
    if dimension is None or key == TOTAL:
        return _("合计")
    if key == REST:
        return _("其他")
    if key in ("", UNKNOWN):
        return _("未知")
    named = _NAMED.get(dimension)
    return named(key) if named else key


def _band(key: str) -> str:
    low = int(key)
    return _("%(low)s 及以上") % {"low": low} if low >= LAST_BAND else f"{low}–{low + BAND}"


_NAMED: Mapping[Dimension, Callable[[str], str]] = {
    Dimension.CATEGORY: lambda key: word(Category(key)),
    Dimension.DIVISION: divisions.name,
    Dimension.KIND: lambda key: word(LegacyKind(key)),
    Dimension.MATCHING: lambda key: word(LegacyMatch(key)),
    Dimension.HOURS: _band,
}


def apart(titles: Sequence[str]) -> list[str]:
    """A table has each title once, but an employer may be called like the total."""
    found: list[str] = []
    for title in titles:
        while title in found:
            title += " "
        found.append(title)
    return found


def figure(value: Decimal | int | None) -> str:
    """With separators, and only as many decimals as it has."""
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else f"{Decimal(plain(value)):,}"
