"""A professional's own list of claims, page by page, and copies of claims."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from db.claims import Claim, ClaimStatus
from db.people import Person
from services import claim_form, claims, clock
from services.errors import NotFound, PermissionDenied
from services.permissions import Actor
from tests import factories
from tests.services.claim_forms import FORM, TODAY

S = ClaimStatus


@pytest.fixture(autouse=True)
def _june() -> Iterator[None]:
    with clock.at(TODAY):
        yield


@pytest.fixture
def person(open_session: Session) -> Person:
    return factories.create_person(open_session, employer=factories.create_employer(open_session))


@pytest.fixture
def professional(open_session: Session, person: Person) -> Actor:
    return factories.actor_for(open_session, person)


def test_what_waits_for_its_owner_comes_first_then_what_is_newest(
    open_session: Session, person: Person, professional: Actor
) -> None:
    statuses = [S.DRAFT, S.APPROVED, S.RETURNED, S.SUBMITTED, S.REJECTED]
    stored = {status: factories.create_claim(open_session, person, status=status).id for status in statuses}
    listed = [claim.id for claim in claims.list_mine(open_session, professional)]
    assert listed == [stored[status] for status in (S.RETURNED, S.DRAFT, S.REJECTED, S.SUBMITTED, S.APPROVED)]


def test_the_pages_hold_every_claim_once(
    open_session: Session, person: Person, professional: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims, "PAGE_SIZE", 3)
    for status in (S.DRAFT, S.APPROVED, S.RETURNED, S.SUBMITTED, S.DRAFT, S.APPROVED, S.REJECTED):
        factories.create_claim(open_session, person, status=status)
    factories.create_claim(open_session, factories.create_person(open_session))
    everything = [claim.id for claim in _pages(open_session, professional)]
    assert len(everything) == len(set(everything)) == 7
    monkeypatch.setattr(claims, "PAGE_SIZE", 50)
    assert everything == [claim.id for claim in claims.list_mine(open_session, professional)]


def _pages(session: Session, actor: Actor) -> Iterator[Claim]:
    after = 0
    while page := claims.list_mine(session, actor, after_id=after):
        yield from page
        after = page[-1].id


def test_a_list_of_one_year_and_the_years_there_are(open_session: Session, person: Person, professional: Actor) -> None:
    for year in (2024, 2026, 2024):
        factories.create_claim(open_session, person, year=year)
    factories.create_claim(open_session, factories.create_person(open_session), year=2025)
    assert claims.list_my_years(open_session, professional) == [2026, 2024]
    assert [claim.year for claim in claims.list_mine(open_session, professional, year=2024)] == [2024, 2024]


@pytest.mark.parametrize("status", list(ClaimStatus))
def test_only_the_copy_of_a_rejected_claim_comes_with_its_evidence(
    open_session: Session, person: Person, professional: Actor, status: ClaimStatus
) -> None:
    original = factories.create_claim(open_session, person, status=status, hours=Decimal(8))
    file = factories.create_evidence(open_session, original)
    open_session.expire_all()
    copy = claims.create(open_session, professional, FORM, copy_of=original.id)
    copied = [(each.file_name, each.sha256, each.original_sha256) for each in copy.evidence]
    assert copied == ([(file.file_name, file.sha256, file.original_sha256)] if status is S.REJECTED else [])
    assert (copy.status, copy.id != original.id) == (S.DRAFT, True)
    assert [each.id for each in claims.get(open_session, professional, original.id).evidence] == [file.id]


def test_a_form_can_be_filled_in_like_any_claim(open_session: Session, professional: Actor) -> None:
    form = replace(FORM, certificate_number="QC-2026-017")
    assert claim_form.form_of(claims.create(open_session, professional, form)) == form


def test_nobody_copies_what_is_somebody_elses(open_session: Session, person: Person, professional: Actor) -> None:
    employer = factories.create_employer(open_session)
    others = factories.create_claim(
        open_session, factories.create_person(open_session, employer=employer), status=S.REJECTED
    )
    with pytest.raises(NotFound):
        claims.create(open_session, professional, FORM, copy_of=others.id)
    account = factories.create_reviewer(open_session, employer)
    reviewer = factories.actor_of(open_session, account)
    with pytest.raises(PermissionDenied):
        claims.create(open_session, reviewer, FORM, copy_of=others.id)
    factories.create_person(open_session, employer=employer, account=account)
    both = factories.actor_of(open_session, account)
    assert claims.get(open_session, both, others.id).id == others.id
    with pytest.raises(NotFound):
        claims.create(open_session, both, FORM, copy_of=others.id)
    assert person.id == professional.person_id
