"""Working through the queue of claims: which one comes before the reviewer next."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from db.claims import Claim, ClaimAction, ClaimStatus
from services import claims
from services.claim_moves import MOVES, possible_actions
from services.errors import NotFound
from services.permissions import Actor, Permission

DECISIONS = tuple(dict.fromkeys(m.action for m in MOVES if m.permission is Permission.CLAIM_REVIEW))


def possible_decisions(actor: Actor, claim: Claim) -> list[ClaimAction]:
    """The decisions among the possible actions: a reviewer may have claims of his own in other states."""
    return [action for action in possible_actions(actor, claim) if action in DECISIONS]


def open_claim(
    session: Session, actor: Actor, queue: Sequence[Claim], *, status: ClaimStatus, named: int | None
) -> Claim | None:
    """The named claim; without one, and after the actor's own decision, the next in the queue of a status.

    A claim that a colleague has decided stays open, so that the reviewer sees what became of it.
    """
    claim = _find(session, actor, named)
    if claim is not None and (claim.status is status or not _decided_by(actor, claim)):
        return claim
    following = _next(queue, claim)
    return claims.get(session, actor, following.id) if following else None


def _find(session: Session, actor: Actor, named: int | None) -> Claim | None:
    try:
        return claims.get(session, actor, named) if named is not None else None
    except NotFound:
        return None


def _decided_by(actor: Actor, claim: Claim) -> bool:
    return bool(claim.steps) and claim.steps[-1].actor_id == actor.account_id


def _next(queue: Sequence[Claim], decided: Claim | None) -> Claim | None:
    """The one that has waited longest after the decided one; from the end it goes on at the beginning."""
    if decided is None or decided.submitted_at is None:
        return queue[0] if queue else None
    place = (decided.submitted_at, decided.id)
    later = (claim for claim in queue if claim.submitted_at and (claim.submitted_at, claim.id) > place)
    return next(later, queue[0] if queue else None)
