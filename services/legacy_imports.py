"""Files of old systems: mapped, tried out and imported, part by part, whatever happens meanwhile.

A dry run and an import are the same pass over the parts of a file. Each part is one transaction that says how far the
pass has come: whoever asks again, or at the same time, goes on from there.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from db.columns import Columns, insert_columns
from db.legacy import (
    LegacyImport,
    LegacyImportStatus,
    LegacyMapping,
    LegacyMatch,
    LegacyOutcome,
    LegacyRow,
    LegacyTrial,
)
from db.session import UnitOfWork
from services import legacy_access, legacy_employers, legacy_fields, legacy_parts, legacy_rows, legacy_settling
from services.clock import now
from services.errors import WrongStatus
from services.events import record
from services.import_verdicts import Reason
from services.legacy_fields import Places
from services.legacy_rows import Found, Judged
from services.long_work import Progress, unwatched
from services.permissions import Actor

UNMAPPED = frozenset({LegacyImportStatus.RECEIVED, LegacyImportStatus.CHECKED})
# From where a pass begins, with where it goes on; and what it ends as.
BEGINS: Mapping[LegacyImportStatus, frozenset[LegacyImportStatus]] = {
    LegacyImportStatus.CHECKING: UNMAPPED | {LegacyImportStatus.CHECKING},
    LegacyImportStatus.RUNNING: UNMAPPED | {LegacyImportStatus.RUNNING},
}
ENDS = {
    LegacyImportStatus.CHECKING: LegacyImportStatus.CHECKED,
    LegacyImportStatus.RUNNING: LegacyImportStatus.IMPORTED,
}


def set_places(session: Session, actor: Actor, import_id: int, places: Places) -> None:
    """Which columns of the file are read as what; the system's next file is proposed the same.

    What a dry run has found is found anew. Raises NotFound, WrongStatus and the refusals of
    `legacy_fields.refuse_incomplete`.
    """
    importing = legacy_access.get_to_change(session, actor, import_id)
    if importing.status not in UNMAPPED:
        raise WrongStatus
    legacy_fields.refuse_incomplete(importing.kind, places)
    importing.places = {code.value: place for code, place in places.items()}
    importing.status = LegacyImportStatus.RECEIVED
    _start_anew(session, importing)
    headers = {code.value: importing.header[place] for code, place in places.items()}
    session.merge(LegacyMapping(system_id=importing.system_id, kind=importing.kind, headers=headers))
    record(session, actor, "legacy_map", importing, after={"places": importing.places})


def try_out(
    transaction: UnitOfWork, actor: Actor, import_id: int, *, on_progress: Progress = unwatched
) -> LegacyImport:
    """Look at every row and accept none: afterwards the counts and the rejected rows are those of an import now.

    Raises NotFound, WrongStatus and the refusals of `legacy_fields.refuse_incomplete`.
    """
    return _pass(transaction, actor, import_id, LegacyImportStatus.CHECKING, on_progress)


def run(transaction: UnitOfWork, actor: Actor, import_id: int, *, on_progress: Progress = unwatched) -> LegacyImport:
    """Raises like `try_out`."""
    return _pass(transaction, actor, import_id, LegacyImportStatus.RUNNING, on_progress)


def _pass(
    transaction: UnitOfWork, actor: Actor, import_id: int, status: LegacyImportStatus, on_progress: Progress
) -> LegacyImport:
    with transaction() as session:
        importing = _begin(session, actor, import_id, status)
    while importing.status is status:
        with transaction() as session:
            importing = _take_part(session, actor, import_id, status)
        on_progress(importing.done, importing.row_count)
    return importing


def _begin(session: Session, actor: Actor, import_id: int, status: LegacyImportStatus) -> LegacyImport:
    importing = legacy_access.get_to_change(session, actor, import_id)
    if importing.status not in BEGINS[status]:
        raise WrongStatus
    legacy_fields.refuse_incomplete(importing.kind, legacy_access.places_of(importing))
    if importing.status is not status:
        importing.status = status
        _start_anew(session, importing)
    return importing


def _start_anew(session: Session, importing: LegacyImport) -> None:
    """Nothing but rejected rows is there before an import begins."""
    for table in (LegacyRow, LegacyTrial):
        of_import = delete(table).where(table.import_id == importing.id)
        session.execute(of_import, execution_options={"synchronize_session": False})
    importing.accepted = importing.rejected = importing.duplicates = importing.parts_done = 0


def _take_part(session: Session, actor: Actor, import_id: int, status: LegacyImportStatus) -> LegacyImport:
    """Deal with the next part, or find that there is none. Raises WrongStatus."""
    importing = legacy_access.get_to_change(session, actor, import_id)
    if importing.status is ENDS[status]:  # somebody else was faster
        return importing
    if importing.status is not status:
        raise WrongStatus
    legacy_settling.hold_rows(session)
    lines = legacy_parts.lines(session, importing, importing.parts_done)
    if lines:
        _store(session, importing, legacy_rows.judge(session, importing, lines))
        importing.parts_done += 1
    if importing.done == importing.row_count:
        _end(session, actor, importing)
    return importing


def _end(session: Session, actor: Actor, importing: LegacyImport) -> None:
    session.execute(delete(LegacyTrial).where(LegacyTrial.import_id == importing.id))
    importing.status = ENDS[importing.status]
    if importing.status is LegacyImportStatus.IMPORTED:
        importing.imported_at = now()
        legacy_settling.settle_duplicates(session)
    record(session, actor, f"legacy_{importing.status}", importing, after=legacy_access.said(importing))


def _store(session: Session, importing: LegacyImport, judged: Judged) -> None:
    rejected = [row for row in judged.rows if row.errors]
    duplicates = [row for row in judged.rows if row.twin]
    _insert(session, [_rejection(importing, row) for row in rejected])
    if importing.status is LegacyImportStatus.RUNNING:
        _accept(session, importing, judged.accepted)
        _insert(session, _duplicates(session, importing, duplicates))
    else:
        trial = {name: judged.accepted[name] for name in ("key", "content", "line")}
        insert_columns(session, LegacyTrial, trial, import_id=importing.id)
    importing.rejected += len(rejected)
    importing.duplicates += len(duplicates)
    importing.accepted += len(judged.rows) - len(rejected) - len(duplicates)


def _accept(session: Session, importing: LegacyImport, columns: Columns) -> None:
    lines, cores = columns["line"], columns["employer_core"]
    if not lines:
        return
    employers = legacy_employers.employers(session, set(cores))
    insert_columns(
        session,
        LegacyRow,
        {**columns, "organisation_id": list(map(employers.get, cores))},
        import_id=importing.id,
        kind=importing.kind,
        outcome=LegacyOutcome.ACCEPTED,
        matching=LegacyMatch.ORPHAN,
    )
    these = (LegacyRow.import_id == importing.id, LegacyRow.line.between(lines[0], lines[-1]))
    legacy_settling.settle(session, *these)


def _insert(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """As rows of a table: nobody needs them as objects."""
    if rows:
        session.execute(insert(LegacyRow.__table__), rows)  # type: ignore[arg-type]  # a table is what it takes


def _provenance(importing: LegacyImport, row: Found, outcome: LegacyOutcome) -> dict[str, Any]:
    return {
        "import_id": importing.id,
        "line": row.line,
        "kind": importing.kind,
        "outcome": outcome,
        "row_digest": row.digest,
    }


def _rejection(importing: LegacyImport, row: Found) -> dict[str, Any]:
    reasons = [list(Reason.of(error)) for error in row.errors]
    return _provenance(importing, row, LegacyOutcome.REJECTED) | {"reasons": reasons}


def _duplicates(session: Session, importing: LegacyImport, rows: Sequence[Found]) -> list[dict[str, Any]]:
    """Each with the row that was accepted in its place, which may have been stored a moment ago."""
    wanted = select(LegacyRow.key, LegacyRow.id).where(LegacyRow.key.in_([row.key for row in rows]))
    first = dict(session.execute(wanted).all()) if rows else {}
    twice = {"matching": LegacyMatch.DUPLICATE}
    return [
        _provenance(importing, row, LegacyOutcome.DUPLICATE) | twice | {"duplicate_of_id": first[row.key]}
        for row in rows
    ]
