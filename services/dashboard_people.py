"""Whose people have met a year: counted employer by employer, now and as it was at the end of an earlier day."""

from datetime import date

from sqlalchemy import ColumnElement, FromClause, and_, case, func, literal, or_, select

from db.accounts import Account, AccountStatus
from db.certificates import Certificate, CertificateStatus
from db.claims import Category
from db.exemptions import Exemption
from db.organisations import Organisation
from db.people import Binding, BindingStatus, Person
from db.statistics import AnnualSummary
from services import as_of, asked_hours, columns, dashboard_claims, dashboard_figures
from services.asked_hours import Rules
from services.columns import ByCategory, flag, number_of
from services.dashboard_figures import Count, Query

Condition = ColumnElement[bool]
# Of the ties that came to nothing nobody knows later that they were there.
TIES = (BindingStatus.REQUESTED, BindingStatus.SCHEDULED, BindingStatus.ACTIVE, BindingStatus.ENDED)


def now(rules: Rules) -> Query:
    """By official hours."""
    homes = _homes(Binding.status == BindingStatus.ACTIVE, Binding.status.in_(TIES))
    summary = AnnualSummary.person_id == Person.id, AnnualSummary.year == rules.year
    required, earned = rules.columns(Person.title_series, Organisation.division), columns.official()
    certified = _certified(rules.year, Certificate.status == CertificateStatus.ISSUED)
    return (
        _counted(rules.year, homes, required, earned, certified)
        .outerjoin(AnnualSummary, and_(*summary))
        .outerjoin(Exemption, asked_hours.exempted(Person.id, rules.year))
    )


def then(rules: Rules, day: date) -> Query:
    """By the hours approved until the end of the day, under the rules of the day."""
    end = as_of.end_of(day)
    called_off = Binding.status.not_in(TIES) & (Binding.decided_at < end)
    homes = _homes(as_of.worked(day), and_(Binding.requested_at < end, ~called_off))
    hours = dashboard_claims.earned_then(rules.year, day).subquery()
    required = rules.columns(as_of.series_on(day), Organisation.division)
    earned = {each: func.coalesce(hours.c[each.value], 0) for each in Category}
    ended = or_(Certificate.ended_at.is_(None), Certificate.ended_at >= end)
    certified = _certified(rules.year, and_(Certificate.issued_at < end, ended))
    exempted = and_(Exemption.person_id == Person.id, Exemption.year == rules.year, as_of.held(day))
    return (
        _counted(rules.year, homes, required, earned, certified)
        .outerjoin(hours, hours.c.person_id == Person.id)
        .outerjoin(Exemption, exempted)
    )


def _homes(bound: Condition, tied: Condition) -> FromClause:
    """Everybody once: where he works, else where his newest tie is."""
    works = flag(bound)
    newest = works.desc(), case((bound, Binding.started_on)).desc(), Binding.id.desc()
    place = func.row_number().over(partition_by=Binding.person_id, order_by=newest)
    home = Binding.person_id, Binding.organisation_id, works.label("bound"), place.label("place")
    ranked = select(*home).where(or_(bound, tied)).subquery()
    return select(ranked).where(ranked.c.place == 1).subquery()


def _counted(
    year: int,
    homes: FromClause,
    required: ByCategory,
    earned: ByCategory,
    certified: Condition,
) -> Query:
    """One row for each organisation, in their order; all columns but the year are named as the figures are kept.

    Who has closed the account counts only for the time that he worked there.
    """
    bound = homes.c.bound == 1
    met = {each: earned[each] >= required[each] for each in Category}
    counted = {
        Count.REGISTERED: func.count(),
        Count.BOUND: number_of(bound),
        **{dashboard_figures.met(each): number_of(bound & met[each]) for each in Category},
        Count.MET_ALL: number_of(and_(bound, *met.values())),
        Count.CERTIFICATES: number_of(certified),
    }
    numbers = (column.label(key) for key, column in counted.items())
    return (
        select(literal(year).label("year"), homes.c.organisation_id, *numbers)
        .select_from(homes)
        .join(Person, Person.id == homes.c.person_id)
        .join(Account, Account.id == Person.account_id)
        .join(Organisation, Organisation.id == homes.c.organisation_id)
        .where(or_(bound, Account.status != AccountStatus.CLOSED))
        .group_by(homes.c.organisation_id)
        .order_by(homes.c.organisation_id)
    )


def _certified(year: int, stood: Condition) -> Condition:
    own = select(Certificate.id).where(Certificate.person_id == Person.id, Certificate.year == year, stood)
    return own.exists()
