"""What waits for an employer."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.accounts import Role
from db.claims import Claim, ClaimStatus
from db.people import BindingStatus
from services import people
from services.permissions import Actor, Permission, allowed


@dataclass(frozen=True, slots=True)
class Workload:
    """`oldest` is when the claim that has waited longest was sent."""

    requests: int
    staff: int
    claims: int
    oldest: datetime | None


def of_employer(session: Session, actor: Actor) -> Workload | None:
    """None for an account that reviews for no employer."""
    if not allowed(actor, Permission.CLAIM_REVIEW):
        return None
    staff = people.count_staff(session, actor)
    waiting, oldest = session.execute(
        select(func.count(), func.min(Claim.submitted_at)).where(
            Claim.employer_id.in_(actor.organisation_ids(Role.EMPLOYER)), Claim.status == ClaimStatus.SUBMITTED
        )
    ).one()
    return Workload(
        requests=staff.get(BindingStatus.REQUESTED, 0),
        staff=staff.get(BindingStatus.ACTIVE, 0),
        claims=waiting,
        oldest=oldest,
    )
