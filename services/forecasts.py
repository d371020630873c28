"""What is expected at the end of the year, and last year's forecast beside what happened, in the reader's scope."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from db.accounts import Role
from db.forecasts import EmployerForecast, ForecastBand, ForecastRun, ForecastYear
from db.organisations import Organisation
from services import divisions, forecast_model
from services.errors import NotFound
from services.events import record
from services.forecast_bands import newest_run
from services.permissions import Actor, Permission, allowed, require

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Totals:
    """Of all employers of a place.

    For a year that is over: how many met it, in the intervals of how many employers their number was, and the mean
    squared error (Brier's score) of the forecast and of the rate of earlier years, from 0 to 1.
    """

    employers: int
    staff: int
    met: int
    expected: float
    low: int
    high: int
    at_risk: int
    actual: int | None
    inside: int
    brier: float | None
    naive_brier: float | None


@dataclass(frozen=True, slots=True)
class YearForecast:
    """Without `totals` too little was known, or the place has no staff."""

    of: ForecastYear
    totals: Totals | None

    @property
    def is_known(self) -> bool:
        return self.of.learned_people > 0


@dataclass(frozen=True, slots=True)
class Forecast:
    """The newest edition: this year and the one before; None for a year that asks for nothing."""

    made_at: datetime
    this_year: YearForecast | None
    last_year: YearForecast | None


@dataclass(frozen=True, slots=True)
class EmployerRow:
    """One employer this year, and last year if it had staff then."""

    organisation: Organisation
    this_year: EmployerForecast
    last_year: EmployerForecast | None


@dataclass(frozen=True, slots=True)
class Place:
    """A division with all below it, or one employer; neither for all that the reader sees."""

    code: str | None = None
    organisation_id: int | None = None


EVERYWHERE = Place()


def newest(session: Session, actor: Actor, place: Place = EVERYWHERE) -> Forecast | None:
    """None before the first edition. Raises NotFound for a place outside the actor's scope."""
    _require_inside(session, actor, place)
    run = session.scalar(select(ForecastRun).where(ForecastRun.id == newest_run()))
    if run is None:
        return None
    years = session.scalars(select(ForecastYear).where(ForecastYear.run_id == run.id).order_by(ForecastYear.year))
    totals = _totals(session, actor, place)
    found = {year.year: YearForecast(year, _of_year(year, totals.get(year.year))) for year in years}
    return Forecast(run.made_at, found.get(run.year), found.get(run.year - 1))


def _require_reader(actor: Actor) -> None:
    """A supervisor, or somebody who acts for an employer. Raises PermissionDenied."""
    if not allowed(actor, Permission.STAFF_PROGRESS):
        require(actor, Permission.DASHBOARD_VIEW)


def _require_inside(session: Session, actor: Actor, place: Place) -> None:
    _require_reader(actor)
    if place.code is not None and not any(divisions.covers(own, place.code) for own in _divisions(actor)):
        raise NotFound
    if place.organisation_id is not None:
        employer(session, actor, place.organisation_id)


def _divisions(actor: Actor) -> Sequence[str]:
    return actor.divisions if allowed(actor, Permission.DASHBOARD_VIEW) else []


def employer(session: Session, actor: Actor, organisation_id: int) -> Organisation:
    """Raises NotFound outside the actor's scope."""
    _require_reader(actor)
    found = session.scalar(select(Organisation).where(_visible_to(actor), Organisation.id == organisation_id))
    if found is None:
        raise NotFound
    return found


def _visible_to(actor: Actor) -> ColumnElement[bool]:
    """The employers of the actor's divisions, and those that he acts for."""
    below = divisions.within_any(Organisation.division, _divisions(actor))
    acts = actor.organisation_ids(Role.EMPLOYER) if allowed(actor, Permission.STAFF_PROGRESS) else []
    return or_(below, Organisation.id.in_(acts))


def _in(actor: Actor, place: Place) -> ColumnElement[bool]:
    inside = [_visible_to(actor)]
    if place.code is not None:
        inside.append(divisions.within(Organisation.division, place.code))
    if place.organisation_id is not None:
        inside.append(Organisation.id == place.organisation_id)
    return and_(*inside)


def _totals(session: Session, actor: Actor, place: Place) -> dict[int, Any]:
    """The sums over the employers of a place, by year."""
    each = EmployerForecast
    people = (each.staff, each.met, each.expected, each.at_risk, each.actual)
    spread = (each.variance, each.doubt, each.sway, each.error, each.naive_error)
    summed = [func.sum(column).label(column.key) for column in (*people, *spread)]
    inside = case((each.actual.between(each.low, each.high), 1), else_=0)
    query = (
        select(each.year, func.count().label("employers"), func.sum(inside).label("inside"), *summed)
        .join(Organisation, Organisation.id == each.organisation_id)
        .where(each.run_id == newest_run(), _in(actor, place))
        .group_by(each.year)
    )
    return {row.year: row for row in session.execute(query)}


def _of_year(year: ForecastYear, row: Any) -> Totals | None:
    if row is None:
        return None
    staff, over = int(row.staff), row.actual is not None
    variance = forecast_model.shared_variance(row.variance, row.doubt, row.sway, year.common)
    low, high = forecast_model.interval(row.expected, variance, staff)
    return Totals(
        employers=row.employers,
        staff=staff,
        met=int(row.met),
        expected=row.expected,
        low=low,
        high=high,
        at_risk=int(row.at_risk),
        actual=int(row.actual) if over else None,
        inside=int(row.inside),
        brier=row.error / staff if over else None,
        naive_brier=row.naive_error / staff if over else None,
    )


def list_employers(
    session: Session, actor: Actor, place: Place = EVERYWHERE, *, after_id: int = 0
) -> Sequence[EmployerRow]:
    """One page of this year's, those with most people at risk first; `after_id` is the last organisation before it."""
    _require_reader(actor)
    this = _rows(actor, place)
    if after_id:
        at = select(EmployerForecast.at_risk).where(*_this_year(), EmployerForecast.organisation_id == after_id)
        last = session.scalar(at) or 0
        fewer = EmployerForecast.at_risk < last
        same = and_(EmployerForecast.at_risk == last, EmployerForecast.organisation_id > after_id)
        this = this.where(or_(fewer, same))
    page = this.order_by(EmployerForecast.at_risk.desc(), EmployerForecast.organisation_id).limit(PAGE_SIZE)
    return [EmployerRow(*row) for row in session.execute(page)]


def pages(session: Session, actor: Actor, place: Place) -> Iterator[Sequence[EmployerRow]]:
    """All of them."""
    after_id = 0
    while page := list_employers(session, actor, place, after_id=after_id):
        yield page
        after_id = page[-1].organisation.id


def _rows(actor: Actor, place: Place) -> Select[Organisation, EmployerForecast, EmployerForecast]:
    before = aliased(EmployerForecast)
    same = before.run_id == EmployerForecast.run_id, before.organisation_id == EmployerForecast.organisation_id
    return (
        select(Organisation, EmployerForecast, before)
        .join(EmployerForecast, EmployerForecast.organisation_id == Organisation.id)
        .outerjoin(before, and_(*same, before.year == EmployerForecast.year - 1))
        .where(*_this_year(), _in(actor, place))
    )


def _this_year() -> tuple[ColumnElement[bool], ...]:
    return EmployerForecast.run_id == newest_run(), EmployerForecast.actual.is_(None)


def note_export(session: Session, actor: Actor, place: Place = EVERYWHERE) -> None:
    """Who takes a list of the forecasts along, and of which place. Raises NotFound, also before the first edition."""
    _require_inside(session, actor, place)
    run = session.scalar(select(ForecastRun).where(ForecastRun.id == newest_run()))
    if run is None:
        raise NotFound
    after = {"division": place.code, "organisation_id": place.organisation_id}
    record(session, actor, "forecast_export", run, after={name: said for name, said in after.items() if said})


def bands(session: Session, actor: Actor, year: int) -> Sequence[ForecastBand]:
    """What the forecast of a year was learned from, in the order of the bands; it says nothing about anybody."""
    _require_reader(actor)
    learned = select(ForecastBand).where(ForecastBand.run_id == newest_run(), ForecastBand.year == year)
    return session.scalars(learned.order_by(ForecastBand.band)).all()
