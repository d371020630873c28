"""Certificates checked by anybody: what was issued under a number or code, with the name masked."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from db.accounts import AttemptKind
from db.certificates import Certificate, CertificateStatus
from db.claims import Category
from db.session import Recorded
from services import throttle
from services.errors import N_, DomainError
from services.rules import Standing
from services.throttle import Limit

# Numbers are given out in order, so both guessing and walking along them are slowed down.
UNKNOWN_LOOKS = Limit(20, timedelta(minutes=15))
LOOKS = Limit(100, timedelta(hours=1))


class UnknownCertificate(Recorded, DomainError):
    """Stored although refused, so that every look counts."""

    message = N_("没有找到该编号或验证码对应的证书，请对照证书核对后重新输入。如核对无误，该证书不是本系统签发的。")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a certificate says and whether it still stands."""

    status: CertificateStatus
    reason: str
    number: str
    year: int
    name_masked: str
    employer: str
    hours: list[Standing]
    issued_on: date


def verify(session: Session, text: str, *, address: str) -> Finding:
    """Look a certificate up by number or code. Raises UnknownCertificate and TooManyAttempts."""
    _refuse_trawling(session, address)
    wanted = standard_form(text)
    same = or_(Certificate.number == wanted, Certificate.code == wanted)
    certificate = session.scalar(select(Certificate).where(same))
    throttle.note(
        session, AttemptKind.VERIFICATION, throttle.key_for(wanted), address, succeeded=certificate is not None
    )
    if certificate is None:
        raise UnknownCertificate
    return _finding(certificate)


def _refuse_trawling(session: Session, address: str) -> None:
    if not address:
        return
    kind = AttemptKind.VERIFICATION
    throttle.refuse_beyond(session, UNKNOWN_LOOKS, throttle.failures_of_address(kind, address))
    throttle.refuse_beyond(session, LOOKS, throttle.successes_of_address(kind, address))


def standard_form(text: str) -> str:
    """Codes are printed in groups and typed by hand: blanks, hyphens and misread letters do not matter."""
    compact = "".join(character for character in text.upper() if character.isalnum())
    return compact.translate(str.maketrans("OIL", "011"))[:64]


def _finding(certificate: Certificate) -> Finding:
    said = certificate.statement
    return Finding(
        status=certificate.status,
        reason=certificate.reason,
        number=certificate.number,
        year=certificate.year,
        name_masked=mask_name(said["name"]),
        employer=said["employer"],
        hours=[
            Standing(category, Decimal(said[category]["required"]), Decimal(said[category]["earned"]))
            for category in Category
        ],
        issued_on=certificate.issued_on,
    )


def mask_name(name: str) -> str:
    """First and last character stay: 李*, 张*明, 阿*********提."""
    if len(name) <= 2:
        return name[0] + "*" * (len(name) - 1)
    return f"{name[0]}{'*' * (len(name) - 2)}{name[-1]}"
