"""Lists that employers upload: looked through first, then carried out row by row, once, whatever happens meanwhile."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from db.imports import Import, ImportEvidence, ImportFile, ImportKind, ImportRow, ImportStatus, RowOutcome
from db.locks import hold
from db.session import UnitOfWork
from services import hours_import, import_access, sealing, spreadsheets, staff_import, stored_files
from services.clock import now
from services.errors import N_, DomainError, WrongStatus
from services.events import record
from services.evidence_files import CheckedFile
from services.import_verdicts import Batch, Kind, Verdict, row_of
from services.long_work import Progress, unwatched
from services.permissions import Actor, Permission, require
from services.spreadsheets import CheckedSpreadsheet, Line, Vocabulary

PAGE_SIZE = 50
# Rows per transaction: enough to be quick, few enough that nobody waits for the lock on SQLite.
CHUNK = 200
PURPOSE = "uploaded workbook"
KINDS: dict[ImportKind, Kind] = {ImportKind.STAFF: staff_import.KIND, ImportKind.HOURS: hours_import.KIND}


FILES_KEPT = timedelta(days=30)
UNUSED_KEPT = timedelta(days=7)


class FileForgotten(DomainError):
    message = N_("上传的文件已超过保留期限并删除，请重新上传。")


@dataclass(frozen=True, slots=True)
class Upload:
    """A list and whose it is; a list of hours comes with its training and what proves it."""

    organisation_id: int
    kind: ImportKind
    file: CheckedSpreadsheet
    training: Mapping[str, Any] = field(default_factory=dict)
    evidence: Sequence[CheckedFile] = ()


@dataclass(frozen=True, slots=True)
class Examined:
    """What an import would do. Every row is counted once."""

    upload: Upload
    counts: Counter[RowOutcome]
    rejections: Sequence[ImportRow]


def examine(session: Session, actor: Actor, upload: Upload, words: Vocabulary) -> Examined:
    """Look through all rows and change nothing. Raises NotFound and the refusals of `spreadsheets.table`."""
    import_access.require_employer(actor, upload.organisation_id)
    batch, kind = Batch(upload.organisation_id, upload.training), KINDS[upload.kind]
    counts: Counter[RowOutcome] = Counter()
    rejections: list[ImportRow] = []
    for lines in _batched(_lines(upload.file, kind, words)):
        verdicts = kind.judge(session, actor, batch, lines)
        counts.update(verdict.outcome for verdict in verdicts)
        rejections += [row_of(verdict) for verdict in verdicts if verdict.outcome is RowOutcome.REJECTED]
    return Examined(upload, counts, rejections)


def _lines(file: CheckedSpreadsheet, kind: Kind, words: Vocabulary) -> Iterator[Line]:
    table = spreadsheets.table(file, kind.columns, words)
    return (spreadsheets.understood(row, table.places, kind.columns, words) for row in table.rows)


def _batched(lines: Iterator[Line]) -> Iterator[Sequence[Line]]:
    while batch := list(islice(lines, CHUNK)):
        yield batch


def keep(session: Session, actor: Actor, examined: Examined) -> Import:
    """The upload with what was found, so that it can be carried out, or corrected.

    Raises NotFound and the refusals of `hours_import.evidence_of`.
    """
    upload, counts = examined.upload, examined.counts
    import_access.require_employer(actor, upload.organisation_id)
    kept = Import(
        organisation_id=upload.organisation_id,
        kind=upload.kind,
        file_name=upload.file.file_name,
        content_digest=upload.file.sha256,
        training=dict(upload.training),
        evidence=hours_import.evidence_of(session, upload.evidence) if upload.kind is ImportKind.HOURS else [],
        row_count=counts.total(),
        accepted=counts[RowOutcome.ACCEPTED],
        rejected=counts[RowOutcome.REJECTED],
        known=counts[RowOutcome.KNOWN],
        uploaded_at=now(),
        uploaded_by_id=actor.account_id,
        uploaded_by_name=actor.name,
    )
    session.add(kept)
    session.flush()
    session.add(ImportFile(id=kept.id, content=sealing.seal_bytes(PURPOSE, upload.file.content)))
    for rejection in examined.rejections:
        rejection.import_id = kept.id
    session.add_all(examined.rejections)
    record(session, actor, "import_check", kept, after=_said(kept))
    return kept


def _said(importing: Import) -> dict[str, Any]:
    return {
        "kind": importing.kind,
        "status": importing.status,
        "sha256": importing.content_digest,
        "rows": importing.row_count,
        "accepted": importing.accepted,
        "rejected": importing.rejected,
        "known": importing.known,
    }


def list_(session: Session, actor: Actor, *, after_id: int = 0) -> Sequence[Import]:
    """One page of the imports of the actor's employers, newest first."""
    require(actor, Permission.STAFF_IMPORT)
    found = import_access.visible_to(actor)
    if after_id:
        found = found.where(Import.id < after_id)
    return session.scalars(found.order_by(Import.id.desc()).limit(PAGE_SIZE)).all()


