"""The dashboard of a supervisor: his divisions, what is below them and each organisation, in one year.

Everything was added up beforehand (services/dashboard_run.py), so a province costs no more than a single employer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from db.dashboards import DashboardPlace, DashboardRun
from db.organisations import OrganisationKind
from services import clock, dashboard_figures, divisions
from services.dashboard_figures import ActivityHours, Figures, MonthHours
from services.errors import N_, DomainError, NotFound
from services.events import record
from services.permissions import Actor, Permission, require

PAGE_SIZE = 50
Share = InstrumentedAttribute[int] | InstrumentedAttribute[int | None]


class NoDashboard(DomainError):
    message = N_("看板数据还没有生成。下一次学时统计完成后，系统会自动生成。")


class Order(StrEnum):
    """Of a list of places: those whose staff is most behind first, or as they are registered."""

    BEHIND = "behind"
    REGISTER = "register"


class FileKind(StrEnum):
    XLSX = "xlsx"
    PDF = "pdf"


@dataclass(frozen=True, slots=True)
class Row:
    """One place in a list; `code` is empty for an organisation, and `last_year` None as in `Overview`."""

    id: int
    code: str
    organisation_id: int | None
    kind: OrganisationKind | None
    name: str
    figures: Figures
    last_year: Figures | None


@dataclass(frozen=True, slots=True)
class Overview:
    """One place; `path` are the divisions above it that the actor supervises, from above, by code and name.

    `last_year` are the figures of the year before as they stood at the end of `compared_on`, None if that asked for
    nothing then. `as_of` is the moment that all figures are of.
    """

    code: str
    organisation_id: int | None
    kind: OrganisationKind | None
    name: str
    path: Sequence[tuple[str, str]]
    year: int
    figures: Figures
    last_year: Figures | None
    as_of: datetime
    compared_on: date


class Found(NamedTuple):
    """A place in the newest edition; none for a division without anything in it."""

    run: DashboardRun
    division: str
    place: DashboardPlace | None


def years(session: Session, actor: Actor) -> Sequence[int]:
    """Newest first. Raises NoDashboard."""
    require(actor, Permission.DASHBOARD_VIEW)
    return sorted(_newest(session).years, reverse=True)


def overview(
    session: Session, actor: Actor, year: int, code: str | None = None, organisation_id: int | None = None
) -> Overview:
    """Of a division, an organisation or, without either, the actor's own division. Raises NotFound, NoDashboard."""
    run, division, place = _find(session, actor, year, code, organisation_id)
    above = divisions.upward(division)[0 if organisation_id else 1 :]
    seen = [each for each in reversed(above) if _supervises(actor, each)]
    now, before = _figures(place)
    return Overview(
        code="" if organisation_id else division,
        organisation_id=organisation_id,
        kind=place.kind if place else None,
        name=place.name if place else division_name(division),
        path=[(each, division_name(each)) for each in seen],
        year=year,
        figures=now,
        last_year=before,
        as_of=run.read_at,
        compared_on=clock.year_before(run.day),
    )


def children(
    session: Session,
    actor: Actor,
    year: int,
    code: str | None = None,
    *,
    order: Order = Order.BEHIND,
    after_id: int = 0,
) -> Sequence[Row]:
    """One page of the divisions next below and of the organisations that are directly in the division.

    `after_id` is the row at the end of the page before; in a newer edition the list begins anew.
    Raises NotFound, NoDashboard.
    """
    run, division = _division(session, actor, year, code)
    inside = _visible_to(actor).where(*_of(run.id, year), DashboardPlace.parent == division)
    if order is Order.REGISTER:
        page = inside.where(DashboardPlace.id > after_id).order_by(DashboardPlace.id)
    else:
        page = _from_above(session, inside, DashboardPlace.behind_share, after_id)
    return list(map(_row, session.scalars(page.limit(PAGE_SIZE))))


def return_rates(
    session: Session, actor: Actor, year: int, code: str | None = None, *, after_id: int = 0
) -> Sequence[Row]:
    """One page of the employers below that have decided about enough claims, those that return most first.

    Raises NotFound, NoDashboard.
    """
    run, division = _division(session, actor, year, code)
    employers = DashboardPlace.organisation_id.is_not(None), DashboardPlace.return_share.is_not(None)
    below = _visible_to(actor).where(
        *_of(run.id, year), *employers, divisions.within(DashboardPlace.division, division)
    )
    page = _from_above(session, below, DashboardPlace.return_share, after_id)
    return list(map(_row, session.scalars(page.limit(PAGE_SIZE))))


def months(
    session: Session, actor: Actor, year: int, code: str | None = None, organisation_id: int | None = None
) -> Sequence[MonthHours]:
    """Raises NotFound, NoDashboard."""
    place = _find(session, actor, year, code, organisation_id).place
    return dashboard_figures.by_month(place.figures if place else {}, place.last_year if place else None)


