"""One archive of everything the system holds about whoever asks for it: the data as JSON, and the files."""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from tempfile import SpooledTemporaryFile
from typing import IO, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.accounts import Account, AttemptKind
from db.certificates import Certificate
from db.claims import Claim, Evidence
from db.exemptions import Exemption, ExemptionFile
from db.identity_changes import IdentityChange, IdentityFile
from db.locks import hold
from db.misconduct import MisconductFile, MisconductRecord
from db.missing_records import MissingRecord, MissingRecordFile
from db.session import UnitOfWork
from services import own_password, personal_data, sessions, storage, throttle
from services.clock import now
from services.errors import DomainError
from services.events import record
from services.evidence_files import clean_name
from services.permissions import Actor, Permission, require
from services.zip_stream import Outlet, add, entry

IN_MEMORY = 1024 * 1024
CHUNK = 64 * 1024
DATA, EXPLANATION, MISSING = "data.json", "README.txt", "MISSING.txt"


class ArchivedFile(NamedTuple):
    """A stored file under its name in the archive."""

    name: str
    sha256: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Contents:
    """What goes into the archive, looked up at one moment; the files are read while it is sent."""

    data: IO[bytes]
    files: list[ArchivedFile]
    made_at: datetime


def permit(transaction: UnitOfWork, actor: Actor, password: str) -> None:
    """For a few minutes this browser may fetch the archive. Raises TooManyAttempts, WrongPassword."""
    require(actor, Permission.ACCOUNT_OWN)
    own_password.prove(transaction, actor, password, to="data_export")
    with transaction() as session:
        sessions.confirm(session, actor)


def begin(session: Session, actor: Actor) -> None:
    """One archive is about to leave. Raises NotConfirmed, TooManyAttempts."""
    require(actor, Permission.ACCOUNT_OWN)
    sessions.require_confirmed(session, actor)
    key = throttle.key_for(f"export/{actor.account_id}")
    hold(session, f"export/{actor.account_id}")
    throttle.refuse_beyond(session, throttle.EXPORTS, throttle.successes_of_key(AttemptKind.EXPORT, key))
    throttle.note(session, AttemptKind.EXPORT, key, actor.address, succeeded=True)
    record(session, actor, "data_export", session.get_one(Account, actor.account_id))


def collect(session: Session, actor: Actor) -> Contents:
    require(actor, Permission.ACCOUNT_OWN)
    kinds = _evidence, _proofs, _exemptions, _cases, _missing, _certificates
    files = [file for kind in kinds for file in kind(session, actor)]
    return Contents(_write_data(session, actor), files, now())


def _evidence(session: Session, actor: Actor) -> Iterator[ArchivedFile]:
    """The files as they were uploaded; what the reviewer is shown is a copy without hidden parts."""
    own = select(Evidence, Claim.title).join(Evidence.claim).where(Claim.person_id == actor.person_id)
    for evidence, title in session.execute(own.order_by(Evidence.id)):
        folder = f"evidence/{evidence.claim_id} {clean_name(title)}"
        name = f"{folder}/{evidence.id} {clean_name(evidence.file_name)}"
        yield ArchivedFile(name, evidence.original_sha256, evidence.uploaded_at)


def _proofs(session: Session, actor: Actor) -> Iterator[ArchivedFile]:
    """Of corrected names and ID numbers, as they were uploaded."""
    own = select(IdentityFile).join(IdentityFile.change).where(IdentityChange.person_id == actor.person_id)
    for file in session.scalars(own.order_by(IdentityFile.id)):
        name = f"identity/{file.change_id}/{file.id} {clean_name(file.file_name)}"
        yield ArchivedFile(name, file.original_sha256, file.uploaded_at)


def _exemptions(session: Session, actor: Actor) -> Iterator[ArchivedFile]:
    """What proves the reasons of exemptions, whoever uploaded it."""
    own = select(ExemptionFile).join(ExemptionFile.exemption).where(Exemption.person_id == actor.person_id)
    for file in session.scalars(own.order_by(ExemptionFile.id)):
        name = f"exemptions/{file.exemption_id}/{file.id} {clean_name(file.file_name)}"
        yield ArchivedFile(name, file.original_sha256, file.uploaded_at)


def _cases(session: Session, actor: Actor) -> Iterator[ArchivedFile]:
    """Of dishonesty cases that the actor was told of, whoever uploaded them."""
    told = MisconductRecord.person_id == actor.person_id, MisconductRecord.notified_at.is_not(None)
    own = select(MisconductFile).join(MisconductFile.record).where(*told)
    for file in session.scalars(own.order_by(MisconductFile.id)):
        name = f"misconduct/{file.record_id}/{file.id} {clean_name(file.file_name)}"
        yield ArchivedFile(name, file.original_sha256, file.uploaded_at)


def _missing(session: Session, actor: Actor) -> Iterator[ArchivedFile]:
    """What proves that something is missing in the old systems' data."""
    own = select(MissingRecordFile).join(MissingRecordFile.report).where(MissingRecord.person_id == actor.person_id)
    for file in session.scalars(own.order_by(MissingRecordFile.id)):
        name = f"missing/{file.missing_record_id}/{file.id} {clean_name(file.file_name)}"
        yield ArchivedFile(name, file.original_sha256, file.uploaded_at)


def _certificates(session: Session, actor: Actor) -> Iterator[ArchivedFile]:
    own = select(Certificate).where(Certificate.person_id == actor.person_id).order_by(Certificate.id)
    for certificate in session.scalars(own):
        yield ArchivedFile(f"certificates/{certificate.number}.pdf", certificate.pdf_sha256, certificate.issued_at)


def _write_data(session: Session, actor: Actor) -> IO[bytes]:
    """Row by row into a file without a name, which is gone when it is closed."""
    file: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # closed when the archive is sent
    for number, (table, rows) in enumerate(personal_data.tables(session, actor)):
        file.write(f"{',' if number else '{'}\n{json.dumps(table)}: [".encode())
        for position, row in enumerate(rows):
            line = json.dumps(row, ensure_ascii=False, default=_plain)
            file.write(f"{',' if position else ''}\n{line}".encode())
        file.write(b"\n]")
    file.write(b"\n}\n")
    return file


def _plain(value: object) -> str:
    """Moments with their time zone, days and hours as people write them."""
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)


def stream(contents: Contents, explanation: str) -> Iterator[bytes]:
    """The archive piece by piece, with no more than one stored file in memory. `explanation` is for its reader."""
    outlet, missing = Outlet(), list[str]()
    with contents.data, zipfile.ZipFile(outlet, "w") as archive:
        add(archive, EXPLANATION, explanation.encode(), contents.made_at)
        contents.data.seek(0)
        with archive.open(entry(DATA, contents.made_at), "w", force_zip64=True) as member:
            while part := contents.data.read(CHUNK):
                member.write(part)
                yield outlet.take()
        for file in contents.files:
            try:
                content = storage.get(file.sha256)
            except DomainError:
                missing.append(file.name)
            else:
                add(archive, file.name, content, file.at)
            yield outlet.take()
        if missing:
            add(archive, MISSING, "\n".join(missing).encode(), contents.made_at)
    yield outlet.take()
