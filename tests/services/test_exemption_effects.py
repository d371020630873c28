"""What an exemption does: to the year, the dry run, the staff's progress, the certificate, and days gone by."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from db import reading, transaction
from db.certificates import Certificate, CertificateStatus, InvalidityReason
from db.claims import Category, ClaimStatus
from db.exemptions import WHOLE, Exemption, ExemptionAction, ExemptionStatus
from db.organisations import Organisation
from db.people import Binding, BindingStatus, EndReason, Person
from db.statistics import RunKind, StatisticsRun
from services import (
    as_of,
    certificates,
    clock,
    mergers,
    progress,
    proofs,
    requirement_trials,
    rules,
    standing,
    statements,
    statistics,
    verification,
)
from services.permissions import SYSTEM, Actor
from services.progress import Wanted
from services.requirement_trials import Flip
from services.rules import NONE, Standing
from tests import factories
from tests.exemption_cases import ALL, create_exemption
from tests.services.claim_forms import TODAY
from tests.services.exemption_steps import HALF, act
from tests.services.requirement_forms import FULL, YEAR, hire, tried

tenths = st.integers(0, 9999).map(lambda number: Decimal(number) / 10)
hours_of_each = st.fixed_dictionaries(dict.fromkeys(Category, tenths))
taken_off = st.fixed_dictionaries(dict.fromkeys(Category, st.one_of(tenths, st.just(WHOLE))))


@pytest.fixture(autouse=True)
def _june() -> Iterator[None]:
    with clock.at(TODAY):
        yield


@pytest.mark.no_database
@given(hours_of_each, hours_of_each, taken_off)
def test_an_exemption_never_raises_a_requirement_nor_lowers_hours(
    asked: dict[Category, Decimal], earned: dict[Category, Decimal], exempted: dict[Category, Decimal]
) -> None:
    without, with_it = rules.standings(asked, earned), rules.standings(asked, earned, exempted)
    for before, after in zip(without, with_it, strict=True):
        assert NONE <= after.required <= before.required == after.required + after.exempted
        assert after.earned == before.earned
        assert after.met or not before.met
        assert after.required == max(before.required - exempted[before.category], NONE)


def create(
    status: ExemptionStatus, person: Person, hours: dict[Category, Decimal] = HALF, year: int = YEAR
) -> Exemption:
    with transaction() as session:
        employer = session.scalars(select(Organisation).join(Binding).where(Binding.person_id == person.id)).one()
        return create_exemption(session, person, employer, status=status, hours=hours, year=year)


def official(person: Person) -> list[Standing]:
    with reading() as session:
        return standing.of_year(session, person.id, YEAR).official


def required(person: Person) -> list[Decimal]:
    return [line.required for line in official(person)]


@pytest.mark.parametrize("status", list(ExemptionStatus))
def test_only_a_granted_one_reduces_the_year(person: Person, status: ExemptionStatus) -> None:
    create(status, person)
    create(ExemptionStatus.GRANTED, person, ALL, YEAR - 1)
    assert required(person) == ([30, 21, 18] if status is ExemptionStatus.GRANTED else [30, 42, 18])


def test_it_is_for_its_person_alone(person: Person, employer: Organisation) -> None:
    create(ExemptionStatus.GRANTED, person, ALL)
    with transaction() as session:
        colleague = factories.create_person(session, employer=employer)
    assert required(person) == [0, 0, 0]
    assert required(colleague) == [30, 42, 18]


@pytest.mark.parametrize("kind", list(RunKind))
def test_it_holds_before_and_after_every_kind_of_run(kind: RunKind) -> None:
    person = hire({**FULL, Category.PROFESSIONAL: Decimal(21)})
    statistics.recompute(transaction, SYSTEM)
    assert not rules.all_met(official(person))
    create(ExemptionStatus.GRANTED, person)
    assert rules.all_met(official(person)), "at once, without a run"
    with clock.at(TODAY + timedelta(days=2 if kind is RunKind.CHANGES else 8)):
        number = statistics.run_due(transaction, SYSTEM)
        with reading() as session:
            run = session.get_one(StatisticsRun, number)
            assert (run.kind, run.rows_changed) == (kind, 0), "the hours are the same"
        assert rules.all_met(official(person))


def test_the_staffs_progress_asks_for_what_is_left(reviewer: Actor, person: Person, employer: Organisation) -> None:
    with transaction() as session:
        colleague = factories.create_person(session, employer=employer)
        create_exemption(session, colleague, employer, status=ExemptionStatus.GRANTED, hours=ALL, year=YEAR)
    create(ExemptionStatus.GRANTED, person)
    with reading() as session:
        totals = progress.totals(session, reviewer, YEAR)
        roster = progress.roster(session, reviewer, Wanted(YEAR))
    assert (totals.staff, totals.met) == (2, 1)
    asked = {member.person_id: [line.required for line in member.official] for member in roster}
    assert asked == {person.id: [30, 21, 18], colleague.id: [0, 0, 0]}


def test_the_dry_run_knows_of_it(topmost: Actor) -> None:
    turning = hire(FULL)
    exempted = hire(FULL)
    create(ExemptionStatus.GRANTED, exempted)
    statistics.recompute(transaction, SYSTEM)
    found = tried(topmost)
    assert (found.losing, found.gaining) == (1, 0)
    with reading() as session:
        (named,) = requirement_trials.flipping(session, topmost, found.id, Flip.LOSING)
    assert named.person_id == turning.id


def test_a_day_gone_by_knows_it_from_its_grant_to_its_end(person: Person) -> None:
    granted = create(ExemptionStatus.REQUESTED, person)
    with reading() as session:
        actor = factories.actor_for(session, person)
    for days, action in ((2, ExemptionAction.GRANT), (5, ExemptionAction.REVOKE)):
        with clock.at(TODAY + timedelta(days=days)), transaction() as session:
            supervisor = factories.actor_of(session, factories.create_supervisor(session))
            act(session, supervisor, session.get_one(Exemption, granted.id), action)
    asked = {}
    with clock.at(TODAY + timedelta(days=9)), reading() as session:
        for days in (1, 2, 4, 5):
            then = as_of.on(session, actor, person.id, YEAR, TODAY.date() + timedelta(days=days))
            asked[days] = then.hours[1].required
    assert asked == {1: 42, 2: 21, 4: 21, 5: 42}


class TestTheCertificate:
    @pytest.fixture(autouse=True)
    def _stage(self) -> None:
        self.person = hire({**FULL, Category.PROFESSIONAL: Decimal(21)})
        statistics.recompute(transaction, SYSTEM)
        self.exemption = create(ExemptionStatus.GRANTED, self.person)
        with transaction() as session:
            self.owner = factories.actor_for(session, self.person)
            self.supervisor = factories.actor_of(session, factories.create_supervisor(session))

    def printed(self) -> Certificate:
        with transaction() as session:
            return certificates.obtain(session, self.owner, YEAR)

    def revoked(self) -> None:
        with transaction() as session:
            exemption = session.get_one(Exemption, self.exemption.id)
            act(session, self.supervisor, exemption, ExemptionAction.REVOKE, opinion="证明不实。")

    def stored(self, certificate: Certificate) -> Certificate:
        with reading() as session:
            return session.get_one(Certificate, certificate.id)

    def test_it_names_the_reduced_requirement_and_not_the_reason(self) -> None:
        certificate = self.printed()
        lines = statements.standings(certificate)
        assert [line.required for line in lines] == [line.earned for line in lines] == [30, 21, 18]
        note = certificate.statement["note"]
        assert note == "规定学时经批准减免：专业 21。"
        assert "住院" not in str(certificate.statement)
        with transaction() as session:
            assert verification.verify(session, certificate.number, address="").note == note
        proof = proofs.read(certificate.statement["verify_url"].rpartition("=")[2])
        assert [line.required for line in proof.hours] == [30, 21, 18]
        assert statements.thawed(certificate).professional.exempted == 21

    def test_it_ends_with_the_exemption(self) -> None:
        certificate = self.printed()
        self.revoked()
        stored = self.stored(certificate)
        ended = CertificateStatus.REVOKED, InvalidityReason.EXEMPTION_REVOKED
        assert (stored.status, stored.ended_for) == ended
        with transaction() as session, pytest.raises(certificates.NotYetMet):
            certificates.obtain(session, self.owner, YEAR)

    def test_who_has_learned_enough_meanwhile_prints_another_one(self) -> None:
        certificate = self.printed()
        with transaction() as session:
            factories.create_claim(
                session,
                session.get_one(Person, self.person.id),
                status=ClaimStatus.APPROVED,
                category=Category.PROFESSIONAL,
                hours=Decimal(21),
                year=YEAR,
            )
        statistics.recompute(transaction, SYSTEM)
        self.revoked()
        assert self.stored(certificate).status is CertificateStatus.SUPERSEDED
        assert [line.required for line in statements.standings(self.printed())] == [30, 42, 18]

    def test_one_that_rests_on_no_exemption_stands(self) -> None:
        with transaction() as session:
            session.get_one(Exemption, self.exemption.id).general = Decimal(0)
        person = hire(FULL)
        statistics.recompute(transaction, SYSTEM)
        with transaction() as session:
            owner = factories.actor_for(session, person)
            certificate = certificates.obtain(session, owner, YEAR)
        self.exemption = create(ExemptionStatus.GRANTED, person)
        self.revoked()
        assert self.stored(certificate).status is CertificateStatus.ISSUED

    def test_one_that_was_printed_under_an_earlier_exemption_ends_with_the_one_that_replaced_it(self) -> None:
        certificate = self.printed()
        with transaction() as session:
            employer = session.scalars(select(Organisation).limit(1)).one()
            person = session.get_one(Person, self.person.id)
            self.exemption = create_exemption(session, person, employer, year=YEAR)
            act(session, self.supervisor, self.exemption, ExemptionAction.GRANT)
        assert self.stored(certificate).status is CertificateStatus.ISSUED
        self.revoked()
        assert self.stored(certificate).status is CertificateStatus.REVOKED


def test_who_is_wholly_exempted_prints_without_an_hour_and_without_an_employer_by_now(person: Person) -> None:
    statistics.recompute(transaction, SYSTEM)
    create(ExemptionStatus.GRANTED, person, ALL)
    with transaction() as session:
        binding = session.scalars(select(Binding).where(Binding.person_id == person.id)).one()
        binding.status, binding.ended_on, binding.end_reason = BindingStatus.ENDED, TODAY.date(), EndReason.LEFT
    with transaction() as session:
        certificate = certificates.obtain(session, factories.actor_for(session, person), YEAR)
    lines = statements.standings(certificate)
    assert [line.required for line in lines] == [line.earned for line in lines] == [0, 0, 0]
    assert certificate.statement["note"] == "规定学时经批准减免：公需 30、专业 42、选修 18。"


def test_what_waits_or_holds_goes_over_with_a_merger(
    open_session: Session, person: Person, employer: Organisation, supervisor: Actor
) -> None:
    kept = factories.create_employer(open_session)
    made = {
        status: create_exemption(open_session, person, employer, status=status, year=YEAR) for status in ExemptionStatus
    }
    planned = mergers.preview(open_session, supervisor, employer.id, kept.id)
    seen = planned.gone.version, planned.kept.version
    mergers.merge(open_session, supervisor, employer.id, kept.id, seen=seen, take_reviewers=False)
    open_session.expire_all()
    moved = {status for status, exemption in made.items() if exemption.employer_id == kept.id}
    assert moved == {ExemptionStatus.REQUESTED, ExemptionStatus.GRANTED}
    assert planned.counts[mergers.Moved.EXEMPTIONS] == len(moved)
