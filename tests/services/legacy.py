"""Files of old systems, delivered and imported."""

import io
from collections.abc import Iterable, Sequence

from sqlalchemy import select

from db import reading, transaction
from db.legacy import LegacyImport, LegacyKind, LegacyOutcome, LegacyRow
from services import legacy_access, legacy_files, legacy_imports, legacy_reception
from services.legacy_reception import Delivery
from services.permissions import SYSTEM, Actor
from tests import legacy_files as files
from tests.legacy_rows import OLD

Counts = tuple[int, int, int]


def receive(
    content: bytes,
    actor: Actor = SYSTEM,
    *,
    system: str = OLD,
    name: str = "旧数据.csv",
    kind: LegacyKind | None = None,
) -> LegacyImport:
    file = legacy_files.check(name, io.BytesIO(content))
    return legacy_reception.receive(transaction, actor, Delivery(system, file, kind))


def received(rows: Iterable[Sequence[object]], *, system: str = OLD) -> LegacyImport:
    return receive(files.text(rows), system=system)


def imported(rows: Iterable[Sequence[object]], *, system: str = OLD) -> LegacyImport:
    return legacy_imports.run(transaction, SYSTEM, received(rows, system=system).id)


def counts(importing: LegacyImport) -> Counts:
    return importing.accepted, importing.rejected, importing.duplicates


def stored(importing: LegacyImport) -> LegacyImport:
    with reading() as session:
        return legacy_access.get(session, SYSTEM, importing.id)


def rows(importing: LegacyImport, outcome: LegacyOutcome = LegacyOutcome.ACCEPTED) -> Sequence[LegacyRow]:
    with reading() as session:
        wanted = (LegacyRow.import_id == importing.id, LegacyRow.outcome == outcome)
        return session.scalars(select(LegacyRow).where(*wanted).order_by(LegacyRow.line)).all()


def reasons(importing: LegacyImport) -> dict[int, list[str]]:
    """What is said about each rejected line, in Chinese."""
    return {
        row.line: [f"{field}{'：' if field else ''}{text % params}" for field, text, params in row.reasons or []]
        for row in rows(importing, LegacyOutcome.REJECTED)
    }
