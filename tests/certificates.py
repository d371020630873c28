"""Certificates as rows, for tests of what becomes of them, and whole years that a certificate can be printed for."""

from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db import transaction
from db.accounts import Account
from db.certificates import Certificate, CertificateStatus, InvalidityReason
from db.claims import Category, ClaimStatus
from db.organisations import Organisation
from db.people import Person
from db.statistics import StatisticsRun
from services import certificates, statistics, storage
from services.clock import now, today
from services.permissions import SYSTEM
from tests import factories

YEAR = 2026
FULL = {Category.GENERAL: Decimal(30), Category.PROFESSIONAL: Decimal(42), Category.ELECTIVE: Decimal(18)}


def approve(session: Session, person: Person, hours: dict[Category, Decimal]) -> None:
    """Hours of 2026, one claim for each category."""
    for category, awarded in hours.items():
        factories.create_claim(
            session, person, status=ClaimStatus.APPROVED, category=category, hours=awarded, year=YEAR
        )


def printed(employer: Organisation | None = None, *, name: str | None = None) -> Certificate:
    """Of somebody whose hours just meet 2026, by way of the services; with its holder."""
    with transaction() as session:
        person = factories.create_person(session, name=name, employer=employer or factories.create_employer(session))
        approve(session, person, FULL)
        actor = factories.actor_for(session, person)
    statistics.recompute(transaction, SYSTEM)
    with transaction() as session:
        certificate = certificates.obtain(session, actor, YEAR)
    certificate.person = person
    return certificate


def create_certificate(
    session: Session,
    person: Person,
    status: CertificateStatus = CertificateStatus.ISSUED,
    *,
    division: str = factories.DIVISION,
    revoked_by: Account | None = None,
) -> Certificate:
    """With every other row that it needs, and a file that is no PDF; one that no longer stands is still news."""
    run = session.scalars(select(StatisticsRun)).first() or StatisticsRun(started_by="test", started_at=now())
    session.add(run)
    session.flush()
    number = (session.scalar(select(func.max(Certificate.id))) or 0) + 1
    certificate = Certificate(
        number=f"{division}{YEAR}{number:06d}0",
        code=f"{number:016d}",
        person_id=person.id,
        year=YEAR,
        status=status,
        statement=_statement(person),
        pdf_sha256=storage.put(f"%PDF-1.7 {number}".encode()),
        run_id=run.id,
        issued_on=today(),
        issued_at=now(),
    )
    if status is not CertificateStatus.ISSUED:
        certificate.ended_at = certificate.news_at = now()
        certificate.ended_for = InvalidityReason.DECEIT if revoked_by else InvalidityReason.HOURS_TAKEN_BACK
        certificate.revoked_by_id = revoked_by.id if revoked_by else None
    session.add(certificate)
    session.flush()
    return certificate


def _statement(person: Person) -> dict[str, object]:
    said = {"name": person.name, "id_number_masked": person.id_number_masked, "employer": "晴川设计院", "note": ""}
    return said | {category: {"required": str(hours), "earned": str(hours)} for category, hours in FULL.items()}
