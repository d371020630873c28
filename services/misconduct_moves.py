"""The way of a dishonesty case as data: from where to where each action leads, and who may take it."""

from collections.abc import Callable
from dataclasses import dataclass

from db.misconduct import MisconductAction, MisconductFilePurpose, MisconductRecord, MisconductStatus
from services.clock import today
from services.errors import N_, DomainError
from services.misconduct_terms import hearing_is_over, hearing_until, is_in_force
from services.permissions import Actor, Permission, allowed

_Action, _Status = MisconductAction, MisconductStatus
_ANSWER, _HANDLE = Permission.MISCONDUCT_ANSWER, Permission.MISCONDUCT_HANDLE
EDITABLE = frozenset({_Status.REPORTED, _Status.INVESTIGATING})
_OPEN = EDITABLE | {_Status.NOTIFIED}
_STANDING = frozenset({_Status.CONFIRMED, _Status.UPHELD, _Status.AMENDED, _Status.REFUSED})
_OBJECTED, _ASKED = frozenset({_Status.OBJECTED}), frozenset({_Status.REPAIR_REQUESTED})


class OwnCase(DomainError):
    message = N_("这件失信线索与您本人有关，不能由您登记、调查或决定，请由主管部门其他人员办理。")


class OwnConfirmation(DomainError):
    message = N_("这条失信记录由您认定，异议须由主管部门其他人员决定。")


class NoProof(DomainError):
    message = N_("请先上传证据材料，或选定涉及的学时，再告知本人。")


class NoBasis(DomainError):
    message = N_("请先在“补充案件内容”中填写认定依据并保存，再告知本人。")


class HearingNotOver(DomainError):
    message = N_("陈述申辩期限到 %(day)s 为止，本人尚未陈述申辩。请在其陈述申辩后，或期限届满后再认定。")


class HearingOver(DomainError):
    message = N_("陈述申辩期限已于 %(day)s 届满。认定后仍可提出异议。")


class RepairTooEarly(DomainError):
    message = N_("自 %(day)s 起可以申请信用修复。")


class TermOver(DomainError):
    message = N_("这条失信记录的期限已经届满，无需再办理。")


def _always(_record: MisconductRecord) -> bool:
    return True


def _never_objected(record: MisconductRecord) -> bool:
    return record.objected_at is None


def _not_replied(record: MisconductRecord) -> bool:
    return record.replied_at is None


def _not_extended(record: MisconductRecord) -> bool:
    return record.extended_at is None


@dataclass(frozen=True, slots=True)
class Move:
    """One way of an action, taken by the person concerned or by the authority; `when` narrows it further."""

    action: MisconductAction
    sources: frozenset[MisconductStatus]
    target: MisconductStatus
    permission: Permission
    when: Callable[[MisconductRecord], bool] = _always
    needs_opinion: bool = False


