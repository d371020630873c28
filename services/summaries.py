"""The sum over approved hours, person by person and year by year, as one statement of the database."""

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    case,
    cast,
    delete,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import InstrumentedAttribute, Session

from db.base import Hours, ManyHours
from db.claims import Category, Claim, ClaimStatus, ClaimStep
from db.dialects import insert_or_update
from db.statistics import AnnualSummary

# Says of a column of people's numbers which of them are meant.
Whose = Callable[[InstrumentedAttribute[int]], ColumnElement[bool]]


class Totals(NamedTuple):
    """How many summaries there are, and the hours of all their categories."""

    rows: int
    hours: Decimal


class Outcome(NamedTuple):
    """What a recomputation did: summaries changed, and the totals before and after."""

    changed: int
    before: Totals
    after: Totals


def numbered(above: int, up_to: int) -> Whose:
    """The people numbered (above, up_to]."""
    return lambda column: and_(column > above, column <= up_to)


def touched(above: int, up_to: int) -> Whose:
    """The people of whose claims the steps numbered (above, up_to] were taken."""
    taken = ClaimStep.id > above, ClaimStep.id <= up_to
    owners = select(Claim.person_id).join(ClaimStep, ClaimStep.claim_id == Claim.id).where(*taken)
    return lambda column: column.in_(owners)


def _earned(category: Category) -> ColumnElement[Decimal]:
    """Tenths stay whole numbers inside the database, so the sum is exact."""
    hours = case((Claim.category == category, Claim.hours_awarded), else_=literal(Decimal(0), Hours()))
    return func.sum(hours).label(category.value)


def recompute(session: Session, run_id: int, whose: Whose) -> Outcome:
    """Bring the summaries of these people up to date."""
    before = _totals(session, whose)
    # What this run has just written need not be looked at again.
    emptied = and_(_without_hours(whose), AnnualSummary.run_id != run_id)
    changed = _add_up(session, run_id, whose) + _remove(session, emptied)
    return Outcome(changed, before, _totals(session, whose) if changed else before)


def correct(session: Session, run_id: int, person_id: int) -> int:
    """One person's summaries between two runs, under the number of the last one; returns the rows that changed."""
    own = numbered(person_id - 1, person_id)
    return _add_up(session, run_id, own) + _remove(session, _without_hours(own))


def _totals(session: Session, whose: Whose) -> Totals:
    hours = func.coalesce(
        func.sum(AnnualSummary.general) + func.sum(AnnualSummary.professional) + func.sum(AnnualSummary.elective),
        literal(Decimal(0), ManyHours()),
    )
    counted = select(func.count(), type_coerce(hours, ManyHours())).where(whose(AnnualSummary.person_id))
    rows, total = session.execute(counted).one()
    return Totals(rows, total)


def _add_up(session: Session, run_id: int, whose: Whose) -> int:
    # Without the option SQLAlchemy forgets the count of an INSERT on PostgreSQL.
    upsert = _upsert(session, run_id, whose).execution_options(preserve_rowcount=True)
    return session.connection().execute(upsert).rowcount


def _remove(session: Session, which: ColumnElement[bool]) -> int:
    """Looks first: there is hardly ever anything, and PostgreSQL can look, but not delete, through the index alone.

    It counts: asked whether there is one, PostgreSQL plans to meet it soon, and reads everybody when there is none.
    """
    connection = session.connection()
    if not connection.scalar(select(func.count()).select_from(AnnualSummary).where(which)):
        return 0
    return connection.execute(delete(AnnualSummary).where(which)).rowcount


def _upsert(session: Session, run_id: int, whose: Whose) -> postgresql.Insert:
    # Cast, or SQLite reads everybody's approved claims through the index of the statuses to find those of a few.
    approved = cast(Claim.status, String) == ClaimStatus.APPROVED.value
    sums = (
        select(Claim.person_id, Claim.year, *map(_earned, Category), literal(run_id))
        .where(whose(Claim.person_id), approved)
        .group_by(Claim.person_id, Claim.year)
    )
    columns = [category.value for category in Category]
    rows = insert_or_update(session, AnnualSummary)
    # Rows that say the same already are left alone: on a quiet day almost nothing is written.
    differs = or_(*(getattr(AnnualSummary, column) != rows.excluded[column] for column in columns))
    return rows.from_select(["person_id", "year", *columns, "run_id"], sums).on_conflict_do_update(
        index_elements=["person_id", "year"],
        set_={column: rows.excluded[column] for column in (*columns, "run_id")},
        where=differs,
    )


def _without_hours(whose: Whose) -> ColumnElement[bool]:
    """Summaries whose last approved hour was taken back."""
    approved = exists().where(
        Claim.person_id == AnnualSummary.person_id,
        Claim.year == AnnualSummary.year,
        Claim.status == ClaimStatus.APPROVED,
    )
    return and_(whose(AnnualSummary.person_id), not_(approved))
