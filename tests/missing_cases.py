"""Invented reports of missing records in any state; a test names only what it is about."""

from sqlalchemy.orm import Session

from db.accounts import Account, Role
from db.legacy import LegacyKind
from db.missing_records import MissingRecord, MissingRecordFile, MissingRecordStatus
from db.people import Person
from services import storage
from services.clock import now
from tests import factories

ANSWERED = {MissingRecordStatus.FOUND, MissingRecordStatus.NOT_FOUND}


def create_missing(
    session: Session,
    person: Person,
    *,
    status: MissingRecordStatus = MissingRecordStatus.REPORTED,
    decided_by: Account | None = None,
    **values: object,
) -> MissingRecord:
    """A certificate unless told; an answered one was answered just now, and the person has not read it."""
    usual = {"kind": LegacyKind.CERTIFICATE, "year": 2016, "title": "旧404", "employer": "老单位"}
    report = MissingRecord(person_id=person.id, status=status, reported_at=now(), **{**usual, **values})
    if status in ANSWERED:
        decider = decided_by or factories.create_account(session, Role.ANALYST)
        report.decided_at = report.news_at = now()
        report.decided_by_id, report.decided_by_name = decider.id, decider.display_name
        report.answer = "已在档案中核对。"
    session.add(report)
    session.flush()
    return report


def create_file(session: Session, report: MissingRecord, **columns: str) -> MissingRecordFile:
    """A row alone, of a file that was never stored."""
    file = MissingRecordFile(missing_record_id=report.id, file_name="旧证书.pdf", uploaded_at=now())
    for column, value in {**factories.unstored_file(), **columns}.items():
        setattr(file, column, value)
    session.add(file)
    session.flush()
    return file


def of_a_whole_life(session: Session, person: Person, analyst: Account) -> None:
    """One that waits, and one that was found."""
    for status in (MissingRecordStatus.REPORTED, MissingRecordStatus.FOUND):
        report = create_missing(session, person, status=status, decided_by=analyst)
        report.title, report.system = f"{person.name}的旧证书", f"{person.name}的旧系统"
        report.explanation = f"{person.name}的证书在旧系统中没有。"
        named = f"missing {status} of {person.name}".encode()
        original = storage.put(b"%PDF-1.7 original of the record " + named)
        create_file(session, report, original_sha256=original, sha256=storage.put(b"%PDF-1.7 clean " + named))
