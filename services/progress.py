"""How far the staff of an employer has come in a year, set by set."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    case,
    func,
    not_,
    or_,
    select,
)
from sqlalchemy.orm import Session

from db.accounts import Role
from db.claims import Category
from db.exemptions import Exemption
from db.organisations import Organisation
from db.people import Binding, BindingStatus, Person
from db.reminders import Reminder
from db.statistics import AnnualSummary
from services import (
    asked_hours,
    certificates,
    columns,
    fields,
    forecast_bands,
    person_names,
    requirements,
    rules,
    standing,
    statistics,
)
from services.columns import ByCategory, number_of
from services.events import record
from services.permissions import Actor, Permission, require
from services.rules import Standing
from services.standing import LiveHours

PAGE_SIZE = 50
BATCH = 1000

StaffQuery = Select[*tuple[Any, ...]]


class Reached(StrEnum):
    """Whom a list of the staff shows; `AT_RISK` are those who by the forecast will not meet the year."""

    ALL = "all"
    BEHIND = "behind"
    AT_RISK = "at_risk"
    MET = "met"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A year of the staff, narrowed down to whom the reader looks for."""

    year: int
    reached: Reached = Reached.ALL
    lacking: Category | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """One member of the staff in a year."""

    binding_id: int
    person_id: int
    name: str
    id_number_masked: str
    mobile: str
    department: str
    official: list[Standing]
    reminded_at: datetime | None
    has_certificate: bool
    live: Mapping[Category, LiveHours] = field(default_factory=lambda: dict.fromkeys(Category, LiveHours()))

    @property
    def missing(self) -> Decimal:
        """Over all categories; a surplus in one makes up for nothing in another."""
        return sum((line.missing for line in self.official), rules.NONE)


@dataclass(frozen=True, slots=True)
class Totals:
    """Of the whole staff. `computed_at` is when the official figures were last brought up to date.

    `printed` have a valid certificate, `printable` have met the year and have none.
    """

    staff: int
    met: int
    printed: int
    printable: int
    at_risk: int
    lacking: Mapping[Category, int]
    computed_at: datetime | None

    @property
    def counts(self) -> Mapping[Reached, int]:
        behind = self.staff - self.met
        return {Reached.ALL: self.staff, Reached.BEHIND: behind, Reached.AT_RISK: self.at_risk, Reached.MET: self.met}


def required_of(session: Session, year: int) -> ByCategory:
    """Raises NoRequirement for a year that asks for nothing."""
    return requirements.rules_of(session, year).columns(Person.title_series, Organisation.division)


def _lacks(category: Category, required: ByCategory) -> ColumnElement[bool]:
    return columns.official()[category] < required[category]


def behind(required: ByCategory) -> ColumnElement[bool]:
    """The condition that some category of a summary does not reach what is asked for."""
    return or_(*(_lacks(category, required) for category in Category))


def at_risk(year: int, required: ByCategory) -> ColumnElement[bool]:
    """The condition that a member of the staff is not expected to meet a year that goes on; of nobody, if unknown."""
    return forecast_bands.at_risk(year, required, columns.official())


def has_certificate(year: int) -> ColumnElement[bool]:
    """Whether a member of the staff has a valid certificate."""
    return certificates.valid(Binding.person_id, year).exists()


def shortfall(required: ByCategory) -> ColumnElement[int]:
    """Missing tenths of an hour over all categories, for the order of a list."""
    earned = columns.official()
    lacking = [case((_lacks(each, required), required[each] - earned[each]), else_=0) for each in Category]
    return lacking[0] + lacking[1] + lacking[2]


def staff_of(actor: Actor, year: int) -> StaffQuery:
    """The confirmed staff of the actor's employers beside their official hours and exemptions of a year, if any."""
    return staff_at(Binding.organisation_id.in_(actor.organisation_ids(Role.EMPLOYER)), year)


def staff_at(employers: ColumnElement[bool], year: int) -> StaffQuery:
    """The same of employers that the caller has found in the actor's scope."""
    mine = and_(AnnualSummary.person_id == Binding.person_id, AnnualSummary.year == year)
    return (
        select(Binding.id)
        .join(Binding.person)
        .join(Binding.organisation)
        .outerjoin(AnnualSummary, mine)
        .outerjoin(Exemption, asked_hours.exempted(Binding.person_id, year))
        .where(employers, Binding.status == BindingStatus.ACTIVE)
    )


