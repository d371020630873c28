"""The way of an enrolment as data: from where to where each action leads, and who may take it."""

from dataclasses import dataclass

from db.accounts import Role
from db.enrolments import Enrolment, EnrolmentAction, EnrolmentStatus
from services.permissions import Actor, Permission, allowed


@dataclass(frozen=True, slots=True)
class Move:
    """`permission` is None for what happens by itself; `None` among the sources is somebody not enrolled yet.

    `seat` is what becomes of the class's seats: 1 is taken, -1 given back, 0 as before.
    """

    action: EnrolmentAction
    sources: frozenset[EnrolmentStatus | None]
    target: EnrolmentStatus
    permission: Permission | None
    seat: int = 0
    needs_opinion: bool = False
    with_offer: bool | None = None


_A, _S = EnrolmentAction, EnrolmentStatus
_NEW = frozenset({None, _S.CANCELLED})
_WAITING, _APPLIED = frozenset({_S.WAITLISTED}), frozenset({_S.APPLIED})
_ACCEPTED, _DECLINED = frozenset({_S.ACCEPTED}), frozenset({_S.DECLINED})
_POSTED = frozenset({_S.COMPLETED, _S.NOT_COMPLETED})
_ENROL, _MANAGE = Permission.CLASS_ENROL, Permission.CLASS_MANAGE

# `with_offer` tells those on the waiting list whom a seat is held for from those whom none is.
MOVES = (
    Move(_A.ENROL, _NEW, _S.APPLIED, _ENROL, seat=1),
    Move(_A.WAIT, _NEW, _S.WAITLISTED, _ENROL),
    Move(_A.OFFER, _WAITING, _S.WAITLISTED, None, seat=1, with_offer=False),
    Move(_A.TAKE, _WAITING, _S.APPLIED, _ENROL, with_offer=True),
    Move(_A.EXPIRE, _WAITING, _S.CANCELLED, None, seat=-1, with_offer=True),
    Move(_A.CANCEL, _WAITING, _S.CANCELLED, _ENROL, with_offer=False),
    Move(_A.CANCEL, _WAITING, _S.CANCELLED, _ENROL, seat=-1, with_offer=True),
    Move(_A.CANCEL, _APPLIED | _ACCEPTED, _S.CANCELLED, _ENROL, seat=-1),
    Move(_A.ACCEPT, _APPLIED, _S.ACCEPTED, _MANAGE),
    Move(_A.DECLINE, _APPLIED, _S.DECLINED, _MANAGE, seat=-1, needs_opinion=True),
    Move(_A.DECLINE, _WAITING, _S.DECLINED, _MANAGE, needs_opinion=True, with_offer=False),
    Move(_A.DECLINE, _WAITING, _S.DECLINED, _MANAGE, seat=-1, needs_opinion=True, with_offer=True),
    Move(_A.RECONSIDER, _ACCEPTED, _S.APPLIED, _MANAGE),
    Move(_A.RECONSIDER, _DECLINED, _S.APPLIED, _MANAGE, seat=1),
    Move(_A.REMOVE, _ACCEPTED, _S.CANCELLED, _MANAGE, seat=-1, needs_opinion=True),
    Move(_A.CANCEL_CLASS, _WAITING, _S.CANCELLED, _MANAGE, needs_opinion=True, with_offer=False),
    Move(_A.CANCEL_CLASS, _WAITING, _S.CANCELLED, _MANAGE, seat=-1, needs_opinion=True, with_offer=True),
    Move(_A.CANCEL_CLASS, _APPLIED | _ACCEPTED, _S.CANCELLED, _MANAGE, seat=-1, needs_opinion=True),
    Move(_A.COMPLETE, _ACCEPTED, _S.COMPLETED, _MANAGE),
    Move(_A.FAIL, _ACCEPTED, _S.NOT_COMPLETED, _MANAGE),
    Move(_A.CORRECT, _POSTED, _S.COMPLETED, _MANAGE, needs_opinion=True),
    Move(_A.CORRECT, _POSTED, _S.NOT_COMPLETED, _MANAGE, needs_opinion=True),
)


def find(action: EnrolmentAction, enrolment: Enrolment | None, target: EnrolmentStatus | None = None) -> Move | None:
    """The way the action takes from where the enrolment is; without one, of somebody not enrolled yet.

    `target` tells the two ways of a correction apart.
    """
    fitting = (move for move in MOVES if move.action is action and _begins(move, enrolment))
    return next((move for move in fitting if target in {None, move.target}), None)


def _begins(move: Move, enrolment: Enrolment | None) -> bool:
    status = enrolment.status if enrolment else None
    offered = enrolment is not None and enrolment.offered_until is not None
    return status in move.sources and move.with_offer in {None, offered}


def stands_right(actor: Actor, enrolment: Enrolment, permission: Permission) -> bool:
    """People enrol themselves, providers decide about their own classes, nobody about himself; the class is loaded."""
    own = enrolment.person_id == actor.person_id
    if permission is Permission.CLASS_ENROL:
        return own
    return not own and enrolment.course_class.provider_id in actor.organisation_ids(Role.PROVIDER)


def possible_actions(actor: Actor, enrolment: Enrolment) -> list[EnrolmentAction]:
    """The actions whose buttons this actor is shown on this enrolment, as far as its status says."""
    found = (
        move.action
        for move in MOVES
        if move.permission is not None
        and _begins(move, enrolment)
        and allowed(actor, move.permission)
        and stands_right(actor, enrolment, move.permission)
    )
    return list(dict.fromkeys(found))
