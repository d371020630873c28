"""Which hours a year asks of whom: the editions in force on a day, for one person and for a whole query.

Less what somebody is exempted from: in a query that is taken away here, for one person in `services.rules`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from db.claims import Category
from db.exemptions import Exemption, ExemptionStatus
from db.people import TitleSeries
from db.requirements import EditionStatus, Requirement, RequirementEdition
from services import columns, divisions
from services.columns import ByCategory

Asked = Mapping[Category, Decimal]
SeriesColumn = InstrumentedAttribute[TitleSeries | None] | ColumnElement[TitleSeries | None]
DivisionColumn = InstrumentedAttribute[str]
PersonColumn = InstrumentedAttribute[int]
YearColumn = InstrumentedAttribute[int]
EVERYBODY = (False, 0)


def tenths(hours: Decimal) -> int:
    """Hours as the database keeps them."""
    return int(hours * 10)


def as_hours(tenths: int) -> Decimal:
    """What the database keeps, as hours."""
    return Decimal(int(tenths)).scaleb(-1)


@dataclass(frozen=True, slots=True)
class Rule:
    """What an edition asks of those it is for; a category that it leaves open is left to the wider rule."""

    edition: RequirementEdition
    hours: Asked
    confirmed: bool = True

    def is_for(self, series: TitleSeries | None, division: str | None) -> bool:
        wanted = self.edition
        if wanted.title_series is not None and wanted.title_series is not series:
            return False
        return wanted.division is None or (division is not None and divisions.covers(wanted.division, division))

    @property
    def narrowness(self) -> tuple[bool, int]:
        """The profession's own rule goes before the division's (GD-2023), the lower division before the higher."""
        place = divisions.find(self.edition.division) if self.edition.division else None
        return self.edition.title_series is not None, place.level if place else 0


@dataclass(frozen=True, slots=True)
class Rules:
    """Of one year on one day, the narrowest first."""

    year: int
    all: Sequence[Rule]

    def asked(self, series: TitleSeries | None, division: str | None) -> dict[Category, Decimal]:
        """Of one person; empty for a year that asks for nothing."""
        hours: dict[Category, Decimal] = {}
        for rule in self.of(series, division):
            hours = {**rule.hours, **hours}
        return {category: hours[category] for category in Category if category in hours}

    def of(self, series: TitleSeries | None, division: str | None) -> list[Rule]:
        return [rule for rule in self.all if rule.is_for(series, division)]

    def with_edition(self, draft: RequirementEdition) -> "Rules":
        """As it would be with another edition in the place of the one that is for the same people."""
        same = draft.title_series, draft.division
        others = [rule for rule in self.all if (rule.edition.title_series, rule.edition.division) != same]
        return _in_order(self.year, [*others, _rule(draft, draft.requirements)])

    @property
    def complete(self) -> bool:
        """Whether everybody is asked for something in every category."""
        return set(self.asked(None, None)) == set(Category)

    def columns(
        self, series: SeriesColumn, division: DivisionColumn, exemption: type[Exemption] = Exemption
    ) -> ByCategory:
        """The same as columns of a query over people, less what each is exempted from.

        The query is outer joined to `Exemption`, or to an alias of it, by `exempted`.
        """
        return {each: self._column(each, series, division, exemption) for each in Category}

    def _column(
        self, category: Category, series: SeriesColumn, division: DivisionColumn, exemption: type[Exemption]
    ) -> ColumnElement[int]:
        special = [rule for rule in self.all if category in rule.hours and rule.narrowness != EVERYBODY]
        general = literal(tenths(self.asked(None, None)[category]))
        whens = [(_is_for(rule, series, division), literal(tenths(rule.hours[category]))) for rule in special]
        return _reduced(case(*whens, else_=general) if whens else general, getattr(exemption, category.value))


def _is_for(rule: Rule, series: SeriesColumn, division: DivisionColumn) -> ColumnElement[bool]:
    own, place = rule.edition.title_series, rule.edition.division
    return and_(
        series == own if own is not None else true(), divisions.within(division, place) if place is not None else true()
    )


def _reduced(asked: ColumnElement[int], hours: InstrumentedAttribute[Decimal]) -> ColumnElement[int]:
    exempted = columns.tenths(hours)
    return case((asked > exempted, asked - exempted), else_=0)


def exempted(person_id: PersonColumn | int | None, year: YearColumn | int) -> ColumnElement[bool]:
    """By which a query is joined to the exemption that holds now; there is at most one."""
    granted = Exemption.status == ExemptionStatus.GRANTED
    return and_(Exemption.person_id == person_id, Exemption.year == year, granted)


def in_force(day: date) -> Select[RequirementEdition, Requirement]:
    """Every hour that some edition asks for which has begun by a day, superseded ones too."""
    begun = RequirementEdition.status == EditionStatus.IN_FORCE, RequirementEdition.in_force_on <= day
    return select(RequirementEdition, Requirement).join(RequirementEdition.requirements).where(*begun)


def of_year(session: Session, year: int, day: date) -> Rules:
    rows = session.execute(in_force(day).where(RequirementEdition.year == year)).all()
    return rules(year, [(edition, requirement) for edition, requirement in rows])


def rules(year: int, rows: Iterable[tuple[RequirementEdition, Requirement]]) -> Rules:
    """Of the rows of `in_force` those of one year, without what a higher number has superseded."""
    editions: dict[RequirementEdition, list[Requirement]] = {}
    for edition, requirement in rows:
        if edition.year == year:
            editions.setdefault(edition, []).append(requirement)
    newest: dict[tuple[TitleSeries | None, str | None], RequirementEdition] = {}
    for edition in sorted(editions, key=lambda each: each.edition or 0):
        newest[edition.title_series, edition.division] = edition
    found = [_rule(edition, editions[edition]) for edition in newest.values()]
    return _in_order(year, found)


def _in_order(year: int, found: Iterable[Rule]) -> Rules:
    return Rules(year, sorted(found, key=lambda rule: rule.narrowness, reverse=True))


def _rule(edition: RequirementEdition, requirements: Iterable[Requirement]) -> Rule:
    asked = [each for each in requirements if each.hours is not None]
    hours = {each.category: each.hours for each in asked if each.hours is not None}
    return Rule(edition, hours, confirmed=all(each.confirmed for each in asked))


def newest_edition(session: Session) -> int:
    """The number that says which rules there are, those included that have not begun yet."""
    return session.scalar(select(func.max(RequirementEdition.edition))) or 0


def newest_begun(session: Session, day: date) -> int:
    """The number that says which rules there were on a day."""
    begun = RequirementEdition.in_force_on <= day
    return session.scalar(select(func.max(RequirementEdition.edition)).where(begun)) or 0
