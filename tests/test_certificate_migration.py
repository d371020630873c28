"""Certificates that had ended before it was kept when, and coded why."""

import pytest
from sqlalchemy import select

from db import migrate, reading
from db.certificates import Certificate, InvalidityReason
from tests.database import KINDS
from tests.first_tables import AT, DAY, accounts, filled, people


@pytest.mark.parametrize("kind", KINDS)
def test_certificates_that_had_ended_before_keep_the_day_and_the_reason(kind: str) -> None:
    same = {"person_id": 1, "statement": {}, "pdf_sha256": "", "run_id": 1, "issued_on": DAY, "issued_at": AT}
    rows = [
        {**same, "id": 1, "number": "1", "code": "1", "year": 2024, "status": "issued", "reason": ""},
        {**same, "id": 2, "number": "2", "code": "2", "year": 2025, "status": "revoked", "reason": "学时被撤销"},
    ]
    run = {
        "id": 1,
        "started_by": "",
        "started_at": AT,
        "finished_at": AT,
        "status": "finished",
        "people": 0,
        "rows_changed": 0,
        "error": "",
    }
    tables = {"account": accounts(), "person": people(), "statistics_run": [run], "certificate": rows}
    with filled(kind, tables):
        migrate.upgrade()
        with reading() as session:
            kept = session.scalars(select(Certificate).order_by(Certificate.id)).all()
        assert [(each.ended_for, each.ended_at) for each in kept] == [
            (None, None),
            (InvalidityReason.HOURS_TAKEN_BACK, AT),
        ]
