"""Who stands where towards a claim: its owner, the reviewers of its employer, the supervisors above them."""

from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, Select, and_, literal, or_, select
from sqlalchemy.orm import Session, joinedload

from db.accounts import Role
from db.claims import Claim, ClaimStatus
from db.locks import hold
from db.organisations import Organisation
from services import divisions
from services.permissions import Actor, Permission, allowed

COUNTED = frozenset({ClaimStatus.APPROVED, ClaimStatus.REVOKED})


def hold_claims(session: Session, claim_ids: Iterable[int]) -> None:
    """Whoever else means to change one of these claims or its evidence waits until this transaction ends.

    Claims are held after classes and before employments, people and rows, or two could wait for each other.
    """
    for claim_id in sorted(claim_ids):
        hold(session, f"claim/{claim_id}")


def is_owner(actor: Actor, claim: Claim) -> bool:
    return actor.person_id is not None and claim.person_id == actor.person_id


def is_reviewer(actor: Actor, claim: Claim) -> bool:
    return claim.employer_id in actor.organisation_ids(Role.EMPLOYER)


def is_supervisor(actor: Actor, claim: Claim) -> bool:
    """Of the division of the employer the claim was sent to, or above it."""
    employer = claim.employer
    return employer is not None and any(divisions.covers(above, employer.division) for above in actor.divisions)


def visible_to(actor: Actor) -> Select[Claim]:
    """One's own claims, those one reviews, and what was endorsed or counts below one, as far as one may work now."""
    writes, reviews = (allowed(actor, right) for right in (Permission.CLAIM_WRITE, Permission.CLAIM_REVIEW))
    own = and_(literal(writes), Claim.person_id == actor.person_id)
    employers = actor.organisation_ids(Role.EMPLOYER) if reviews else []
    sent = and_(Claim.employer_id.in_(employers), Claim.status != ClaimStatus.DRAFT)
    return select(Claim).where(or_(own, sent, supervised_by(actor)))


def visible_ones(session: Session, actor: Actor, claim_ids: Collection[int]) -> dict[int, Claim]:
    """Those of these claims that the actor may see, by their number, with their people."""
    found = visible_to(actor).where(Claim.id.in_(claim_ids)).options(joinedload(Claim.person))
    return {claim.id: claim for claim in session.scalars(found)}


def supervised_by(actor: Actor) -> ColumnElement[bool]:
    """What has left the employers of the actor's divisions with their approval."""
    if not allowed(actor, Permission.CLAIM_RECOGNISE):
        return literal(False)
    left = or_(Claim.endorsed_at.is_not(None), Claim.status.in_(COUNTED))
    return and_(Claim.employer_id.in_(organisations_below(actor)), Claim.status != ClaimStatus.DRAFT, left)


def organisations_below(actor: Actor) -> Select[int]:
    """The numbers of those in the actor's divisions, and below them."""
    return select(Organisation.id).where(divisions.within_any(Organisation.division, actor.divisions))
