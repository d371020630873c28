"""The way of an enrolment as data: from where to where each action leads, and who may take it."""

from dataclasses import dataclass

from db.accounts import Role
from db.classes import ClassStatus
from db.enrolments import Enrolment, EnrolmentAction, EnrolmentStatus
from services.clock import now, today
from services.errors import N_, DomainError, WrongStatus
from services.permissions import Actor, Permission, allowed


class OwnEnrolment(DomainError):
    message = N_("不能审核自己的报名，请由本机构其他人员审核。")


class OfferExpired(DomainError):
    message = N_("名额保留时间已过，名额将依次提供给后面的候补人员。如仍需参加，请重新报名。")


class TooLateToCancel(DomainError):
    message = N_("培训班已于 %(day)s 开班，不能再自行取消报名。请联系施教机构（%(contact)s）。")


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
_RUNNING = frozenset({ClassStatus.OPEN, ClassStatus.CLOSED})
_POSTING = frozenset({_A.COMPLETE, _A.FAIL, _A.CORRECT})
_ENROL, _MANAGE = Permission.CLASS_ENROL, Permission.CLASS_MANAGE

# `with_offer` tells those on the waiting list whom a seat is held for from those whom none is.
MOVES = (
    Move(_A.ENROL, _NEW, _S.APPLIED, _ENROL, seat=1),
    Move(_A.WAIT, _NEW, _S.WAITLISTED, _ENROL),
    Move(_A.OFFER, _WAITING, _S.WAITLISTED, None, seat=1, with_offer=False),
    Move(_A.TAKE, _WAITING, _S.APPLIED, _ENROL, with_offer=True),
    Move(_A.EXPIRE, _WAITING, _S.CANCELLED, None, with_offer=False),
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


def refusal(enrolment: Enrolment, move: Move) -> DomainError | None:
    """What keeps one who stands right from this move all the same; class and provider are loaded."""
    course_class = enrolment.course_class
    if move.action in _POSTING:
        return None
    if course_class.status not in _RUNNING:
        return WrongStatus()
    if move.action is _A.TAKE and enrolment.offered_until and enrolment.offered_until <= now():
        return OfferExpired()
    has_begun = course_class.start_on is not None and course_class.start_on <= today()
    if move.action is _A.CANCEL and move.sources != _WAITING and has_begun:
        return TooLateToCancel(day=course_class.start_on, contact=course_class.contact_phone)
    return None


def possible_actions(actor: Actor, enrolment: Enrolment) -> list[EnrolmentAction]:
    """The actions whose buttons this actor is shown on this enrolment."""
    found = (
        move.action
        for move in MOVES
        if move.permission is not None
        and _begins(move, enrolment)
        and allowed(actor, move.permission)
        and stands_right(actor, enrolment, move.permission)
        and refusal(enrolment, move) is None
    )
    return list(dict.fromkeys(found))
