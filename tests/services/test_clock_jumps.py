"""A clock that was wrong for a while keeps no work from being done once it is right again."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from db import reading, transaction
from db.statistics import StatisticsRun
from services import clock, housekeeping, leases, sessions, statistics
from services.leases import LeaseLost
from services.permissions import SYSTEM
from tests import signing_in

TIME = timedelta(minutes=10)
YEAR = timedelta(days=365)


def acquire(holder: str) -> bool:
    with transaction() as session:
        return leases.acquire(session, "a job", holder, TIME)


def runs() -> int | None:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(StatisticsRun))


@pytest.mark.parametrize("jump", [timedelta(minutes=9), timedelta(0), -timedelta(minutes=9)])
def test_a_lease_is_held_against_whoever_is_less_wrong_than_it_is_long(database: object, jump: timedelta) -> None:
    assert acquire("right")
    with clock.at(clock.now() + jump):
        assert not acquire("wrong")


def test_a_lease_taken_by_a_clock_far_ahead_is_not_kept_for_as_long(database: object) -> None:
    with clock.at(clock.now() + YEAR):
        assert acquire("far ahead")
    assert acquire("right")
    with pytest.raises(LeaseLost), transaction() as session:
        leases.renew(session, "a job", "far ahead", TIME)


def test_the_house_is_kept_after_a_clock_was_far_ahead(database: object) -> None:
    with clock.at(clock.now() + YEAR):
        housekeeping.run_due(transaction)
    with transaction() as session:
        assert leases.is_held(session, housekeeping.LEASE)
    housekeeping.run_due(transaction)
    with clock.at(clock.now() + 2 * housekeeping.EVERY), reading() as session:
        assert not leases.is_held(session, housekeeping.LEASE)


def test_the_statistics_run_again_after_a_clock_was_far_ahead(database: object) -> None:
    with clock.at(clock.now() + YEAR):
        statistics.run_due(transaction, SYSTEM)
    statistics.run_due(transaction, SYSTEM)
    assert runs() == 2
    statistics.run_due(transaction, SYSTEM)
    assert runs() == 2


@pytest.mark.parametrize("jump", [timedelta(minutes=20), -timedelta(days=1)])
def test_whoever_is_signed_in_stays_so_while_the_clock_is_wrong_and_afterwards(
    database: object, jump: timedelta
) -> None:
    signing_in.create_account()
    token = signing_in.enter()
    with clock.at(clock.now() + jump), transaction() as session:
        actor = sessions.resolve(session, token)
        assert actor is not None
        sessions.touch(session, actor)
    assert signing_in.whose(token) is not None
