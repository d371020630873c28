"""In which band of `forecast_model` the staff of employers stands or stood, set by set."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, literal, select
from sqlalchemy.orm import Session, aliased

from db.claims import Category, Claim, ClaimStatus, ClaimStep
from db.exemptions import Exemption
from db.forecasts import EmployerForecast, ForecastRun
from db.organisations import Organisation
from db.people import Binding, BindingStatus, Person
from db.statistics import AnnualSummary
from services import as_of, asked_hours, columns, forecast_model
from services.asked_hours import Rules
from services.columns import ByCategory, tenths
from services.forecast_model import Counted
from services.summaries import Whose

# By employer and band.
Found = Mapping[tuple[int, int], Counted]


def band(asked: ByCategory, earned: ByCategory) -> ColumnElement[int]:
    """The same as `forecast_model.band`."""
    reached = [case((earned[each] < asked[each], earned[each]), else_=asked[each]) for each in Category]
    share = 1 + sum(reached, literal(0)) * 10 // sum(asked.values(), literal(0))
    nothing = sum(reached, literal(0)) == 0
    return case((_met(asked, earned), forecast_model.MET), (nothing, forecast_model.NOTHING), else_=share)


def _met(asked: ByCategory, earned: ByCategory) -> ColumnElement[bool]:
    return and_(*(earned[each] >= asked[each] for each in Category))


def at_risk(year: int, asked: ByCategory, earned: ByCategory) -> ColumnElement[bool]:
    """Of the staff in a query over bindings: who by the newest forecast will not have met a year that goes on."""
    limit = select(EmployerForecast.risky_up_to).where(
        EmployerForecast.run_id == newest_run(),
        EmployerForecast.year == year,
        EmployerForecast.organisation_id == Binding.organisation_id,
        EmployerForecast.actual.is_(None),
    )
    return band(asked, earned) <= func.coalesce(limit.correlate(Binding).scalar_subquery(), literal(-1))


def newest_run() -> ColumnElement[int]:
    """The number of the newest edition that is finished."""
    return select(func.max(ForecastRun.id)).where(ForecastRun.finished_at.is_not(None)).scalar_subquery()


def now(session: Session, rules: Rules, whose: Whose) -> Found:
    """The confirmed staff by the official figures; nobody has met a year that goes on."""
    mine = and_(AnnualSummary.person_id == Binding.person_id, AnnualSummary.year == rules.year)
    asked = rules.columns(Person.title_series, Organisation.division)
    staff = (
        _staff(whose, Binding.status == BindingStatus.ACTIVE)
        .outerjoin(AnnualSummary, mine)
        .outerjoin(Exemption, asked_hours.exempted(Binding.person_id, rules.year))
    )
    return _counted(session, staff, band(asked, columns.official()), literal(0))


def then(session: Session, year: int, day: date, whose: Whose) -> Found:
    """Who worked where at the end of a day of a finished year: how far each had come, and how many met it at its end.

    By the claims' steps, the exemptions and the rules of either moment.
    """
    last = date(year, 12, 31)
    before, after = (asked_hours.of_year(session, year, each) for each in (day, last))
    if not before.complete or not after.complete:
        return {}
    hours, exempted, exempted_later = _hours(year, day, last, whose), aliased(Exemption), aliased(Exemption)
    own = {each: and_(each.person_id == Binding.person_id, each.year == year) for each in (exempted, exempted_later)}
    staff = (
        # Of two employers on one day the later one.
        _staff(whose, as_of.worked(day), Binding.ended_on.is_distinct_from(day))
        .outerjoin(hours, hours.c.person_id == Binding.person_id)
        .outerjoin(exempted, and_(own[exempted], as_of.held(day, exempted)))
        .outerjoin(exempted_later, and_(own[exempted_later], as_of.held(last, exempted_later)))
    )
    reached = band(_asked(before, day, exempted), _earned(hours, "then"))
    met = _met(_asked(after, last, exempted_later), _earned(hours, "end"))
    return _counted(session, staff, reached, case((met, 1), else_=0))


def _asked(rules: Rules, day: date, exemption: type[Exemption]) -> ByCategory:
    return rules.columns(as_of.series_on(day), Organisation.division, exemption)


def _earned(hours: Subquery, moment: str) -> ByCategory:
    return {each: func.coalesce(hours.c[f"{each}_{moment}"], 0) for each in Category}


def _hours(year: int, day: date, last_day: date, whose: Whose) -> Subquery:
    """Of each person and category: of the claims whose last step until the end of a day was an approval."""
    moments = {"then": day, "end": last_day}
    sums = [_sum(each, on).label(f"{each}_{moment}") for each in Category for moment, on in moments.items()]
    claims = select(Claim.person_id, *sums).join(ClaimStep, ClaimStep.claim_id == Claim.id)
    approved = Claim.year == year, ClaimStep.to_status == ClaimStatus.APPROVED
    return claims.where(whose(Claim.person_id), *approved).group_by(Claim.person_id).subquery()


def _sum(category: Category, day: date) -> ColumnElement[int]:
    counts = and_(Claim.category == category, as_of.last_step(day))
    return func.sum(case((counts, tenths(ClaimStep.hours)), else_=0))


def _staff(whose: Whose, *worked: ColumnElement[bool]) -> Select[int]:
    return (
        select(Binding.organisation_id)
        .join(Person, Person.id == Binding.person_id)
        .join(Organisation, Organisation.id == Binding.organisation_id)
        .where(whose(Binding.person_id), *worked)
    )


def _counted(session: Session, staff: Select[int], reached: ColumnElement[int], met: ColumnElement[int]) -> Found:
    people = staff.with_only_columns(Binding.organisation_id, reached.label("band"), met.label("met")).subquery()
    keys = people.c.organisation_id, people.c.band
    counted = select(*keys, func.count(), func.sum(people.c.met)).group_by(*keys)
    return {(employer, number): Counted(count, done) for employer, number, count, done in session.execute(counted)}
