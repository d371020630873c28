"""What a dishonesty case does to the hours it is about: taken away when it is confirmed, given back when it falls."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from db.claims import Claim, ClaimAction, ClaimStatus, ReviewReason
from db.misconduct import MisconductClaim, MisconductRecord
from services import claims, corrections
from services.claim_access import hold_claims
from services.claim_moves import has_let_through, was_forfeited
from services.clock import now
from services.errors import N_, DomainError
from services.misconduct_terms import IN_FORCE
from services.permissions import Actor

FORFEITED = N_("经认定存在失信行为，涉及的学时予以撤销。")
RESTORED = N_("失信认定已更正或撤销，涉及的学时予以恢复。")


class OwnApproval(DomainError):
    message = N_("涉及的学时由您或您所在的单位审核通过，不能再由您认定，请由主管部门其他人员办理。")


class Year(NamedTuple):
    """One that must be counted again."""

    person_id: int
    year: int


def forfeit(session: Session, actor: Actor, case: MisconductRecord) -> None:
    """The hours that still count do so no longer. Raises OwnApproval."""
    counting = [claim for claim in _held(session, case.claims) if claim.status is ClaimStatus.APPROVED]
    for claim in counting:
        if has_let_through(actor, claim):
            raise OwnApproval
        claim.reason = ReviewReason.UNTRUE
        _set(session, actor, claim, ClaimAction.FORFEIT, FORFEITED)
    _recount(session, actor, counting)


def give_back(session: Session, actor: Actor, case: MisconductRecord, which: Iterable[Claim]) -> None:
    """What this case has taken, whatever limits say by now, unless another case or a new entry of the class stands."""
    restored = [claim for claim in _held(session, which) if _can_return(session, case, claim)]
    for claim in restored:
        claim.reason = None
        _set(session, actor, claim, ClaimAction.RESTORE, RESTORED)
    _recount(session, actor, restored)


def _held(session: Session, which: Iterable[Claim]) -> list[Claim]:
    """As they are now; whoever else means to change one of them waits."""
    numbers = [claim.id for claim in which]
    hold_claims(session, numbers)
    found = select(Claim).where(Claim.id.in_(numbers)).order_by(Claim.id)
    loaded = found.options(joinedload(Claim.employer), selectinload(Claim.steps))
    return list(session.scalars(loaded.execution_options(populate_existing=True)))


def _can_return(session: Session, case: MisconductRecord, claim: Claim) -> bool:
    if not was_forfeited(claim):
        return False
    other = select(MisconductClaim.claim_id).join(MisconductRecord, MisconductRecord.id == MisconductClaim.record_id)
    held_by_another = other.where(
        MisconductClaim.claim_id == claim.id, MisconductRecord.id != case.id, MisconductRecord.status.in_(IN_FORCE)
    )
    twin = aliased(Claim)
    posted_anew = exists().where(
        twin.enrolment_id == (claim.enrolment_id or 0), twin.id != claim.id, twin.status != ClaimStatus.REVOKED
    )
    return not session.scalar(select(held_by_another.exists() | posted_anew))


def _set(session: Session, actor: Actor, claim: Claim, action: ClaimAction, opinion: str) -> None:
    before = claim.status
    claim.status = ClaimStatus.REVOKED if action is ClaimAction.FORFEIT else ClaimStatus.APPROVED
    claim.opinion, claim.decided_at = opinion, now()
    claims.note_step(session, actor, claim, action, before)
    session.flush()


def _recount(session: Session, actor: Actor, changed: Iterable[Claim]) -> None:
    """Each year once, and its certificate."""
    for claim in {Year(claim.person_id, claim.year): claim for claim in changed}.values():
        corrections.recount(session, actor, claim)
