"""The way of an exemption as data: from where to where each action leads, and who may take it."""

from dataclasses import dataclass

from db.exemptions import Exemption, ExemptionAction, ExemptionStatus
from services.errors import N_, DomainError
from services.permissions import Actor, Permission, allowed

_Action, _Status = ExemptionAction, ExemptionStatus
_DECIDE, _REQUEST = Permission.EXEMPTION_DECIDE, Permission.EXEMPTION_REQUEST
_WAITING = frozenset({_Status.REQUESTED})


class OwnExemption(DomainError):
    message = N_("这是您本人的学时减免，不能由您决定，请由主管部门其他人员办理。")


class OwnProposal(DomainError):
    message = N_("这项减免由您提出，须由主管部门其他人员审批。")


@dataclass(frozen=True, slots=True)
class Move:
    """A request is withdrawn by whoever made it, and decided by somebody else."""

    sources: frozenset[ExemptionStatus]
    target: ExemptionStatus
    permissions: frozenset[Permission]
    needs_opinion: bool = False


MOVES = {
    _Action.GRANT: Move(_WAITING, _Status.GRANTED, frozenset({_DECIDE})),
    _Action.DECLINE: Move(_WAITING, _Status.DECLINED, frozenset({_DECIDE}), needs_opinion=True),
    _Action.REVOKE: Move(frozenset({_Status.GRANTED}), _Status.REVOKED, frozenset({_DECIDE}), needs_opinion=True),
    _Action.WITHDRAW: Move(_WAITING, _Status.WITHDRAWN, frozenset({_DECIDE, _REQUEST})),
}
DECISIONS = (_Action.GRANT, _Action.DECLINE)


def refusal(actor: Actor, exemption: Exemption, action: ExemptionAction) -> DomainError | None:
    """What keeps somebody from this action who sees the exemption and may take such actions."""
    if action is _Action.WITHDRAW:
        return None
    if actor.person_id is not None and exemption.person_id == actor.person_id:
        return OwnExemption()
    if action in DECISIONS and exemption.requested_by_id == actor.account_id:
        return OwnProposal()
    return None


def possible_actions(actor: Actor, exemption: Exemption) -> list[ExemptionAction]:
    """The actions whose buttons this actor is shown on this exemption, found in his scope."""
    return [action for action, move in MOVES.items() if _is_possible(actor, exemption, action, move)]


def _is_possible(actor: Actor, exemption: Exemption, action: ExemptionAction, move: Move) -> bool:
    may = any(allowed(actor, permission) for permission in move.permissions)
    stands_right = action is not _Action.WITHDRAW or exemption.requested_by_id == actor.account_id
    return may and stands_right and exemption.status in move.sources and refusal(actor, exemption, action) is None
