"""Every row of a file that was not let in, as it came, with everything that is wrong with it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from db.legacy import LegacyImport
from services import legacy_access, legacy_parts
from services.events import record
from services.permissions import Actor
from services.spreadsheet_cells import Value


class RejectedRow(NamedTuple):
    line: int
    values: Sequence[Value]
    reasons: Sequence[Any]


def take(session: Session, actor: Actor, import_id: int) -> LegacyImport:
    """Note who takes the rows along: ID numbers stand in them in full, as in the file. Raises NotFound."""
    importing = legacy_access.get(session, actor, import_id)
    record(session, actor, "legacy_errors_take", importing, after={"rows": importing.rejected})
    return importing


def of_part(session: Session, actor: Actor, import_id: int, number: int) -> Sequence[RejectedRow]:
    """Those of one part of the file. Raises NotFound."""
    importing = legacy_access.get(session, actor, import_id)
    between = legacy_parts.extent(session, importing, number)
    rejected = legacy_access.rejections(session, actor, import_id, between=between) if between else []
    reasons = {row.line: row.reasons or [] for row in rejected}
    rows = legacy_parts.rows(session, importing, number, reasons) if reasons else []
    return [RejectedRow(row.number, row.values, reasons[row.number]) for row in rows]
