"""Which place the page 完成预测 and its file show, as their addresses say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from db.forecasts import ForecastBand
from db.organisations import Organisation
from services import fields, forecasts
from services.forecasts import EmployerRow, Forecast, Place
from services.permissions import Actor

DIVISION, EMPLOYER = "division", "employer"


@dataclass(frozen=True, slots=True)
class Found:
    """`employer` is the one that is looked at, if it is one."""

    place: Place
    employer: Organisation | None
    forecast: Forecast | None
    rows: Sequence[EmployerRow]
    bands: Sequence[ForecastBand]


def place(parameters: Mapping[str, str]) -> Place:
    return Place(parameters.get(DIVISION) or None, fields.row_number(parameters.get(EMPLOYER, "")))


def read(session: Session, actor: Actor, wanted: Place, after_id: int = 0) -> Found:
    """With one page of the employers. Raises PermissionDenied, NotFound."""
    forecast = forecasts.newest(session, actor, wanted)
    number = wanted.organisation_id
    employer = forecasts.employer(session, actor, number) if number is not None else None
    rows = forecasts.list_employers(session, actor, wanted, after_id=0 if number else after_id)
    this = forecast.this_year if forecast else None
    bands = forecasts.bands(session, actor, this.of.year) if this else []
    return Found(wanted, employer, forecast, rows, bands)
