"""Certificates checked by anybody: what was issued under a number, a code or a QR code, with the name masked."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from db.accounts import AttemptKind
from db.certificates import Certificate, CertificateStatus, InvalidityReason
from db.session import Recorded
from services import proofs, statements, throttle
from services.clock import now
from services.errors import N_, DomainError
from services.proofs import BrokenProof, Proof
from services.rules import Standing
from services.throttle import Limit

# Numbers are given out in order, so both guessing and walking along them are slowed down.
UNKNOWN_LOOKS = Limit(20, timedelta(minutes=15))
LOOKS = Limit(100, timedelta(hours=1))
LONGEST = 1000


class UnknownCertificate(Recorded, DomainError):
    """Stored although refused, so that every look counts."""

    message = N_("没有找到该编号或验证码对应的证书，请对照证书核对后重新输入。如核对无误，该证书不是本系统签发的。")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a certificate says and whether it still stands."""

    status: CertificateStatus
    reason: InvalidityReason | None
    ended_at: datetime | None
    number: str
    year: int
    name_masked: str
    employer: str
    hours: list[Standing]
    issued_on: date
    note: str


def verify(session: Session, text: str, *, address: str) -> Finding:
    """Look a certificate up by its number, its code or what its QR code says, and count that somebody did.

    Raises UnknownCertificate, BrokenProof and TooManyAttempts.
    """
    _refuse_trawling(session, address)
    wanted = standard_form(text)
    try:
        certificate = _find(session, wanted)
    except BrokenProof:
        _note(session, wanted, address, succeeded=False)
        raise
    _note(session, wanted, address, succeeded=certificate is not None)
    if certificate is None:
        raise UnknownCertificate
    counted = {Certificate.checks: Certificate.checks + 1, Certificate.checked_at: now()}
    session.execute(update(Certificate).where(Certificate.id == certificate.id).values(counted))
    return _finding(certificate)


def offline(text: str) -> Proof | None:
    """What a QR code says of itself, with no look into the database; None for a number or a code.

    Raises BrokenProof.
    """
    wanted = standard_form(text)
    return proofs.read(wanted) if proofs.is_proof(wanted) else None


def _find(session: Session, wanted: str) -> Certificate | None:
    """Raises BrokenProof."""
    return session.scalar(select(Certificate).where(named(wanted)))


def named(text: str) -> ColumnElement[bool]:
    """The certificate that a number, a code or a QR code means. Raises BrokenProof."""
    wanted, proof = standard_form(text), offline(text)
    if proof:
        return Certificate.number == proof.number
    return or_(Certificate.number == wanted, Certificate.code == wanted)


def _note(session: Session, wanted: str, address: str, *, succeeded: bool) -> None:
    throttle.note(session, AttemptKind.VERIFICATION, throttle.key_for(wanted), address, succeeded=succeeded)


def _refuse_trawling(session: Session, address: str) -> None:
    if not address:
        return
    kind = AttemptKind.VERIFICATION
    throttle.refuse_beyond(session, UNKNOWN_LOOKS, throttle.failures_of_address(kind, address))
    throttle.refuse_beyond(session, LOOKS, throttle.successes_of_address(kind, address))


def standard_form(text: str) -> str:
    """Codes are printed in groups and typed by hand: blanks, hyphens and misread letters do not matter.

    Of the address in a QR code only the code counts.
    """
    code = text[:LONGEST].rpartition("code=")[2]
    compact = "".join(character for character in code.upper() if character.isalnum())
    return compact.translate(str.maketrans("OIL", "011"))


def _finding(certificate: Certificate) -> Finding:
    said = certificate.statement
    return Finding(
        status=certificate.status,
        reason=certificate.ended_for,
        ended_at=certificate.ended_at,
        number=certificate.number,
        year=certificate.year,
        name_masked=statements.mask_name(said["name"]),
        employer=said["employer"],
        hours=statements.standings(certificate),
        issued_on=certificate.issued_on,
        note=said.get("note", ""),
    )
