"""Certificates: issued once when the official figures allow it, printed again and again with the same bytes."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session
from stdnum.iso7064 import mod_11_10

from db.certificates import Certificate, CertificateSerial, CertificateStatus
from db.claims import Category, Claim, ClaimStatus
from db.dialects import insert_or_update
from db.organisations import Organisation
from db.people import Binding, BindingStatus, Person
from db.settings import settings
from services import divisions, proofs, rules, signing, standing, statistics, storage, stored_files
from services.clock import now, today
from services.errors import N_, DomainError, NotFound
from services.events import record
from services.pdf.certificate import render
from services.pdf.font_store import missing_glyphs
from services.pdf.statement import Hours, Statement
from services.permissions import Actor, Permission, require
from services.proofs import Proof
from services.rules import Standing

# 80 random bits.
CODE_LENGTH = 16
HOURS_TAKEN_BACK = N_("签发后有学时被撤销，年度学时已经变更。")


class NotYetMet(DomainError):
    message = N_("%(year)s 年度的官方统计尚未全部达到三类学时要求，还不能打印证书。")


class NameCannotBePrinted(DomainError):
    message = N_("姓名或单位名称中的“%(characters)s”暂无可用字形，无法打印。请联系系统管理员添加字体。")


def list_mine(session: Session, actor: Actor) -> Sequence[Certificate]:
    require(actor, Permission.CERTIFICATE_PRINT)
    return session.scalars(_visible_to(actor).order_by(Certificate.year.desc(), Certificate.id.desc())).all()


def _visible_to(actor: Actor) -> Select[Certificate]:
    return select(Certificate).where(Certificate.person_id == actor.person_id, Certificate.person_id.is_not(None))


def read_pdf(session: Session, actor: Actor, certificate_id: int) -> tuple[Certificate, bytes]:
    """The bytes as they were issued. Raises NotFound for anybody but the holder."""
    require(actor, Permission.CERTIFICATE_PRINT)
    certificate = session.scalar(_visible_to(actor).where(Certificate.id == certificate_id))
    if certificate is None:
        raise NotFound
    return certificate, storage.get(certificate.pdf_sha256)


def obtain(session: Session, actor: Actor, year: int) -> Certificate:
    """The valid certificate of a year: the one that was issued, or a new one when the official figures allow it.

    Raises NotYetMet, NoRequirement, NameCannotBePrinted, NoSigningKeys and UnfitKeys.
    """
    require(actor, Permission.CERTIFICATE_PRINT)
    # The lock makes a second click wait and then find what the first one issued.
    person = session.scalar(select(Person).where(Person.id == actor.person_id).with_for_update())
    if person is None:
        raise NotFound
    valid = Certificate.year == year, Certificate.status == CertificateStatus.ISSUED
    return session.scalar(_visible_to(actor).where(*valid)) or _issue(session, actor, person, year)


def _issue(session: Session, actor: Actor, person: Person, year: int) -> Certificate:
    official = standing.of_year(session, person.id, year)
    run = statistics.last_finished(session)
    if run is None or not official.met:
        raise NotYetMet(year=year)
    code = new_code()
    statement = _statement(session, person, _employer(session, person, year), official, code)
    certificate = Certificate(
        number=statement.number,
        code=code,
        person_id=person.id,
        year=year,
        statement=_plain(statement),
        pdf_sha256=stored_files.keep(session, render(statement, signing.sign_file)),
        run_id=run.id,
        issued_on=statement.issued_on,
        issued_at=now(),
    )
    session.add(certificate)
    session.flush()
    after = {"number": certificate.number, "pdf_sha256": certificate.pdf_sha256}
    record(session, actor, "certificate_issue", certificate, after=after)
    return certificate


def correct(session: Session, actor: Actor, person_id: int, year: int) -> None:
    """Mark the valid certificate of a year when it says more than the official figures do after a correction."""
    certificate = session.scalar(valid(person_id, year).with_for_update())
    if certificate is None:
        return
    before = certificate.status
    certificate.status = status_by(certificate, standing.of_year(session, person_id, year).official)
    if certificate.status is before:
        return
    certificate.reason = HOURS_TAKEN_BACK
    after = {"status": certificate.status, "number": certificate.number}
    record(session, actor, f"certificate_{certificate.status}", certificate, before={"status": before}, after=after)


def valid(person_id: int, year: int) -> Select[Certificate]:
    """The certificate of a year that says of itself that it stands."""
    of_year = Certificate.person_id == person_id, Certificate.year == year
    return select(Certificate).where(*of_year, Certificate.status == CertificateStatus.ISSUED)


def status_by(certificate: Certificate, official: Sequence[Standing]) -> CertificateStatus:
    """What becomes of a valid certificate with these figures: marked as soon as it says more than they do."""
    if all(earned(certificate, line.category) <= line.earned for line in official):
        return CertificateStatus.ISSUED
    return CertificateStatus.SUPERSEDED if rules.all_met(official) else CertificateStatus.REVOKED


def _employer(session: Session, person: Person, year: int) -> Organisation:
    """Where the person works now, otherwise who approved the last hours of the year."""
    active = select(Organisation).join(Binding, Binding.organisation_id == Organisation.id)
    bound = active.where(Binding.person_id == person.id, Binding.status == BindingStatus.ACTIVE)
    approver = (
        select(Organisation)
        .join(Claim, Claim.employer_id == Organisation.id)
        .where(Claim.person_id == person.id, Claim.year == year, Claim.status == ClaimStatus.APPROVED)
        .order_by(Claim.decided_at.desc())
        .limit(1)
    )
    return session.scalar(bound) or session.scalars(approver).one()


def _statement(
    session: Session, person: Person, employer: Organisation, official: standing.YearStanding, code: str
) -> Statement:
    if characters := missing_glyphs(person.name + employer.name):
        raise NameCannotBePrinted(characters=characters)
    hours = {line.category: _hours(line) for line in official.official}
    number = _next_number(session, employer.division, official.year)
    proof = Proof(number, mask_name(person.name), today(), official.official)
    return Statement(
        number=number,
        code=grouped(code),
        year=official.year,
        name=person.name,
        id_number_masked=person.id_number_masked,
        employer=employer.name,
        general=hours[Category.GENERAL],
        professional=hours[Category.PROFESSIONAL],
        elective=hours[Category.ELECTIVE],
        issued_on=today(),
        verify_url=f"{settings().public_url}/verify?code={proofs.write(proof)}",
        issuer=settings().issuer or None,
        division=divisions.name(employer.division[:2] + "0000"),
    )


def _hours(line: Standing) -> Hours:
    return Hours(required=line.required, earned=line.earned)


def _plain(statement: Statement) -> dict[str, Any]:
    """The statement as JSON keeps it: hours and dates as text."""
    return _as_text(asdict(statement))


def _as_text(value: dict[str, Any]) -> dict[str, Any]:
    kept = (str, int, type(None))
    return {
        name: _as_text(part) if isinstance(part, dict) else part if isinstance(part, kept) else str(part)
        for name, part in value.items()
    }


def earned(certificate: Certificate, category: Category) -> Decimal:
    """What the certificate says was completed."""
    return Decimal(certificate.statement[category]["earned"])


def mask_name(name: str) -> str:
    """First and last character stay: 李*, 张*明, 阿*********提."""
    if len(name) <= 2:
        return name[0] + "*" * (len(name) - 1)
    return f"{name[0]}{'*' * (len(name) - 2)}{name[-1]}"


def new_code() -> str:
    """An unguessable verification code of 80 random bits."""
    return "".join(secrets.choice(proofs.ALPHABET) for _ in range(CODE_LENGTH))


def grouped(code: str) -> str:
    """A code as it is printed and read aloud."""
    return "-".join(code[start : start + 4] for start in range(0, CODE_LENGTH, 4))


def _next_number(session: Session, division: str, year: int) -> str:
    """`<division 6><year 4><serial 6><check 1>`, the check digit by ISO 7064 MOD 11,10."""
    first = insert_or_update(session, CertificateSerial).values(division=division, year=year, last_serial=1)
    counted = first.on_conflict_do_update(
        index_elements=["division", "year"], set_={"last_serial": CertificateSerial.last_serial + 1}
    ).returning(CertificateSerial.last_serial)
    digits = f"{division}{year}{session.execute(counted).scalar_one():06d}"
    return digits + mod_11_10.calc_check_digit(digits)
