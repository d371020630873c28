"""Rows of an old system as they are stored, without a file that they came from."""

import itertools
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.legacy import LegacyImport, LegacyImportStatus, LegacyKind, LegacyMatch, LegacyOutcome, LegacyRow, LegacySystem
from db.legacy_decisions import Confidence, LegacyDecision, LegacyVerdict
from db.people import Person
from services import sealing
from services.clock import now

OLD = "省旧系统"
_numbers = itertools.count(1)


def create_row(
    session: Session,
    person: Person | None = None,
    *,
    matching: LegacyMatch = LegacyMatch.MATCHED,
    kind: LegacyKind = LegacyKind.RECORD,
    **values: object,
) -> LegacyRow:
    """Matched to the person, or standing as it is said."""
    number = next(_numbers)
    row = LegacyRow(
        import_id=_create_import(session, kind).id,
        line=2,
        kind=kind,
        outcome=LegacyOutcome.ACCEPTED,
        matching=matching,
        person_id=person.id if person else None,
        row_digest="r" * 64,
        key=sealing.fingerprint(f"row {number}")[:32],
        content="c" * 32,
        about=sealing.fingerprint(f"about {number}")[:32],
        **{"name": "某人", "year": 2016, "hours": Decimal(8), **values},
    )
    session.add(row)
    session.flush()
    return row


def create_decision(session: Session, row: LegacyRow) -> LegacyDecision:
    """That the row is about whom it is matched to."""
    decision = LegacyDecision(
        system_id=session.get_one(LegacyImport, row.import_id).system_id,
        subject=row.key,
        alike=False,
        verdict=LegacyVerdict.PERSON,
        person_id=row.person_id,
        confidence=Confidence.HIGH,
        decided_at=now(),
        decided_by_name="数据分析员",
    )
    session.add(decision)
    session.flush()
    row.decision_id = decision.id
    return decision


def _create_import(session: Session, kind: LegacyKind) -> LegacyImport:
    system = session.scalar(select(LegacySystem).where(LegacySystem.name == OLD)) or LegacySystem(name=OLD)
    session.add(system)
    session.flush()
    importing = LegacyImport(
        system_id=system.id,
        kind=kind,
        status=LegacyImportStatus.IMPORTED,
        file_name="旧数据.csv",
        content_digest=sealing.fingerprint(f"file {next(_numbers)}"),
        header=[],
        places={},
        row_count=1,
        accepted=1,
        uploaded_at=now(),
        uploaded_by_name="数据分析员",
        imported_at=now(),
    )
    session.add(importing)
    session.flush()
    return importing
