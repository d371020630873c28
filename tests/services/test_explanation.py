"""For every record of hours: whether it counts, and if not, why or who has it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from db import reading, transaction
from db.claims import Category, Claim, ClaimStatus
from db.people import Person
from services import clock, explanation, standing, statistics
from services.explanation import Record, Verdict
from services.permissions import SYSTEM
from services.standing import Overview
from tests import classes, factories

YEAR = clock.today().year


@pytest.fixture
def owner() -> Person:
    with transaction() as session:
        return factories.create_person(session, employer=factories.create_employer(session, name="晴川设计院"))


def claim(owner: Person, status: ClaimStatus, hours: str = "8", awarded: str | None = None) -> Claim:
    with transaction() as session:
        return factories.create_claim(
            session, owner, status=status, hours=Decimal(hours), awarded=Decimal(awarded) if awarded else None
        )


def seen(owner: Person) -> Overview:
    with reading() as session:
        return standing.overview(session, factories.actor_for(session, owner))


def records(owner: Person) -> list[Record]:
    return seen(owner).records[YEAR]


@pytest.mark.parametrize(
    ("status", "verdict", "refused"),
    [
        (ClaimStatus.DRAFT, Verdict.UNSENT, 0),
        (ClaimStatus.SUBMITTED, Verdict.WITH_EMPLOYER, 0),
        (ClaimStatus.ENDORSED, Verdict.WITH_SUPERVISOR, 0),
        (ClaimStatus.APPROVED, Verdict.COUNTS, 0),
        (ClaimStatus.RETURNED, Verdict.RETURNED, 0),
        (ClaimStatus.REJECTED, Verdict.REJECTED, 8),
        (ClaimStatus.REVOKED, Verdict.REVOKED, 8),
    ],
)
def test_every_status_has_its_verdict(owner: Person, status: ClaimStatus, verdict: Verdict, refused: int) -> None:
    claim(owner, status)
    statistics.recompute(transaction, SYSTEM)
    (record,) = records(owner)
    assert (record.verdict, record.refused) == (verdict, Decimal(refused))
    assert record.counted == (Decimal(8) if verdict is Verdict.COUNTS else Decimal(0))
    assert record.of.employer == (None if status is ClaimStatus.DRAFT else "晴川设计院")


def test_hours_that_were_cut_count_as_far_as_they_were_awarded(owner: Person) -> None:
    claim(owner, ClaimStatus.APPROVED, "8", awarded="5.5")
    statistics.recompute(transaction, SYSTEM)
    (record,) = records(owner)
    assert (record.counted, record.refused) == (Decimal("5.5"), Decimal("2.5"))
    assert seen(owner).live[YEAR][Category.GENERAL].refused == Decimal("2.5")


def test_what_was_approved_after_the_run_counts_with_the_next_one(owner: Person) -> None:
    first = claim(owner, ClaimStatus.APPROVED)
    assert [each.verdict for each in records(owner)] == [Verdict.COUNTS_SOON]
    with clock.at(clock.now() + timedelta(minutes=1)):
        statistics.recompute(transaction, SYSTEM)
    with clock.at(clock.now() + timedelta(minutes=2)):
        later = claim(owner, ClaimStatus.APPROVED)
        verdicts = {each.of.claim_id: each.verdict for each in records(owner)}
    assert verdicts == {first.id: Verdict.COUNTS, later.id: Verdict.COUNTS_SOON}
    with clock.at(clock.now() + timedelta(minutes=3)):
        statistics.recompute(transaction, SYSTEM)
        assert {each.verdict for each in records(owner)} == {Verdict.COUNTS}


def test_what_counts_adds_up_to_the_official_figure_of_each_category(owner: Person) -> None:
    for category in Category:
        for status in ClaimStatus:
            with transaction() as session:
                factories.create_claim(session, owner, status=status, category=category, hours=Decimal("4.5"))
    statistics.recompute(transaction, SYSTEM)
    overview = seen(owner)
    for line in overview.years[YEAR].official:
        own = [each for each in overview.records[YEAR] if each.of.category is line.category]
        assert sum(each.counted for each in own) == line.earned == Decimal("4.5")
        parts = overview.live[YEAR][line.category]
        assert parts.earned + parts.waiting + parts.unsent + parts.refused == sum(each.of.hours_claimed for each in own)


def test_nobody_reads_the_records_of_another(owner: Person) -> None:
    claim(owner, ClaimStatus.SUBMITTED)
    with transaction() as session:
        other = factories.create_person(session)
    assert records(other) == []


def test_the_official_figures_name_their_run_and_its_rules(owner: Person) -> None:
    run_id = statistics.recompute(transaction, SYSTEM)
    run = seen(owner).years[YEAR].run
    assert run is not None
    assert (run.id, run.rule_edition) == (run_id, YEAR - 2009)


def test_what_is_missing_can_be_learned_in_the_open_classes_of_its_category_and_year(owner: Person) -> None:
    with transaction() as session:
        provider = classes.create_provider(session)
        fitting = classes.create_class(session, provider)
        category, year = fitting.category, fitting.year
        factories.create_claim(
            session,
            owner,
            status=ClaimStatus.APPROVED,
            category=next(each for each in Category if each is not category),
            hours=Decimal(90),
            year=year,
        )
        actor = factories.actor_for(session, owner)
    statistics.recompute(transaction, SYSTEM)
    assert category is not None
    assert year is not None
    with reading() as session:
        official = standing.of_year(session, owner.id, year).official
        found = explanation.closing_what_is_missing(session, actor, year, official)
        assert not explanation.closing_what_is_missing(session, actor, year + 1, official)[category]
    assert [each.id for each in found[category]] == [fitting.id]
    assert set(found) == {line.category for line in official if not line.met}
    assert len(found) == 2
