"""What was claimed from which employer, and what came of it: added up by the database, now and for an earlier day.

A claim belongs to the employer it was sent to last, and stays there when its owner goes elsewhere.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from itertools import pairwise

from sqlalchemy import (
    ColumnElement,
    String,
    case,
    extract,
    false,
    func,
    select,
    true,
    type_coerce,
)

from db.claims import Category, Claim, ClaimAction, ClaimStatus, ClaimStep
from services import as_of, dashboard_figures
from services.columns import number_of, tenths
from services.dashboard_figures import Age, Count, Query

DECEMBER = 12
# Where one age ends and the next begins.
DAYS = (3, 7, 15)
WAITING = (ClaimStatus.SUBMITTED, ClaimStatus.ENDORSED)
SENT_BACK = (ClaimStatus.RETURNED, ClaimStatus.REJECTED)
DECIDED = (ClaimStatus.APPROVED, ClaimStatus.ENDORSED, *SENT_BACK)
# The year first: SQLite would otherwise follow an index of the employers, one claim here and one there.
YEAR_AND_EMPLOYER = Claim.year, Claim.employer_id
Years = Collection[int]


def hours(years: Years) -> Query:
    """Approved hours and claims by year, employer, category, month and activity, in this order."""
    approved = Claim.year.in_(years), Claim.status == ClaimStatus.APPROVED
    return _cells(tenths(Claim.hours_awarded)).where(*approved)


def hours_then(years: Years, day: date) -> Query:
    approved = ClaimStep.to_status == ClaimStatus.APPROVED
    return _then(_cells(tenths(ClaimStep.hours)), years, day).where(approved)


def earned_then(year: int, day: date) -> Query:
    """The approved hours of each person, a column for each category, in tenths of an hour."""
    sums = [
        func.sum(case((Claim.category == each, tenths(ClaimStep.hours)), else_=0)).label(each.value)
        for each in Category
    ]
    claims: Query = select(Claim.person_id, *sums).select_from(Claim)
    return _then(claims, [year], day).where(ClaimStep.to_status == ClaimStatus.APPROVED).group_by(Claim.person_id)


def _then(claims: Query, years: Years, day: date) -> Query:
    """With the last step that each of them had taken by the end of the day."""
    return claims.join(ClaimStep, ClaimStep.claim_id == Claim.id).where(Claim.year.in_(years), as_of.last_step(day))


def _cells(hours: ColumnElement[int]) -> Query:
    learned_later = extract("year", Claim.end_on) > Claim.year
    month = case((learned_later, DECEMBER), else_=extract("month", Claim.end_on))
    keys = (
        *YEAR_AND_EMPLOYER,
        type_coerce(Claim.category, String).label("category"),
        month.label("month"),
        type_coerce(Claim.activity_type, String).label("activity"),
    )
    counted = select(*keys, func.sum(hours).label("tenths"), func.count().label("claims")).select_from(Claim)
    return counted.group_by(*keys).order_by(*keys)


def waiting(years: Years, moment: datetime) -> Query:
    """How many claims have waited for how long since they were sent, by year and employer."""
    sent: Query = select(*YEAR_AND_EMPLOYER, Claim.submitted_at.label("since"))
    return _by_age(sent.where(Claim.year.in_(years), Claim.status.in_(WAITING)), moment)


def waiting_then(years: Years, day: date) -> Query:
    """Those that had not been decided at the end of the day."""
    end = as_of.end_of(day)
    sent = select(func.max(ClaimStep.at)).where(
        ClaimStep.claim_id == Claim.id, ClaimStep.action == ClaimAction.SUBMIT, ClaimStep.at < end
    )
    earlier = func.coalesce(sent.correlate(Claim).scalar_subquery(), ClaimStep.at)
    since = case((ClaimStep.action == ClaimAction.SUBMIT, ClaimStep.at), else_=earlier).label("since")
    sent_ones: Query = select(*YEAR_AND_EMPLOYER, since).select_from(Claim)
    return _by_age(_then(sent_ones, years, day).where(ClaimStep.to_status.in_(WAITING)), end)


def _by_age(claims: Query, moment: datetime) -> Query:
    each = claims.subquery()
    columns = [number.label(dashboard_figures.waiting(age)) for age, number in _ages(each.c.since, moment).items()]
    keys = each.c.year, each.c.employer_id
    return select(*keys, *columns, func.min(each.c.since).label(Count.OLDEST_WAITING)).group_by(*keys).order_by(*keys)


def _ages(since: ColumnElement[datetime], moment: datetime) -> dict[Age, ColumnElement[int]]:
    younger = [false(), *(since >= moment - timedelta(days=days) for days in DAYS), true()]
    return {age: number_of(than & ~then) for age, (then, than) in zip(Age, pairwise(younger), strict=True)}


def decisions(years: Years, end: datetime | None = None) -> Query:
    """What employers decided by an end about what waited for them, without what they took back."""
    waited, waits_again = ClaimStep.from_status == ClaimStatus.SUBMITTED, ClaimStep.to_status == ClaimStatus.SUBMITTED
    undone = waits_again & (ClaimStep.action == ClaimAction.UNDO) & ClaimStep.from_status.in_(DECIDED)
    outcome = case((waits_again, ClaimStep.from_status), else_=ClaimStep.to_status)
    counts = case((waits_again, -1), else_=1)
    numbers = func.sum(counts).label(Count.DECIDED), func.sum(case((outcome.in_(SENT_BACK), counts), else_=0))
    found: Query = select(*YEAR_AND_EMPLOYER, numbers[0], numbers[1].label(Count.RETURNED))
    found = found.join(ClaimStep, ClaimStep.claim_id == Claim.id).where(Claim.year.in_(years))
    found = found.where(waited & ClaimStep.to_status.in_(DECIDED) | undone)
    if end is not None:
        found = found.where(ClaimStep.at < end)
    return found.group_by(*YEAR_AND_EMPLOYER).order_by(*YEAR_AND_EMPLOYER)
