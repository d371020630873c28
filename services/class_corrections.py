"""Putting right what a class has posted: the old hours are taken back with the reason, and the right ones posted."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from db.claims import Claim
from db.classes import CourseClass
from db.enrolments import POSTED, Enrolment, EnrolmentAction, EnrolmentStatus
from services import attendance, class_hours, class_posting, corrections, fields, organisations
from services.attendance import Marks
from services.enrolment_moves import OwnEnrolment
from services.errors import N_, DomainError, NotFound, WrongStatus
from services.permissions import Actor

OPINION = N_("更正原因")


class NothingChanged(DomainError):
    message = N_("出勤和考试结果与原来相同，没有需要更正的内容。")


class RevokedBySupervisor(DomainError):
    message = N_("这名学员的学时已由主管部门撤销，不能由施教机构更正。如有异议，请联系主管部门。")


@dataclass(frozen=True, slots=True)
class Corrected:
    """What should have been registered: the sessions somebody attended, and the result of the exam."""

    present: Collection[int]
    passed: bool | None = None


def correct(
    session: Session, actor: Actor, class_id: int, enrolment_id: int, corrected: Corrected, *, opinion: str, seen: int
) -> Enrolment:
    """`seen` is the version of the enrolment that the form was filled from.

    Raises NotFound, WrongStatus, OwnEnrolment, InvalidField, NothingChanged, RevokedBySupervisor.
    """
    course_class = attendance.of_class(session, actor, class_id, to_change=True)
    organisations.hold_approved(session, course_class.provider_id)
    enrolment = _posted(session, actor, course_class, enrolment_id, seen)
    reason = fields.required_text(OPINION, opinion, fields.LONGEST_TEXT)
    old = class_posting.live_claim(session, enrolment)
    if enrolment.status is EnrolmentStatus.COMPLETED and old is None:
        raise RevokedBySupervisor
    _register(session, actor, course_class, enrolment, corrected)
    earned = class_hours.earned(course_class, corrected.present, passed=enrolment.passed)
    if earned != (enrolment.hours_awarded or 0):
        _replace(session, actor, course_class, enrolment, old, earned, reason)
    class_posting.take_step(session, actor, enrolment, EnrolmentAction.CORRECT, earned, reason)
    return enrolment


def _replace(
    session: Session,
    actor: Actor,
    course_class: CourseClass,
    enrolment: Enrolment,
    old: Claim | None,
    earned: Decimal,
    reason: str,
) -> None:
    """The year is counted once, when it is right again: a certificate is marked only for what it says too much."""
    if old:
        class_posting.take_back(session, actor, old, reason)
    new = class_posting.post(session, actor, course_class, enrolment, earned) if earned else None
    if claim := new or old:
        corrections.recount(session, actor, claim)


def _posted(session: Session, actor: Actor, course_class: CourseClass, enrolment_id: int, seen: int) -> Enrolment:
    found = session.scalar(attendance.everybody(course_class).where(Enrolment.id == enrolment_id))
    if found is None:
        raise NotFound
    if found.person_id == actor.person_id:
        raise OwnEnrolment
    if found.status not in POSTED or found.version != seen:
        raise WrongStatus
    return found


def _register(
    session: Session, actor: Actor, course_class: CourseClass, enrolment: Enrolment, corrected: Corrected
) -> None:
    """Every session of the class, attended or not."""
    attendance.check_sessions(course_class, corrected.present)
    present = {each.id: each.id in corrected.present for each in course_class.sessions}
    if present == attendance.present(enrolment) and corrected.passed in {None, enrolment.passed}:
        raise NothingChanged
    attendance.mark(session, actor, enrolment, Marks(present, corrected.passed))
