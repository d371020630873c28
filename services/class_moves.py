"""The way of a class as data: from where to where each action leads."""

from dataclasses import dataclass

from db.accounts import Role
from db.classes import ClassAction, ClassStatus, CourseClass
from services.clock import today
from services.errors import N_, DomainError
from services.permissions import Actor, Permission, allowed


class AlreadyBegun(DomainError):
    message = N_("培训班已经开课，不能再开放报名。")


@dataclass(frozen=True, slots=True)
class Move:
    """From where to where an action of the provider leads."""

    sources: frozenset[ClassStatus]
    target: ClassStatus
    needs_opinion: bool = False


_DRAFT, _OPEN, _CLOSED = (frozenset({status}) for status in (ClassStatus.DRAFT, ClassStatus.OPEN, ClassStatus.CLOSED))

MOVES: dict[ClassAction, Move] = {
    ClassAction.PUBLISH: Move(_DRAFT, ClassStatus.OPEN),
    ClassAction.CLOSE: Move(_OPEN, ClassStatus.CLOSED),
    ClassAction.OPEN: Move(_CLOSED, ClassStatus.OPEN),
    ClassAction.CANCEL: Move(_OPEN | _CLOSED, ClassStatus.CANCELLED, needs_opinion=True),
    ClassAction.COMPLETE: Move(_CLOSED, ClassStatus.COMPLETED),
}


def runs(actor: Actor, course_class: CourseClass) -> bool:
    """Whether it is a class of a provider that the actor works for."""
    return course_class.provider_id in actor.organisation_ids(Role.PROVIDER)


def has_begun(course_class: CourseClass) -> bool:
    """From the day of its first session on."""
    return course_class.start_on is not None and course_class.start_on <= today()


def refusal(course_class: CourseClass, action: ClassAction) -> DomainError | None:
    """What keeps a class in the right status from this action all the same."""
    if action is ClassAction.OPEN and has_begun(course_class):
        return AlreadyBegun()
    return None


def possible_actions(actor: Actor, course_class: CourseClass) -> list[ClassAction]:
    """The actions whose buttons this actor is shown on this class."""
    if not allowed(actor, Permission.CLASS_MANAGE) or not runs(actor, course_class):
        return []
    return [
        action
        for action, move in MOVES.items()
        if course_class.status in move.sources and refusal(course_class, action) is None
    ]
