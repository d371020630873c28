"""A new edition of the dashboards: every figure is what a plain loop counts, and nobody sees half of one."""

from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db import reading, transaction
from db.claims import Category, ClaimStatus
from db.dashboards import DashboardPlace, DashboardRun
from db.organisations import Organisation
from db.people import Person
from services import clock, dashboard_run, dashboards, leases, statistics
from services.dashboard_figures import Count
from services.dashboard_run import DashboardBeingMade, NoStatistics
from services.dashboard_sources import Asked
from services.dashboards import NoDashboard
from services.leases import LeaseLost
from services.permissions import SYSTEM, Actor
from tests import factories
from tests.services import dashboard_world
from tests.services.acting import last_event
from tests.services.dashboard_oracle import Oracle, Place
from tests.services.dashboard_world import COMPARED_ON, NOW

YEARS = (2026, 2025, 2024)


@pytest.fixture(autouse=True)
def _june() -> Iterator[None]:
    with clock.at(NOW):
        yield


def make() -> int:
    return dashboard_run.make(reading, transaction, SYSTEM)


def computed() -> None:
    """Official figures, and an edition that rests on them."""
    statistics.recompute(transaction, SYSTEM)
    make()


def written(year: int = 2026) -> list[DashboardPlace]:
    with reading() as session:
        return list(session.scalars(select(DashboardPlace).where(DashboardPlace.year == year)))


def place_of(row: DashboardPlace) -> Place:
    return row.organisation_id or row.division


def figures_of(place: Place, year: int = 2026) -> dict[str, int]:
    return next(row.figures for row in written(year) if place_of(row) == place)


def approved(person: Person, hours: Decimal = Decimal(8)) -> None:
    with transaction() as session:
        factories.create_claim(session, person, status=ClaimStatus.APPROVED, hours=hours)


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_every_figure_of_every_place_is_what_a_plain_loop_counts(seed: int) -> None:
    dashboard_world.play(seed)
    make()
    for year in YEARS:
        rows = written(year)
        with reading() as session:
            now, before = dict(Oracle(session, year).all()), dict(Oracle(session, year - 1, COMPARED_ON).all())
        assert {place_of(row): row.figures for row in rows if row.figures} == now
        assert {place_of(row): row.last_year for row in rows if row.last_year} == before


def test_a_division_is_the_sum_of_what_stands_in_its_list() -> None:
    dashboard_world.play(5)
    make()
    for year in YEARS:
        rows = written(year)
        for division in (row for row in rows if row.organisation_id is None):
            inside = [row for row in rows if row.parent == division.division]
            assert added(row.figures for row in inside) == without_oldest(division.figures)
            assert added(row.last_year or {} for row in inside) == without_oldest(division.last_year or {})


