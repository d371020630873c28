"""Hours that are taken away after they counted: the official figures and the certificate follow at once."""

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.certificates import Certificate, CertificateStatus, InvalidityReason
from db.claims import Category, Claim, ClaimAction, ClaimStatus, ReviewReason
from db.people import Person
from services import certificates, clock, standing, statements, statistics
from services.errors import InvalidField
from services.permissions import SYSTEM, Actor
from tests import factories
from tests.services.claim_forms import TODAY
from tests.services.claim_steps import act


@pytest.fixture(autouse=True)
def _june() -> Iterator[None]:
    with clock.at(TODAY):
        yield


def complete_year(session: Session, person: Person) -> dict[Category, Claim]:
    """Approved hours that just meet 2026, counted by the official statistics."""
    hours = {Category.GENERAL: 30, Category.PROFESSIONAL: 42, Category.ELECTIVE: 18}
    made = {
        category: factories.create_claim(
            session, person, status=ClaimStatus.APPROVED, category=category, hours=Decimal(needed), year=2026
        )
        for category, needed in hours.items()
    }
    recompute(session)
    return made


def recompute(session: Session) -> None:
    session.flush()
    statistics.recompute(lambda: nullcontext(session), SYSTEM)
    session.expire_all()


def test_revoked_hours_leave_the_official_figures_and_the_certificate_at_once(
    open_session: Session, person: Person, supervisor: Actor
) -> None:
    owner, made = factories.actor_for(open_session, person), complete_year(open_session, person)
    printed = certificates.obtain(open_session, owner, 2026)
    with pytest.raises(InvalidField):
        act(open_session, supervisor, made[Category.ELECTIVE], ClaimAction.REVOKE)
    act(open_session, supervisor, made[Category.ELECTIVE], ClaimAction.REVOKE, reason=ReviewReason.UNTRUE)

    official = standing.of_year(open_session, person.id, 2026).official
    assert [line.earned for line in official] == [Decimal(30), Decimal(42), Decimal(0)]
    assert (printed.status, printed.ended_for) == (CertificateStatus.REVOKED, InvalidityReason.HOURS_TAKEN_BACK)
    with pytest.raises(certificates.NotYetMet):
        certificates.obtain(open_session, owner, 2026)


def test_the_last_hours_of_a_year_vanish_when_they_are_revoked(
    open_session: Session, person: Person, supervisor: Actor
) -> None:
    claim = factories.create_claim(open_session, person, status=ClaimStatus.APPROVED, year=2026)
    recompute(open_session)
    act(open_session, supervisor, claim, ClaimAction.REVOKE, reason=ReviewReason.UNTRUE)
    assert [line.earned for line in standing.of_year(open_session, person.id, 2026).official] == [Decimal(0)] * 3


def test_a_year_that_is_still_complete_gets_a_new_certificate(
    open_session: Session, person: Person, supervisor: Actor
) -> None:
    owner = factories.actor_for(open_session, person)
    more = factories.create_claim(
        open_session, person, status=ClaimStatus.APPROVED, category=Category.ELECTIVE, year=2026
    )
    complete_year(open_session, person)
    printed = certificates.obtain(open_session, owner, 2026)
    act(open_session, supervisor, more, ClaimAction.REVOKE, reason=ReviewReason.DUPLICATE)
    assert printed.status is CertificateStatus.SUPERSEDED
    again = certificates.obtain(open_session, owner, 2026)
    assert (again.status, statements.earned(again, Category.ELECTIVE)) == (CertificateStatus.ISSUED, Decimal(18))


def test_hours_that_are_given_back_count_at_once(open_session: Session, person: Person, supervisor: Actor) -> None:
    made = complete_year(open_session, person)[Category.GENERAL]
    made.end_on = made.start_on + timedelta(days=3)
    factories.create_step(open_session, made, ClaimStatus.APPROVED)
    open_session.expire(made)
    act(open_session, supervisor, made, ClaimAction.REVOKE, reason=ReviewReason.MISMATCH)
    act(open_session, supervisor, made, ClaimAction.UNDO)
    assert standing.of_year(open_session, person.id, 2026).met


def test_an_approval_that_is_taken_back_marks_the_certificate_too(
    open_session: Session, person: Person, reviewer: Actor
) -> None:
    made = complete_year(open_session, person)[Category.PROFESSIONAL]
    certificates.obtain(open_session, factories.actor_for(open_session, person), 2026)
    act(open_session, reviewer, made, ClaimAction.UNDO)
    assert open_session.scalars(select(Certificate.status)).all() == [CertificateStatus.REVOKED]


def test_taking_hours_back_before_any_statistics_needs_no_correction(
    open_session: Session, person: Person, supervisor: Actor
) -> None:
    claim = factories.create_claim(open_session, person, status=ClaimStatus.APPROVED, year=2026)
    act(open_session, supervisor, claim, ClaimAction.REVOKE, reason=ReviewReason.UNTRUE)
    assert claim.status is ClaimStatus.REVOKED
