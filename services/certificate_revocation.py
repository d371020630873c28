"""Certificates that a supervisor takes out of force, for another reason than what they rest on being taken back."""

from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from db.certificates import Certificate, CertificateStatus, InvalidityReason
from db.people import Person
from services import certificates, divisions, fields, standing, verification
from services.errors import N_, DomainError, InvalidField, NotFound, WrongStatus
from services.permissions import Actor, Permission, require

REASON, OPINION = N_("原因"), N_("说明")
BY_ITSELF = (InvalidityReason.HOURS_TAKEN_BACK, InvalidityReason.EXEMPTION_REVOKED)
BY_HAND = tuple(reason for reason in InvalidityReason if reason not in BY_ITSELF)


class NotIssuedHere(DomainError):
    message = N_("在您管理的区划内没有找到该编号或验证码对应的证书，请核对后重新输入。")


class OwnCertificate(DomainError):
    message = N_("不能撤销自己的证书，请由主管部门其他人员办理。")


@dataclass(frozen=True, slots=True)
class Found:
    """`printable_again` says whether the official figures would let the holder print a new one at once."""

    certificate: Certificate
    printable_again: bool


def find(session: Session, actor: Actor, text: str) -> Found:
    """By number, code or QR code, with its holder. Raises NotIssuedHere, BrokenProof."""
    require(actor, Permission.CERTIFICATE_REVOKE)
    certificate = session.scalar(_issued_below(actor).where(verification.named(text)))
    if certificate is None:
        raise NotIssuedHere
    return Found(certificate, standing.of_year(session, certificate.person_id, certificate.year).met)


def _issued_below(actor: Actor) -> Select[Certificate]:
    """Numbers begin with the division that issued them, wherever the holder works by now."""
    below = divisions.within_any(Certificate.number, actor.divisions)
    return select(Certificate).where(below).options(joinedload(Certificate.person))


def revoke(
    session: Session, actor: Actor, certificate_id: int, reason: InvalidityReason | None, opinion: str
) -> Certificate:
    """For good: what is printed afterwards is another certificate. The holder alone reads the opinion.

    Raises NotFound, InvalidField, OwnCertificate and, for one that no longer stands, WrongStatus.
    """
    require(actor, Permission.CERTIFICATE_REVOKE)
    certificate = session.scalar(_issued_below(actor).where(Certificate.id == certificate_id))
    if certificate is None:
        raise NotFound
    # Whoever is just printing, or taking hours back, finishes first.
    session.execute(select(Person.id).where(Person.id == certificate.person_id).with_for_update())
    session.refresh(certificate)
    if certificate.status is not CertificateStatus.ISSUED:
        raise WrongStatus
    if certificate.person_id == actor.person_id:
        raise OwnCertificate
    if reason is None or reason not in BY_HAND:
        raise InvalidField(REASON, N_("请选择。"))
    certificate.opinion = fields.required_text(OPINION, opinion, fields.LONGEST_TEXT)
    certificate.revoked_by_id = actor.account_id
    certificates.end(session, actor, certificate, CertificateStatus.REVOKED, reason)
    return certificate
