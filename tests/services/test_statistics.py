"""The official figures: exact, computed by one process at a time, and honest about runs that failed."""

from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db import reading, transaction
from db.claims import Category, Claim, ClaimStatus
from db.events import Event
from db.people import Person
from db.statistics import AnnualSummary, RunStatus, StatisticsRun
from services import clock, leases, standing, statistics
from services.permissions import SYSTEM
from services.statistics import LEASE, AlreadyRunning, Progress
from tests import factories

Figures = dict[tuple[int, int], dict[Category, Decimal]]
PEOPLE, YEARS = 17, range(2022, 2027)


def create_claims(seed: int, people: int = PEOPLE) -> None:
    dice = Random(seed)
    with transaction() as session:
        employer = factories.create_employer(session)
        for _ in range(people):
            person = factories.create_person(session, employer=employer)
            for _ in range(dice.randrange(12)):
                create_claim(session, person, dice)


def create_claim(session: Session, person: Person, dice: Random) -> None:
    hours = Decimal(dice.randrange(1, 999)) / 10
    factories.create_claim(
        session,
        person,
        status=dice.choice([ClaimStatus.APPROVED, *ClaimStatus]),
        category=dice.choice(list(Category)),
        hours=hours,
        awarded=Decimal(dice.randrange(1, int(hours * 10) + 1)) / 10,
        year=dice.choice(YEARS),
    )


def summed_in_python() -> Figures:
    figures: Figures = defaultdict(lambda: dict.fromkeys(Category, Decimal("0.0")))
    with reading() as session:
        for claim in session.scalars(select(Claim).where(Claim.status == ClaimStatus.APPROVED)):
            figures[claim.person_id, claim.year][claim.category] += claim.hours_awarded or Decimal()
    return dict(figures)


def summed_by_the_run() -> Figures:
    with reading() as session:
        rows = session.scalars(select(AnnualSummary)).all()
    return {(row.person_id, row.year): {category: row.hours(category) for category in Category} for row in rows}


def run() -> StatisticsRun:
    run_id = statistics.recompute(transaction, SYSTEM)
    with reading() as session:
        return session.get_one(StatisticsRun, run_id)


@pytest.mark.parametrize("seed", range(5))
def test_the_official_figures_are_the_sums_of_the_awarded_hours(seed: int) -> None:
    create_claims(seed)
    run()
    assert summed_by_the_run() == summed_in_python()


@pytest.mark.parametrize("chunk", [1, 2, PEOPLE - 1, PEOPLE, PEOPLE + 1])
def test_nobody_is_lost_between_two_chunks(monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    monkeypatch.setattr(statistics, "CHUNK", chunk)
    create_claims(seed=chunk)
    finished = run()
    assert summed_by_the_run() == summed_in_python()
    assert (finished.people, finished.rows_changed) == (PEOPLE, len(summed_in_python()))


def test_a_second_run_follows_every_change_and_touches_nothing_else() -> None:
    create_claims(seed=7)
    first = run()
    with transaction() as session:
        changed = session.scalars(select(Claim).where(Claim.status == ClaimStatus.APPROVED)).first()
        assert changed is not None
        changed.hours_claimed = changed.hours_awarded = Decimal("0.1")
    second = run()
    assert summed_by_the_run() == summed_in_python()
    assert second.rows_changed == 1
    with reading() as session:
        runs = session.scalars(select(AnnualSummary.run_id)).all()
    assert set(runs) == {first.id, second.id}
    assert runs.count(second.id) == 1


def test_hours_that_were_taken_back_vanish_from_the_figures() -> None:
    create_claims(seed=3)
    run()
    with transaction() as session:
        session.execute(update(Claim).where(Claim.status == ClaimStatus.APPROVED).values(status=ClaimStatus.REVOKED))
    vanished = run()
    assert summed_by_the_run() == {}
    assert vanished.rows_changed > 0


def test_a_run_without_changes_changes_nothing() -> None:
    create_claims(seed=4)
    run()
    assert run().rows_changed == 0


def test_a_run_over_nobody_finishes() -> None:
    assert run().status is RunStatus.FINISHED


def test_the_progress_ends_with_the_last_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics, "CHUNK", 5)
    create_claims(seed=1)
    seen: list[Progress] = []
    statistics.recompute(transaction, SYSTEM, on_progress=seen.append)
    assert seen[-1].reached == seen[-1].goal
    assert sum(progress.rows_changed for progress in seen) == len(summed_in_python())