def activities(
    session: Session, actor: Actor, year: int, code: str | None = None, organisation_id: int | None = None
) -> Sequence[ActivityHours]:
    """Raises NotFound, NoDashboard."""
    place = _find(session, actor, year, code, organisation_id).place
    return dashboard_figures.by_activity(place.figures if place else {})


def note_export(
    session: Session,
    actor: Actor,
    kind: FileKind,
    year: int,
    code: str | None = None,
    organisation_id: int | None = None,
) -> None:
    """Who takes figures along, and which. Raises NotFound, NoDashboard."""
    run, division, _place = _find(session, actor, year, code, organisation_id)
    said = {"kind": kind, "year": year, "division": division, "organisation_id": organisation_id}
    record(session, actor, "dashboard_export", run, after=said)


def division_name(code: str) -> str:
    """Without the names of those above it."""
    division = divisions.find(code)
    return division.name if division else code


def _newest(session: Session) -> DashboardRun:
    run = session.scalar(_newest_first())
    if run is None:
        raise NoDashboard
    return run


def _newest_first() -> Select[DashboardRun]:
    finished = select(DashboardRun).where(DashboardRun.finished_at.is_not(None))
    return finished.order_by(DashboardRun.id.desc()).limit(1)


def _visible_to(actor: Actor) -> Select[DashboardPlace]:
    """The divisions that the actor supervises, all below them, and the organisations there."""
    return select(DashboardPlace).where(divisions.within_any(DashboardPlace.division, actor.divisions))


def _supervises(actor: Actor, code: str) -> bool:
    return any(divisions.covers(above, code) for above in actor.divisions)


def _of(run_id: int | InstrumentedAttribute[int], year: int) -> tuple[ColumnElement[bool], ...]:
    return DashboardPlace.run_id == run_id, DashboardPlace.year == year


def _division(session: Session, actor: Actor, year: int, code: str | None) -> tuple[DashboardRun, str]:
    """Raises PermissionDenied, NoDashboard and, for what is not the actor's to see, NotFound."""
    require(actor, Permission.DASHBOARD_VIEW)
    return _checked(_newest(session), year), _own_or(actor, code)


def _find(session: Session, actor: Actor, year: int, code: str | None, organisation_id: int | None = None) -> Found:
    """In one query. Raises PermissionDenied, NoDashboard and, for what is not the actor's to see, NotFound."""
    require(actor, Permission.DASHBOARD_VIEW)
    division = None if organisation_id else _own_or(actor, code)
    here = DashboardPlace.organisation_id.is_(None) & (DashboardPlace.division == division)
    wanted = DashboardPlace.organisation_id == organisation_id if organisation_id else here
    below = divisions.within_any(DashboardPlace.division, actor.divisions)
    place = and_(*_of(DashboardRun.id, year), below, wanted)
    found = session.execute(_newest_first().outerjoin(DashboardPlace, place).add_columns(DashboardPlace)).one_or_none()
    if found is None:
        raise NoDashboard
    run, row = _checked(found[0], year), found[1]
    if division is None and row is None:
        raise NotFound
    return Found(run, division or row.division, row)


def _checked(run: DashboardRun, year: int) -> DashboardRun:
    if year not in run.years:
        raise NotFound
    return run


def _own_or(actor: Actor, code: str | None) -> str:
    """The division that was asked for, otherwise the actor's own. Raises NotFound for one that is not below him."""
    division = code or _own(actor)
    if not divisions.find(division) or not _supervises(actor, division):
        raise NotFound
    return division


def _own(actor: Actor) -> str:
    """The highest of the actor's divisions. Raises NotFound for somebody without one."""
    levels = [(place.level, code) for code in actor.divisions if (place := divisions.find(code))]
    if not levels:
        raise NotFound
    return min(levels)[1]


def _from_above(
    session: Session, places: Select[DashboardPlace], share: Share, after_id: int
) -> Select[DashboardPlace]:
    """The highest shares first, of those behind a row if it is still there."""
    place = places.with_only_columns(share, DashboardPlace.id).where(DashboardPlace.id == after_id)
    if after_id and (last := session.execute(place).one_or_none()):
        places = places.where(tuple_(share, DashboardPlace.id) < tuple_(*last))
    return places.order_by(share.desc(), DashboardPlace.id.desc())


def _row(place: DashboardPlace) -> Row:
    code = place.division if place.organisation_id is None else ""
    return Row(place.id, code, place.organisation_id, place.kind, place.name, *_figures(place))


def _figures(place: DashboardPlace | None) -> tuple[Figures, Figures | None]:
    """Now and a year before."""
    if place is None:
        return dashboard_figures.figures({}), None
    before = None if place.last_year is None else dashboard_figures.figures(place.last_year)
    return dashboard_figures.figures(place.figures), before
