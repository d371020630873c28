"""How much an employer has to look after."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.accounts import Role
from db.claims import Claim, ClaimStatus
from db.people import Binding, BindingStatus
from services.permissions import Actor, Permission, allowed


@dataclass(frozen=True, slots=True)
class Workload:
    """`oldest` is when the claim that has waited longest was sent."""

    staff: int
    oldest: datetime | None


def of_employer(session: Session, actor: Actor) -> Workload | None:
    """None for an account that reviews for no employer."""
    if not allowed(actor, Permission.CLAIM_REVIEW):
        return None
    own = actor.organisation_ids(Role.EMPLOYER)
    staff = select(func.count()).where(Binding.organisation_id.in_(own), Binding.status == BindingStatus.ACTIVE)
    sent = Claim.employer_id.in_(own) & (Claim.status == ClaimStatus.SUBMITTED)
    oldest = select(func.min(Claim.submitted_at)).where(sent)
    return Workload(*session.execute(select(staff.scalar_subquery(), oldest.scalar_subquery())).one())
