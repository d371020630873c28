"""A step of a claim as a test takes it: with everything that a step might ask for."""

from sqlalchemy.orm import Session

from db.claims import Claim, ClaimAction, ReviewReason
from services import claims
from services.permissions import Actor


def act(
    session: Session,
    actor: Actor,
    claim: Claim,
    action: ClaimAction,
    *,
    opinion: str = "",
    reason: ReviewReason | None = None,
    hours: str | None = None,
) -> Claim:
    claims.act(
        session,
        actor,
        claim.id,
        action,
        seen=claim.version,
        opinion=opinion,
        reason=reason,
        hours=hours,
        attested=True,
    )
    session.flush()
    session.expire(claim)
    return claim
