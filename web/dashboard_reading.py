"""What the page 学时看板 and its files show, as their addresses ask for it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from sqlalchemy.orm import Session

from services import dashboards, fields
from services.dashboard_figures import ActivityHours, MonthHours
from services.dashboards import NoDashboard, Overview, Row
from services.permissions import Actor
from web import years

DIVISION, EMPLOYER, YEAR = "division", "employer", "year"


class Place(NamedTuple):
    """A division, an organisation, or what the reader supervises; in the newest year, if it says none that is there."""

    year: int | None
    code: str | None
    organisation_id: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """`below` and `returning` are empty for an organisation."""

    years: Sequence[int]
    overview: Overview
    below: Sequence[Row]
    months: Sequence[MonthHours]
    activities: Sequence[ActivityHours]
    returning: Sequence[Row]

    @property
    def is_division(self) -> bool:
        return self.overview.organisation_id is None

    @property
    def place(self) -> tuple[int, str | None, int | None]:
        """As the services are asked for it."""
        return self.overview.year, self.overview.code or None, self.overview.organisation_id


def place(parameters: Mapping[str, str]) -> Place:
    number = fields.row_number(parameters.get(EMPLOYER, ""))
    return Place(years.year(parameters.get(YEAR, "")), parameters.get(DIVISION) or None, number)


def place_of(row: Row | Overview) -> tuple[str, str]:
    """What an address says of it."""
    return (EMPLOYER, str(row.organisation_id)) if row.organisation_id else (DIVISION, row.code)


def read(session: Session, actor: Actor, wanted: Place, after_id: int = 0) -> Found:
    """With one page of what lies below. Raises PermissionDenied, NotFound, NoDashboard."""
    offered = dashboards.years(session, actor)
    if not offered:
        raise NoDashboard
    year = next((each for each in offered if each == wanted.year), offered[0])
    overview = dashboards.overview(session, actor, year, wanted.code, wanted.organisation_id)
    here, organisation = overview.code or None, overview.organisation_id
    return Found(
        years=offered,
        overview=overview,
        below=[] if organisation else dashboards.children(session, actor, year, here, after_id=after_id),
        months=dashboards.months(session, actor, year, here, organisation),
        activities=dashboards.activities(session, actor, year, here, organisation),
        returning=[] if organisation else dashboards.return_rates(session, actor, year, here),
    )


def read_everything(session: Session, actor: Actor, wanted: Place) -> Found:
    """With all that lies below. Raises PermissionDenied, NotFound, NoDashboard."""
    found = read(session, actor, wanted)
    if not found.is_division:
        return found
    year, code, _organisation = found.place
    return replace(
        found,
        below=_all_pages(found.below, lambda last: dashboards.children(session, actor, year, code, after_id=last)),
        returning=_all_pages(
            found.returning, lambda last: dashboards.return_rates(session, actor, year, code, after_id=last)
        ),
    )


def _all_pages(first: Sequence[Row], following: Callable[[int], Sequence[Row]]) -> Sequence[Row]:
    """`following` is the page after the row with a number."""
    rows, page = list(first), first
    while len(page) == dashboards.PAGE_SIZE:
        page = following(page[-1].id)
        rows += page
    return rows
