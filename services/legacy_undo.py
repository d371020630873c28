"""Taking back an import of an old system's file: all of it, with the file, so that it can be imported once more."""

from datetime import timedelta

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session, aliased

from db.legacy import LegacyImport, LegacyImportStatus, LegacyOutcome, LegacyPart, LegacyRow, LegacyTrial
from db.session import UnitOfWork
from services import legacy_access, legacy_settling
from services.clock import now
from services.errors import N_, DomainError, WrongStatus
from services.events import record
from services.long_work import Progress, unwatched
from services.permissions import Actor

BATCH = 5000
UNUSED_KEPT = timedelta(days=7)
UNUSED = frozenset(
    {
        LegacyImportStatus.RECEIVING,
        LegacyImportStatus.RECEIVED,
        LegacyImportStatus.CHECKING,
        LegacyImportStatus.CHECKED,
    }
)
UNDOABLE = frozenset(LegacyImportStatus) - {LegacyImportStatus.UNDONE}


class RowsElsewhere(DomainError):
    message = N_("以后导入的文件“%(file)s”中有与本文件相同的记录，只保留了本文件的。请先撤销那次导入，再撤销这次。")


def undo(transaction: UnitOfWork, actor: Actor, import_id: int, *, on_progress: Progress = unwatched) -> None:
    """In batches: whoever asks again goes on. Raises NotFound, WrongStatus, RowsElsewhere."""
    with transaction() as session:
        total = _begin(session, actor, import_id).row_count
    done, more = 0, True
    while more:
        with transaction() as session:
            taken = _undo_some(session, actor, import_id)
        done, more = done + taken, taken > 0
        on_progress(min(done, total), total)


def _begin(session: Session, actor: Actor, import_id: int) -> LegacyImport:
    importing = legacy_access.get_to_change(session, actor, import_id)
    if importing.status not in UNDOABLE:
        raise WrongStatus
    legacy_settling.hold_rows(session)
    _refuse_used_elsewhere(session, importing)
    importing.status = LegacyImportStatus.UNDOING
    return importing


def _refuse_used_elsewhere(session: Session, importing: LegacyImport) -> None:
    """Their own rows would be gone with ours."""
    ours = aliased(LegacyRow)
    named = select(LegacyImport.file_name).join(LegacyRow, LegacyRow.import_id == LegacyImport.id)
    named = named.join(ours, ours.id == LegacyRow.duplicate_of_id)
    elsewhere = named.where(ours.import_id == importing.id, LegacyRow.import_id != importing.id).limit(1)
    if (file := session.scalar(elsewhere)) is not None:
        raise RowsElsewhere(file=file)


def _undo_some(session: Session, actor: Actor, import_id: int) -> int:
    """How many rows are gone; 0 when all are, and the import is undone."""
    importing = legacy_access.get_to_change(session, actor, import_id)
    if importing.status is LegacyImportStatus.UNDONE:
        return 0
    taken = _delete_rows(session, importing)
    if not taken:
        for table in (LegacyPart, LegacyTrial):
            session.execute(delete(table).where(table.import_id == importing.id))
        legacy_settling.settle_duplicates(session)
        importing.status, importing.undone_at = LegacyImportStatus.UNDONE, now()
        record(session, actor, "legacy_undo", importing, after=legacy_access.said(importing))
    return taken


def _delete_rows(session: Session, importing: LegacyImport) -> int:
    """Duplicates before what they refer to."""
    of_import = select(LegacyRow.id).where(LegacyRow.import_id == importing.id)
    has_duplicates = session.scalar(select(exists(of_import.where(LegacyRow.outcome == LegacyOutcome.DUPLICATE))))
    if has_duplicates:
        of_import = of_import.where(LegacyRow.outcome == LegacyOutcome.DUPLICATE)
    batch = of_import.order_by(LegacyRow.line).limit(BATCH)
    return session.connection().execute(delete(LegacyRow).where(LegacyRow.id.in_(batch))).rowcount


def forget_unused(session: Session) -> int:
    """Files that were never imported; how many there were."""
    unused = (LegacyImport.status.in_(UNUSED), LegacyImport.uploaded_at < now() - UNUSED_KEPT)
    return session.connection().execute(delete(LegacyImport).where(*unused)).rowcount
