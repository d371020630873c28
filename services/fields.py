"""What every form asks of its fields: text that prints, lengths that fit, hours with one decimal place."""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from services.errors import N_, InvalidField, LeftOut

LONGEST_NAME = 100
LONGEST_TEXT = 500
_PHONE = re.compile(r"\+?[0-9][0-9 -]{5,18}[0-9]")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_MOST_HOURS = Decimal(1000)


def refuse_blanks(given: Mapping[str, object]) -> None:
    """Raises LeftOut with the labels of everything that is missing, so that nobody is told of one after the other."""
    if blank := [label for label, value in given.items() if value is None or not str(value).strip()]:
        raise LeftOut(blank)


def required_text(field: str, value: str, longest: int = LONGEST_NAME) -> str:
    """Normalised text without surrounding blanks. Raises InvalidField when nothing is left."""
    text = optional_text(field, value, longest)
    if not text:
        raise InvalidField(field, N_("请填写。"))
    return text


def optional_text(field: str, value: str, longest: int = LONGEST_NAME) -> str:
    text = unicodedata.normalize("NFC", value).strip()
    if not text.isprintable() and any(map(_is_invisible, text.replace("\n", ""))):
        raise InvalidField(field, N_("含有不可见字符，请重新输入。"))
    if len(text) > longest:
        raise InvalidField(field, N_("不能超过 %(longest)s 个字。"), longest=longest)
    return text


def row_number(text: str) -> int | None:
    """The number of a row as it was typed or stands in an address, if every database can hold it."""
    return int(text) if text.isdecimal() and len(text) < len(str(2**63)) else None


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Co", "Cs"}


def search_text(text: str) -> str:
    """What a search looks for. No stored text holds NUL, and PostgreSQL refuses to be asked for it."""
    return text.replace("\0", "").strip()


def phone(field: str, value: str) -> str:
    text = required_text(field, unicodedata.normalize("NFKC", value), 20)
    if not _PHONE.fullmatch(text):
        raise InvalidField(field, N_("请填写有效的电话号码，如 13800000000 或 020-00000000。"))
    return text


def email(field: str, value: str) -> str:
    text = required_text(field, value)
    if not _EMAIL.fullmatch(text):
        raise InvalidField(field, N_("请填写有效的电子邮箱，如 name@example.com。"))
    return text


def hours(field: str, value: Decimal | float | str) -> Decimal:
    """A positive number with at most one decimal place, below 1000. Raises InvalidField."""
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        raise InvalidField(field, N_("请填写数字，如 8 或 4.5。")) from None
    if not number.is_finite() or not 0 < number < _MOST_HOURS:
        raise InvalidField(field, N_("应大于 0 且小于 1000。"))
    if number != number.quantize(Decimal("0.1")):
        raise InvalidField(field, N_("最多保留一位小数。"))
    return number.quantize(Decimal("0.1"))
