"""When a class meets: its sessions as they were typed, and as they can be held."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise

from db.classes import ClassSession, CourseClass
from services import clock, fields
from services.errors import N_, DomainError, InvalidField

SESSIONS = N_("上课安排")
PLACE = N_("上课地点")
TOPIC = N_("上课内容")
MOST_SESSIONS = 100


class SessionIncomplete(DomainError):
    message = N_("上课安排第 %(number)s 行：请填写日期、开始时间和结束时间，或删除该行。")


class SessionEndsEarly(DomainError):
    message = N_("%(day)s 的上课安排：结束时间应晚于开始时间。")


class SessionsOverlap(DomainError):
    message = N_("%(day)s 有两次课的时间重叠，请调整。")


class SeveralYears(DomainError):
    message = N_("所有上课日期应在同一年度内，学时才能计入该年度。跨年的培训请分成两个培训班。")


@dataclass(frozen=True, slots=True)
class SessionForm:
    """One meeting as it was typed; None is what was left out."""

    held_on: date | None = None
    begins: time | None = None
    ends: time | None = None
    topic: str = ""
    place: str = ""


def checked(given: Sequence[SessionForm]) -> list[ClassSession]:
    """In their order, without rows that say nothing.

    Raises InvalidField, SessionIncomplete, SessionEndsEarly, SessionsOverlap, SeveralYears.
    """
    filled = [(number, each) for number, each in enumerate(given, 1) if each != SessionForm()]
    if len(filled) > MOST_SESSIONS:
        raise InvalidField(SESSIONS, N_("最多 %(most)s 次课。"), most=MOST_SESSIONS)
    sessions = sorted((_session(*one) for one in filled), key=lambda each: (each.held_on, each.begins))
    for earlier, later in pairwise(sessions):
        if earlier.held_on == later.held_on and later.begins < earlier.ends:
            raise SessionsOverlap(day=later.held_on)
    if len({each.held_on.year for each in sessions}) > 1:
        raise SeveralYears
    return sessions


def _session(number: int, form: SessionForm) -> ClassSession:
    if form.held_on is None or form.begins is None or form.ends is None:
        raise SessionIncomplete(number=number)
    if form.begins >= form.ends:
        raise SessionEndsEarly(day=form.held_on)
    return ClassSession(
        held_on=form.held_on,
        begins=form.begins,
        ends=form.ends,
        topic=fields.optional_text(TOPIC, form.topic),
        place=fields.optional_text(PLACE, form.place),
    )


def begins(course_class: CourseClass) -> datetime:
    """The moment of its first session, of a class that has some, loaded with them."""
    return _beginning(course_class.sessions[0])


def has_begun(session: ClassSession) -> bool:
    return _beginning(session) <= clock.now()


def _beginning(session: ClassSession) -> datetime:
    return clock.moment(session.held_on, session.begins)
