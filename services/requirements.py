"""What each year asks for and when its hours may be declared."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.claims import Category
from db.statistics import ClaimYear, Requirement
from services.clock import today
from services.errors import N_, DomainError


class NoRequirement(DomainError):
    message = N_("%(year)s 年度没有规定学时要求，不能申报。请选择其他年度。")


class WindowClosed(DomainError):
    message = N_("%(year)s 年度的申报时间为 %(claim_from)s 至 %(claim_to)s，现在不能申报。")


def required_hours(session: Session, year: int) -> dict[Category, Decimal]:
    """Hours asked for in each category. Raises NoRequirement for a year without a rule."""
    rows = session.scalars(select(Requirement).where(Requirement.year == year)).all()
    if len(rows) < len(Category):
        raise NoRequirement(year=year)
    return {row.category: row.hours for row in rows}


def list_years(session: Session) -> Sequence[int]:
    """The years up to this one that ask for hours, newest first."""
    asking = select(Requirement.year).where(Requirement.year <= today().year)
    return session.scalars(asking.distinct().order_by(Requirement.year.desc())).all()


def claim_year(session: Session, year: int) -> ClaimYear:
    """Raises NoRequirement for a year that nobody has set up."""
    found = session.get(ClaimYear, year)
    if found is None:
        raise NoRequirement(year=year)
    return found


def open_claim_year(session: Session, year: int) -> ClaimYear:
    """The year's window when it is open today. Raises NoRequirement or WindowClosed."""
    required_hours(session, year)
    found = claim_year(session, year)
    if not is_open(found):
        raise WindowClosed(year=year, claim_from=found.claim_from, claim_to=found.claim_to)
    return found


def is_open(year: ClaimYear) -> bool:
    return year.claim_from <= today() <= year.claim_to


def list_open_years(session: Session) -> Sequence[ClaimYear]:
    """The years for which hours can be declared today, newest first."""
    open_today = select(ClaimYear).where(ClaimYear.claim_from <= today(), ClaimYear.claim_to >= today())
    return session.scalars(open_today.order_by(ClaimYear.year.desc())).all()
