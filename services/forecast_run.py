"""Forecasts of all employers: made after the statistics, at most once a day, by one process at a time.

Everything is read in one look that lets others write meanwhile, and written in short transactions; readers see an
edition when it is finished, and the one before is gone then.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from sqlalchemy import Select, delete, func, insert, select
from sqlalchemy.orm import Session

from db.forecasts import EmployerForecast, ForecastBand, ForecastRun, ForecastYear
from db.people import Person
from db.session import UnitOfWork
from services import asked_hours, forecast_bands, forecast_learning, forecast_model, leases, statistics, summaries
from services.clock import months_later, now, today
from services.errors import N_, DomainError
from services.forecast_model import Counted, Model, Year
from services.long_work import Progress, unwatched

LEASE = "forecast"
LEASE_TIME = timedelta(hours=1)
EVERY = timedelta(days=1)
CHUNK = 20_000  # people per query
BATCH = 2_000  # rows per transaction
# How many finished years a forecast learns from at most.
LEARNED_YEARS = 3
NOT_OVER = dict.fromkeys(("actual", "error", "naive_error"))


class ForecastBeingMade(DomainError):
    message = N_("正在预测年底完成情况，请稍后再试。")


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look at the data found: the years by employer and band, as they stood on the same day of each."""

    year: int
    statistics_run_id: int
    days: Mapping[int, date]
    years: Mapping[int, Year]

    def learned(self, year: int) -> Model | None:
        """From the finished years before."""
        earlier = [self.years[each] for each in range(year - LEARNED_YEARS, year) if self.years.get(each)]
        return forecast_learning.learn(earlier)


def is_due(session: Session) -> bool:
    """Whether there are newer official figures, and the last forecast is a day old."""
    newest = session.scalar(_finished().order_by(ForecastRun.id.desc()).limit(1))
    last = statistics.last_finished(session)
    if last is None or newest is None:
        return last is not None
    return newest.made_at <= now() - EVERY and newest.statistics_run_id != last.id


def _finished() -> Select[ForecastRun]:
    return select(ForecastRun).where(ForecastRun.finished_at.is_not(None))


def make_due(reading: UnitOfWork, transaction: UnitOfWork, *, on_progress: Progress = unwatched) -> None:
    """Raises ForecastBeingMade when another process is at it."""
    with reading() as session:
        due = is_due(session)
    if due:
        make(reading, transaction, on_progress=on_progress)


def make(reading: UnitOfWork, transaction: UnitOfWork, *, on_progress: Progress = unwatched) -> None:
    """Nothing, before there are official figures. Raises ForecastBeingMade."""
    with leases.held(transaction, LEASE, LEASE_TIME, ForecastBeingMade) as holder:
        with reading() as session:
            seen = _look(session, on_progress)
        if seen is not None:
            _write(transaction, holder, seen)


def _look(session: Session, on_progress: Progress) -> Seen | None:
    last = statistics.last_finished(session)
    if last is None:
        return None
    day = today()
    # The year before is forecast as well, from years before itself.
    days = {day.year - ago: months_later(day, -12 * ago) for ago in range(LEARNED_YEARS + 1, -1, -1)}
    found: dict[int, dict[int, dict[int, Counted]]] = {year: defaultdict(dict) for year in days}
    first, people = session.execute(select(func.min(Person.id), func.max(Person.id))).one()
    for low in range((first or 1) - 1, people or 0, CHUNK):
        whose = summaries.numbered(low, low + CHUNK)
        for year, then in days.items():
            count = _now if year == day.year else forecast_bands.then
            for (employer, band), counted in count(session, year, then, whose).items():
                staff = found[year][employer]
                staff[band] = staff.get(band, Counted(0)) + counted
        on_progress(min(low + CHUNK, people), people)
    return Seen(day.year, last.id, days, found)


def _now(session: Session, year: int, day: date, whose: summaries.Whose) -> forecast_bands.Found:
    rules = asked_hours.of_year(session, year, day)
    return forecast_bands.now(session, rules, whose) if rules.complete else {}


def _write(transaction: UnitOfWork, holder: str, seen: Seen) -> None:
    with transaction() as session:
        run = ForecastRun(statistics_run_id=seen.statistics_run_id, year=seen.year, made_at=now())
        session.add(run)
        session.flush()
        models = {year: seen.learned(year) for year in (seen.year - 1, seen.year) if seen.years[year]}
        for year, model in models.items():
            _write_year(session, run.id, seen, year, model)
    for year, model in models.items():
        if model is not None:
            rows = list(_rows(run.id, year, model, seen.years[year], over=year < seen.year))
            for start in range(0, len(rows), BATCH):
                with transaction() as session:
                    leases.renew(session, LEASE, holder, LEASE_TIME)
                    session.execute(insert(EmployerForecast), rows[start : start + BATCH])
    with transaction() as session:
        leases.renew(session, LEASE, holder, LEASE_TIME)
        session.get_one(ForecastRun, run.id).finished_at = now()
        session.execute(delete(ForecastRun).where(ForecastRun.id < run.id))


def _write_year(session: Session, run_id: int, seen: Seen, year: int, model: Model | None) -> None:
    row = ForecastYear(run_id=run_id, year=year, day=seen.days[year], learned_years=0, learned_people=0)
    row.base_rate = row.lasting = row.yearly = row.common = 0.0
    session.add(row)
    if model is None:
        return
    row.learned_years, row.learned_people, row.base_rate = model.years, model.people, model.base_rate
    row.lasting, row.yearly, row.common = model.spread.lasting, model.spread.yearly, model.spread.common
    session.flush()
    for number, band in enumerate(model.bands):
        learned = {"people": band.learned.people, "met": band.learned.met, "probability": band.probability}
        session.add(ForecastBand(run_id=run_id, year=year, band=number, **learned))


def _rows(run_id: int, year: int, model: Model, employers: Year, *, over: bool) -> Iterator[dict[str, object]]:
    for employer, staff in sorted(employers.items()):
        row = {"run_id": run_id, "year": year, "organisation_id": employer}
        row |= asdict(forecast_model.outlook(model, employer, staff))
        scored = asdict(forecast_model.score(model, employer, staff)) if over else NOT_OVER
        yield row | scored
