"""Working through the queue of claims: which one comes before the reviewer next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.claims import Category, Claim, ClaimAction, ClaimStatus
from db.people import Binding, BindingStatus
from services import claim_flags, claims, hour_limits, misconduct_notes, review_queue, standing
from services.claim_flags import Noticed
from services.claim_moves import MOVES, possible_actions
from services.conversion import Limit
from services.errors import NotFound
from services.misconduct_notes import Notes
from services.permissions import Actor, Permission
from services.review_queue import QueueView
from services.standing import LiveHours

DECISIONS = tuple(dict.fromkeys(m.action for m in MOVES if m.permission is Permission.CLAIM_REVIEW))


def possible_decisions(actor: Actor, claim: Claim) -> list[ClaimAction]:
    """The decisions among the possible actions: a reviewer may have claims of his own in other states."""
    return [action for action in possible_actions(actor, claim) if action in DECISIONS]


@dataclass(frozen=True, slots=True)
class Opened:
    """The claim before the reviewer, and why it is not the one that he named."""

    claim: Claim | None
    missed: NotFound | None = None


def open_claim(session: Session, actor: Actor, queue: Sequence[Claim], *, view: QueueView, named: int | None) -> Opened:
    """The named claim; without one, and after the actor's own decision, the next in the queue of a view.

    A claim that a colleague has decided stays open, so that the reviewer sees what became of it.
    """
    claim, missed = None, None
    try:
        claim = claims.get(session, actor, named) if named is not None else None
    except NotFound as refusal:
        missed = refusal
    if claim is not None and (claim.status is view.status or not decided_by(actor, claim)):
        return Opened(claim)
    following = _next(queue, claim, view)
    return Opened(claims.get(session, actor, following.id) if following else None, missed)


def find(session: Session, actor: Actor, named: int | None) -> Claim | None:
    """None for a number that leads nowhere."""
    try:
        return claims.get(session, actor, named) if named is not None else None
    except NotFound:
        return None


def decided_by(actor: Actor, claim: Claim) -> bool:
    return bool(claim.steps) and claim.steps[-1].actor_id == actor.account_id


def _next(queue: Sequence[Claim], decided: Claim | None, view: QueueView) -> Claim | None:
    """The one that comes after the decided one; from the end it goes on at the beginning."""
    first = queue[0] if queue else None
    if decided is None:
        return first
    return next((claim for claim in queue if review_queue.goes_before(view, decided, claim)), first)


@dataclass(frozen=True, slots=True)
class Background:
    """What a reviewer should know about a claim besides what it says."""

    noticed: Sequence[Noticed]
    hours: Mapping[Category, LiveHours]
    limits: Sequence[Limit]
    has_left: bool
    misconduct: Notes


def background(session: Session, actor: Actor, claim: Claim) -> Background:
    """Of a claim that the actor has fetched in his scope: flags, limits, his year so far, whether he is gone."""
    endorses = claim.second_level and claim.status is ClaimStatus.SUBMITTED
    hours = standing.live_hours(session, [claim.person_id], claim.year)
    works_there = select(Binding.id).where(
        Binding.person_id == claim.person_id,
        Binding.organisation_id == claim.employer_id,
        Binding.status == BindingStatus.ACTIVE,
    )
    return Background(
        noticed=claim_flags.of_claim(session, actor, claim),
        hours=hours.get(claim.person_id, {}),
        limits=hour_limits.of_claim(session, claim, reaches=ClaimStatus.ENDORSED if endorses else ClaimStatus.APPROVED),
        misconduct=misconduct_notes.beside(session, actor, claim),
        has_left=session.scalar(works_there.limit(1)) is None,
    )
