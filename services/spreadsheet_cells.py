"""What people write into the cells of a spreadsheet, and what they mean by it."""

import re
import unicodedata
from datetime import date, timedelta

from services import fields, identity
from services.clock import today
from services.errors import N_, InvalidField

# As `services.spreadsheets` reads them: a cell that Excel itself shows as a date is a date.
Value = str | float | bool | date

# Excel keeps 15 digits of a number and makes zeros of the others.
_MOST_DIGITS = 10**15
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)
_DAY = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?")
_COMPACT_DAY = re.compile(r"(\d{4})(\d\d)(\d\d)")
_TIME_OF_DAY = re.compile(r"[ T]\d{1,2}:\d\d(:\d\d(\.\d+)?)?")
# Excel counts 1900 as a leap year, so that its days are off by one before March of that year.
_DAY_ZERO = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 61, 2_958_465


def text(value: Value) -> str:
    """What the cell shows, without what nobody sees; a whole number without a decimal point."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float | int):
        is_whole = abs(value) < _MOST_DIGITS and value == int(value)
        return f"{value:.0f}" if is_whole else repr(value).upper()
    return _visible(str(value))


def _visible(shown: str) -> str:
    """Copied cells bring marks of writing direction and joiners along, and blanks that are no blanks."""
    if not shown.isprintable():
        shown = "".join(c for c in shown if unicodedata.category(c) != "Cf")
    return " ".join(shown.split())


def halfwidth(value: Value) -> str:
    """Digits, letters and signs as a keyboard writes them: １３８ becomes 138."""
    shown = text(value)
    return shown if shown.isascii() else unicodedata.normalize("NFKC", shown)


def id_number(value: Value) -> str:
    """Raises InvalidField, also when Excel has already made a rounded number of it."""
    written = halfwidth(value).lstrip("'’‘`").replace(" ", "")
    rounded = not isinstance(value, str | bool | date) and abs(value) >= _MOST_DIGITS
    if rounded or _SCIENTIFIC.fullmatch(written):
        raise InvalidField(
            identity.ID_NUMBER,
            N_("被 Excel 当作数字，后几位已丢失。请先把该列设为“文本”格式，再重新输入完整号码。"),
        )
    return identity.parse(written)


def hours(field: str, value: Value) -> object:
    """Raises InvalidField."""
    return fields.hours(field, halfwidth(value))


def past_day(field: str, value: Value) -> date:
    """A day that has come. Raises InvalidField."""
    if (found := day(field, value)) > today():
        raise InvalidField(field, N_("不能晚于今天。"))
    return found


def day(field: str, value: Value) -> date:
    """A date as Excel keeps it, or as people write it: 2016.3.5, 2016年3月5日, 20160305. Raises InvalidField."""
    if isinstance(value, date):
        return value
    written = _TIME_OF_DAY.sub("", halfwidth(value)).replace(" ", "")
    try:
        if match := _DAY.fullmatch(written) or _COMPACT_DAY.fullmatch(written):
            return date(*map(int, match.groups()))
        if _FIRST_SERIAL <= int(written) <= _LAST_SERIAL:
            return _DAY_ZERO + timedelta(days=int(written))
    except ValueError:
        pass
    raise InvalidField(field, N_("不是有效的日期，请写成 2016-03-05 这样的形式。"))
