"""What old systems write into their cells: looser than what people fill into our own lists."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache

from db.claims import Category
from services import fields, identity, spreadsheet_cells
from services.clock import today
from services.errors import N_, InvalidField
from services.spreadsheet_cells import Value, halfwidth, text

FIRST_YEAR, FIRST_BIRTH_YEAR = 1985, 1900
# Employers, of which each has many rows.
KEPT = 10_000
CATEGORIES: Mapping[str, Category] = {
    **dict.fromkeys(("公需", "公需科目", "公需课", "公需课程", "公需学时", "公共科目", "公修"), Category.GENERAL),
    **dict.fromkeys(("专业", "专业科目", "专业课", "专业课程", "专业学时", "必修"), Category.PROFESSIONAL),
    **dict.fromkeys(("选修", "选修科目", "选修课", "选修课程", "选修学时", "个人选修"), Category.ELECTIVE),
}
_NO_HOURS = frozenset({"-", "--", "—", "/", "无", "0", "0.0", "0.00"})
_UNIT = re.compile(r"(个)?(学时|课时|小时|h)$", re.IGNORECASE)
_YEAR = re.compile(r"(\d{4})(年度|年|度)?")
_FULLWIDTH = str.maketrans("()", "（）")
_QUOTES = "'’‘`"
_HAN = re.compile(r"[\u3400-\u9fff·•]+")


def id_number(value: Value) -> str:
    """The 18 digits, also of a number that has 15. Raises InvalidField."""
    if isinstance(value, str) and identity.is_plainly_valid(value):
        return value
    written = halfwidth(value).strip(_QUOTES).replace(" ", "")
    if len(written) == identity.FIRST_GENERATION_LENGTH and written.isascii() and written.isdigit():
        return identity.parse(identity.lengthened(written))
    return spreadsheet_cells.id_number(value)


def name(field: str, value: Value) -> str:
    """Without the blanks that fill two characters up to three, as in 张　三. Raises InvalidField."""
    written = text(value)
    joined = written.replace(" ", "")
    return fields.required_text(field, joined if _HAN.fullmatch(joined) else written)


def code(field: str, value: Value) -> str:
    """A number such as that of a certificate. Raises InvalidField."""
    return fields.optional_text(field, halfwidth(value).replace(" ", "").upper())


def short_text(field: str, value: Value) -> str:
    return fields.optional_text(field, text(value))


def long_text(field: str, value: Value) -> str:
    return fields.optional_text(field, text(value), fields.LONGEST_TEXT)


def year(field: str, value: Value) -> int:
    """2016, ２０１６, 2016年, 2016年度. Raises InvalidField."""
    match = _YEAR.fullmatch(halfwidth(value).replace(" ", ""))
    if match is None or not FIRST_YEAR <= int(match[1]) <= today().year:
        raise InvalidField(field, N_("应为 %(first)s 年以来的四位年份，如 2016。"), first=FIRST_YEAR)
    return int(match[1])


def category(field: str, value: Value) -> Category:
    found = CATEGORIES.get(halfwidth(value).replace(" ", ""))
    if found is None:
        raise InvalidField(field, N_("不是公需、专业或选修科目。"))
    return found


def hours(field: str, value: Value) -> Decimal:
    """24, 24.0, ２４, 24学时; 0 where the system writes a dash for none. Raises InvalidField."""
    written = _UNIT.sub("", halfwidth(value).replace(" ", ""))
    return Decimal(0) if written in _NO_HOURS else fields.hours(field, written)


def day(field: str, value: Value) -> date:
    """Raises InvalidField, also for a day that has not come or lies before there were such records."""
    found = spreadsheet_cells.day(field, value)
    if not date(FIRST_YEAR, 1, 1) <= found <= today():
        raise InvalidField(field, N_("应在 %(first)s 年以后，且不晚于今天。"), first=FIRST_YEAR)
    return found


def birth_year(field: str, value: Value) -> int:
    """Of a date of birth, or the year alone. Raises InvalidField."""
    match = _YEAR.fullmatch(halfwidth(value).replace(" ", ""))
    found = int(match[1]) if match else spreadsheet_cells.day(field, value).year
    if not FIRST_BIRTH_YEAR <= found <= today().year:
        raise InvalidField(field, N_("不是有效的出生日期。"))
    return found


@lru_cache(KEPT)
def employer_core(written: str) -> str:
    """How employers are compared: width, case and blanks do not tell two of them apart."""
    return halfwidth(written).replace(" ", "").upper()


def employer_spellings(core: str) -> tuple[str, str]:
    """How the same name may be registered: with the brackets of either keyboard."""
    return core, core.translate(_FULLWIDTH)
