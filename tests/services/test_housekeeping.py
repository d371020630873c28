"""What is swept away once a day, and what stays."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from db import reading, transaction
from db.accounts import Account, Attempt, AttemptKind, AuthSession, Ticket
from db.files import StoredFile
from db.settings import settings
from services import clock, housekeeping, sealing, stored_files, throttle, verification
from services.housekeeping import Removed
from services.throttle import Limit
from tests import factories, signing_in
from tests.counting import CountQueries

NOW = datetime(2026, 6, 15, 2, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def _june() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def account() -> Account:
    with transaction() as session:
        return factories.create_account(session)


def sign_in(account: Account, *, expires: timedelta, revoked: timedelta | None = None) -> int:
    """A session that began long ago; the times are relative to now."""
    with transaction() as session:
        started = AuthSession(
            token_hash=sealing.fingerprint(f"{expires} {revoked}"),
            account_id=account.id,
            created_at=NOW - 90 * DAY,
            last_seen_at=NOW - 90 * DAY,
            expires_at=NOW + expires,
            remembered=True,
            device="Firefox",
            address="",
            revoked_at=None if revoked is None else NOW + revoked,
        )
        session.add(started)
    return started.id


def try_at(*times: timedelta) -> list[int]:
    with transaction() as session:
        tries = [Attempt(kind=AttemptKind.SIGN_IN, key="x", address="", at=NOW + at, succeeded=False) for at in times]
        session.add_all(tries)
    return [one.id for one in tries]


def left(table: housekeeping.Swept) -> list[int]:
    with reading() as session:
        return list(session.scalars(select(table.id).order_by(table.id)))


def test_tries_are_kept_for_a_day() -> None:
    _old, young, _another_old, now = try_at(-DAY - MINUTE, -DAY + MINUTE, -40 * DAY, timedelta())
    housekeeping.run_due(transaction)
    assert left(Attempt) == [young, now]


def test_no_limit_remembers_longer_than_tries_are_kept() -> None:
    limits = [value for module in (throttle, verification) for value in vars(module).values() if type(value) is Limit]
    assert len(limits) >= 7
    assert max(limit.memory for limit in limits) < housekeeping.ATTEMPTS_KEPT


def test_tickets_go_a_day_after_they_expired(account: Account) -> None:
    with transaction() as session:
        tickets = [
            Ticket(
                ticket_hash=sealing.fingerprint(f"{at}"),
                browser_hash=sealing.fingerprint("browser"),
                account_id=account.id,
                remember=False,
                expires_at=NOW + at,
            )
            for at in (-DAY - MINUTE, -DAY + MINUTE, MINUTE)
        ]
        session.add_all(tickets)
    housekeeping.run_due(transaction)
    assert left(Ticket) == [ticket.id for ticket in tickets[1:]]


def test_sessions_go_thirty_days_after_they_ended_or_expired(account: Account) -> None:
    month = 30 * DAY
    sign_in(account, expires=-month - MINUTE)
    sign_in(account, expires=DAY, revoked=-month - MINUTE)
    kept = [
        sign_in(account, expires=-month + MINUTE),
        sign_in(account, expires=DAY, revoked=-month + MINUTE),
        sign_in(account, expires=DAY),
    ]
    housekeeping.run_due(transaction)
    assert left(AuthSession) == kept


def test_whoever_is_signed_in_stays_so() -> None:
    with clock.at(NOW - HOUR / 4):
        signing_in.create_account()
        token = signing_in.enter()
    housekeeping.run_due(transaction)
    assert signing_in.whose(token)


def test_the_last_number_is_not_given_again() -> None:
    *_, last = try_at(-3 * DAY, -2 * DAY)
    housekeeping.run_due(transaction)
    assert left(Attempt) == [last]
    assert try_at(timedelta()) > [last]


def test_many_rows_go_in_batches(monkeypatch: pytest.MonkeyPatch, count_queries: CountQueries) -> None:
    monkeypatch.setattr(housekeeping, "BATCH", 10)
    *_, last = try_at(*[-2 * DAY] * 25, timedelta())
    with count_queries() as queries:
        report = housekeeping.run_due(transaction)
    assert len([query for query in queries if query.startswith("DELETE FROM attempt")]) == 4  # the last finds none
    assert left(Attempt) == [last]
    assert report is not None
    assert report[Removed.ATTEMPTS] == 25


def test_it_reports_what_it_removed_and_what_is_kept_but_only_whoever_did_it(account: Account) -> None:
    try_at(-2 * DAY, -2 * DAY, timedelta())
    sign_in(account, expires=-31 * DAY)
    sign_in(account, expires=DAY)
    with transaction() as session:
        person = factories.create_person(session, employer=factories.create_employer(session))
        claims = [factories.create_claim(session, person) for _ in range(2)]
        first, second, again = (factories.create_evidence(session, claims[number]) for number in (0, 0, 1))
        again.sha256, first.size, second.size, again.size = first.sha256, 1000, 500, 1000
    report = housekeeping.run_due(transaction)
    assert report is not None
    assert {kind: report[kind] for kind in Removed if report[kind]} == {Removed.ATTEMPTS: 2, Removed.SESSIONS: 1}
    assert (report[housekeeping.STORED_FILES], report[housekeeping.STORED_BYTES]) == (2, 1500)
    assert housekeeping.run_due(transaction) is None


def test_every_kind_of_evidence_is_in_the_total() -> None:
    assert {each.__name__ for each in stored_files.EVIDENCE} == {each.__name__ for each in StoredFile.__subclasses__()}


def test_it_is_done_once_a_day() -> None:
    housekeeping.run_due(transaction)
    try_at(-2 * DAY, timedelta())
    housekeeping.run_due(transaction)
    with clock.at(NOW + DAY - MINUTE):
        housekeeping.run_due(transaction)
    assert len(left(Attempt)) == 2
    with clock.at(NOW + DAY + MINUTE):
        housekeeping.run_due(transaction)
    assert len(left(Attempt)) == 1


def test_of_processes_that_wake_up_together_one_does_it(count_queries: CountQueries) -> None:
    def run(_number: int) -> None:
        with clock.at(NOW):
            housekeeping.run_due(transaction)

    with count_queries() as queries, ThreadPoolExecutor(6) as threads:
        list(threads.map(run, range(6)))
    assert len([query for query in queries if query.startswith("DELETE FROM auth_session")]) == 1


@pytest.mark.parametrize("where", ["evidence/ab/cd", "."])
def test_files_that_were_never_finished_go_after_a_day(where: str) -> None:
    folder = settings().data_dir / where
    folder.mkdir(parents=True, exist_ok=True)
    old, young = folder / ".incoming-old", folder / ".incoming-young"
    for file, age in ((old, DAY + MINUTE), (young, DAY - MINUTE)):
        file.touch()
        os.utime(file, ((NOW - age).timestamp(),) * 2)
    housekeeping.run_due(transaction)
    assert not old.exists()
    assert young.exists()
    young.unlink()
