"""Every record of a person's hours with what it counts for: why an hour counts, or what keeps it from counting."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from db.claims import ActivityType, Category, Claim, ClaimSource, ClaimStatus, ReviewReason
from db.classes import CourseClass
from db.organisations import Organisation
from services import class_choice
from services.class_choice import ClassView
from services.permissions import Actor
from services.rules import NONE, Standing


class Verdict(StrEnum):
    """What a record counts for, in the order in which a list shows them."""

    COUNTS = "counts"
    COUNTS_SOON = "counts_soon"
    WITH_EMPLOYER = "with_employer"
    WITH_SUPERVISOR = "with_supervisor"
    UNSENT = "unsent"
    RETURNED = "returned"
    REJECTED = "rejected"
    REVOKED = "revoked"


BY_STATUS = {
    ClaimStatus.DRAFT: Verdict.UNSENT,
    ClaimStatus.SUBMITTED: Verdict.WITH_EMPLOYER,
    ClaimStatus.ENDORSED: Verdict.WITH_SUPERVISOR,
    ClaimStatus.APPROVED: Verdict.COUNTS,
    ClaimStatus.RETURNED: Verdict.RETURNED,
    ClaimStatus.REJECTED: Verdict.REJECTED,
    ClaimStatus.REVOKED: Verdict.REVOKED,
}
APPROVED = frozenset({Verdict.COUNTS, Verdict.COUNTS_SOON})
WAITING = frozenset({Verdict.WITH_EMPLOYER, Verdict.WITH_SUPERVISOR})
UNSENT = frozenset({Verdict.UNSENT, Verdict.RETURNED})


@dataclass(frozen=True, slots=True)
class ClaimedHours:
    """One record as it stands at this moment, with the employer it was sent to."""

    claim_id: int
    year: int
    category: Category
    status: ClaimStatus
    title: str
    start_on: date
    end_on: date
    hours_claimed: Decimal
    hours_awarded: Decimal | None
    reason: ReviewReason | None
    opinion: str
    decided_at: datetime | None
    employer: str | None
    phone: str | None
    division: str | None
    activity_type: ActivityType
    source: ClaimSource
    organiser: str


@dataclass(frozen=True, slots=True)
class Record:
    """What one record counts for. `counted` and `refused` are parts of the hours claimed."""

    of: ClaimedHours
    verdict: Verdict

    @property
    def counted(self) -> Decimal:
        """Hours in the official figures."""
        return (self.of.hours_awarded or NONE) if self.verdict is Verdict.COUNTS else NONE

    @property
    def refused(self) -> Decimal:
        """Hours that were claimed and will not count."""
        if self.verdict in APPROVED:
            return self.of.hours_claimed - (self.of.hours_awarded or NONE)
        return self.of.hours_claimed if self.verdict in {Verdict.REJECTED, Verdict.REVOKED} else NONE


def claimed_by(session: Session, person_id: int) -> list[ClaimedHours]:
    """Everything that one person has ever entered, the newest activity first."""
    columns = (
        Claim.id,
        Claim.year,
        Claim.category,
        Claim.status,
        Claim.title,
        Claim.start_on,
        Claim.end_on,
        Claim.hours_claimed,
        Claim.hours_awarded,
        Claim.reason,
        Claim.opinion,
        Claim.decided_at,
        Organisation.name,
        Organisation.contact_phone,
        Organisation.division,
        Claim.activity_type,
        Claim.source,
        Claim.organiser,
    )
    own: Select[*tuple[Any, ...]] = select(*columns).outerjoin(Organisation, Organisation.id == Claim.employer_id)
    rows = session.execute(own.where(Claim.person_id == person_id).order_by(Claim.start_on.desc(), Claim.id.desc()))
    return [ClaimedHours(*row) for row in rows]


def explain(claimed: Iterable[ClaimedHours], official: Sequence[Standing]) -> list[Record]:
    """The records of one year beside its official figures.

    These are the sum of everything that was approved up to some moment. So of the approved records those count that
    were decided first, as far as the figure of their category reaches; the next run counts the others.
    """
    of_year = list(claimed)
    counting = {each.claim_id for line in official for each in _first_decided(of_year, line)}
    return [Record(each, _verdict(each, counting)) for each in of_year]


def _first_decided(claimed: Iterable[ClaimedHours], official: Standing) -> Iterator[ClaimedHours]:
    left = official.earned
    for each in sorted(_approved(claimed, official.category), key=_decided):
        left -= each.hours_awarded or NONE
        if left < 0:
            return
        yield each


def _decided(claimed: ClaimedHours) -> tuple[float, int]:
    return (claimed.decided_at.timestamp() if claimed.decided_at else 0, claimed.claim_id)


def _verdict(claimed: ClaimedHours, counting: Collection[int]) -> Verdict:
    verdict = BY_STATUS[claimed.status]
    return Verdict.COUNTS_SOON if verdict is Verdict.COUNTS and claimed.claim_id not in counting else verdict


def _approved(claimed: Iterable[ClaimedHours], category: Category) -> Iterator[ClaimedHours]:
    return (each for each in claimed if each.status is ClaimStatus.APPROVED and each.category is category)


def approved(claimed: Iterable[ClaimedHours], category: Category) -> Decimal:
    """The live figure of a category."""
    return sum((each.hours_awarded or NONE for each in _approved(claimed, category)), NONE)


def closing_what_is_missing(
    session: Session, actor: Actor, year: int, official: Sequence[Standing]
) -> Mapping[Category, Sequence[CourseClass]]:
    """The classes of a year that one can enrol in, for each category that the official figures do not meet."""
    lacking = [line.category for line in official if not line.met]
    found = {each: class_choice.list_open(session, actor, ClassView(category=each)) for each in lacking}
    return {category: [each for each in classes if each.year == year] for category, classes in found.items()}
