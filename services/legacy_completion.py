"""How many met what their year asked for, by the hours that the old systems have of them.

The rule of a year is the one for everybody, or for the division that is asked for: old rows tell no title series.
Of somebody who has both certificates and single records of a year the larger hours count, since a certificate sums up
records. Nobody is judged by a certificate that tells no category.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from db.claims import Category
from db.snapshots import Snapshot
from services import asked_hours, snapshot_queries
from services.asked_hours import Asked, tenths
from services.clock import today
from services.permissions import Actor, Permission, require
from services.questions import UNKNOWN, Question


@dataclass(frozen=True, slots=True)
class YearCompletion:
    """People with rows in a year; `untold` are those of whom no row tells a category."""

    year: int
    asked: Asked
    people: int
    met: int
    untold: int

    @property
    def share(self) -> float:
        """Of those who can be judged, in percent."""
        judged = self.people - self.untold
        return 100 * self.met / judged if judged else 0.0


def by_year(session: Session, actor: Actor, snapshot: Snapshot, question: Question) -> Sequence[YearCompletion]:
    """Of the years that asked for hours; what would take hours away from somebody is left out of the question.

    Raises PermissionDenied, StorageDamaged, StorageUnavailable.
    """
    require(actor, Permission.LEGACY_EXPLORE)
    rules = _rules(session, question.division)
    lists = [list(rules), *([tenths(asked[each]) for asked in rules.values()] for each in Category)]
    met = " AND ".join(f"{each} >= asked_{each}" for each in Category)
    statement = f"""
        SELECT year, count(*), count(*) FILTER (told AND {met}), count(*) FILTER (NOT told)
        FROM ({_OF_PEOPLE}) JOIN ({_RULES}) ON year = asked_year GROUP BY year ORDER BY year
    """  # noqa: S608  # names of ours alone
    found = snapshot_queries.ask(snapshot.sha256, whole(question), statement, lists)
    return [YearCompletion(year, rules[year], *counts) for year, *counts in found]


def whole(question: Question) -> Question:
    """About all hours of the people that are asked for."""
    return replace(question, category="", hours_from=None, hours_to=None)


_SUMS = ", ".join(
    f"greatest(coalesce(sum({each}) FILTER (kind = 'record'), 0),"
    f" coalesce(max({each}) FILTER (kind = 'certificate'), 0)) AS {each}"
    for each in Category
)
_TOLD = " OR ".join(f"{each} IS NOT NULL" for each in Category)
_OF_PEOPLE = f"SELECT year, person, bool_or({_TOLD}) AS told, {_SUMS} FROM asked GROUP BY year, person"  # noqa: S608
_RULES = "SELECT unnest(?) AS asked_year, " + ", ".join(f"unnest(?) AS asked_{each}" for each in Category)


def _rules(session: Session, division: str) -> Mapping[int, Asked]:
    rows = [(edition, asked) for edition, asked in session.execute(asked_hours.in_force(today()))]
    years = sorted({edition.year for edition, _asked in rows})
    place = None if division in ("", UNKNOWN) else division
    asked = {year: asked_hours.rules(year, rows).asked(None, place) for year in years}
    return {year: hours for year, hours in asked.items() if set(hours) == set(Category)}
