"""Who by the forecast will not meet the year: for the supervisors of the employer, once their look is in the log.

The employer itself sees its staff in `services.progress`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, and_, exists, or_, select
from sqlalchemy.orm import Session

from db.claims import Category
from db.events import Event
from db.forecasts import EmployerForecast, ForecastBand
from db.organisations import Organisation
from db.people import Binding, Person
from services import asked_hours, columns, forecast_bands, forecast_model, forecasts, progress, rules
from services.clock import now
from services.errors import N_, DomainError
from services.events import record
from services.permissions import Actor, Permission, require
from services.progress import StaffQuery
from services.rules import Standing

PAGE_SIZE = 50
ACTION = "people_at_risk_read"
# Drawing a page again, as every click does, is no other look.
ONE_LOOK = timedelta(minutes=30)


class LookNotRecorded(DomainError):
    message = N_("查看姓名须先记入操作日志，请重新打开这一页。")


@dataclass(frozen=True, slots=True)
class PersonAtRisk:
    """`probability` is that of meeting the year by its end."""

    binding_id: int
    name: str
    id_number_masked: str
    hours: Sequence[Standing]
    probability: float

    @property
    def missing(self) -> Decimal:
        return sum((line.missing for line in self.hours), rules.NONE)


def is_noted(session: Session, actor: Actor, organisation_id: int) -> bool:
    """Whether the actor's look at the people of this employer is already in the log. Raises NotFound."""
    return _is_noted(session, actor, _employer(session, actor, organisation_id))


def _is_noted(session: Session, actor: Actor, employer: Organisation) -> bool:
    about = Event.object_type == Organisation.__tablename__, Event.object_id == employer.id
    own = Event.actor_id == actor.account_id, Event.action == ACTION, Event.at > now() - ONE_LOOK
    return bool(session.scalar(select(exists().where(*about, *own))))


def note(session: Session, actor: Actor, organisation_id: int) -> None:
    """Before anybody is shown. Raises NotFound."""
    record(session, actor, ACTION, _employer(session, actor, organisation_id))


def _employer(session: Session, actor: Actor, organisation_id: int) -> Organisation:
    require(actor, Permission.DASHBOARD_VIEW)
    return forecasts.employer(session, actor, organisation_id)


def page(session: Session, actor: Actor, organisation_id: int, *, after_id: int = 0) -> Sequence[PersonAtRisk]:
    """One page of those who lack most first; `after_id` is the last binding before it.

    Raises NotFound, and LookNotRecorded before `note`.
    """
    employer = _employer(session, actor, organisation_id)
    if not _is_noted(session, actor, employer):
        raise LookNotRecorded
    newest = EmployerForecast.run_id == forecast_bands.newest_run(), EmployerForecast.actual.is_(None)
    forecast = session.scalar(select(EmployerForecast).where(*newest, EmployerForecast.organisation_id == employer.id))
    if forecast is None:
        return []
    chances = _chances(session, forecast)
    query = _at_risk(session, forecast, after_id).limit(PAGE_SIZE)
    return [_person(row, chances) for row in session.execute(query)]


def _at_risk(session: Session, forecast: EmployerForecast, after_id: int) -> StaffQuery:
    required = progress.required_of(session, forecast.year)
    earned = columns.official()
    order = progress.shortfall(required)
    staff = progress.staff_at(Binding.organisation_id == forecast.organisation_id, forecast.year)
    if after_id:
        last = session.scalar(staff.where(Binding.id == after_id).with_only_columns(order)) or 0
        staff = staff.where(or_(order < last, and_(order == last, Binding.id > after_id)))
    told = (
        Binding.id,
        Person.name,
        Person.id_number_masked,
        forecast_bands.band(required, earned).label("band"),
        *(required[each].label(f"{each}_required") for each in Category),
        *(earned[each].label(f"{each}_earned") for each in Category),
    )
    risky = staff.where(progress.at_risk(forecast.year, required)).with_only_columns(*told)
    return risky.order_by(order.desc(), Binding.id)


def _chances(session: Session, forecast: EmployerForecast) -> Sequence[float]:
    learned = ForecastBand.run_id == forecast.run_id, ForecastBand.year == forecast.year
    found = session.scalars(select(ForecastBand.probability).where(*learned).order_by(ForecastBand.band))
    return [forecast_model.shifted(probability, forecast.shift) for probability in found]


def _person(row: Row[*tuple[Any, ...]], chances: Sequence[float]) -> PersonAtRisk:
    hours = [
        Standing(each, *(asked_hours.as_hours(getattr(row, f"{each}_{part}")) for part in ("required", "earned")))
        for each in Category
    ]
    return PersonAtRisk(row.id, row.name, row.id_number_masked, hours, chances[row.band])
