"""The claims that wait for an employer's reviewers, and those they have decided."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ScalarSelect, Select, func, select, tuple_
from sqlalchemy.orm import Session, aliased, joinedload

from db.accounts import Role
from db.claims import Claim, ClaimStatus
from services.permissions import Actor, Permission, require

PAGE_SIZE = 50
_WAITING = frozenset({ClaimStatus.SUBMITTED})


def waiting(actor: Actor) -> Select[int]:
    """How many claims wait for the actor's employers."""
    return select(func.count(Claim.id)).where(
        Claim.employer_id.in_(actor.organisation_ids(Role.EMPLOYER)), Claim.status.in_(_WAITING)
    )


def queue(
    session: Session, actor: Actor, *, status: ClaimStatus = ClaimStatus.SUBMITTED, after_id: int = 0
) -> Sequence[Claim]:
    """One page of the claims sent to the actor's employers: waiting ones longest first, decided ones newest first."""
    require(actor, Permission.CLAIM_REVIEW)
    sent = select(Claim).where(Claim.employer_id.in_(actor.organisation_ids(Role.EMPLOYER)), Claim.status == status)
    place = tuple_(Claim.submitted_at, Claim.id)
    newest_first = status not in _WAITING
    if after_id:
        last = _place_of(after_id)
        sent = sent.where(place < last if newest_first else place > last)
    order = [column.desc() if newest_first else column for column in (Claim.submitted_at, Claim.id)]
    return session.scalars(sent.order_by(*order).limit(PAGE_SIZE).options(joinedload(Claim.person))).all()


def _place_of(claim_id: int) -> ScalarSelect[datetime]:
    last = aliased(Claim)
    return select(last.submitted_at, last.id).where(last.id == claim_id).scalar_subquery()


def counts(session: Session, actor: Actor) -> dict[ClaimStatus, int]:
    """How many claims of the actor's employers are in each status."""
    require(actor, Permission.CLAIM_REVIEW)
    sent = Claim.employer_id.in_(actor.organisation_ids(Role.EMPLOYER)) & (Claim.status != ClaimStatus.DRAFT)
    rows = session.execute(select(Claim.status, func.count()).where(sent).group_by(Claim.status))
    return {status: count for status, count in rows}  # noqa: C416 - dict() of rows has no type
