"""Where a professional stands in a year: the official figures beside the live ones."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from sqlalchemy import Row, Select, and_, func, select, type_coerce
from sqlalchemy.orm import Session

from db.base import Hours
from db.claims import Category, Claim, ClaimStatus
from db.exemptions import Exemption
from db.organisations import Organisation
from db.people import Binding, BindingStatus, Person
from db.reminders import Reminder
from db.requirements import RequirementEdition
from db.statistics import AnnualSummary, ClaimYear, RunStatus, StatisticsRun
from services import asked_hours, explanation, rules
from services.asked_hours import Rule
from services.clock import today
from services.errors import NotFound
from services.explanation import ClaimedHours, Record, Verdict
from services.permissions import Actor, Permission, require
from services.requirements import NoRequirement
from services.rules import Standing

OfficialRow = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class YearStanding:
    """One year of one person. `run` is the last one that was finished; its figures are the official ones.

    `rules` are the editions that ask this person for something, the narrowest first, and `exemption` is what reduces
    it. `reminded_at` is when an employer last asked for what is missing, as long as the year is open.
    """

    year: int
    official: list[Standing]
    run: StatisticsRun | None
    rules: list[Rule] = field(default_factory=list)
    exemption: Exemption | None = None
    reminded_at: datetime | None = None

    @property
    def met(self) -> bool:
        """Whether the official figures allow the certificate."""
        return rules.all_met(self.official)

    @property
    def computed_at(self) -> datetime | None:
        """When the official figures were last brought up to date."""
        return self.run.finished_at if self.run else None

    @property
    def rule_edition(self) -> int:
        """The newest of the editions that hold for this person."""
        return max((rule.edition.edition or 0 for rule in self.rules), default=0)


@dataclass(frozen=True, slots=True)
class LiveHours:
    """Hours of one category as they are at this moment."""

    earned: Decimal = rules.NONE
    waiting: Decimal = rules.NONE
    unsent: Decimal = rules.NONE
    refused: Decimal = rules.NONE


@dataclass(frozen=True, slots=True)
class Overview:
    """What the home page shows: each year's figures and every record behind them, and the tie to an employer."""

    years: dict[int, YearStanding]
    live: dict[int, dict[Category, LiveHours]]
    records: dict[int, list[Record]]
    binding: BindingStatus | None


def overview(session: Session, actor: Actor) -> Overview:
    """Every year up to this one that asks for hours, newest first. Raises NotFound for an account without a person."""
    require(actor, Permission.CERTIFICATE_PRINT)
    if actor.person_id is None:
        raise NotFound
    rows = _up_to_now(session, actor.person_id)
    years = {standing.year: standing for standing in _by_year(rows)}
    records = _explained(explanation.claimed_by(session, actor.person_id), years)
    live = {year: {category: _live(records[year], category) for category in Category} for year in years}
    return Overview(years, live, records, rows[0].binding if rows else None)


def years_of(session: Session, person_id: int | None) -> list[YearStanding]:
    """The same years of somebody whom the caller has found in the actor's scope."""
    return _by_year(_up_to_now(session, person_id))


def _up_to_now(session: Session, person_id: int | None) -> Sequence[OfficialRow]:
    return session.execute(_official(person_id).where(RequirementEdition.year <= today().year)).all()


def of_year(session: Session, person_id: int | None, year: int) -> YearStanding:
    """Raises NoRequirement for a year that asks for nothing."""
    found = _by_year(session.execute(_official(person_id).where(RequirementEdition.year == year)).all())
    if not found:
        raise NoRequirement(year=year)
    return found[0]


def _official(person_id: int | None) -> Select[*tuple[Any, ...]]:
    """Required and official hours, with the exemption, the last run, the tie to an employer and the last reminder.

    In one query.
    """
    mine = and_(AnnualSummary.year == RequirementEdition.year, AnnualSummary.person_id == person_id)
    finished = select(func.max(StatisticsRun.id)).where(StatisticsRun.status == RunStatus.FINISHED)
    open_states = (BindingStatus.ACTIVE, BindingStatus.REQUESTED, BindingStatus.SCHEDULED)
    own = Binding.person_id == person_id
    employer = select(Organisation.division).join(Binding, Binding.organisation_id == Organisation.id)
    return (
        asked_hours.in_force(today())
        .add_columns(
            AnnualSummary,
            Exemption,
            StatisticsRun,
            select(Person.title_series).where(Person.id == person_id).scalar_subquery().label("series"),
            employer.where(own, Binding.status == BindingStatus.ACTIVE).scalar_subquery().label("division"),
            select(func.min(Binding.status))
            .where(own, Binding.status.in_(open_states))
            .scalar_subquery()
            .label("binding"),
            _last_reminder(person_id).scalar_subquery().label("reminded_at"),
        )
        .outerjoin(AnnualSummary, mine)
        .outerjoin(Exemption, asked_hours.exempted(person_id, RequirementEdition.year))
        .outerjoin(StatisticsRun, StatisticsRun.id == finished.scalar_subquery())
        .order_by(RequirementEdition.year.desc())
    )


