"""Runs between the full ones: whom they look at, how one goes on from where another broke off, what they say of it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db import reading, transaction
from db.claims import Category, Claim, ClaimAction, ClaimStatus
from db.organisations import Organisation
from db.people import Person
from db.statistics import AnnualSummary, RunKind, RunStatus, StatisticsRun
from services import clock, leases, statistics
from services.permissions import SYSTEM
from services.statistics import EVERYBODY_EVERY, LEASE, Progress
from tests import factories

DAY = timedelta(hours=25)


def hire(employer: Organisation, hours: int = 8) -> Person:
    with transaction() as session:
        person = factories.create_person(session, employer=employer)
        approve(session, person, hours)
        return person


def approve(session: Session, person: Person, hours: int) -> Claim:
    """As the services do it: with the step that says so."""
    claim = factories.create_claim(session, person, status=ClaimStatus.APPROVED, hours=Decimal(hours))
    factories.create_step(session, claim, ClaimStatus.APPROVED)
    return claim


def full() -> StatisticsRun:
    return stored(statistics.recompute(transaction, SYSTEM))


def due(after: timedelta = DAY) -> StatisticsRun:
    with clock.at(clock.now() + after):
        run_id = statistics.run_due(transaction, SYSTEM)
    assert run_id is not None
    return stored(run_id)


def stored(run_id: int) -> StatisticsRun:
    with reading() as session:
        return session.get_one(StatisticsRun, run_id)


def official(person: Person) -> Decimal | None:
    with reading() as session:
        return session.scalar(select(AnnualSummary.general).where(AnnualSummary.person_id == person.id))


def test_the_first_run_looks_at_everybody_and_the_next_at_those_of_whom_something_was_decided(
    employer: Organisation,
) -> None:
    with clock.at(clock.now() - timedelta(hours=1)):
        idle, busy = hire(employer), hire(employer)
    first = due(timedelta(0))
    with transaction() as session:
        approve(session, busy, 4)
        unseen = session.scalars(select(Claim).where(Claim.person_id == idle.id)).one()
        unseen.hours_awarded = Decimal(1)  # by no service, so no step tells of it
    second = due()
    assert (first.kind, first.people) == (RunKind.FULL, 2)
    assert (official(busy), official(idle)) == (Decimal(12), Decimal(8))
    assert second.kind is RunKind.CHANGES
    assert second.hours_after - second.hours_before == Decimal(4)
    assert (second.rows, second.rows_changed) == (second.people, 1)


def test_a_quiet_day_is_a_run_over_nobody(employer: Organisation) -> None:
    with clock.at(clock.now() - timedelta(days=1)):
        hire(employer)
    full()
    quiet = due()
    assert (quiet.people, quiet.rows, quiet.rows_changed, quiet.status) == (0, 0, 0, RunStatus.FINISHED)


def test_what_was_stored_while_a_run_was_at_work_is_looked_at_again(employer: Organisation) -> None:
    """A step can have a lower number than one that was stored before it."""
    person = hire(employer)
    full()
    assert due().people == 1
    assert official(person) == Decimal(8)


def test_hours_that_were_taken_back_vanish_between_the_full_runs(employer: Organisation) -> None:
    person = hire(employer)
    full()
    with transaction() as session:
        claim = session.scalars(select(Claim).where(Claim.person_id == person.id)).one()
        claim.status = ClaimStatus.REVOKED
        factories.create_step(session, claim, ClaimStatus.REVOKED, action=ClaimAction.REVOKE)
    assert due().rows_changed == 1
    assert official(person) is None


def test_once_a_week_everybody_is_looked_at() -> None:
    full()
    assert due().kind is RunKind.CHANGES
    assert due(EVERYBODY_EVERY + timedelta(hours=1)).kind is RunKind.FULL


def break_off_after(chunks: int) -> None:
    """The process fails when it has stored some of its chunks."""
    left = iter(range(chunks - 1))

    def fail(_progress: Progress) -> None:
        if next(left, None) is None:
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="disk"):
        statistics.recompute(transaction, SYSTEM, on_progress=fail)


def test_a_run_that_broke_off_is_continued_where_it_was(
    employer: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statistics, "CHUNK", 1)
    people = [hire(employer) for _ in range(4)]
    break_off_after(2)
    seen: list[Progress] = []
    run_id = statistics.recompute(transaction, SYSTEM, on_progress=seen.append)
    with reading() as session:
        broken, whole = session.scalars(select(StatisticsRun).order_by(StatisticsRun.id)).all()
    assert (broken.status, broken.error, broken.people) == (RunStatus.FAILED, "OSError", 2)
    assert (whole.id, whole.status, whole.continues_id) == (run_id, RunStatus.FINISHED, broken.id)
    assert len(seen) == 2
    assert (whole.people, whole.rows, whole.rows_changed, whole.hours_after) == (4, 4, 4, Decimal(32))
    assert [official(person) for person in people] == [Decimal(8)] * 4


def test_what_was_decided_meanwhile_about_those_already_done_is_in_the_next_run(
    employer: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statistics, "CHUNK", 1)
    first, *_ = [hire(employer) for _ in range(3)]
    break_off_after(1)
    with transaction() as session:
        approve(session, first, 4)
    full()
    assert official(first) == Decimal(8)
    due()
    assert official(first) == Decimal(12)


def test_a_run_that_broke_off_long_ago_is_not_continued(
    employer: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statistics, "CHUNK", 1)
    for _ in range(3):
        hire(employer)
    break_off_after(1)
    with clock.at(clock.now() + DAY):
        assert full().continues_id is None


def test_a_process_that_was_killed_is_continued_when_its_lease_is_over(employer: Organisation) -> None:
    hire(employer)
    with transaction() as session:
        assert leases.acquire(session, LEASE, "a process that was killed", timedelta(minutes=1))
        session.add(StatisticsRun(started_by="系统", started_at=clock.now(), goal=10**6, steps_up_to=7))
    again = due(timedelta(minutes=2))
    assert (again.status, again.steps_up_to) == (RunStatus.FINISHED, 7)
    assert again.continues_id is not None


def test_a_run_says_who_asked_for_it_under_which_rules_and_how_long_it_took(employer: Organisation) -> None:
    hire(employer)
    run = full()
    assert (run.started_by, run.rule_edition) == (SYSTEM.name, clock.today().year - 2009)
    assert run.milliseconds > 0
    assert (run.hours_before, run.hours_after) == (Decimal(0), Decimal(8))


@pytest.mark.parametrize("category", Category)
def test_a_changes_run_finds_what_a_full_one_would(employer: Organisation, category: Category) -> None:
    person = hire(employer)
    full()
    with transaction() as session:
        claim = factories.create_claim(session, person, status=ClaimStatus.APPROVED, category=category)
        factories.create_step(session, claim, ClaimStatus.APPROVED)
    assert due().rows_changed == 1
    assert full().rows_changed == 0
