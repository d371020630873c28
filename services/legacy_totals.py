"""What old certificates say against what their records add up to by the rule of the year, and why they differ."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    Subquery,
    and_,
    case,
    extract,
    func,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session

from db.claims import Category
from db.legacy import LegacyKind, LegacyMatch, LegacyRow
from db.people import Person
from db.statistics import ClaimYear
from services import asked_hours, rules
from services.asked_hours import as_hours, tenths
from services.clock import today
from services.permissions import Actor, Permission, require

PAGE_SIZE = 50
DAY = 24 * 60 * 60
# A number for a person and a year, of which the last four digits are the year.
YEARS = 10_000
# How old systems say that something was not let pass.
REFUSED = (
    *("不合格", "未合格", "不通过", "未通过", "审核不通过", "退回", "驳回", "作废", "无效", "已撤销", "否"),
    *("待审核", "未审核"),
)
Asked = Mapping[int, Mapping[Category, Decimal]]
_HOURS = {
    Category.GENERAL: LegacyRow.general,
    Category.PROFESSIONAL: LegacyRow.professional,
    Category.ELECTIVE: LegacyRow.elective,
}


class Difference(StrEnum):
    """Why the old total is another one than the recomputed one, or the judgement is."""

    NOT_PASSED = "not_passed"
    OVER_DAY_CAP = "over_day_cap"
    RECORDS_MISSING = "records_missing"
    RECORDS_EXTRA = "records_extra"
    OTHER_CATEGORY = "other_category"
    SEVERAL_CERTIFICATES = "several_certificates"
    BELOW_REQUIREMENT = "below_requirement"
    MEETS_REQUIREMENT = "meets_requirement"
    NO_CERTIFICATE = "no_certificate"


@dataclass(frozen=True, slots=True)
class YearTotals:
    """One person's year in the old systems. `old` is what certificates say, `recomputed` what its records add up to.

    Without records the certificate's own hours are judged. `reasons` are why they differ, with the hours concerned.
    """

    person: Person
    year: int
    old: Mapping[Category, Decimal]
    old_total: Decimal
    recomputed: Mapping[Category, Decimal]
    required: Mapping[Category, Decimal]
    reasons: Mapping[Difference, Decimal | None]

    @property
    def number(self) -> int:
        """From which the next page goes on."""
        return self.person.id * YEARS + self.year

    @property
    def recomputed_total(self) -> Decimal:
        return sum(self.recomputed.values(), rules.NONE)


def passed() -> ColumnElement[bool]:
    return LegacyRow.result.not_in(REFUSED)


def list_(
    session: Session, actor: Actor, *, year: int | None = None, differing: bool = True, after: int = 0
) -> Sequence[YearTotals]:
    """One page, by person and year; `after` is the number of the last one before."""
    require(actor, Permission.LEGACY_RECONCILE)
    asked = _asked(session)
    totals = _totals(year, after).subquery()
    found = select(totals, Person).join(Person, Person.id == totals.c.person_id)
    if differing:
        found = found.where(or_(*_differences(totals, asked)))
    page = found.order_by(totals.c.person_id, totals.c.year).limit(PAGE_SIZE)
    return [_understood(row, asked) for row in session.execute(page)]


def years(session: Session, actor: Actor) -> Sequence[int]:
    """Those of which the old systems know something, newest first."""
    require(actor, Permission.LEGACY_RECONCILE)
    known = select(LegacyRow.year).where(LegacyRow.matching == LegacyMatch.MATCHED).distinct()
    return [year for year in session.scalars(known.order_by(LegacyRow.year.desc())) if year is not None]


def _asked(session: Session) -> Asked:
    """What each year asked of everybody: series and division of so long ago are known of nobody."""
    rows = [(edition, requirement) for edition, requirement in session.execute(asked_hours.in_force(today()))]
    found = {year: asked_hours.rules(year, rows) for year in {edition.year for edition, _requirement in rows}}
    return {year: of_year.asked(None, None) for year, of_year in found.items() if of_year.complete}


def _totals(year: int | None, after: int) -> Select[*tuple[Any, ...]]:
    """One row for a person and a year, hours in tenths."""
    certificate, record = LegacyRow.kind == LegacyKind.CERTIFICATE, LegacyRow.kind == LegacyKind.RECORD
    hours, counted = type_coerce(LegacyRow.hours, Integer), _counted()
    allowed = case((passed(), hours), else_=0)
    wanted = (
        select(
            LegacyRow.person_id,
            LegacyRow.year,
            _sum(certificate, 1).label("certificates"),
            _sum(and_(certificate, passed()), 1).label("qualified"),
            _sum(certificate, hours).label("old_total"),
            _sum(record, 1).label("records"),
            _sum(record, hours - allowed).label("not_passed"),
            _sum(record, allowed - counted).label("over_day_cap"),
            *(_sum(certificate, type_coerce(_HOURS[each], Integer)).label(f"old_{each}") for each in Category),
            *(_sum(and_(certificate, _HOURS[each].is_not(None)), 1).label(f"told_{each}") for each in Category),
            *(_sum(and_(record, LegacyRow.category == each), counted).label(f"new_{each}") for each in Category),
        )
        .outerjoin(ClaimYear, ClaimYear.year == LegacyRow.year)
        .where(LegacyRow.matching == LegacyMatch.MATCHED, LegacyRow.person_id >= after // YEARS)
        .where(or_(LegacyRow.person_id > after // YEARS, LegacyRow.year > after % YEARS))
        .group_by(LegacyRow.person_id, LegacyRow.year)
    )
    return wanted if year is None else wanted.where(LegacyRow.year == year)


def _sum(which: ColumnElement[bool], value: ColumnElement[int] | int) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((which, value), else_=0)), 0)


def _counted() -> ColumnElement[int]:
    """Of a record: nothing of what was not let pass, and no more than its days can hold."""
    hours, a_day = type_coerce(LegacyRow.hours, Integer), type_coerce(ClaimYear.hours_per_day, Integer)
    seconds = extract("epoch", LegacyRow.ends_on) - extract("epoch", LegacyRow.starts_on)
    most = a_day * (seconds // DAY + 1)
    return case((~passed(), 0), (hours > most, most), else_=hours)  # without dates nothing is known of days


def _differences(totals: Subquery, asked: Asked) -> Iterator[ColumnElement[bool]]:
    """Says in SQL of which years `_reasons` has something to say."""
    row = totals.c
    both = and_(row.certificates > 0, row.records > 0)
    yield and_(both, row.old_total != sum(row[f"new_{each}"] for each in Category))
    for each in Category:
        yield and_(both, row[f"told_{each}"] == row.certificates, row[f"old_{each}"] != row[f"new_{each}"])
    yield row.certificates > 1
    yield and_(row.records > 0, row.not_passed + row.over_day_cap > 0)
    if asked:
        by_records, by_certificate = (_meets(totals, asked, kind) for kind in ("new", "old"))
        told = and_(*(row[f"told_{each}"] == row.certificates for each in Category))
        yield and_(row.records > 0, row.certificates == 0, by_records)
        yield and_(both, (row.qualified > 0) != by_records)
        yield and_(row.certificates > 0, row.records == 0, told, (row.qualified > 0) != by_certificate)


def _meets(totals: Subquery, asked: Asked, kind: str) -> ColumnElement[bool]:
    """Unknown for a year without a rule."""
    required = {
        each: case({year: tenths(of_year[each]) for year, of_year in asked.items()}, value=totals.c.year)
        for each in Category
    }
    return and_(*(totals.c[f"{kind}_{each}"] >= required[each] for each in Category))


def _understood(row: Row[*tuple[Any, ...]], asked: Asked) -> YearTotals:
    figures = row._mapping
    old = {each: as_hours(figures[f"old_{each}"]) for each in Category if figures[f"told_{each}"]}
    recomputed = {each: as_hours(figures[f"new_{each}"]) for each in Category} if row.records else dict(old)
    required = asked.get(row.year, {})
    old_total = as_hours(row.old_total)
    reasons = dict(_reasons(figures, old, recomputed, required))
    return YearTotals(row.Person, row.year, old, old_total, recomputed, required, reasons)


def _reasons(
    figures: Mapping[Any, Any],
    old: Mapping[Category, Decimal],
    recomputed: Mapping[Category, Decimal],
    required: Mapping[Category, Decimal],
) -> Iterable[tuple[Difference, Decimal | None]]:
    left_out = [Difference.NOT_PASSED, Difference.OVER_DAY_CAP]
    for reason in left_out:
        if figures[reason]:
            yield reason, as_hours(figures[reason])
    if figures["certificates"] and figures["records"]:
        explained = sum((as_hours(figures[reason]) for reason in left_out), rules.NONE)
        more = as_hours(figures["old_total"]) - sum(recomputed.values(), rules.NONE) - explained
        if more:
            yield (Difference.RECORDS_MISSING if more > 0 else Difference.RECORDS_EXTRA), abs(more)
        elif not explained and any(recomputed[each] != hours for each, hours in old.items()):
            yield Difference.OTHER_CATEGORY, None
    if figures["certificates"] > 1:
        yield Difference.SEVERAL_CERTIFICATES, None
    if set(required) <= set(recomputed) and required:
        yield from _judgement(figures, rules.all_met(rules.standings(required, recomputed)))


def _judgement(figures: Mapping[Any, Any], met: bool) -> Iterable[tuple[Difference, Decimal | None]]:
    if not figures["certificates"]:
        if met:
            yield Difference.NO_CERTIFICATE, None
    elif bool(figures["qualified"]) is not met:
        yield (Difference.MEETS_REQUIREMENT if met else Difference.BELOW_REQUIREMENT), None
