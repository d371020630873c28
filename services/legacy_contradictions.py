"""What is wrong between the cells of an old system's row, each of which makes sense by itself."""

from collections.abc import Iterator
from decimal import Decimal

from db.legacy import LegacyKind
from services.errors import N_, DomainError, InvalidField
from services.legacy_columns import Said
from services.legacy_fields import CATEGORY_HOURS, FIELDS, LegacyField

_HOURS = (LegacyField.HOURS, *CATEGORY_HOURS)
_WHO = (LegacyField.ID_NUMBER, LegacyField.EMPLOYER)


class NobodyNamed(DomainError):
    message = N_("没有证件号码时，须有工作单位，否则无法核对到人。")


class EndsBeforeItBegins(DomainError):
    message = N_("结束日期早于开始日期。")


class SumDiffers(DomainError):
    message = N_("各科目学时之和为 %(sum)s，与学时 %(hours)s 不符。")


def find(kind: LegacyKind, said: Said) -> None:
    """Adds them to the errors; cells that are wrong by themselves are not blamed again."""
    for at in sorted({*_nobodys(said), *_backwards(said), *_uneven(kind, said), *said.errors}):
        wrong = {error.field for error in said.errors.get(at, ()) if isinstance(error, InvalidField)}
        said.blame(at, _of_row(kind, said, at, wrong))


def _of_row(kind: LegacyKind, said: Said, at: int, wrong: set[str]) -> Iterator[DomainError]:
    row = said.row(at)
    if not any(code in row or FIELDS[code].title in wrong for code in _WHO):
        yield NobodyNamed()
    starts_on, ends_on = row.get(LegacyField.STARTS_ON), row.get(LegacyField.ENDS_ON)
    if starts_on and ends_on and ends_on < starts_on:
        yield EndsBeforeItBegins()
    if not wrong & {FIELDS[code].title for code in _HOURS}:
        yield from _wrong_hours(kind, *map(row.get, _HOURS))


def _nobodys(said: Said) -> Iterator[int]:
    return (at for at, who in enumerate(zip(*map(said.column, _WHO), strict=True)) if who == (None, None))


def _backwards(said: Said) -> Iterator[int]:
    days = zip(said.column(LegacyField.STARTS_ON), said.column(LegacyField.ENDS_ON), strict=True)
    return (at for at, (starts_on, ends_on) in enumerate(days) if starts_on and ends_on and ends_on < starts_on)


def _uneven(kind: LegacyKind, said: Said) -> Iterator[int]:
    told = list(zip(*map(said.column, _HOURS), strict=True))
    wrong = {hours for hours in set(told) if any(_wrong_hours(kind, *hours))}
    return (at for at, hours in enumerate(told) if hours in wrong)


def _wrong_hours(kind: LegacyKind, hours: Decimal | None, *of_categories: Decimal | None) -> Iterator[DomainError]:
    parts = [part for part in of_categories if part is not None]
    together = sum(parts, Decimal(0))
    if hours is not None and parts and (together > hours or (len(parts) == len(CATEGORY_HOURS) and together < hours)):
        yield SumDiffers(sum=together, hours=hours)
    elif hours == 0 or (hours is None and kind is LegacyKind.CERTIFICATE and not any(parts)):
        yield InvalidField(FIELDS[LegacyField.HOURS].title, N_("应大于 0。"))
