"""The columns of `LegacyRow` that come from what rows of an old system say, and how rows are told from each other."""

import hashlib
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from db.claims import Category
from db.columns import Columns, each
from db.legacy import KEY, LegacyImport, LegacyKind
from services import identity, legacy_cells
from services.legacy_columns import Said
from services.legacy_fields import CATEGORY_HOURS, LegacyField

_SEPARATOR = "\x1f"
# What a row says of its person.
_ABOUT = ("name", "id_number_digest", "birth_year", "employer_core")


def of(importing: LegacyImport, said: Said) -> Columns:
    """Those of rows that nothing is wrong with."""
    told = {**_person(said), **_hours(importing.kind, said), **_rest(said)}
    return {**told, **_keys(importing, told)}


def _person(said: Said) -> Columns:
    numbers, told = said.column(LegacyField.ID_NUMBER), said.column(LegacyField.BIRTH_YEAR)
    digests, masks, born = zip(*each(_by_number, numbers), strict=True) if numbers else ((), (), ())
    employers = _filled(said.column(LegacyField.EMPLOYER))
    return {
        "name": said.column(LegacyField.NAME),
        "id_number_digest": digests,
        "id_number_masked": masks,
        "birth_year": [of_number or year for of_number, year in zip(born, told, strict=True)],
        "employer": employers,
        "employer_core": each(legacy_cells.employer_core, employers),
        "year": said.column(LegacyField.YEAR),
        "category": said.column(LegacyField.CATEGORY),
    }


def _by_number(number: str | None) -> tuple[str | None, str, int | None]:
    """Its digest, how it is shown, and the year of birth."""
    if number is None:
        return None, "", None
    return identity.digest(number), identity.mask(number), int(number[6:10])


def _hours(kind: LegacyKind, said: Said) -> Columns:
    told = [said.column(code) for code in (LegacyField.CATEGORY, LegacyField.HOURS, *CATEGORY_HOURS)]
    rows = each(lambda row: _hours_of_row(kind, *row), list(zip(*told, strict=True)))
    columns = zip(*rows, strict=True) if rows else [()] * 4
    return dict(zip((LegacyField.HOURS.value, *CATEGORY_HOURS), columns, strict=True))


def _hours_of_row(
    kind: LegacyKind, category: Category | None, hours: Decimal | None, *of_categories: Decimal | None
) -> tuple[Decimal | None, ...]:
    """All together, then of each category: those of a record are of its own."""
    if kind is LegacyKind.RECORD:
        return hours, *(hours if code.value == category else None for code in CATEGORY_HOURS)
    together = sum((part for part in of_categories if part), Decimal(0))
    return together if hours is None else hours, *of_categories


def _rest(said: Said) -> Columns:
    return {
        "number": _filled(said.column(LegacyField.NUMBER)),
        "title": _filled(said.column(LegacyField.TITLE)),
        "starts_on": said.column(LegacyField.STARTS_ON),
        "ends_on": said.column(LegacyField.ENDS_ON),
        "approved_on": said.column(LegacyField.APPROVED_ON),
        "result": _filled(said.column(LegacyField.RESULT)),
    }


def _filled(texts: Sequence[str | None]) -> list[str]:
    return [text or "" for text in texts]


def _keys(importing: LegacyImport, told: Columns) -> Columns:
    """Rows that say the same have the same content, and certificates with the same number the same key."""
    content = _digests((importing.system_id, importing.kind), told.values())
    of_number = importing.kind is LegacyKind.CERTIFICATE
    return {
        "key": _digests((importing.system_id, importing.kind), [told["number"]]) if of_number else content,
        "content": content,
        # Not a part of the content, from which it follows.
        "about": _digests((importing.system_id,), [told[name] for name in _ABOUT]),
    }


def _digests(heads: Iterable[object], columns: Iterable[Sequence[Any]]) -> list[str]:
    head = _SEPARATOR.join([*map(str, heads), ""])
    rows = map(_SEPARATOR.join, zip(*(each(str, column) for column in columns), strict=True))
    return [hashlib.sha256((head + row).encode()).hexdigest()[:KEY] for row in rows]
