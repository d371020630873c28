"""Certificates of several years in one file, for their holder alone."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from db import reading, transaction
from db.certificates import Certificate, CertificateStatus, InvalidityReason
from db.claims import ClaimStatus
from db.events import Event
from db.people import Person
from services import bound_certificates, certificates, clock, statistics, storage
from services.certificates import NotYetMet
from services.errors import NotFound, PermissionDenied
from services.permissions import SYSTEM, Actor
from tests import factories
from tests.certificates import FULL
from tests.services.pdf import reading as reading_back

NOVEMBER = datetime(2026, 11, 2, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _november() -> Iterator[None]:
    with clock.at(NOVEMBER):
        yield


def holder(*years: int, name: str = "林知夏") -> Actor:
    """Somebody who meets these years officially."""
    with transaction() as session:
        person = factories.create_person(session, name=name, employer=factories.create_employer(session))
        for year in years:
            for category, hours in FULL.items():
                factories.create_claim(
                    session, person, status=ClaimStatus.APPROVED, category=category, hours=hours, year=year
                )
        actor = factories.actor_for(session, person)
    statistics.recompute(transaction, SYSTEM)
    return actor


def obtain(actor: Actor, *years: int) -> list[str]:
    with transaction() as session:
        return [each.number for each in bound_certificates.obtain(session, actor, years)]


def test_each_year_is_issued_once_and_printed_as_it_was_issued() -> None:
    actor = holder(2024, 2025, 2026)
    with transaction() as session:
        earlier = certificates.obtain(session, actor, 2025).number
    numbers = obtain(actor, 2026, 2024, 2025)
    assert earlier in numbers
    assert obtain(actor, 2024, 2025, 2026) == numbers
    with transaction() as session:
        session.get_one(Person, actor.person_id).name = "林夏"
    with transaction() as session:
        found = bound_certificates.take(session, actor, [2024, 2025, 2026])
    assert [each.year for each in found] == [2026, 2025, 2024]
    with reading() as session:
        noted = select(Event.object_id).where(Event.action == "file_download", Event.object_type == "certificate")
        assert set(session.scalars(noted)) == {each.id for each in found}
    alone = [reading_back.joined(storage.get(each.pdf_sha256)) for each in found]
    assert reading_back.pages(bound_certificates.render(found)) == alone


def test_one_year_that_is_not_met_issues_none_of_the_others() -> None:
    actor = holder(2024, 2026)
    with pytest.raises(NotYetMet, match="2025"):
        obtain(actor, 2024, 2025, 2026)
    with reading() as session:
        assert session.scalars(select(Certificate)).all() == []


@pytest.mark.parametrize("years", [(), (2024,), (2024, 2026), (1999,)])
def test_years_without_a_valid_certificate_are_not_found(years: tuple[int, ...]) -> None:
    actor = holder(2024, 2026)
    obtain(actor, 2024, 2026)
    with transaction() as session:
        of_2024 = session.scalars(select(Certificate).where(Certificate.year == 2024)).one()
        why = InvalidityReason.HOURS_TAKEN_BACK
        certificates.end(session, SYSTEM, of_2024, CertificateStatus.SUPERSEDED, why)
    with transaction() as session, pytest.raises(NotFound):
        bound_certificates.take(session, actor, years)


def test_nobody_reads_those_of_another() -> None:
    obtain(holder(2026), 2026)
    other = holder(name="陈望舒")
    with transaction() as session, pytest.raises(NotFound):
        bound_certificates.take(session, other, [2026])
    with transaction() as session:
        reviewer = factories.actor_of(session, factories.create_reviewer(session, factories.create_employer(session)))
    with transaction() as session, pytest.raises(PermissionDenied):
        bound_certificates.take(session, reviewer, [2026])
