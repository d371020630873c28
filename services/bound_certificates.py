"""Certificates of several years in one file, as an application for a title asks for them."""

from collections.abc import Collection, Sequence
from io import BytesIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.certificates import Certificate, CertificateStatus
from services import certificates, clock, signing, statements, stored_files
from services.errors import NotFound
from services.pdf.certificate_booklet import CertificateBooklet
from services.permissions import Actor, Permission, require


def obtain(session: Session, actor: Actor, years: Collection[int]) -> Sequence[Certificate]:
    """The valid certificate of each year, issued where there is none yet. Raises what `certificates.obtain` raises."""
    return [certificates.obtain(session, actor, year) for year in sorted(years)]


def take(session: Session, actor: Actor, years: Collection[int]) -> Sequence[Certificate]:
    """Newest year first, each noted as a download. Raises NotFound unless each year has a valid one of his own."""
    require(actor, Permission.CERTIFICATE_PRINT)
    own = Certificate.person_id == actor.person_id, Certificate.person_id.is_not(None)
    valid = select(Certificate).where(*own, Certificate.status == CertificateStatus.ISSUED)
    found = session.scalars(valid.where(Certificate.year.in_(years)).order_by(Certificate.year.desc())).all()
    if not found or len(found) < len(set(years)):
        raise NotFound
    for certificate in found:
        stored_files.note_download(session, actor, certificate)
    return found


def render(bound: Sequence[Certificate]) -> bytes:
    """As they were issued, signed as a whole today. Raises NoSigningKeys, UnfitKeys."""
    with BytesIO() as file:
        booklet = CertificateBooklet(file)
        for certificate in bound:
            booklet.add(statements.thawed(certificate))
        booklet.close(bound[0].number, clock.today(), signing.sign_file)
        return file.getvalue()
