"""Thousands of certificates on their way to whoever may have them, with a few of them in memory at a time."""

from collections.abc import Callable, Iterator, Sequence
from zipfile import ZipFile

from sqlalchemy.orm import Session

from db.certificates import Certificate
from db.session import UnitOfWork
from services import clock, signing, statements, storage
from services.errors import DomainError
from services.evidence_files import clean_name
from services.pdf.certificate_booklet import CertificateBooklet
from services.zip_stream import Outlet, add

BATCH = 50
MISSING = "MISSING.txt"

# Reads a batch of certificates again, those that still stand.
Read = Callable[[Session, Sequence[int]], Sequence[Certificate]]


def booklet(reading: UnitOfWork, read: Read, numbers: Sequence[int]) -> Iterator[bytes]:
    """One PDF file, a certificate to a page, signed as a whole."""
    outlet = Outlet()
    bound = CertificateBooklet(outlet)
    for batch in _batches(reading, read, numbers):
        for certificate in batch:
            bound.add(statements.thawed(certificate))
        yield outlet.take()
    bound.close(f"{len(numbers)}", clock.today(), signing.sign_file)
    yield outlet.take()


def archive(reading: UnitOfWork, read: Read, numbers: Sequence[int]) -> Iterator[bytes]:
    """The files as they were issued, each with its signature, named after its holder and number."""
    outlet, missing = Outlet(), list[str]()
    with ZipFile(outlet, "w") as packed:
        for batch in _batches(reading, read, numbers):
            for certificate in batch:
                name = file_name(certificate)
                try:
                    content = storage.get(certificate.pdf_sha256)
                except DomainError:
                    missing.append(name)
                else:
                    add(packed, name, content, certificate.issued_at)
            yield outlet.take()
        if missing:
            add(packed, MISSING, "\n".join(missing).encode(), clock.now())
    yield outlet.take()


def file_name(certificate: Certificate) -> str:
    return clean_name(f"{certificate.statement['name']}_{certificate.number}.pdf")


def _batches(reading: UnitOfWork, read: Read, numbers: Sequence[int]) -> Iterator[Sequence[Certificate]]:
    """Each in a transaction of its own, because whoever receives them may be slow."""
    for start in range(0, len(numbers), BATCH):
        with reading() as session:
            batch = read(session, numbers[start : start + BATCH])
        yield batch
