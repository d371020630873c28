"""Deciding about several claims with one click."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.claims import Claim, ClaimAction, ClaimStatus, ReviewReason
from db.session import UnitOfWork
from services import claim_moves, claims, deciding, one_by_one
from services.errors import PermissionDenied
from services.one_by_one import Outcome
from services.permissions import Actor, allowed


def approve(transaction: UnitOfWork, actor: Actor, chosen: Mapping[int, int]) -> list[Outcome]:
    """With all the hours that were asked for. `chosen` are the claims with the versions that the actor has seen.

    Raises PermissionDenied.
    """
    return _decide(transaction, actor, chosen, ClaimAction.APPROVE)


def send_back(
    transaction: UnitOfWork, actor: Actor, chosen: Mapping[int, int], *, opinion: str, reason: ReviewReason | None
) -> list[Outcome]:
    """Return all of them for one reason. Raises PermissionDenied, InvalidField."""
    words = deciding.checked_opinion(opinion, reason, needed=True)
    return _decide(transaction, actor, chosen, ClaimAction.RETURN, opinion=words, reason=reason)


def _decide(
    transaction: UnitOfWork,
    actor: Actor,
    chosen: Mapping[int, int],
    decision: ClaimAction,
    *,
    opinion: str = "",
    reason: ReviewReason | None = None,
) -> list[Outcome]:
    if not any(allowed(actor, permission) for permission in claim_moves.permissions_for(decision)):
        raise PermissionDenied

    def act(session: Session, claim_id: int, seen: int) -> None:
        action = _action(session, claim_id, decision)
        claims.act(session, actor, claim_id, action, seen=seen, opinion=opinion, reason=reason)

    return one_by_one.decide(transaction, chosen, act)


def _action(session: Session, claim_id: int, decision: ClaimAction) -> ClaimAction:
    """What is approved with a second level still before it is endorsed."""
    before = Claim.second_level, Claim.status == ClaimStatus.SUBMITTED
    goes_on = session.scalar(select(Claim.id).where(Claim.id == claim_id, *before))
    return ClaimAction.ENDORSE if goes_on and decision is ClaimAction.APPROVE else decision