def _last_reminder(person_id: int | None) -> Select[datetime]:
    """Of the requirement's year, unless that is closed."""
    reminded = select(func.max(Reminder.sent_at)).join(ClaimYear, ClaimYear.year == Reminder.year)
    mine = (Reminder.person_id == person_id, Reminder.year == RequirementEdition.year)
    return reminded.where(*mine, ClaimYear.claim_to >= today()).correlate(RequirementEdition)


def _by_year(rows: Sequence[OfficialRow]) -> list[YearStanding]:
    years = groupby(rows, key=lambda row: row.RequirementEdition.year)
    found = (_year_standing(year, list(of_year)) for year, of_year in years)
    return [standing for standing in found if standing.official]


def _year_standing(year: int, rows: list[OfficialRow]) -> YearStanding:
    first = rows[0]
    found = asked_hours.rules(year, ((row.RequirementEdition, row.Requirement) for row in rows))
    exemption: Exemption | None = first.Exemption
    asked = found.asked(first.series, first.division) if found.complete else {}
    official = rules.standings(asked, by_category(first.AnnualSummary), by_category(exemption)) if asked else []
    rules_then = found.of(first.series, first.division)
    return YearStanding(year, official, first.StatisticsRun, rules_then, exemption, first.reminded_at)


def by_category(row: AnnualSummary | Exemption | None) -> Mapping[Category, Decimal]:
    """The hours of a row that has some of each category; none if there is no such row."""
    return {category: row.hours(category) for category in Category} if row else rules.NOTHING


def _explained(claimed: Sequence[ClaimedHours], years: Mapping[int, YearStanding]) -> dict[int, list[Record]]:
    return {
        year: explanation.explain([each for each in claimed if each.year == year], of_year.official)
        for year, of_year in years.items()
    }


def _live(records: Sequence[Record], category: Category) -> LiveHours:
    """What waits and what was not sent is counted as it was claimed."""
    own = [record for record in records if record.of.category is category]

    def total(verdicts: Collection[Verdict]) -> Decimal:
        meant = (record.of for record in own if record.verdict in verdicts)
        return sum((each.hours_awarded or each.hours_claimed for each in meant), rules.NONE)

    return LiveHours(
        earned=explanation.approved((record.of for record in own), category),
        waiting=total(explanation.WAITING),
        unsent=total(explanation.UNSENT),
        refused=sum((record.refused for record in own), rules.NONE),
    )


def live_hours(session: Session, person_ids: Collection[int], year: int) -> Mapping[int, Mapping[Category, LiveHours]]:
    """What several people have sent in of a year, for those who have; the caller has found them in his scope."""
    sent = (ClaimStatus.SUBMITTED, ClaimStatus.ENDORSED, ClaimStatus.APPROVED)
    hours = type_coerce(func.sum(func.coalesce(Claim.hours_awarded, Claim.hours_claimed)), Hours())
    grouped = (
        select(Claim.person_id, Claim.category, Claim.status, hours)
        .where(Claim.person_id.in_(person_ids), Claim.year == year, Claim.status.in_(sent))
        .group_by(Claim.person_id, Claim.category, Claim.status)
    )
    sums: dict[int, dict[tuple[Category, ClaimStatus], Decimal]] = {}
    for person_id, category, status, total in session.execute(grouped):
        sums.setdefault(person_id, {})[category, status] = total
    return {
        person_id: {category: _live_hours(of_person, category) for category in Category}
        for person_id, of_person in sums.items()
    }


def _live_hours(sums: dict[tuple[Category, ClaimStatus], Decimal], category: Category) -> LiveHours:
    def total(*statuses: ClaimStatus) -> Decimal:
        return sum((sums.get((category, status), rules.NONE) for status in statuses), rules.NONE)

    return LiveHours(
        earned=total(ClaimStatus.APPROVED),
        waiting=total(ClaimStatus.SUBMITTED, ClaimStatus.ENDORSED),
    )
