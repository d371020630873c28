"""The way of a claim as data: from where to where each action leads, and who may take it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from db.claims import Claim, ClaimAction, ClaimSource, ClaimStatus
from db.people import TitleSeries
from services.claim_access import is_owner, is_reviewer, is_supervisor
from services.clock import now
from services.errors import N_, DomainError
from services.permissions import Actor, Permission, allowed

UNDO_TIME = timedelta(hours=24)
# Their own authorities recognise what teachers and health workers learn (GD-2023).
SECOND_LEVEL_SERIES = frozenset({TitleSeries.TEACHING, TitleSeries.HEALTH})
EDITABLE = frozenset({ClaimStatus.DRAFT, ClaimStatus.RETURNED})
_DECIDED = frozenset({ClaimStatus.APPROVED, ClaimStatus.RETURNED, ClaimStatus.REJECTED})
_SENT = frozenset({ClaimStatus.SUBMITTED})
_ENDORSED = frozenset({ClaimStatus.ENDORSED})
_WRITE, _REVIEW = Permission.CLAIM_WRITE, Permission.CLAIM_REVIEW
_RECOGNISE, _AUDIT = Permission.CLAIM_RECOGNISE, Permission.CLAIM_AUDIT


class OwnClaim(DomainError):
    message = N_("不能审核自己的学时，请由本单位或主管部门的其他审核人审核。")


class OwnEndorsement(DomainError):
    message = N_("这条学时由您代表单位审核通过，不能再由您认定，请由主管部门其他人员认定。")


class OwnApproval(DomainError):
    message = N_("这条学时由您或您所在的单位审核通过，不能由您恢复被他人撤销的学时，请由主管部门其他人员办理。")


class TooLateToUndo(DomainError):
    message = N_("审核已超过 %(hours)s 小时，不能再撤回；如确有错误，请联系主管部门抽查撤销。")


class CorrectedSince(DomainError):
    message = N_("这条学时已由施教机构更正，不能恢复；以更正后的记录为准。")


class Forfeited(DomainError):
    message = N_("这条学时因失信认定被撤销，不能在这里恢复；本人可对失信认定提出异议。")


class EditedSince(DomainError):
    message = N_("申报人已经开始修改这条记录，不能再撤回审核；请等申报人重新送审。")


def _always(_claim: Claim) -> bool:
    return True


def _has_two_levels(claim: Claim) -> bool:
    return claim.second_level


def _has_one_level(claim: Claim) -> bool:
    return not claim.second_level


def _was_endorsed(claim: Claim) -> bool:
    return claim.endorsed_at is not None


def _employer_decided(claim: Claim) -> bool:
    """And neither a supervisor nor, for what was learned in a class, its provider."""
    return claim.endorsed_at is None and claim.source is not ClaimSource.CLASS


@dataclass(frozen=True, slots=True)
class Move:
    """One way of an action; `when` tells it from other ways of the same action that begin in the same status."""

    action: ClaimAction
    sources: frozenset[ClaimStatus]
    target: ClaimStatus
    permission: Permission
    when: Callable[[Claim], bool] = _always
    needs_opinion: bool = False


MOVES = (
    Move(ClaimAction.SUBMIT, EDITABLE, ClaimStatus.SUBMITTED, _WRITE),
    Move(ClaimAction.WITHDRAW, _SENT, ClaimStatus.DRAFT, _WRITE),
    Move(ClaimAction.APPROVE, _SENT, ClaimStatus.APPROVED, _REVIEW, _has_one_level),
    Move(ClaimAction.ENDORSE, _SENT, ClaimStatus.ENDORSED, _REVIEW, _has_two_levels),
    Move(ClaimAction.RETURN, _SENT, ClaimStatus.RETURNED, _REVIEW, needs_opinion=True),
    Move(ClaimAction.REJECT, _SENT, ClaimStatus.REJECTED, _REVIEW, needs_opinion=True),
    Move(ClaimAction.APPROVE, _ENDORSED, ClaimStatus.APPROVED, _RECOGNISE),
    Move(ClaimAction.RETURN, _ENDORSED, ClaimStatus.RETURNED, _RECOGNISE, needs_opinion=True),
    Move(ClaimAction.REJECT, _ENDORSED, ClaimStatus.REJECTED, _RECOGNISE, needs_opinion=True),
    Move(ClaimAction.REVOKE, frozenset({ClaimStatus.APPROVED}), ClaimStatus.REVOKED, _AUDIT, needs_opinion=True),
    Move(ClaimAction.UNDO, _DECIDED, ClaimStatus.SUBMITTED, _REVIEW, _employer_decided),
    Move(ClaimAction.UNDO, _ENDORSED, ClaimStatus.SUBMITTED, _REVIEW),
    Move(ClaimAction.UNDO, _DECIDED, ClaimStatus.ENDORSED, _RECOGNISE, _was_endorsed),
    Move(ClaimAction.UNDO, frozenset({ClaimStatus.REVOKED}), ClaimStatus.APPROVED, _AUDIT),
)


def find(action: ClaimAction, claim: Claim) -> Move | None:
    """The way the action takes from where the claim is."""
    return next((m for m in MOVES if m.action is action and claim.status in m.sources and m.when(claim)), None)


def permissions_for(action: ClaimAction) -> frozenset[Permission]:
    """Of which one is needed, depending on where the claim is."""
    return frozenset(move.permission for move in MOVES if move.action is action)


def stands_right(actor: Actor, claim: Claim, permission: Permission) -> bool:
    """Owners write, reviewers of the employer review, supervisors recognise and audit; nobody decides about himself."""
    if permission is _WRITE:
        return is_owner(actor, claim)
    if is_owner(actor, claim):
        return False
    return is_reviewer(actor, claim) if permission is _REVIEW else is_supervisor(actor, claim)


def possible_actions(actor: Actor, claim: Claim) -> list[ClaimAction]:
    """The actions whose buttons this actor is shown on this claim, loaded as by `claims.get`."""
    return [action for action in dict.fromkeys(move.action for move in MOVES) if _is_possible(actor, claim, action)]


def _is_possible(actor: Actor, claim: Claim, action: ClaimAction) -> bool:
    move = find(action, claim)
    if move is None or not allowed(actor, move.permission) or not stands_right(actor, claim, move.permission):
        return False
    return refusal(actor, claim, move) is None


def refusal(actor: Actor, claim: Claim, move: Move) -> DomainError | None:
    """What keeps one who stands right from this move all the same."""
    if move.permission is _RECOGNISE and _endorsed_by(actor, claim):
        return OwnEndorsement()
    if move.action is ClaimAction.UNDO and was_forfeited(claim):
        return Forfeited()
    if move.action is ClaimAction.UNDO and _was_corrected(claim):
        return CorrectedSince()
    if move.action is ClaimAction.UNDO and move.permission is _AUDIT and _gives_back_to_himself(actor, claim):
        return OwnApproval()
    if move.action is ClaimAction.UNDO and claim.decided_at:
        if now() - claim.decided_at > UNDO_TIME:
            return TooLateToUndo(hours=UNDO_TIME // timedelta(hours=1))
        if claim.edited_at and claim.edited_at > claim.decided_at:
            return EditedSince()
    return None


def _endorsed_by(actor: Actor, claim: Claim) -> bool:
    endorsed = [step for step in claim.steps if step.action is ClaimAction.ENDORSE]
    return bool(endorsed) and endorsed[-1].actor_id == actor.account_id


def has_let_through(actor: Actor, claim: Claim) -> bool:
    """For its employer, himself or through a colleague."""
    first_level = (step for step in claim.steps if step.from_status in {ClaimStatus.SUBMITTED, None})
    passed = {step.actor_id for step in first_level if step.action in {ClaimAction.APPROVE, ClaimAction.ENDORSE}}
    return is_reviewer(actor, claim) or actor.account_id in passed


def was_forfeited(claim: Claim) -> bool:
    """By a dishonesty case, and not given back since."""
    taken = [step.action for step in claim.steps if step.to_status is ClaimStatus.REVOKED]
    return claim.status is ClaimStatus.REVOKED and bool(taken) and taken[-1] is ClaimAction.FORFEIT


def _was_corrected(claim: Claim) -> bool:
    return any(step.action is ClaimAction.CORRECT for step in claim.steps)


def _gives_back_to_himself(actor: Actor, claim: Claim) -> bool:
    """What somebody else has taken away from those whom he answers for."""
    revoked = [step for step in claim.steps if step.action is ClaimAction.REVOKE]
    by_himself = bool(revoked) and revoked[-1].actor_id == actor.account_id
    return not by_himself and has_let_through(actor, claim)


def can_edit(actor: Actor, claim: Claim) -> bool:
    return claim.status in EDITABLE and is_owner(actor, claim) and allowed(actor, Permission.CLAIM_WRITE)


def needs_second_level(claim: Claim, series: TitleSeries | None) -> bool:
    """Whether the supervisor has the last word about a claim of somebody with a title of this series."""
    return claim.source is ClaimSource.EMPLOYER or series in SECOND_LEVEL_SERIES
