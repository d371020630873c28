"""The sum over approved hours, person by person and year by year, as one statement of the database."""

from decimal import Decimal

from sqlalchemy import ColumnElement, and_, case, delete, exists, func, literal, not_, or_, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from db.base import Hours
from db.claims import Category, Claim, ClaimStatus
from db.dialects import insert_or_update
from db.statistics import AnnualSummary


def _earned(category: Category) -> ColumnElement[Decimal]:
    """Tenths stay whole numbers inside the database, so the sum is exact."""
    hours = case((Claim.category == category, Claim.hours_awarded), else_=literal(Decimal(0), Hours()))
    return func.sum(hours).label(category.value)


def recompute(session: Session, run_id: int, *, above: int, up_to: int) -> int:
    """Bring the summaries of the people numbered (above, up_to] up to date; returns the rows that changed."""
    # What this run has just written need not be looked at again.
    emptied = and_(_without_hours(above, up_to), AnnualSummary.run_id != run_id)
    return _add_up(session, run_id, above, up_to) + _remove(session, emptied)


def correct(session: Session, run_id: int, person_id: int) -> int:
    """One person's summaries between two runs, under the number of the last one; returns the rows that changed."""
    changed = _add_up(session, run_id, person_id - 1, person_id)
    return changed + _remove(session, _without_hours(person_id - 1, person_id))


def _add_up(session: Session, run_id: int, above: int, up_to: int) -> int:
    # Without the option SQLAlchemy forgets the count of an INSERT on PostgreSQL.
    upsert = _upsert(session, run_id, above, up_to).execution_options(preserve_rowcount=True)
    return session.connection().execute(upsert).rowcount


def _remove(session: Session, which: ColumnElement[bool]) -> int:
    """Looks first: there is hardly ever anything, and PostgreSQL can look, but not delete, through the index alone."""
    connection = session.connection()
    if not connection.scalar(select(exists().where(which))):
        return 0
    return connection.execute(delete(AnnualSummary).where(which)).rowcount


def _upsert(session: Session, run_id: int, above: int, up_to: int) -> postgresql.Insert:
    sums = (
        select(Claim.person_id, Claim.year, *map(_earned, Category), literal(run_id))
        .where(Claim.person_id > above, Claim.person_id <= up_to, Claim.status == ClaimStatus.APPROVED)
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


def _without_hours(above: int, up_to: int) -> ColumnElement[bool]:
    """Summaries whose last approved hour was taken back."""
    approved = exists().where(
        Claim.person_id == AnnualSummary.person_id,
        Claim.year == AnnualSummary.year,
        Claim.status == ClaimStatus.APPROVED,
    )
    return and_(AnnualSummary.person_id > above, AnnualSummary.person_id <= up_to, not_(approved))