def added(figures: Iterable[dict[str, int]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for numbers in figures:
        total.update(without_oldest(numbers))
    return total


def without_oldest(numbers: dict[str, int]) -> dict[str, int]:
    """It is the only one that is not added up."""
    return {key: number for key, number in numbers.items() if key != Count.OLDEST_WAITING}


def test_hours_stay_with_the_employer_that_approved_them_and_people_go(employer: Organisation) -> None:
    with transaction() as session:
        other = factories.create_employer(session, division="440303")
        person = factories.create_person(session, employer=other)
        factories.create_claim(session, person, employer=employer, status=ClaimStatus.APPROVED)
    computed()
    assert figures_of(employer.id)["hours/general"] == 80
    assert "hours/general" not in figures_of(other.id)
    assert (figures_of(other.id)[Count.BOUND], figures_of("440300")[Count.BOUND]) == (1, 1)
    assert Count.BOUND not in figures_of(employer.id)


def test_a_merged_employer_has_no_place_of_its_own(person: Person, employer: Organisation) -> None:
    approved(person)
    with transaction() as session:
        kept = factories.create_employer(session, division="440303")
        gone = session.get_one(Organisation, employer.id)
        gone.merged_into_id, gone.status = kept.id, type(gone.status).MERGED
    computed()
    places = {place_of(row): row.figures for row in written()}
    assert employer.id not in places
    assert "440104" not in places
    assert places[kept.id]["hours/general"] == places["440300"]["hours/general"] == 80


def test_an_approved_employer_without_anything_has_its_place(employer: Organisation) -> None:
    computed()
    assert figures_of(employer.id) == {}
    assert {row.division for row in written() if row.organisation_id is None} == {"440104", "440100", "440000"}


def test_a_year_that_asks_for_nothing_has_no_figures(employer: Organisation) -> None:
    with clock.at(NOW.replace(year=2010)):
        computed()
    with reading() as session:
        assert session.scalars(select(DashboardRun.years)).one() == [2010]
    assert {row.last_year is None for row in written(2010)} == {True}


def test_a_new_edition_takes_the_place_of_the_old_one(person: Person, supervisor: Actor) -> None:
    computed()
    approved(person)
    computed()
    with reading() as session:
        assert session.scalar(select(func.count(DashboardPlace.run_id.distinct()))) == 1
        assert dashboards.overview(session, supervisor, 2026).figures.hours[Category.GENERAL] == 8
        assert session.scalar(select(func.count()).select_from(DashboardRun)) == 2
    assert last_event().action == "dashboard_run"


def test_readers_see_the_old_edition_whole_until_the_new_one_is(
    person: Person, supervisor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed()
    approved(person)
    statistics.recompute(transaction, SYSTEM)
    monkeypatch.setattr(dashboard_run, "BATCH", 1)
    seen: list[tuple[Decimal, int]] = []

    def look(session: Session, name: str, holder: str, time: timedelta) -> None:
        with reading() as other:
            overview = dashboards.overview(other, supervisor, 2026)
            rows = dashboards.children(other, supervisor, 2026)
        seen.append((overview.figures.hours[Category.GENERAL], sum(row.figures.bound for row in rows)))
        renew(session, name, holder, time)

    renew = leases.renew
    monkeypatch.setattr(leases, "renew", look)
    make()
    assert len(seen) > 10
    before, after = (Decimal(0), 1), (Decimal(8), 1)
    assert seen == [before] * seen.count(before) + [after] * seen.count(after)
    assert seen.count(after) > 0


def test_what_happens_while_it_is_read_belongs_to_the_next_edition(
    person: Person, employer: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All years are of the moment at which it began."""
    statistics.recompute(transaction, SYSTEM)

    def interrupted(session: Session, run: DashboardRun) -> Asked:
        with transaction() as writing:
            factories.create_claim(writing, person, status=ClaimStatus.SUBMITTED, year=2025)
        return asked(session, run)

    asked = dashboard_run._asked
    monkeypatch.setattr(dashboard_run, "_asked", interrupted)
    make()
    assert "waiting/days_3" not in figures_of(employer.id, 2025)
    make()
    assert figures_of(employer.id, 2025)["waiting/days_3"] == 1


def test_only_one_process_at_a_time_makes_an_edition(employer: Organisation) -> None:
    statistics.recompute(transaction, SYSTEM)
    with transaction() as session:
        assert leases.acquire(session, dashboard_run.LEASE, "another process", timedelta(minutes=1))
    with pytest.raises(DashboardBeingMade):
        make()
    with clock.at(NOW + timedelta(minutes=2)):
        make()


def test_of_two_that_begin_at_once_one_makes_it(employer: Organisation) -> None:
    statistics.recompute(transaction, SYSTEM)
    start = Barrier(2)

    def begin() -> bool:
        start.wait()
        try:
            with clock.at(NOW):
                make()
        except DashboardBeingMade:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        made = [each.result() for each in (threads.submit(begin), threads.submit(begin))]
    assert any(made)
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(DashboardRun)) == sum(made)
        assert session.scalar(select(func.count(DashboardPlace.run_id.distinct()))) == 1


def test_a_process_whose_lease_was_taken_over_writes_nothing_more(
    employer: Organisation, supervisor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    statistics.recompute(transaction, SYSTEM)
    taken: list[int] = []

    def take_over(session: Session, run: DashboardRun) -> Asked:
        """An hour later somebody else makes a whole edition, while this one has read but not written."""
        if not taken:
            taken.append(0)
            with clock.at(NOW + 2 * dashboard_run.LEASE_TIME):
                taken.append(make())
        return asked(session, run)

    asked = dashboard_run._asked
    monkeypatch.setattr(dashboard_run, "_asked", take_over)
    with pytest.raises(LeaseLost):
        make()
    with reading() as session:
        assert set(session.scalars(select(DashboardPlace.run_id))) == {taken[1]}
        assert dashboards.years(session, supervisor) == list(YEARS)


def test_what_an_edition_that_broke_off_has_left_goes_with_the_next(
    person: Person, supervisor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    statistics.recompute(transaction, SYSTEM)
    with monkeypatch.context() as broken:
        broken.setattr(dashboard_run.Writing, "finish", lambda *_: 1 // 0)
        with pytest.raises(ArithmeticError):
            make()
    assert written()
    with reading() as session, pytest.raises(NoDashboard):
        dashboards.years(session, supervisor)
    newest = make()
    assert {row.run_id for row in written()} == {newest}


def test_it_is_made_after_every_run_of_the_statistics_and_not_before(employer: Organisation) -> None:
    def editions() -> int | None:
        dashboard_run.make_due(reading, transaction)
        with reading() as session:
            return session.scalar(select(func.count()).select_from(DashboardRun))

    assert editions() == 0
    with pytest.raises(NoStatistics):
        make()
    statistics.recompute(transaction, SYSTEM)
    assert [editions(), editions()] == [1, 1]
    statistics.recompute(transaction, SYSTEM)
    assert editions() == 2


def test_the_leap_day_is_compared_with_the_last_of_february(employer: Organisation, supervisor: Actor) -> None:
    with clock.at(NOW.replace(year=2024, month=2, day=29)):
        computed()
        with reading() as session:
            compared_on = dashboards.overview(session, supervisor, 2024).compared_on
    assert (compared_on.month, compared_on.day) == (2, 28)
