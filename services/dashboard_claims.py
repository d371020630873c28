"""What was claimed from which employer, and what came of it: added up by the database, now and for an earlier day.

A claim belongs to the employer it was sent to last, and stays there when its owner goes elsewhere.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from itertools import pairwise

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
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
LET_THROUGH = (ClaimStatus.APPROVED, ClaimStatus.ENDORSED)
SENT_BACK = (ClaimStatus.RETURNED, ClaimStatus.REJECTED)


def hours(year: int) -> Query:
    """Approved hours and claims by employer, category, month and activity, in the order of employers."""
    approved = Claim.year == year, Claim.status == ClaimStatus.APPROVED
    return _cells(tenths(Claim.hours_awarded)).where(*approved)


def hours_then(year: int, day: date) -> Query:
    approved = ClaimStep.to_status == ClaimStatus.APPROVED
    return _then(_cells(tenths(ClaimStep.hours)), year, day).where(approved)


def earned_then(year: int, day: date) -> Query:
    """The approved hours of each person, a column for each category, in tenths of an hour."""
    sums = [
        func.sum(case((Claim.category == each, tenths(ClaimStep.hours)), else_=0)).label(each.value)
        for each in Category
    ]
    claims: Query = select(Claim.person_id, *sums).select_from(Claim)
    return _then(claims, year, day).where(ClaimStep.to_status == ClaimStatus.APPROVED).group_by(Claim.person_id)


def _then(claims: Query, year: int, day: date) -> Query:
    """With the last step that each of them had taken by the end of the day."""
    last = as_of.last_steps(day).where(Claim.year == year)
    return claims.join(ClaimStep, ClaimStep.claim_id == Claim.id).where(ClaimStep.id.in_(last))


def _cells(hours: ColumnElement[int]) -> Query:
    learned_later = extract("year", Claim.end_on) > Claim.year
    month = case((learned_later, DECEMBER), else_=extract("month", Claim.end_on))
    keys = (
        Claim.employer_id,
        type_coerce(Claim.category, String).label("category"),
        month.label("month"),
        type_coerce(Claim.activity_type, String).label("activity"),
    )
    counted = select(*keys, func.sum(hours).label("tenths"), func.count().label("claims")).select_from(Claim)
    return counted.group_by(*keys).order_by(Claim.employer_id)


def waiting(year: int, moment: datetime) -> Query:
    """How many claims have waited for how long since they were sent, by employer."""
    sent = Claim.employer_id.is_not(None), Claim.year == year, Claim.status.in_(WAITING)
    claims: Query = select(Claim.employer_id, Claim.submitted_at.label("since")).where(*sent)
    return _by_age(claims, moment)


def waiting_then(year: int, day: date) -> Query:
    """Those that had not been decided at the end of the day."""
    end = as_of.end_of(day)
    sent = select(func.max(ClaimStep.at)).where(
        ClaimStep.claim_id == Claim.id, ClaimStep.action == ClaimAction.SUBMIT, ClaimStep.at < end
    )
    since = func.coalesce(sent.correlate(Claim).scalar_subquery(), ClaimStep.at).label("since")
    sent_ones: Query = select(Claim.employer_id, since).select_from(Claim)
    return _by_age(_then(sent_ones, year, day).where(ClaimStep.to_status.in_(WAITING)), end)


def _by_age(claims: Query, moment: datetime) -> Query:
    each = claims.subquery()
    columns = [number.label(dashboard_figures.waiting(age)) for age, number in _ages(each.c.since, moment).items()]
    oldest = func.min(each.c.since).label(Count.OLDEST_WAITING)
    return select(each.c.employer_id, *columns, oldest).group_by(each.c.employer_id).order_by(each.c.employer_id)


def _ages(since: ColumnElement[datetime], moment: datetime) -> dict[Age, ColumnElement[int]]:
    younger = [false(), *(since >= moment - timedelta(days=days) for days in DAYS), true()]
    return {age: number_of(than & ~then) for age, (then, than) in zip(Age, pairwise(younger), strict=True)}


def decisions(year: int, end: datetime | None = None) -> Query:
    """What employers decided by an end, without what they took back."""
    numbers = _taken((*LET_THROUGH, *SENT_BACK)).label(Count.DECIDED), _taken(SENT_BACK).label(Count.RETURNED)
    found: Query = select(Claim.employer_id, *numbers).join(ClaimStep, ClaimStep.claim_id == Claim.id)
    found = found.where(Claim.year == year)
    if end is not None:
        found = found.where(ClaimStep.at < end)
    return found.where(Claim.employer_id.is_not(None)).group_by(Claim.employer_id).order_by(Claim.employer_id)


def _taken(outcomes: Collection[ClaimStatus]) -> ColumnElement[int]:
    """The decisions about what waited that had one of these outcomes, less those that were taken back."""
    decision = and_(ClaimStep.from_status == ClaimStatus.SUBMITTED, ClaimStep.to_status.in_(outcomes))
    back = ClaimStep.action == ClaimAction.UNDO, ClaimStep.to_status == ClaimStatus.SUBMITTED
    undone = and_(*back, ClaimStep.from_status.in_(outcomes))
    return func.sum(case((decision, 1), (undone, -1), else_=0))
