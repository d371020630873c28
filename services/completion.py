"""The end of a class: what attendance has earned is posted, person by person, each exactly once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session, selectinload

from db.classes import RUNNING, ClassAction, ClassStatus, CourseClass
from db.enrolments import POSTED, UNDECIDED, Attendance, Enrolment, EnrolmentAction, EnrolmentStatus
from db.session import UnitOfWork
from services import attendance, class_hours, class_posting, classes, organisations
from services.class_sessions import has_begun
from services.enrolment_moves import OwnEnrolment
from services.errors import N_, DomainError, WrongStatus
from services.long_work import Progress, unwatched
from services.permissions import Actor


class StillOpen(DomainError):
    message = N_("培训班还在接受报名，请先在“培训班管理”中截止报名。")


class NotOverYet(DomainError):
    message = N_("最后一次课（%(session)s）还没有开始，开始后才能登记学时。")


class Undecided(DomainError):
    message = N_("还有 %(count)s 人待审核或候补，请先在“报名审核”中处理完。")


class AttendanceMissing(DomainError):
    message = N_("还有 %(count)s 人的出勤没有登记完，请先登记每次课的出勤或缺勤。")


class ResultsMissing(DomainError):
    message = N_("还有 %(count)s 人出勤已达到要求但没有登记考试结果，请先登记。")


@dataclass(frozen=True, slots=True)
class Outlook:
    """What posting would do now: how many get all hours, some, and none; and what keeps it from beginning."""

    all_hours: int
    some_hours: int
    no_hours: int
    obstacles: Sequence[DomainError]

    @property
    def people(self) -> int:
        return self.all_hours + self.some_hours + self.no_hours


@dataclass(frozen=True, slots=True)
class _Attended:
    """One person to be posted; `registered` sessions, of which he attended these minutes."""

    registered: int
    minutes: int
    passed: bool | None


def outlook(session: Session, actor: Actor, class_id: int) -> Outlook:
    """Raises NotFound."""
    course_class = attendance.of_class(session, actor, class_id)
    people = _attended(session, course_class)
    hours = [class_hours.earned_in(course_class, each.minutes, passed=each.passed) for each in people]
    full, none = sum(each == course_class.hours for each in hours), sum(not each for each in hours)
    obstacles = list(_obstacles(session, course_class, people))
    return Outlook(full, len(hours) - full - none, none, obstacles)


def _attended(session: Session, course_class: CourseClass) -> Sequence[_Attended]:
    """Added up by the database: a class can have thousands of people."""
    worth = {each.id: class_hours.minutes(each) for each in course_class.sessions}
    minutes = case((Attendance.present, case(worth, value=Attendance.session_id, else_=0)), else_=0)
    summed = (
        select(Enrolment.passed, func.count(Attendance.session_id), func.coalesce(func.sum(minutes), 0))
        .outerjoin(Attendance, Attendance.enrolment_id == Enrolment.id)
        .where(Enrolment.class_id == course_class.id, Enrolment.status == EnrolmentStatus.ACCEPTED)
        .group_by(Enrolment.id, Enrolment.passed)
    )
    return [_Attended(registered, attended, passed) for passed, registered, attended in session.execute(summed)]


def _obstacles(session: Session, course_class: CourseClass, people: Sequence[_Attended]) -> Iterator[DomainError]:
    if course_class.status is ClassStatus.OPEN:
        yield StillOpen()
    last = course_class.sessions[-1] if course_class.sessions else None
    if last and not has_begun(last):
        yield NotOverYet(session=attendance.title(last))
    if undecided := _count(session, course_class, *UNDECIDED):
        yield Undecided(count=undecided)
    if unfinished := sum(each.registered < len(course_class.sessions) for each in people):
        yield AttendanceMissing(count=unfinished)
    elif without := sum(_lacks_result(course_class, each) for each in people):
        yield ResultsMissing(count=without)


def _lacks_result(course_class: CourseClass, person: _Attended) -> bool:
    """Somebody whom only his exam could keep from the hours."""
    would_earn = class_hours.earned_in(course_class, person.minutes, passed=True)
    return course_class.has_exam and person.passed is None and would_earn > 0


def _in_status(course_class: CourseClass, *statuses: EnrolmentStatus) -> Select[Enrolment]:
    return select(Enrolment).where(Enrolment.class_id == course_class.id, Enrolment.status.in_(statuses))


def _count(session: Session, course_class: CourseClass, *statuses: EnrolmentStatus) -> int:
    return session.scalar(_in_status(course_class, *statuses).with_only_columns(func.count())) or 0


def post(transaction: UnitOfWork, actor: Actor, class_id: int, *, on_progress: Progress = unwatched) -> int:
    """Post the hours of everybody who was accepted, and complete the class; how many are left for somebody else.

    Each person is a transaction of its own: whoever presses again, or at the same time, goes on from there.
    Left is the actor himself. Raises NotFound, WrongStatus, and the first obstacle of `outlook`; Undecided also when
    somebody was reconsidered meanwhile.
    """
    with transaction() as session:
        waiting = _to_post(session, actor, class_id)
    for done, enrolment_id in enumerate(waiting, 1):
        with transaction() as session:
            _post_one(session, actor, class_id, enrolment_id)
        on_progress(done, len(waiting))
    with transaction() as session:
        return _complete(session, actor, class_id)


def _to_post(session: Session, actor: Actor, class_id: int) -> Sequence[int]:
    course_class = _held(session, actor, class_id)
    if course_class.status not in RUNNING:
        raise WrongStatus
    for obstacle in _obstacles(session, course_class, _attended(session, course_class)):
        raise obstacle
    others = Enrolment.person_id != (actor.person_id or 0)
    waiting = _in_status(course_class, EnrolmentStatus.ACCEPTED).where(others)
    numbers = session.scalars(waiting.with_only_columns(Enrolment.id).order_by(Enrolment.id)).all()
    if not numbers and session.scalar(_in_status(course_class, EnrolmentStatus.ACCEPTED)) is not None:
        raise OwnEnrolment
    return numbers


def _held(session: Session, actor: Actor, class_id: int) -> CourseClass:
    """Nobody else posts anything of this class meanwhile, and its provider may still work."""
    course_class = attendance.of_class(session, actor, class_id, to_change=True)
    organisations.hold_approved(session, course_class.provider_id)
    return course_class


def _post_one(session: Session, actor: Actor, class_id: int, enrolment_id: int) -> None:
    """Unless somebody else has done so, or has taken the person out of the class."""
    course_class = _held(session, actor, class_id)
    if course_class.status is not ClassStatus.CLOSED:
        raise WrongStatus
    accepted = _in_status(course_class, EnrolmentStatus.ACCEPTED).where(Enrolment.id == enrolment_id)
    enrolment = session.scalar(accepted.options(selectinload(Enrolment.attendance)))
    if enrolment is None:
        return
    hours = earned(course_class, enrolment)
    if hours:
        class_posting.post(session, actor, course_class, enrolment, hours)
    action = EnrolmentAction.COMPLETE if hours else EnrolmentAction.FAIL
    class_posting.take_step(session, actor, enrolment, action, hours)


def earned(course_class: CourseClass, enrolment: Enrolment) -> Decimal:
    """By the attendance that the enrolment is loaded with."""
    here = [number for number, was_there in attendance.present(enrolment).items() if was_there]
    return class_hours.earned(course_class, here, passed=enrolment.passed)


def _complete(session: Session, actor: Actor, class_id: int) -> int:
    """How many are still to be posted; with none the class is over. Raises Undecided."""
    course_class = _held(session, actor, class_id)
    if undecided := _count(session, course_class, *UNDECIDED):
        raise Undecided(count=undecided)
    left = _count(session, course_class, EnrolmentStatus.ACCEPTED)
    if not left and course_class.status is ClassStatus.CLOSED:
        classes.take_step(session, actor, course_class, ClassAction.COMPLETE)
    return left


def count_posted(session: Session, course_class: CourseClass) -> int:
    """How many people's hours are decided; for callers who have found the class in the actor's scope."""
    return _count(session, course_class, *POSTED)
