"""How long pages take: counted in buckets, added up over processes, forgotten after a week."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from db import reading, transaction
from db.accounts import Role
from db.operations import PageTime
from services import clock, page_times
from services.clock import now
from services.errors import PermissionDenied
from services.page_times import Pace, PageTimes, Place
from services.permissions import Actor, Scope
from tests.counting import CountQueries
from tests.services.acting import refused

WATCHING = Actor(1, "管理员", scopes=(Scope(Role.ADMINISTRATOR),))


def store(page: str, *milliseconds: float) -> None:
    with transaction() as session:
        page_times.store(session, Counter(page_times.place(page, each) for each in milliseconds))


def slowest() -> list[PageTimes]:
    with reading() as session:
        return list(page_times.slowest(session, WATCHING))


@pytest.mark.no_database
@given(st.floats(min_value=0.001, max_value=10**7))
def test_no_run_takes_longer_than_its_bucket_says_nor_much_less(milliseconds: float) -> None:
    longest = page_times.longest(page_times.place("", milliseconds).bucket)
    assert longest + 0.5 >= milliseconds
    assert milliseconds <= 3 or longest <= milliseconds * 2**0.25 + 0.5


def test_percentiles_come_from_all_runs_whoever_counted_them() -> None:
    for _process in range(2):
        store("personal/home", *[100] * 47, *[1000] * 3)
    (found,) = slowest()
    median, most = (page_times.longest(page_times.place("", each).bucket) for each in (100, 1000))
    assert found.day == found.week == Pace(100, median, most)
    store("personal/home", *[100] * 100)
    assert slowest()[0].week == Pace(200, median, median)


def test_the_slowest_comes_first_and_a_day_is_told_from_a_week() -> None:
    with clock.at(now() - timedelta(days=2)):
        store("personal/home", 2000)
    store("personal/home", 50)
    store("account/login", 300)
    home, login = slowest()
    assert (home.page, login.page) == ("personal/home", "account/login")
    assert home.day is not None
    assert (home.day.runs, home.week.runs) == (1, 2)
    assert home.day.most < 100 < home.week.most
    with clock.at(now() + timedelta(days=3)):
        assert [each.day for each in slowest()] == [None, None]


def test_simultaneous_processes_lose_no_count() -> None:
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: store("personal/home", *[100] * 5), range(8)))
    assert slowest()[0].week.runs == 40


def test_old_hours_are_forgotten() -> None:
    with clock.at(now() - page_times.KEPT - timedelta(hours=2)):
        store("personal/home", 100, 200)
    store("personal/home", 100)
    with transaction() as session:
        assert page_times.forget_old(session) == 2
    with reading() as session:
        assert [row.runs for row in session.scalars(select(PageTime))] == [1]


def test_nothing_counted_asks_nothing(count_queries: CountQueries) -> None:
    with count_queries() as queries:
        store("personal/home")
    assert not queries


def test_an_hour_is_whole() -> None:
    assert {getattr(page_times.place("x", 1).hour, part) for part in ("minute", "second", "microsecond")} == {0}
    assert isinstance(page_times.place("x", 1), Place)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_who_watches_the_system_reads_them(role: Role) -> None:
    assert refused(page_times.slowest, Actor(1, "某人", scopes=(Scope(role),))) is PermissionDenied
