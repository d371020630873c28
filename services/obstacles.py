"""What must be settled before somebody goes from one employer to another."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.claims import Claim, ClaimAction, ClaimStatus
from db.people import Binding
from services import claims
from services.permissions import Actor


def waiting_claims(session: Session, binding: Binding) -> Sequence[Claim]:
    """What this person has sent to this employer and neither of them has dealt with yet, oldest first.

    What the employer has endorsed is in nobody's way: it waits for the supervisor, wherever the person works.
    """
    sent = Claim.person_id == binding.person_id, Claim.employer_id == binding.organisation_id
    waiting = select(Claim).where(*sent, Claim.status == ClaimStatus.SUBMITTED)
    return session.scalars(waiting.order_by(Claim.id)).all()


def withdraw_all(session: Session, actor: Actor, binding: Binding) -> int:
    """Take back everything that waits at this employer; how many claims it was. All of it or nothing."""
    waiting = waiting_claims(session, binding)
    for claim in waiting:
        claims.act(session, actor, claim.id, ClaimAction.WITHDRAW, seen=claim.version)
    return len(waiting)