def test_the_figures_carry_the_time_of_the_run() -> None:
    with transaction() as session:
        person = factories.create_person(session, employer=factories.create_employer(session))
        factories.create_claim(session, person, status=ClaimStatus.APPROVED, hours=Decimal("7.5"), year=2026)
    finished = run()
    with reading() as session:
        official = standing.of_year(session, person.id, 2026)
    assert official.computed_at == finished.finished_at
    assert [line.earned for line in official.official] == [Decimal("7.5"), Decimal(0), Decimal(0)]


def test_only_one_run_at_a_time() -> None:
    with transaction() as session:
        assert leases.acquire(session, LEASE, "another process", timedelta(minutes=1))
    with pytest.raises(AlreadyRunning):
        statistics.recompute(transaction, SYSTEM)
    assert statistics.run_due(transaction, SYSTEM) is None


def test_a_lease_that_was_left_behind_expires() -> None:
    with transaction() as session:
        assert leases.acquire(session, LEASE, "a process that was killed", timedelta(minutes=1))
        session.add(StatisticsRun(started_by="系统", started_at=clock.now()))
    with clock.at(clock.now() + timedelta(minutes=2)):
        assert run().status is RunStatus.FINISHED
    with reading() as session:
        statuses = session.scalars(select(StatisticsRun.status).order_by(StatisticsRun.id)).all()
    assert statuses == [RunStatus.FAILED, RunStatus.FINISHED]


def test_a_failed_run_is_recorded_and_frees_the_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    create_claims(seed=2)

    def fail(_progress: Progress) -> None:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="disk"):
        statistics.recompute(transaction, SYSTEM, on_progress=fail)
    with reading() as session:
        failed = session.scalars(select(StatisticsRun)).one()
        told = session.scalars(select(Event).where(Event.action == "statistics_run")).one()
        assert statistics.last_finished(session) is None
        assert statistics.is_due(session)
    assert failed.status is RunStatus.FAILED
    assert told.after["status"] == RunStatus.FAILED
    assert run().status is RunStatus.FINISHED


def test_a_run_is_due_once_a_day() -> None:
    first = statistics.run_due(transaction, SYSTEM)
    again = statistics.run_due(transaction, SYSTEM)
    with clock.at(clock.now() + timedelta(hours=23, minutes=59)):
        the_same_day = statistics.run_due(transaction, SYSTEM)
    with clock.at(clock.now() + timedelta(hours=24, minutes=1)):
        the_next_day = statistics.run_due(transaction, SYSTEM)
    assert first is not None
    assert again is None
    assert the_same_day is None
    assert the_next_day is not None


def test_processes_that_wake_up_together_run_once() -> None:
    create_claims(seed=8)
    with ThreadPoolExecutor(8) as threads:
        numbers = list(threads.map(lambda _: statistics.run_due(transaction, SYSTEM), range(8)))
    with reading() as session:
        runs = session.scalars(select(StatisticsRun)).all()
    assert [number for number in numbers if number is not None] == [run.id for run in runs]
    assert len(runs) == 1


def test_whoever_waited_for_the_lease_looks_again_whether_it_is_still_time(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([True, False])
    monkeypatch.setattr(statistics, "is_due", lambda session: next(answers))
    assert statistics.run_due(transaction, SYSTEM) is None
    monkeypatch.undo()
    assert statistics.run_due(transaction, SYSTEM) is not None


def test_a_run_that_lost_its_lease_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics, "CHUNK", 5)
    create_claims(seed=6)

    def take_over(progress: Progress) -> None:
        with transaction() as session, later():
            assert leases.acquire(session, LEASE, "another process", timedelta(minutes=10))

    with pytest.raises(leases.LeaseLost):
        statistics.recompute(transaction, SYSTEM, on_progress=take_over)
    with later(), pytest.raises(AlreadyRunning):
        statistics.recompute(transaction, SYSTEM)


@contextmanager
def later() -> Iterator[None]:
    with clock.at(clock.now() + timedelta(hours=1)):
        yield
