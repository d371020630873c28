"""Who reads which forecasts, how they add up, and whom the people at risk are shown to."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db import reading, transaction
from db.accounts import Role
from db.claims import Category
from db.forecasts import EmployerForecast, ForecastRun
from db.organisations import Organisation
from db.people import Person
from services import clock, forecasts, people_at_risk, progress, reminders, statistics
from services.errors import NotFound, PermissionDenied
from services.forecasts import EVERYWHERE, Forecast, Place, Totals
from services.permissions import Actor
from services.progress import Reached, Wanted
from tests import factories
from tests.counting import CountQueries
from tests.forecasts import TODAY, earn, hire, live, make, september
from tests.services.acting import last_event


@pytest.fixture(autouse=True)
def _september() -> Iterator[None]:
    with september():
        yield


def newest(actor: Actor, place: Place = EVERYWHERE) -> Forecast:
    with reading() as session:
        found = forecasts.newest(session, actor, place)
    assert found is not None
    return found


def totals(actor: Actor, place: Place = EVERYWHERE) -> tuple[Totals, Totals]:
    """Of this year and the last one."""
    found = newest(actor, place)
    assert found.this_year is not None
    assert found.last_year is not None
    assert found.this_year.totals is not None
    assert found.last_year.totals is not None
    return found.this_year.totals, found.last_year.totals


@pytest.mark.usefixtures("forecast_staff")
def test_a_supervisor_sees_the_employers_of_his_divisions_added_up(supervisor: Actor, employer: Organisation) -> None:
    this, last = totals(supervisor)
    assert (this.employers, this.staff, this.met, this.actual) == (1, 12, 1, None)
    assert (last.employers, last.staff, last.actual) == (1, 12, 3)
    assert this.low <= this.expected <= this.high
    assert last.inside == 1
    assert last.brier is not None
    assert last.naive_brier is not None
    assert 0 < last.brier < 0.25
    with reading() as session:
        (row,) = forecasts.list_employers(session, supervisor)
    assert row.organisation.id == employer.id
    assert (row.this_year.staff, row.last_year.actual if row.last_year else None) == (12, 3)


@pytest.mark.usefixtures("forecast_staff")
def test_employers_add_up_over_a_wider_scope(employer: Organisation, neighbour: Organisation) -> None:
    with transaction() as session:
        account = factories.create_supervisor(session, "440000")
        factories.grant(session, account, Role.SUPERVISOR, division="320000")
        both = factories.actor_of(session, account)
    parts = [totals(both, Place(organisation_id=each.id))[0] for each in (employer, neighbour)]
    whole = totals(both)[0]
    assert (whole.employers, whole.staff, whole.met) == (2, 18, 1)
    assert whole.expected == pytest.approx(sum(each.expected for each in parts))
    assert whole.high - whole.low > max(each.high - each.low for each in parts)
    assert whole.at_risk == sum(each.at_risk for each in parts)
    assert totals(both, Place("320100"))[0].staff == 6
    assert totals(both, Place("440100"))[0].staff == 12


@pytest.mark.usefixtures("forecast_staff")
def test_nobody_sees_beyond_his_scope(supervisor: Actor, reviewer: Actor, neighbour: Organisation) -> None:
    for actor in (supervisor, reviewer):
        for place in (
            Place("320100"),
            Place("000000"),
            Place("x"),
            Place(organisation_id=neighbour.id),
            Place(organisation_id=10**9),
        ):
            with reading() as session, pytest.raises(NotFound):
                forecasts.newest(session, actor, place)
    with reading() as session, pytest.raises(NotFound):
        people_at_risk.page(session, supervisor, neighbour.id)


@pytest.mark.usefixtures("forecast_staff")
def test_an_employer_sees_its_own_forecast(reviewer: Actor, employer: Organisation) -> None:
    this, last = totals(reviewer)
    assert (this.employers, this.staff, last.actual) == (1, 12, 3)
    assert totals(reviewer, Place(organisation_id=employer.id)) == (this, last)
    with reading() as session, pytest.raises(NotFound):
        forecasts.newest(session, reviewer, Place("440100"))


@pytest.mark.usefixtures("forecast_staff")
@pytest.mark.parametrize("role", [Role.PROFESSIONAL, Role.ANALYST, Role.ADMINISTRATOR])
def test_others_see_no_forecast_of_anybody(role: Role, employer: Organisation) -> None:
    with transaction() as session:
        actor = factories.actor_of(session, factories.create_account(session, role))
    looks: list[Callable[[Session], object]] = [
        lambda session: forecasts.newest(session, actor),
        lambda session: forecasts.list_employers(session, actor),
        lambda session: forecasts.employer(session, actor, employer.id),
        lambda session: forecasts.bands(session, actor, 2026),
        lambda session: people_at_risk.page(session, actor, employer.id),
        lambda session: people_at_risk.is_noted(session, actor, employer.id),
    ]
    for look in looks:
        with reading() as session, pytest.raises(PermissionDenied):
            look(session)


def test_before_the_first_edition_there_is_none(supervisor: Actor) -> None:
    with reading() as session:
        assert forecasts.newest(session, supervisor) is None
        assert forecasts.list_employers(session, supervisor) == []


def test_a_year_without_history_says_so(supervisor: Actor, employer: Organisation) -> None:
    with transaction() as session:
        hire(session, employer, 2)
    make()
    found = newest(supervisor)
    assert found.this_year is not None
    assert (found.this_year.is_known, found.this_year.totals) == (False, None)


@pytest.mark.usefixtures("forecast_staff")
def test_a_list_that_is_taken_along_is_recorded(supervisor: Actor, employer: Organisation) -> None:
    with transaction() as session:
        forecasts.note_export(session, supervisor, Place(organisation_id=employer.id))
    event = last_event()
    assert (event.action, event.after) == ("forecast_export", {"organisation_id": employer.id})
    with transaction() as session, pytest.raises(NotFound):
        forecasts.note_export(session, supervisor, Place("320100"))


def test_the_employer_lists_and_reminds_its_own_people_at_risk(reviewer: Actor, forecast_staff: list[Person]) -> None:
    wanted = Wanted(2026, Reached.AT_RISK)
    with transaction() as session:
        members = progress.roster(session, reviewer, wanted)
        assert progress.totals(session, reviewer, 2026).at_risk == len(members) == 11
        assert reminders.remind(session, reviewer, wanted) == 11
    assert {member.name for member in members} == {person.name for person in forecast_staff[1:]}
    with reading() as session:
        for year in (2025, 2024):
            assert progress.roster(session, reviewer, Wanted(year, Reached.AT_RISK)) == []
            assert progress.totals(session, reviewer, year).at_risk == 0


def test_whoever_has_met_the_year_since_is_at_risk_no_more(reviewer: Actor, forecast_staff: list[Person]) -> None:
    with transaction() as session:
        earn(session, forecast_staff[5], TODAY, Category.PROFESSIONAL, Category.ELECTIVE)
        statistics.correct(session, forecast_staff[5].id)
    with reading() as session:
        members = progress.roster(session, reviewer, Wanted(2026, Reached.AT_RISK))
    assert forecast_staff[5].name not in {member.name for member in members}


@pytest.fixture
def many(supervisor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forecasts, "PAGE_SIZE", 3)
    with transaction() as session:
        for number in range(8):
            people = hire(session, factories.create_employer(session, name=f"第{number}研究所"), 3)
            live(session, people, 2025, number % 3)
    make()


@pytest.mark.usefixtures("many")
def test_employers_come_in_pages_with_most_at_risk_first(supervisor: Actor) -> None:
    seen: list[EmployerForecast] = []
    with reading() as session:
        while page := forecasts.list_employers(session, supervisor, after_id=seen[-1].organisation_id if seen else 0):
            assert len(page) <= 3
            seen += [row.this_year for row in page]
    assert len({row.organisation_id for row in seen}) == len(seen) == 8
    assert [row.at_risk for row in seen] == sorted((row.at_risk for row in seen), reverse=True)


@pytest.mark.usefixtures("many")
def test_reading_costs_the_same_for_any_number_of_employers(supervisor: Actor, count_queries: CountQueries) -> None:
    with count_queries() as queries, reading() as session:
        forecasts.newest(session, supervisor)
        forecasts.list_employers(session, supervisor)
    assert len(queries) == 4


@pytest.mark.usefixtures("forecast_staff")
def test_an_edition_that_is_being_written_is_not_read(supervisor: Actor) -> None:
    before = newest(supervisor)
    with transaction() as session:
        computed = session.scalars(select(ForecastRun.statistics_run_id)).one()
        run = ForecastRun(statistics_run_id=computed, year=2026, made_at=clock.now())
        session.add(run)
    after = newest(supervisor)
    assert after.made_at == before.made_at
    assert after.this_year is not None
    assert after.this_year.totals is not None
