"""Editions of the forecasts: what they learn from, when they are made, and that nothing later is known to them."""

import threading
from collections.abc import Iterator
from datetime import date, time, timedelta

import pytest
from sqlalchemy import func, select

from db import reading, transaction
from db.claims import Category
from db.forecasts import EmployerForecast, ForecastBand, ForecastRun, ForecastYear
from db.organisations import Organisation
from db.people import Binding, Person
from services import clock, forecast_bands, forecast_run, leases, statistics
from services.forecast_run import ForecastBeingMade
from services.permissions import SYSTEM
from tests import factories, forecasts
from tests.counting import CountQueries
from tests.forecasts import TODAY, earn, hire, live, make

LAST_YEAR = date(2025, 9, 15)


@pytest.fixture(autouse=True)
def _september() -> Iterator[None]:
    with forecasts.september():
        yield


@pytest.fixture
def staff(employer: Organisation) -> list[Person]:
    """Twelve people in four years, of whom 3, 6 and 9 met the three that are over."""
    with transaction() as session:
        people = hire(session, employer, 12)
        for year, done in ((2023, 3), (2024, 6), (2025, 9), (2026, 0)):
            live(session, people, year, done)
    return people


def kept(year: int) -> list[EmployerForecast]:
    with reading() as session:
        rows = select(EmployerForecast).where(EmployerForecast.year == year)
        return list(session.scalars(rows.order_by(EmployerForecast.organisation_id)))


def year(number: int) -> ForecastYear:
    with reading() as session:
        return session.scalars(select(ForecastYear).where(ForecastYear.year == number)).one()


