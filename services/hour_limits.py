"""The most hours that a claim can hold, given the rule of its type, its year, and what its owner already has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Select, func, select, type_coerce
from sqlalchemy.orm import Session

from db.activity_rules import ActivityRule
from db.base import Hours
from db.claims import ActivityType, Claim, ClaimStatus
from db.locks import hold
from db.statistics import ClaimYear
from services import activity_rules, conversion, requirements, rules
from services.conversion import Facts, Limit
from services.permissions import Actor

# A claim that reaches one of these shares the yearly cap with those that have come as far, or further.
WAY = (ClaimStatus.SUBMITTED, ClaimStatus.ENDORSED, ClaimStatus.APPROVED)
_HOURS = func.coalesce(Claim.hours_awarded, Claim.hours_endorsed, Claim.hours_claimed)
_SUM = type_coerce(func.sum(_HOURS), Hours())

Key = tuple[int, ActivityType]


@dataclass(frozen=True, slots=True)
class Basis:
    """What limits the hours of one person's claim, for every year that is open and every type of activity."""

    windows: Sequence[ClaimYear]
    rules: Mapping[Key, ActivityRule]
    used: Mapping[Key, Decimal]

    def rule(self, year: int | None, activity_type: ActivityType | None) -> ActivityRule | None:
        return self.rules.get((year, activity_type)) if year and activity_type else None

    def limits(self, year: int | None, activity_type: ActivityType | None, facts: Facts) -> list[Limit]:
        """Nothing as long as the year is not known."""
        window = next((window for window in self.windows if window.year == year), None)
        if window is None or activity_type is None:
            return []
        used = self.used.get((window.year, activity_type), rules.NONE)
        return conversion.limits(self.rule(year, activity_type), facts, window.hours_per_day, used)


def basis(session: Session, actor: Actor, claim_id: int | None = None) -> Basis:
    """For a claim of the actor's own, or a new one; what the claim itself asks for does not count."""
    windows = requirements.list_open_years(session)
    in_force = activity_rules.in_force(session, [window.year for window in windows])
    mine = select(Claim.year, Claim.activity_type, _SUM).where(
        Claim.person_id == actor.person_id, Claim.status.in_(WAY), Claim.id != (claim_id or 0)
    )
    rows = session.execute(mine.group_by(Claim.year, Claim.activity_type))
    return Basis(windows, in_force, {(year, activity): hours for year, activity, hours in rows})


def check(session: Session, claim: Claim, hours: Decimal, *, reaches: ClaimStatus = ClaimStatus.SUBMITTED) -> None:
    """Whether the hours of a claim, loaded with its rule, fit all limits once it has come so far.

    Whoever else sends or decides about hours of the same person, year and type waits until this transaction ends.
    Raises MoreThanDaysHold, MoreThanConverted, AboveItemCap, AboveYearlyCap.
    """
    if claim.activity_rule is not None and claim.activity_rule.most_per_year is not None:
        hold(session, f"hours of {claim.person_id} in {claim.year} for {claim.activity_type}")
    conversion.check(of_claim(session, claim, reaches=reaches), hours)


def of_claim(session: Session, claim: Claim, *, reaches: ClaimStatus = ClaimStatus.SUBMITTED) -> list[Limit]:
    """The limits of a claim, loaded with its rule, under the edition that it was checked under."""
    window = requirements.claim_year(session, claim.year)
    facts = Facts(claim.start_on, claim.end_on, claim.details)
    return conversion.limits(claim.activity_rule, facts, window.hours_per_day, _used(session, claim, reaches))


def _used(session: Session, claim: Claim, reaches: ClaimStatus) -> Decimal:
    if claim.activity_rule is None or claim.activity_rule.most_per_year is None:
        return rules.NONE
    return session.scalar(_others(claim, WAY[WAY.index(reaches) :])) or rules.NONE


def _others(claim: Claim, statuses: Sequence[ClaimStatus]) -> Select[Decimal]:
    """The owner's other hours of the same year and type."""
    same = (Claim.year == claim.year, Claim.activity_type == claim.activity_type)
    return select(_SUM).where(
        Claim.person_id == claim.person_id, *same, Claim.status.in_(statuses), Claim.id != (claim.id or 0)
    )