def narrowed(staff: StaffQuery, wanted: Wanted, required: ByCategory) -> StaffQuery:
    if wanted.reached is Reached.BEHIND:
        staff = staff.where(behind(required))
    elif wanted.reached is Reached.AT_RISK:
        staff = staff.where(at_risk(wanted.year, required))
    elif wanted.reached is Reached.MET:
        staff = staff.where(not_(behind(required)))
    if wanted.lacking is not None:
        staff = staff.where(_lacks(wanted.lacking, required))
    if text := fields.search_text(wanted.text):
        parts = (person_names.holds(Person.name, text), Person.department.contains(text, autoescape=True))
        staff = staff.where(or_(*parts, Person.mobile == text))
    return staff


def roster(session: Session, actor: Actor, wanted: Wanted, *, after_id: int = 0) -> Sequence[Member]:
    """One page of the staff, those who lack most first. Raises NoRequirement for a year that asks for nothing."""
    require(actor, Permission.STAFF_PROGRESS)
    required = required_of(session, wanted.year)
    order = shortfall(required)
    staff = narrowed(staff_of(actor, wanted.year), wanted, required)
    if after_id:
        place = staff_of(actor, wanted.year).where(Binding.id == after_id).with_only_columns(order)
        last = session.scalar(place) or 0
        staff = staff.where(or_(order < last, and_(order == last, Binding.id > after_id)))
    page = _members(wanted.year, staff, required).order_by(order.desc(), Binding.id).limit(PAGE_SIZE)
    rows = session.execute(page).all()
    live = standing.live_hours(session, [row.person_id for row in rows], wanted.year)
    members = map(_member, rows)
    return [replace(member, live=live.get(member.person_id, member.live)) for member in members]


def _members(year: int, staff: StaffQuery, required: ByCategory) -> StaffQuery:
    reminded = select(func.max(Reminder.sent_at)).where(Reminder.person_id == Binding.person_id, Reminder.year == year)
    return staff.with_only_columns(
        Binding.id,
        Binding.person_id,
        Person.name,
        Person.id_number_masked,
        Person.mobile,
        Person.department,
        *(hours.label(f"{category}_earned") for category, hours in columns.official().items()),
        *(hours.label(f"{category}_required") for category, hours in required.items()),
        reminded.scalar_subquery().label("reminded_at"),
        has_certificate(year).label("has_certificate"),
    )


def _member(row: Row[*tuple[Any, ...]]) -> Member:
    official = [Standing(each, _hours(row, f"{each}_required"), _hours(row, f"{each}_earned")) for each in Category]
    said = (row.id, row.person_id, row.name, row.id_number_masked, row.mobile, row.department)
    return Member(*said, official, row.reminded_at, row.has_certificate)


def _hours(row: Row[*tuple[Any, ...]], label: str) -> Decimal:
    return asked_hours.as_hours(getattr(row, label))


def totals(session: Session, actor: Actor, year: int) -> Totals:
    """Raises NoRequirement."""
    require(actor, Permission.STAFF_PROGRESS)
    required = required_of(session, year)
    met, has = not_(behind(required)), has_certificate(year)
    counted = [func.count(), *map(number_of, (met, has, and_(met, not_(has)), at_risk(year, required)))]
    counted += [number_of(_lacks(category, required)) for category in Category]
    row = session.execute(staff_of(actor, year).with_only_columns(*counted)).one()
    last = statistics.last_finished(session)
    lacking = dict(zip(Category, row[5:], strict=True))
    return Totals(*row[:5], lacking, last.finished_at if last else None)


def note_export(session: Session, actor: Actor, wanted: Wanted) -> None:
    """Who takes a list of the staff along, and which one."""
    require(actor, Permission.STAFF_PROGRESS)
    said = {"year": wanted.year, "reached": wanted.reached, "lacking": wanted.lacking}
    for organisation_id in actor.organisation_ids(Role.EMPLOYER):
        record(session, actor, "progress_export", session.get_one(Organisation, organisation_id), after=said)


def everybody(session: Session, actor: Actor, wanted: Wanted) -> Iterator[Member]:
    """Whom the list shows, on all its pages. Raises NoRequirement."""
    require(actor, Permission.STAFF_PROGRESS)
    required = required_of(session, wanted.year)
    staff = _members(wanted.year, narrowed(staff_of(actor, wanted.year), wanted, required), required)
    ordered = staff.order_by(shortfall(required).desc(), Binding.id).execution_options(yield_per=BATCH)
    return map(_member, session.execute(ordered))
