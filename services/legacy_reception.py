"""A file of an old system is taken over: its rows are kept as they came, before anything is made of them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.legacy import LegacyImport, LegacyImportStatus, LegacyKind, LegacyPart, LegacySystem
from db.locks import hold
from db.session import UnitOfWork
from services import fields, legacy_access, legacy_fields, legacy_parts, spreadsheets
from services.clock import now
from services.errors import N_
from services.events import record
from services.legacy_fields import MOST_ROWS_ABOVE
from services.legacy_files import LegacyFile
from services.long_work import Progress, unwatched
from services.permissions import Actor
from services.spreadsheet_cells import text
from services.spreadsheet_refusals import NoRows

SYSTEM_NAME = N_("来源系统")


@dataclass(frozen=True, slots=True)
class Delivery:
    """A file, the old system it comes from, and what its rows are, if somebody has said so."""

    system: str
    file: LegacyFile
    kind: LegacyKind | None = None


def receive(
    transaction: UnitOfWork, actor: Actor, delivery: Delivery, *, on_progress: Progress = unwatched
) -> LegacyImport:
    """The import of this file: a new one, or what has become of the file if it was delivered before.

    Raises PermissionDenied, InvalidField, NoRows, SpreadsheetUnreadable, QuoteNotClosed.
    """
    legacy_access.require_analyst(actor)
    header, lines = _opened(delivery.file)
    with transaction() as session:
        importing = _find_or_create(session, actor, delivery, header)
    if importing.status is LegacyImportStatus.RECEIVING:
        _keep_all(
            transaction, actor, importing.id, lines, lambda done: on_progress(done, max(done, delivery.file.about))
        )
    with transaction() as session:
        return legacy_access.get(session, actor, importing.id)


def _opened(file: LegacyFile) -> tuple[list[str], Iterator[bytes]]:
    """The header, without the NULs that old programs fill up with, and the rows below it as lines. Raises NoRows."""
    lines = file.lines()
    first = list(islice(lines, MOST_ROWS_ABOVE))
    values = [row.values for row in spreadsheets.read_lines(first)]
    at = legacy_fields.find_header(values)
    if len(first) < at + 2:
        raise NoRows
    return [text(value).replace("\0", "") for value in values[at]], chain(first[at + 1 :], lines)


def _find_or_create(session: Session, actor: Actor, delivery: Delivery, header: list[str]) -> LegacyImport:
    legacy_access.require_analyst(actor)
    name = fields.required_text(SYSTEM_NAME, delivery.system)
    hold(session, "files of old systems")
    system = session.scalar(select(LegacySystem).where(LegacySystem.name == name)) or LegacySystem(name=name)
    session.add(system)
    session.flush()
    kind = delivery.kind or legacy_fields.guess_kind(header)
    same = (
        LegacyImport.system_id == system.id,
        LegacyImport.kind == kind,
        LegacyImport.content_digest == delivery.file.sha256,
        LegacyImport.status != LegacyImportStatus.UNDONE,
    )
    return session.scalar(select(LegacyImport).where(*same)) or _create(session, actor, delivery, system, kind, header)


def _create(
    session: Session, actor: Actor, delivery: Delivery, system: LegacySystem, kind: LegacyKind, header: list[str]
) -> LegacyImport:
    importing = LegacyImport(
        system_id=system.id,
        kind=kind,
        file_name=delivery.file.file_name,
        content_digest=delivery.file.sha256,
        header=header,
        places={},
        uploaded_at=now(),
        uploaded_by_id=actor.account_id,
        uploaded_by_name=actor.name,
    )
    kept = legacy_access.kept_headers(session, importing)
    importing.places = {field.value: at for field, at in legacy_fields.proposed(header, kind, kept).items()}
    session.add(importing)
    session.flush()
    return importing


def _keep_all(
    transaction: UnitOfWork, actor: Actor, import_id: int, lines: Iterator[bytes], on_progress: Callable[[int], None]
) -> None:
    """Part by part; those that were kept before are passed over."""
    done = 0
    for number, part in enumerate(legacy_parts.parts(lines)):
        with transaction() as session:
            _keep_part(session, actor, import_id, number, part)
        done += len(part)
        on_progress(done)
    with transaction() as session:
        _end(session, actor, import_id)


def _keep_part(session: Session, actor: Actor, import_id: int, number: int, lines: Sequence[bytes]) -> None:
    importing = legacy_access.get_to_change(session, actor, import_id)
    kept = select(func.count()).where(LegacyPart.import_id == importing.id)
    if importing.status is LegacyImportStatus.RECEIVING and session.scalar(kept) == number:
        legacy_parts.keep(session, importing, number, lines)
        importing.row_count += len(lines)


def _end(session: Session, actor: Actor, import_id: int) -> None:
    importing = legacy_access.get_to_change(session, actor, import_id)
    if importing.status is LegacyImportStatus.RECEIVING:
        importing.status = LegacyImportStatus.RECEIVED
        record(session, actor, "legacy_receive", importing, after=legacy_access.said(importing))
