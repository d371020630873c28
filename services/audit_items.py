"""The claims of a sample, one after the other: found good, or revoked."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, contains_eager

from db.audits import AuditItem, AuditOutcome
from db.claims import Claim, ClaimAction, ClaimStatus, ReviewReason
from services import audits, claims, deciding, fields, reviewing
from services.claim_access import is_owner
from services.claim_moves import UNDO_TIME, OwnClaim, TooLateToUndo, has_let_through
from services.clock import now
from services.errors import N_, DomainError, NotFound, WrongStatus
from services.events import record
from services.permissions import Actor, Permission, require

PAGE_SIZE = 50


class OwnDecision(DomainError):
    message = N_("这条学时由您或您所在的单位审核通过，不能再由您抽查，请由主管部门其他人员抽查。")


class Drawn(NamedTuple):
    """A claim of a sample and what has become of it."""

    item: AuditItem
    outcome: AuditOutcome

    @property
    def claim(self) -> Claim:
        return self.item.claim


def list_page(
    session: Session, actor: Actor, audit_id: int, *, outcome: AuditOutcome, after_id: int = 0
) -> Sequence[Drawn]:
    """One page of a sample's claims with one outcome, employer by employer."""
    found = _visible_to(actor, AuditItem.audit_id == audit_id, audits.outcome_of == outcome, AuditItem.id > after_id)
    return [Drawn(item, outcome) for item, _ in session.execute(found.order_by(AuditItem.id).limit(PAGE_SIZE))]


def get(session: Session, actor: Actor, item_id: int) -> Drawn:
    """Raises NotFound outside the actor's divisions."""
    row = session.execute(_visible_to(actor, AuditItem.id == item_id)).one_or_none()
    if row is None:
        raise NotFound
    return Drawn(row[0], AuditOutcome(row[1]))


def _visible_to(actor: Actor, *which: ColumnElement[bool]) -> Select[AuditItem, str]:
    """With the audit, and the claim with its person and employer."""
    require(actor, Permission.CLAIM_AUDIT)
    found = select(AuditItem, audits.outcome_of).join(AuditItem.audit).join(AuditItem.claim)
    claim = contains_eager(AuditItem.claim)
    loaded = contains_eager(AuditItem.audit), claim.joinedload(Claim.person), claim.joinedload(Claim.employer)
    return found.where(audits.visible_to(actor), *which).options(*loaded)


def open_item(
    session: Session,
    actor: Actor,
    audit_id: int,
    page: Sequence[Drawn],
    named: int | None,
    *,
    outcome: AuditOutcome,
) -> tuple[Drawn, Claim] | None:
    """The named item with its whole claim; without one, and after the actor's own check, the next of the page."""
    drawn = _find(session, actor, named)
    if drawn and drawn.item.audit_id != audit_id:
        drawn = None
    claim = reviewing.find(session, actor, drawn.item.claim_id) if drawn else None
    if drawn and claim and (drawn.outcome is outcome or not _checked_by(actor, drawn, claim)):
        return drawn, claim
    later = (each for each in page if drawn and each.item.id > drawn.item.id)
    following = next(later, page[0] if page else None)
    claim = reviewing.find(session, actor, following.item.claim_id) if following else None
    return (following, claim) if following and claim else None


def _find(session: Session, actor: Actor, named: int | None) -> Drawn | None:
    try:
        return get(session, actor, named) if named is not None else None
    except NotFound:
        return None


def _checked_by(actor: Actor, drawn: Drawn, claim: Claim) -> bool:
    last = claim.steps[-1].actor_id if claim.steps else None
    return actor.account_id in {drawn.item.checked_by_id, last}


def accept(session: Session, actor: Actor, item_id: int, *, seen: int, opinion: str = "") -> None:
    """Nothing is wrong with the claim; `seen` is its version. Raises the refusals of `revoke`."""
    item, _ = _to_check(session, actor, item_id, seen)
    item.checked_at, item.checked_by_id, item.checked_by_name = now(), actor.account_id, actor.name
    item.opinion = fields.optional_text(deciding.OPINION, opinion, fields.LONGEST_TEXT)
    record(session, actor, "audit_item_accept", item, after={"claim_id": item.claim_id, "audit_id": item.audit_id})


def revoke(
    session: Session, actor: Actor, item_id: int, *, seen: int, reason: ReviewReason | None, opinion: str = ""
) -> None:
    """Take the hours away, with all that follows. Raises NotFound, WrongStatus, OwnClaim, OwnDecision, InvalidField."""
    item, claim = _to_check(session, actor, item_id, seen)
    claims.act(session, actor, claim.id, ClaimAction.REVOKE, seen=seen, reason=reason, opinion=opinion)
    record(session, actor, "audit_item_revoke", item, after={"claim_id": item.claim_id, "audit_id": item.audit_id})


def _to_check(session: Session, actor: Actor, item_id: int, seen: int) -> tuple[AuditItem, Claim]:
    require(actor, Permission.CLAIM_AUDIT)
    claim = claims.get_to_change(session, actor, _claim_id(session, actor, item_id))
    item = get(session, actor, item_id).item
    # Whoever gives the sample up waits, or has done so.
    session.refresh(item.audit, with_for_update={"read": True})
    is_open = item.audit.withdrawn_at is None and item.checked_at is None
    if not is_open or claim.status is not ClaimStatus.APPROVED or claim.version != seen:
        raise WrongStatus
    if refusal := refusal_to_check(actor, claim):
        raise refusal
    return item, claim


def _claim_id(session: Session, actor: Actor, item_id: int) -> int:
    """Known before the claim is locked; all else is read afterwards."""
    found = _visible_to(actor, AuditItem.id == item_id).with_only_columns(AuditItem.claim_id)
    claim_id = session.scalar(found)
    if claim_id is None:
        raise NotFound
    return claim_id


def refusal_to_check(actor: Actor, claim: Claim) -> DomainError | None:
    """What keeps the actor from checking this claim: it is his own, or he has let it through for its employer."""
    if is_owner(actor, claim):
        return OwnClaim()
    if has_let_through(actor, claim):
        return OwnDecision()
    return None


def take_back(session: Session, actor: Actor, item_id: int) -> None:
    """For a day a check can be undone; the claim then waits again. Raises NotFound, WrongStatus, TooLateToUndo."""
    claims.get_to_change(session, actor, _claim_id(session, actor, item_id))
    item = get(session, actor, item_id).item
    if item.checked_at is None:
        raise WrongStatus
    if now() - item.checked_at > UNDO_TIME:
        raise TooLateToUndo(hours=int(UNDO_TIME.total_seconds() // 3600))
    record(session, actor, "audit_item_take_back", item, before={"checked_by": item.checked_by_name})
    item.checked_at = item.checked_by_id = None
    item.checked_by_name = item.opinion = ""


def can_take_back(drawn: Drawn) -> bool:
    checked_at = drawn.item.checked_at
    return checked_at is not None and drawn.outcome is AuditOutcome.PASSED and now() - checked_at <= UNDO_TIME
