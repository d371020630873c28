"""Why a row of an import was not let in, in the reader's language."""

from collections.abc import Mapping, Sequence
from typing import Any

from db.imports import ImportRow
from db.legacy import LegacyRow
from services.errors import InvalidField
from services.import_verdicts import Reason
from web.i18n import _


def explained(row: ImportRow | LegacyRow) -> str:
    """Everything that is wrong with the row."""
    return in_words(row.reasons or [])


def in_words(reasons: Sequence[Any]) -> str:
    return " ".join(map(_sentence, reasons))


def _sentence(kept: tuple[str, str, Mapping[str, Any]]) -> str:
    reason = Reason(*kept)
    said = _(reason.text) % reason.params
    return _(InvalidField.message) % {"field": _(reason.field), "reason": said} if reason.field else said
