"""Who was present at which session of a class, and who passed its exam, as long as no hours are posted for him."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from db.classes import RUNNING, ClassSession, CourseClass
from db.enrolments import POSTED, Attendance, Enrolment, EnrolmentStatus
from db.people import Person
from services import fields, person_names, seats
from services.class_access import run_by
from services.class_sessions import has_begun
from services.enrolment_moves import OwnEnrolment
from services.errors import N_, DomainError, NotFound, WrongStatus
from services.events import record
from services.permissions import Actor, Permission, require

PAGE_SIZE = 50
TAKING_PART = POSTED | {EnrolmentStatus.ACCEPTED}


class SessionNotBegun(DomainError):
    message = N_("%(session)s 的课还没有开始，开始后才能登记出勤。")


@dataclass(frozen=True, slots=True)
class Marks:
    """What is registered about one person; a session that is left out, or no result, stays as it was."""

    present: Mapping[int, bool] = field(default_factory=dict)
    passed: bool | None = None


def title(session: ClassSession) -> str:
    """Its day and its beginning tell a session from all others of its class, in every language."""
    return f"{session.held_on} {session.begins:%H:%M}"


def of_class(session: Session, actor: Actor, class_id: int, *, to_change: bool = False) -> CourseClass:
    """A class that the actor runs, with its provider and sessions.

    `to_change` makes whoever else changes its enrolments wait. Raises NotFound.
    """
    require(actor, Permission.CLASS_MANAGE)
    if to_change:
        seats.hold_class(session, class_id)
    loaded = joinedload(CourseClass.provider), selectinload(CourseClass.sessions)
    found = run_by(actor).where(CourseClass.id == class_id).options(*loaded).execution_options(populate_existing=True)
    course_class = session.scalar(found)
    if course_class is None:
        raise NotFound
    return course_class


def roster(
    session: Session, actor: Actor, class_id: int, *, posted: bool = False, text: str = "", after_id: int = 0
) -> Sequence[Enrolment]:
    """One page of those who take part, with person, employer and attendance, in the order of enrolling.

    `posted` are those whose hours are decided, with their steps. Raises NotFound.
    """
    course_class = of_class(session, actor, class_id)
    found = everybody(course_class).where(Enrolment.id > after_id, Enrolment.posted_at.is_not(None) == posted)
    if wanted := fields.search_text(text):
        found = found.where(person_names.holds(Person.name, wanted))
    if posted:
        found = found.options(selectinload(Enrolment.steps))
    return session.scalars(found.order_by(Enrolment.id).limit(PAGE_SIZE)).all()


def export(session: Session, actor: Actor, class_id: int) -> tuple[CourseClass, Sequence[Enrolment]]:
    """The class with all who take part, for a file that leaves the system; that it did is recorded."""
    course_class = of_class(session, actor, class_id)
    people = session.scalars(everybody(course_class).order_by(Enrolment.id)).all()
    record(session, actor, "attendance_export", course_class, after={"people": len(people)})
    return course_class, people


def everybody(course_class: CourseClass) -> Select[Enrolment]:
    """For callers who have found the class in the actor's scope."""
    taking_part = (Enrolment.class_id == course_class.id, Enrolment.status.in_(TAKING_PART))
    loaded = contains_eager(Enrolment.person), joinedload(Enrolment.employer), selectinload(Enrolment.attendance)
    return select(Enrolment).join(Enrolment.person).where(*taking_part).options(*loaded)


def present(enrolment: Enrolment) -> dict[int, bool]:
    """By session, as far as it is registered; of an enrolment loaded with its attendance."""
    return {each.session_id: each.present for each in enrolment.attendance}


def register(session: Session, actor: Actor, class_id: int, marks: Mapping[int, Marks]) -> None:
    """`marks` by enrolment. Raises NotFound, WrongStatus, OwnEnrolment, SessionNotBegun."""
    course_class = _running(session, actor, class_id)
    check_sessions(course_class, {number for each in marks.values() for number in each.present})
    found = session.scalars(_to_mark(course_class).where(Enrolment.id.in_(marks))).all()
    if len(found) < len(marks):
        raise WrongStatus
    for enrolment in found:
        if enrolment.person_id == actor.person_id:
            raise OwnEnrolment
        mark(session, actor, enrolment, marks[enrolment.id])


def register_rest(session: Session, actor: Actor, class_id: int, session_id: int, *, was_present: bool) -> int:
    """Everybody but the actor about whom nothing is registered for a session yet; how many they were.

    Raises NotFound, WrongStatus, SessionNotBegun.
    """
    course_class = _running(session, actor, class_id)
    check_sessions(course_class, {session_id})
    registered = select(Attendance.enrolment_id).where(Attendance.session_id == session_id)
    others = Enrolment.person_id != (actor.person_id or 0)
    found = session.scalars(_to_mark(course_class).where(Enrolment.id.not_in(registered), others)).all()
    for enrolment in found:
        mark(session, actor, enrolment, Marks({session_id: was_present}))
    return len(found)


def _running(session: Session, actor: Actor, class_id: int) -> CourseClass:
    course_class = of_class(session, actor, class_id, to_change=True)
    if course_class.status not in RUNNING:
        raise WrongStatus
    return course_class


def check_sessions(course_class: CourseClass, numbers: Collection[int]) -> None:
    """Raises NotFound for a session of another class, SessionNotBegun."""
    own = {each.id: each for each in course_class.sessions}
    if not own.keys() >= set(numbers):
        raise NotFound
    for number in sorted(numbers):
        if not has_begun(own[number]):
            raise SessionNotBegun(session=title(own[number]))


def _to_mark(course_class: CourseClass) -> Select[Enrolment]:
    accepted = (Enrolment.class_id == course_class.id, Enrolment.status == EnrolmentStatus.ACCEPTED)
    return select(Enrolment).where(*accepted).order_by(Enrolment.id).options(selectinload(Enrolment.attendance))


def mark(session: Session, actor: Actor, enrolment: Enrolment, marks: Marks) -> None:
    """For callers who hold the class; the enrolment is loaded with its attendance."""
    before = _said(enrolment)
    rows = {each.session_id: each for each in enrolment.attendance}
    for number, was_present in marks.present.items():
        if number in rows:
            rows[number].present = was_present
        else:
            enrolment.attendance.append(Attendance(session_id=number, present=was_present))
    if marks.passed is not None:
        enrolment.passed = marks.passed
    if (after := _said(enrolment)) != before:
        record(session, actor, "attendance_register", enrolment, before=before, after=after)


def _said(enrolment: Enrolment) -> dict[str, object]:
    return {"present": {str(number): here for number, here in present(enrolment).items()}, "passed": enrolment.passed}