def find(session: Session, actor: Actor, import_id: int | None) -> Import | None:
    require(actor, Permission.STAFF_IMPORT)
    return session.scalar(import_access.visible_to(actor).where(Import.id == import_id))


def rejections(session: Session, actor: Actor, import_id: int, *, most: int | None = None) -> Sequence[ImportRow]:
    """The rows that were not let in, in the order of the file."""
    importing = import_access.get(session, actor, import_id)
    refused = (ImportRow.import_id == importing.id, ImportRow.outcome == RowOutcome.REJECTED)
    return session.scalars(select(ImportRow).where(*refused).order_by(ImportRow.line).limit(most)).all()


def file_of(session: Session, actor: Actor, import_id: int) -> tuple[Import, bytes]:
    """The workbook as it was uploaded. Raises NotFound, FileForgotten."""
    importing = import_access.get(session, actor, import_id)
    kept = session.get(ImportFile, importing.id)
    if kept is None:
        raise FileForgotten
    return importing, sealing.unseal_bytes(PURPOSE, kept.content)


def note_errors(session: Session, actor: Actor, import_id: int) -> None:
    """Who takes the rows along that were not let in: ID numbers stand in them in full. Raises NotFound."""
    importing = import_access.get(session, actor, import_id)
    record(session, actor, "import_errors_take", importing, after={"rows": importing.rejected})


def run(
    transaction: UnitOfWork,
    actor: Actor,
    import_id: int,
    words: Vocabulary,
    *,
    on_progress: Progress = unwatched,
) -> None:
    """Carry out what was examined, each row by what holds now; it is told how many rows of how many are done.

    Cut into transactions, each of which says how far it has come: whoever runs it again, or at the same time, goes on
    from there. Raises NotFound, WrongStatus, FileForgotten.
    """
    with transaction() as session:
        importing, content = file_of(session, actor, import_id)
    kind = KINDS[importing.kind]
    lines = _lines(spreadsheets.check(importing.file_name, content), kind, words)
    with transaction() as session:
        done = _start(session, actor, import_id)
    batch = Batch(importing.organisation_id, importing.training)
    for chunk in _batched(islice(lines, done, None)):
        with transaction() as session:
            _take(session, actor, import_id, batch, chunk, done)
        done += len(chunk)
        on_progress(done, importing.row_count)


def _start(session: Session, actor: Actor, import_id: int) -> int:
    """How many rows are dealt with already. Raises WrongStatus."""
    importing = import_access.get_to_change(session, actor, import_id)
    if importing.status is ImportStatus.CHECKED:
        session.execute(delete(ImportRow).where(ImportRow.import_id == importing.id))
        importing.status, importing.passwords_from = ImportStatus.RUNNING, now()
        importing.accepted = importing.rejected = importing.known = 0
    if importing.status is not ImportStatus.RUNNING:
        raise WrongStatus
    return _done(importing)


def _done(importing: Import) -> int:
    return importing.accepted + importing.rejected + importing.known


def _take(session: Session, actor: Actor, import_id: int, batch: Batch, lines: Sequence[Line], done: int) -> None:
    """One chunk, unless somebody else has taken it. Raises WrongStatus."""
    hold(session, f"imports of {batch.organisation_id}")
    importing = import_access.get_to_change(session, actor, import_id)
    if _done(importing) > done:
        return
    if importing.status is not ImportStatus.RUNNING:
        raise WrongStatus
    kind = KINDS[importing.kind]
    kind.hold(session, lines)
    verdicts = kind.judge(session, actor, batch, lines)
    _store(session, importing, kind.make(session, actor, importing, [v for v in verdicts if _is_told(v)]), len(lines))
    if _done(importing) == importing.row_count:
        importing.status, importing.imported_at = ImportStatus.IMPORTED, now()
        record(session, actor, "import_finish", importing, after=_said(importing))


def _is_told(verdict: Verdict) -> bool:
    return verdict.outcome is not RowOutcome.KNOWN


def _store(session: Session, importing: Import, rows: Sequence[ImportRow], of_rows: int) -> None:
    """Known rows leave no trace but their number."""
    outcomes = Counter(row.outcome for row in rows)
    importing.accepted += outcomes[RowOutcome.ACCEPTED]
    importing.rejected += outcomes[RowOutcome.REJECTED]
    importing.known += of_rows - len(rows)
    for row in rows:
        row.import_id = importing.id
    session.add_all(rows)


def forget_old(session: Session) -> int:
    """Uploads that were never carried out, and the files of the others when nobody corrects them any more.

    How many there were of both.
    """
    unused = (Import.status == ImportStatus.CHECKED) & (Import.uploaded_at < now() - UNUSED_KEPT)
    proofs = select(ImportEvidence).where(ImportEvidence.import_id.in_(select(Import.id).where(unused)))
    stored_files.discard(session, session.scalars(proofs))
    uploads = session.connection().execute(delete(Import).where(unused)).rowcount
    old = select(Import.id).where(Import.uploaded_at < now() - FILES_KEPT)
    return uploads + session.connection().execute(delete(ImportFile).where(ImportFile.id.in_(old))).rowcount
