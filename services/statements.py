"""What a certificate says: put together from the official figures, and frozen with it as JSON."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from stdnum.iso7064 import mod_11_10

from db.certificates import Certificate, CertificateSerial
from db.claims import Category, Claim, ClaimStatus
from db.dialects import insert_or_update
from db.exemptions import Exemption
from db.organisations import Organisation
from db.people import Binding, BindingStatus, Person
from db.settings import settings
from services import asked_hours, divisions, proofs, spellings
from services.clock import today
from services.pdf import page
from services.pdf.statement import Hours, Statement
from services.proofs import Proof
from services.rules import Standing, plain
from services.standing import YearStanding

CATEGORY_NAMES = dict(zip(Category, page.CATEGORIES, strict=True))
# 80 random bits.
CODE_LENGTH = 16


def compose(
    session: Session, person: Person, official: YearStanding, code: str, substitutes: Mapping[str, str]
) -> Statement:
    """Takes the next number. Raises NameCannotBePrinted, InvalidField, NoSigningKeys and UnfitKeys."""
    employer = employer_of(session, person.id, official.year)
    agreed = spellings.agreed(person.name + employer.name, substitutes)
    name = spellings.spelled(person.name, agreed)
    hours = {line.category: Hours(line.required, line.earned, line.exempted) for line in official.official}
    number = _next_number(session, employer.division, official.year)
    proof = Proof(number, mask_name(name), today(), official.official)
    return Statement(
        number=number,
        code=grouped(code),
        year=official.year,
        name=name,
        id_number_masked=person.id_number_masked,
        employer=spellings.spelled(employer.name, agreed),
        general=hours[Category.GENERAL],
        professional=hours[Category.PROFESSIONAL],
        elective=hours[Category.ELECTIVE],
        issued_on=today(),
        verify_url=f"{settings().public_url}/verify?code={proofs.write(proof)}",
        issuer=settings().issuer or None,
        division=divisions.name(employer.division[:2] + "0000"),
        note=spellings.note(agreed) + exemption_note(official.official),
    )


def employer_of(session: Session, person_id: int, year: int) -> Organisation:
    """Where the person works now, otherwise who approved the last hours of the year, or who employed the exempted."""
    approver = (
        select(Organisation)
        .join(Claim, Claim.employer_id == Organisation.id)
        .where(Claim.person_id == person_id, Claim.year == year, Claim.status == ClaimStatus.APPROVED)
        .order_by(Claim.decided_at.desc())
        .limit(1)
    )
    exempted = select(Organisation).join(Exemption, Exemption.employer_id == Organisation.id)
    employer = present_employer(session, person_id) or session.scalar(approver)
    return employer or session.scalars(exempted.where(asked_hours.exempted(person_id, year))).one()


def present_employer(session: Session, person_id: int) -> Organisation | None:
    active = select(Organisation).join(Binding, Binding.organisation_id == Organisation.id)
    return session.scalar(active.where(Binding.person_id == person_id, Binding.status == BindingStatus.ACTIVE))


def frozen(statement: Statement) -> dict[str, Any]:
    """As JSON keeps it: hours and dates as text."""
    return _as_text(asdict(statement))


def _as_text(value: dict[str, Any]) -> dict[str, Any]:
    kept = (str, int, type(None))
    return {
        name: _as_text(part) if isinstance(part, dict) else part if isinstance(part, kept) else str(part)
        for name, part in value.items()
    }


def thawed(certificate: Certificate) -> Statement:
    """What was frozen, to be drawn once more on a page among others."""
    said = dict(certificate.statement)
    hours = {line.category.value: Hours(line.required, line.earned, line.exempted) for line in standings(certificate)}
    return Statement(**(said | hours | {"issued_on": date.fromisoformat(said["issued_on"])}))


def earned(certificate: Certificate, category: Category) -> Decimal:
    """What the certificate says was completed."""
    return Decimal(certificate.statement[category]["earned"])


def standings(certificate: Certificate) -> list[Standing]:
    return [_standing(category, certificate.statement[category]) for category in Category]


def _standing(category: Category, said: Mapping[str, str]) -> Standing:
    """Certificates of the first months know of no exemptions."""
    exempted = Decimal(said.get("exempted", "0"))
    return Standing(category, Decimal(said["required"]), Decimal(said["earned"]), exempted)


def exemption_note(lines: Sequence[Standing]) -> str:
    """By how much the requirement was reduced, and not why: that is nobody's business who reads the certificate."""
    reduced = [f"{CATEGORY_NAMES[line.category][:2]} {plain(line.exempted)}" for line in lines if line.exempted]
    return f"规定学时经批准减免：{'、'.join(reduced)}。" if reduced else ""


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
