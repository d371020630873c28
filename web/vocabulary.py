"""The words of all languages with what they mean, for tables that people fill in."""

from collections.abc import Iterable
from enum import StrEnum
from functools import cache

from db.people import TitleLevel, TitleSeries
from services import hours_import, staff_columns
from services.spreadsheet_cells import halfwidth
from services.spreadsheets import Vocabulary
from web.i18n import LANGUAGES, translate
from web.labels import LABELS

TITLES = {column.title for column in (*staff_columns.COLUMNS, *hours_import.COLUMNS)}
CODES: tuple[type[StrEnum], ...] = (TitleSeries, TitleLevel)


@cache
def vocabulary() -> Vocabulary:
    titles = {word: title for title in TITLES for word in spoken(title)}
    codes = {kind: {word: code for code in kind for word in spoken(LABELS[kind][code].word)} for kind in CODES}
    return Vocabulary(titles, codes)


def spoken(message: str) -> Iterable[str]:
    """How a text reads in each language of the screens."""
    return (halfwidth(translate(message, language)) for language in LANGUAGES)
