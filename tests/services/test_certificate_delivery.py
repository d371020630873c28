"""The certificates of a whole staff as one file: each as it was issued, in parts that are made as they are sent."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db import reading, transaction
from db.certificates import Certificate, CertificateStatus, InvalidityReason
from db.organisations import Organisation
from db.people import Person
from services import certificate_delivery, certificates, clock, staff_certificates, storage
from services.errors import NotFound
from services.permissions import SYSTEM, Actor
from services.staff_certificates import Form
from tests.certificates import YEAR
from tests.counting import CountQueries
from tests.services.pdf import judging
from tests.services.pdf import reading as reading_back
from tests.services.printing import delivered, hand_out, issue, recompute, staff_of

NOVEMBER = datetime(2026, 11, 2, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _november() -> Iterator[None]:
    with clock.at(NOVEMBER):
        yield


def test_one_file_holds_every_certificate_as_it_was_issued_by_department_and_name(
    employer: Organisation, reviewer: Actor
) -> None:
    staff_of(employer, "林知夏", "陈望舒", "阿卜杜拉·买买提")
    with transaction() as session:
        session.scalars(select(Person).where(Person.name == "林知夏")).one().department = "一室"
        for name in ("陈望舒", "阿卜杜拉·买买提"):
            session.scalars(select(Person).where(Person.name == name)).one().department = "二室"
    recompute()
    issue(reviewer)
    content = hand_out(reviewer)
    with reading() as session:
        people = select(Certificate).join(Certificate.person).order_by(Person.department, Person.name)
        found = session.scalars(people).all()
    alone = [reading_back.joined(storage.get(each.pdf_sha256)) for each in found]
    assert reading_back.pages(content) == alone
    assert judging.faults(content) == []
    assert judging.judged(content).bottom_line


def test_the_archive_holds_the_signed_files_under_names_that_no_system_misreads(
    employer: Organisation, reviewer: Actor
) -> None:
    staff_of(employer, "林知夏", "../../etc", "a/b:c*?", "林知夏")
    recompute()
    issue(reviewer)
    with zipfile.ZipFile(io.BytesIO(hand_out(reviewer, Form.ZIP))) as packed, reading() as session:
        assert packed.testzip() is None
        by_number = {each.number: each for each in session.scalars(select(Certificate))}
        assert len(packed.namelist()) == len(by_number) == 4
        for name in packed.namelist():
            assert not set(name) & set('/\\:*?"<>|')
            number = name.rpartition("_")[2].removesuffix(".pdf")
            content = packed.read(name)
            assert content == storage.get(by_number[number].pdf_sha256)
            assert judging.judged(content).coverage.name == "ENTIRE_FILE"


def test_a_file_that_cannot_be_read_is_named_and_stops_no_other(
    employer: Organisation, reviewer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff_of(employer, "林知夏", "陈望舒")
    recompute()
    issue(reviewer)
    with reading() as session:
        lost = session.scalars(select(Certificate).join(Certificate.person).where(Person.name == "林知夏")).one()
    there = storage.get

    def get(sha256: str) -> bytes:
        if sha256 == lost.pdf_sha256:
            raise NotFound
        return there(sha256)

    monkeypatch.setattr(storage, "get", get)
    with zipfile.ZipFile(io.BytesIO(hand_out(reviewer, Form.ZIP))) as packed:
        assert len(packed.namelist()) == 2
        assert packed.read("MISSING.txt").decode() == f"林知夏_{lost.number}.pdf"


def test_what_has_ceased_to_stand_is_neither_handed_out_nor_counted(employer: Organisation, reviewer: Actor) -> None:
    staff_of(employer, "林知夏", "陈望舒")
    recompute()
    issue(reviewer)
    with transaction() as session:
        numbers = staff_certificates.hand_out(session, reviewer, YEAR, Form.PDF, None)
    with transaction() as session:
        ended = session.get_one(Certificate, numbers[0])
        certificates.end(session, SYSTEM, ended, CertificateStatus.SUPERSEDED, InvalidityReason.HOURS_TAKEN_BACK)
    assert len(reading_back.pages(delivered(reviewer, Form.PDF, numbers))) == 1
    assert len(reading_back.pages(hand_out(reviewer))) == 1


def test_they_are_read_in_batches_while_they_are_sent(
    employer: Organisation, reviewer: Actor, monkeypatch: pytest.MonkeyPatch, count_queries: CountQueries
) -> None:
    monkeypatch.setattr(certificate_delivery, "BATCH", 2)
    staff_of(employer, *[f"林{number:03d}" for number in range(6)])
    recompute()
    issue(reviewer)
    with transaction() as session:
        numbers = staff_certificates.hand_out(session, reviewer, YEAR, Form.PDF, None)
    read: list[int] = []

    def reading_them(session: Session, part: Sequence[int]) -> Sequence[Certificate]:
        read.append(len(part))
        return staff_certificates.read(reviewer, session, part)

    parts = certificate_delivery.booklet(reading, reading_them, numbers)
    assert next(parts).startswith(b"%PDF-")
    assert read == [2]
    with count_queries() as queries:
        next(parts)
    assert read == [2, 2]
    assert len(queries) == 1, queries
    assert len(list(parts)) == 2