@pytest.mark.usefixtures("staff")
def test_a_year_is_forecast_from_the_years_before_it(employer: Organisation) -> None:
    make()
    (this,) = kept(2026)
    assert (this.organisation_id, this.staff, this.met, this.actual) == (employer.id, 12, 0, None)
    assert this.low <= this.expected <= this.high
    assert 5 < this.expected < 7
    learned = year(2026)
    assert (learned.day, learned.learned_years, learned.learned_people) == (TODAY, 3, 36)
    assert learned.base_rate == 0.5
    with reading() as session:
        band = session.get_one(ForecastBand, (learned.run_id, 2026, 1 + 10 * 30 // 90))
    assert (band.people, band.met) == (36, 18)


@pytest.mark.usefixtures("staff")
def test_last_year_is_forecast_beside_what_happened(employer: Organisation) -> None:
    make()
    (last,) = kept(2025)
    assert (last.organisation_id, last.staff, last.met, last.actual) == (employer.id, 12, 0, 9)
    assert 3.5 < last.expected < 5.5
    assert last.error is not None
    assert (year(2025).day, year(2025).learned_years, year(2025).learned_people) == (LAST_YEAR, 2, 24)


def test_last_years_forecast_knows_nothing_that_came_later(staff: list[Person]) -> None:
    make()
    before = kept(2025)[0]
    with transaction() as session:
        earn(session, staff[11], date(2025, 9, 16), Category.PROFESSIONAL, Category.ELECTIVE)
        earn(session, staff[10], date(2026, 1, 2), Category.GENERAL)
    make()
    after = kept(2025)[0]
    told = [(each.staff, each.met, each.expected, each.low, each.high, each.at_risk) for each in (before, after)]
    assert told[0] == told[1]
    assert (before.actual, after.actual) == (9, 10)


def test_what_is_approved_after_the_end_of_a_year_comes_too_late(staff: list[Person]) -> None:
    with transaction() as session:
        for claim in earn(session, staff[11], date(2025, 12, 30), Category.PROFESSIONAL):
            assert claim.year == 2025
        late = earn(session, staff[11], date(2026, 1, 1), Category.ELECTIVE)[0]
        late.year = 2025
    make()
    assert kept(2025)[0].actual == 9


@pytest.mark.usefixtures("employer")
def test_without_earlier_years_nothing_is_forecast(employer: Organisation) -> None:
    with transaction() as session:
        live(session, hire(session, employer, 30), 2026, 0)
        session.flush()
    with transaction() as session:
        for binding in session.scalars(select(Binding)):
            binding.started_on = date(2026, 1, 5)
    make()
    assert kept(2026) == kept(2025) == []
    assert year(2026).learned_people == 0


def test_those_of_whom_too_few_were_seen_are_not_forecast(employer: Organisation) -> None:
    with transaction() as session:
        people = hire(session, employer, 3)
        for each in (2024, 2025, 2026):
            live(session, people, each, 1)
    make()
    assert kept(2026) == []


@pytest.mark.usefixtures("staff")
def test_only_the_newest_finished_edition_is_kept() -> None:
    make()
    make()
    with reading() as session:
        (run,) = session.scalars(select(ForecastRun)).all()
        runs = set(session.scalars(select(EmployerForecast.run_id)))
    assert run.finished_at is not None
    assert runs == {run.id}


@pytest.mark.usefixtures("staff")
def test_an_edition_that_broke_off_is_not_read_and_goes_with_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    make()
    with monkeypatch.context() as broken:
        broken.setattr(forecast_run, "_rows", lambda *_given, **_named: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            forecast_run.make(reading, transaction)
    with reading() as session:
        newest = session.scalar(select(forecast_bands.newest_run()))
        assert [run.finished_at is None for run in session.scalars(select(ForecastRun).order_by(ForecastRun.id))] == [
            False,
            True,
        ]
        assert session.scalar(select(func.min(ForecastRun.id))) == newest
    forecast_run.make(reading, transaction)
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(ForecastRun)) == 1


@pytest.mark.usefixtures("staff")
def test_it_is_due_a_day_after_the_last_one_when_there_are_newer_figures() -> None:
    def made() -> int | None:
        forecast_run.make_due(reading, transaction)
        with reading() as session:
            return session.scalar(select(func.max(ForecastRun.id)))

    assert made() is None
    statistics.recompute(transaction, SYSTEM)
    first = made()
    assert first is not None
    statistics.recompute(transaction, SYSTEM)
    assert made() == first
    with clock.at(clock.moment(TODAY, time(10)) + timedelta(days=1)):
        second = made()
        assert second != first
        assert made() == second
    with clock.at(clock.moment(TODAY, time(10)) + timedelta(days=3)):
        assert made() == second  # the figures are the same


@pytest.mark.usefixtures("staff")
def test_one_process_makes_it_at_a_time() -> None:
    statistics.recompute(transaction, SYSTEM)
    with transaction() as session:
        assert leases.acquire(session, forecast_run.LEASE, leases.new_holder(), forecast_run.LEASE_TIME)
    with pytest.raises(ForecastBeingMade):
        forecast_run.make(reading, transaction)


@pytest.mark.usefixtures("staff")
def test_others_write_while_everything_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    statistics.recompute(transaction, SYSTEM)
    monkeypatch.setattr(forecast_run, "CHUNK", 1000)
    written = threading.Event()

    def write_meanwhile(_done: int, _total: int) -> None:
        with transaction() as session:
            factories.create_account(session)
        written.set()

    forecast_run.make(reading, transaction, on_progress=write_meanwhile)
    assert written.is_set()


@pytest.mark.usefixtures("staff")
def test_people_that_are_read_in_parts_are_all_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    make()
    whole = [(each.staff, each.expected, each.at_risk) for each in kept(2026) + kept(2025)]
    monkeypatch.setattr(forecast_run, "CHUNK", 5)
    make()
    assert [(each.staff, each.expected, each.at_risk) for each in kept(2026) + kept(2025)] == whole


@pytest.mark.usefixtures("staff")
def test_more_employers_make_no_more_queries(count_queries: CountQueries) -> None:
    statistics.recompute(transaction, SYSTEM)
    with count_queries() as few:
        forecast_run.make(reading, transaction)
    with transaction() as session:
        for _ in range(5):
            live(session, hire(session, factories.create_employer(session), 3), 2025, 1)
    statistics.recompute(transaction, SYSTEM)
    with count_queries() as many:
        forecast_run.make(reading, transaction)
    assert len(many) <= len(few) + 1  # the edition before is removed


@pytest.mark.usefixtures("staff")
def test_a_leap_day_is_compared_with_the_last_of_february() -> None:
    with clock.at(clock.moment(date(2028, 2, 29), time(10))):
        make()
    assert (year(2028).day, year(2027).day) == (date(2028, 2, 29), date(2027, 2, 28))


def test_a_year_that_ends_meanwhile_goes_on_for_this_edition(
    staff: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    statistics.recompute(transaction, SYSTEM)
    with transaction() as session:
        live(session, staff[:1], 2026, 1)  # which the official figures do not know yet
    days = iter((date(2026, 12, 31), *[date(2027, 1, 1)] * 20))
    monkeypatch.setattr(forecast_run, "today", lambda: next(days))
    forecast_run.make(reading, transaction)
    (this,) = kept(2026)
    assert (this.staff, this.met, this.actual) == (12, 0, None)
