"""What may still change when people can enrol in a class, or have: nothing that they chose it for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from db.classes import ClassMode, ClassSession, ClassStatus, CourseClass
from services import class_form, classes, enrolments, fields, seats
from services.class_sessions import PLACE, has_begun
from services.errors import N_, DomainError, WrongStatus
from services.events import record
from services.permissions import Actor

AMENDABLE = frozenset({ClassStatus.OPEN, ClassStatus.CLOSED})


class FewerThanTaken(DomainError):
    message = N_("已有 %(taken)s 个名额被占用，招生名额不能少于这个数。需要减少时，请先在“报名审核”中处理。")


class SessionHasBegun(DomainError):
    message = N_("%(day)s 的课已经开始，不能再修改地点。")


class EnrolmentIsClosed(DomainError):
    message = N_("报名已截止。需要延长报名时，请用“开放报名”并填写新的截止时间。")


@dataclass(frozen=True, slots=True)
class Amendment:
    """What is said about a published class from now on; `places` by the number of the session."""

    teacher: str
    contact_name: str
    contact_phone: str
    description: str
    capacity: int | None
    enrol_until: datetime | None
    places: Mapping[int, str] = field(default_factory=dict)


def amendment_of(course_class: CourseClass) -> Amendment:
    """What a class, loaded with its sessions, says now."""
    return Amendment(
        course_class.teacher,
        course_class.contact_name,
        course_class.contact_phone,
        course_class.description,
        course_class.capacity,
        course_class.enrol_until,
        {each.id: each.place for each in course_class.sessions},
    )


def amend(session: Session, actor: Actor, class_id: int, amendment: Amendment, *, seen: int) -> None:
    """Change a published class; `seen` is the version that the form was filled from.

    Those who take part are told of another teacher or place; added seats go to those who wait first. Raises NotFound,
    WrongStatus, LeftOut, InvalidField, FewerThanTaken, EnrolmentIsClosed, SessionHasBegun and the
    refusals of `class_form.check_enrolment_end`.
    """
    course_class = classes.get_to_change(session, actor, class_id)
    if course_class.status not in AMENDABLE or course_class.version != seen:
        raise WrongStatus
    before, seats_before, arranged = _told(course_class), course_class.capacity or 0, _arrangement(course_class)
    _refuse_left_out(amendment)
    course_class.capacity = _checked_capacity(course_class, amendment.capacity or 0)
    course_class.enrol_until = _checked_end(course_class, amendment.enrol_until)
    contact = class_form.checked_contact(amendment.contact_name, amendment.contact_phone)
    course_class.contact_name, course_class.contact_phone = contact["contact_name"], contact["contact_phone"]
    course_class.teacher = fields.optional_text(class_form.TEACHER, amendment.teacher)
    longest = class_form.LONGEST_DESCRIPTION
    course_class.description = fields.optional_text(class_form.DESCRIPTION, amendment.description, longest)
    for each in course_class.sessions:
        _move(course_class, each, amendment.places.get(each.id, each.place))
    classes.touch(course_class)
    record(session, actor, "class_amend", course_class, before=before, after=_told(course_class))
    if news := _news(arranged, _arrangement(course_class)):
        enrolments.inform_all(session, actor, course_class, news)
    if course_class.capacity > seats_before:
        session.flush()
        seats.offer_free(session, course_class.id)


def _arrangement(course_class: CourseClass) -> dict[str, str]:
    """Where to go and whom to hear: what those who take part must know."""
    held = {
        f"{each.held_on} {each.begins:%H:%M} {PLACE}": each.place or course_class.place
        for each in course_class.sessions
    }
    return {class_form.TEACHER: course_class.teacher, **held}


def _news(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    changed = [f"{name}：{value or '—'}" for name, value in after.items() if before[name] != value]
    return "；".join(changed)[: fields.LONGEST_TEXT]


def _refuse_left_out(amendment: Amendment) -> None:
    """All of it at once."""
    fields.refuse_blanks(
        {
            class_form.CAPACITY: amendment.capacity,
            class_form.ENROL_UNTIL: amendment.enrol_until,
            class_form.CONTACT_NAME: amendment.contact_name,
            class_form.CONTACT_PHONE: amendment.contact_phone,
        }
    )


def _checked_capacity(course_class: CourseClass, capacity: int) -> int:
    checked = class_form.checked_capacity(capacity)
    if checked < course_class.taken:
        raise FewerThanTaken(taken=course_class.taken)
    return checked


def _checked_end(course_class: CourseClass, until: datetime | None) -> datetime | None:
    if until == course_class.enrol_until:
        return until
    if course_class.status is ClassStatus.CLOSED:
        raise EnrolmentIsClosed
    return class_form.check_enrolment_end(course_class, until)


def _move(course_class: CourseClass, session: ClassSession, place: str) -> None:
    """Somewhere else, or back to where the class is."""
    checked = fields.optional_text(PLACE, place)
    if checked == session.place:
        return
    if has_begun(session):
        raise SessionHasBegun(day=session.held_on)
    if not checked and not course_class.place and course_class.mode is not ClassMode.ONLINE:
        fields.refuse_blanks({PLACE: checked})
    session.place = checked


def _told(course_class: CourseClass) -> dict[str, str]:
    places = {str(each.held_on): each.place for each in course_class.sessions if each.place}
    more = {"teacher": course_class.teacher, "contact": f"{course_class.contact_name} {course_class.contact_phone}"}
    return {**classes.told(course_class), **more, "places": str(places) if places else ""}