MOVES = (
    Move(_Action.INVESTIGATE, frozenset({_Status.REPORTED}), _Status.INVESTIGATING, _HANDLE),
    Move(_Action.NOTIFY, frozenset({_Status.INVESTIGATING}), _Status.NOTIFIED, _HANDLE),
    Move(_Action.REPLY, frozenset({_Status.NOTIFIED}), _Status.NOTIFIED, _ANSWER, _not_replied, needs_opinion=True),
    Move(_Action.CONFIRM, frozenset({_Status.NOTIFIED}), _Status.CONFIRMED, _HANDLE, needs_opinion=True),
    Move(_Action.DISMISS, _OPEN, _Status.DISMISSED, _HANDLE, needs_opinion=True),
    # Who asked for repair first has not given up the right to object.
    Move(
        _Action.OBJECT,
        frozenset({_Status.CONFIRMED, _Status.REFUSED}),
        _Status.OBJECTED,
        _ANSWER,
        _never_objected,
        needs_opinion=True,
    ),
    Move(_Action.UPHOLD, _OBJECTED, _Status.UPHELD, _HANDLE, needs_opinion=True),
    Move(_Action.AMEND, _OBJECTED, _Status.AMENDED, _HANDLE, needs_opinion=True),
    Move(_Action.CANCEL, _OBJECTED, _Status.CANCELLED, _HANDLE, needs_opinion=True),
    Move(_Action.REQUEST_REPAIR, _STANDING, _Status.REPAIR_REQUESTED, _ANSWER, needs_opinion=True),
    Move(_Action.REPAIR, _ASKED, _Status.REPAIRED, _HANDLE, needs_opinion=True),
    Move(_Action.REFUSE, _ASKED, _Status.REFUSED, _HANDLE, needs_opinion=True),
    Move(_Action.EXTEND, _OBJECTED, _Status.OBJECTED, _HANDLE, _not_extended, needs_opinion=True),
    Move(_Action.EXTEND, _ASKED, _Status.REPAIR_REQUESTED, _HANDLE, _not_extended, needs_opinion=True),
)
# An objection is decided even if the term ends meanwhile: it may give hours back.
EXPIRING = _STANDING | _ASKED
ANSWERS_OBJECTION = frozenset({_Action.UPHOLD, _Action.AMEND, _Action.CANCEL})
_NEEDS_TERM = frozenset({_Action.OBJECT, _Action.REQUEST_REPAIR})


def find(action: MisconductAction, record: MisconductRecord) -> Move | None:
    """The way the action takes from where the case is."""
    return next((m for m in MOVES if m.action is action and record.status in m.sources and m.when(record)), None)


def permissions_for(action: MisconductAction) -> frozenset[Permission]:
    return frozenset(move.permission for move in MOVES if move.action is action)


def concerns(actor: Actor, record: MisconductRecord) -> bool:
    return actor.person_id is not None and record.person_id == actor.person_id


def stands_right(actor: Actor, record: MisconductRecord, move: Move) -> bool:
    """The person concerned answers and asks, and decides nothing."""
    return concerns(actor, record) is (move.permission is _ANSWER)


def possible_actions(actor: Actor, record: MisconductRecord) -> list[MisconductAction]:
    """The actions whose buttons this actor is shown on this case, found in his scope."""
    return [action for action in dict.fromkeys(move.action for move in MOVES) if _is_possible(actor, record, action)]


def _is_possible(actor: Actor, record: MisconductRecord, action: MisconductAction) -> bool:
    move = find(action, record)
    if move is None or not allowed(actor, move.permission) or not stands_right(actor, record, move):
        return False
    return refusal(actor, record, action) is None


def refusal(actor: Actor, record: MisconductRecord, action: MisconductAction) -> DomainError | None:
    """What keeps one who stands right from this action all the same; the case is loaded as by `misconduct.get`."""
    if action is _Action.NOTIFY and not _has_proof(record):
        return NoProof()
    if action is _Action.NOTIFY and not record.basis:
        return NoBasis()
    if action in {_Action.CONFIRM, _Action.REPLY}:
        return _hearing_refusal(record, action)
    if action in ANSWERS_OBJECTION and record.confirmed_by_id == actor.account_id:
        return OwnConfirmation()
    if action in _NEEDS_TERM and not is_in_force(record):
        return TermOver()
    if action is _Action.REQUEST_REPAIR and record.repair_from and today() < record.repair_from:
        return RepairTooEarly(day=record.repair_from)
    return None


def _hearing_refusal(record: MisconductRecord, action: MisconductAction) -> DomainError | None:
    until = hearing_until(record)
    if until is None:
        return None
    if action is _Action.CONFIRM:
        return None if hearing_is_over(record) else HearingNotOver(day=until.day)
    return HearingOver(day=until.day) if today() > until.day else None


def _has_proof(record: MisconductRecord) -> bool:
    evidence = any(file.purpose is MisconductFilePurpose.EVIDENCE for file in record.files)
    return evidence or bool(record.claims)
