"""Certificates: issued once when the official figures allow it, printed again and again with the same bytes."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from db.certificates import Certificate, CertificateStatus, InvalidityReason
from db.people import Person
from services import rules, signing, standing, statements, statistics, storage, stored_files
from services.clock import now
from services.errors import N_, DomainError, NotFound
from services.events import record
from services.pdf.certificate import render
from services.pdf.font_store import missing_glyphs
from services.permissions import Actor, Permission, require
from services.rules import Standing
from services.spellings import SpellingNotConfirmed

NO_SUBSTITUTES: Mapping[str, str] = {}


class NotYetMet(DomainError):
    message = N_("%(year)s 年度的官方统计尚未全部达到三类学时要求，还不能打印证书。")


class NoLongerStands(DomainError):
    message = N_("这份证书已经失效，不能再打开或打印。达到要求后可以打印新的证书，编号不同。")


def list_mine(session: Session, actor: Actor) -> Sequence[Certificate]:
    require(actor, Permission.CERTIFICATE_PRINT)
    return session.scalars(_visible_to(actor).order_by(Certificate.year.desc(), Certificate.id.desc())).all()


def _visible_to(actor: Actor) -> Select[Certificate]:
    return select(Certificate).where(Certificate.person_id == actor.person_id, Certificate.person_id.is_not(None))


def read_pdf(session: Session, actor: Actor, certificate_id: int) -> tuple[Certificate, bytes]:
    """The bytes as they were issued. Raises NotFound for anybody but the holder, NoLongerStands."""
    certificate = _get_own(session, actor, certificate_id)
    if certificate.status is not CertificateStatus.ISSUED:
        raise NoLongerStands
    return certificate, storage.get(certificate.pdf_sha256)


def _get_own(session: Session, actor: Actor, certificate_id: int) -> Certificate:
    require(actor, Permission.CERTIFICATE_PRINT)
    certificate = session.scalar(_visible_to(actor).where(Certificate.id == certificate_id))
    if certificate is None:
        raise NotFound
    return certificate


def note_seen(session: Session, actor: Actor, certificate_id: int) -> None:
    """The holder knows that it no longer stands, and why."""
    _get_own(session, actor, certificate_id).news_at = None


def waiting_news(actor: Actor) -> Select[int]:
    """How many of the actor's certificates have ended without his taking note."""
    return select(func.count(Certificate.id)).where(
        Certificate.person_id == actor.person_id, Certificate.news_at.is_not(None)
    )


def unprintable(session: Session, actor: Actor, year: int) -> str:
    """The characters of the name and the employer's name for which the holder has to give another spelling."""
    require(actor, Permission.CERTIFICATE_PRINT)
    person = session.get(Person, actor.person_id)
    if person is None:
        raise NotFound
    return missing_glyphs(person.name + statements.employer_of(session, person.id, year).name)


def obtain(
    session: Session,
    actor: Actor,
    year: int,
    substitutes: Mapping[str, str] = NO_SUBSTITUTES,
    *,
    confirmed: bool = False,
) -> Certificate:
    """The valid certificate of a year: the one that was issued, or a new one when the official figures allow it.

    `substitutes` are the spellings that the holder has confirmed for characters that no font has.
    Raises NotYetMet, NoRequirement, NoSigningKeys and UnfitKeys, NameCannotBePrinted, InvalidField and
    SpellingNotConfirmed.
    """
    require(actor, Permission.CERTIFICATE_PRINT)
    if substitutes and not confirmed:
        raise SpellingNotConfirmed
    # The lock makes a second click wait and then find what the first one issued.
    person = session.scalar(select(Person).where(Person.id == actor.person_id).with_for_update())
    if person is None:
        raise NotFound
    issued = session.scalar(valid(person.id, year))
    return issued or issue(session, actor, person, year, substitutes)


def issue(
    session: Session, actor: Actor, person: Person, year: int, substitutes: Mapping[str, str] = NO_SUBSTITUTES
) -> Certificate:
    """A new certificate of somebody whom the caller has found in the actor's scope and holds locked."""
    official = standing.of_year(session, person.id, year)
    run = statistics.last_finished(session)
    if run is None or not official.met:
        raise NotYetMet(year=year)
    code = statements.new_code()
    statement = statements.compose(session, person, official, code, substitutes)
    certificate = Certificate(
        number=statement.number,
        code=code,
        person_id=person.id,
        year=year,
        statement=statements.frozen(statement),
        pdf_sha256=stored_files.keep(session, render(statement, signing.sign_file)),
        run_id=run.id,
        issued_on=statement.issued_on,
        issued_at=now(),
    )
    session.add(certificate)
    session.flush()
    after = {"number": certificate.number, "pdf_sha256": certificate.pdf_sha256, "note": statement.note}
    record(session, actor, "certificate_issue", certificate, after=after)
    return certificate


def correct(session: Session, actor: Actor, person_id: int, year: int) -> None:
    """Mark the valid certificate of a year when it says more than the official figures do after a correction."""
    certificate = session.scalar(valid(person_id, year).with_for_update())
    if certificate is None:
        return
    status = status_by(certificate, standing.of_year(session, person_id, year).official)
    if status is not CertificateStatus.ISSUED:
        end(session, actor, certificate, status, InvalidityReason.HOURS_TAKEN_BACK)


def correct_exempted(session: Session, actor: Actor, person_id: int, year: int) -> None:
    """End the valid certificate of a year if it rests on an exemption, which holds no more."""
    certificate = session.scalar(valid(person_id, year).with_for_update())
    if certificate is not None and any(line.exempted for line in statements.standings(certificate)):
        met = standing.of_year(session, person_id, year).met
        status = CertificateStatus.SUPERSEDED if met else CertificateStatus.REVOKED
        end(session, actor, certificate, status, InvalidityReason.EXEMPTION_REVOKED)


def end(
    session: Session, actor: Actor, certificate: Certificate, status: CertificateStatus, why: InvalidityReason
) -> None:
    """For whoever holds a valid certificate locked: it does not stand any longer, and its holder is told."""
    before = certificate.status
    certificate.status, certificate.ended_for = status, why
    certificate.ended_at = certificate.news_at = now()
    after = {"status": status, "ended_for": why, "number": certificate.number}
    record(session, actor, f"certificate_{status}", certificate, before={"status": before}, after=after)


def valid(person_id: int | InstrumentedAttribute[int], year: int) -> Select[Certificate]:
    """The certificate of a year that says of itself that it stands."""
    of_year = Certificate.person_id == person_id, Certificate.year == year
    return select(Certificate).where(*of_year, Certificate.status == CertificateStatus.ISSUED)


def status_by(certificate: Certificate, official: Sequence[Standing]) -> CertificateStatus:
    """What becomes of a valid certificate with these figures: marked as soon as it says more than they do."""
    if all(statements.earned(certificate, line.category) <= line.earned for line in official):
        return CertificateStatus.ISSUED
    return CertificateStatus.SUPERSEDED if rules.all_met(official) else CertificateStatus.REVOKED
