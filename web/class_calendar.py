"""The sessions of a class, for the calendar of somebody who is in it."""

from collections.abc import Mapping
from datetime import datetime, time
from urllib.parse import urlsplit

from db import reading
from db.classes import ClassSession, CourseClass
from db.settings import settings
from services import calendar_files, class_choice, enrolments
from services.calendar_files import Appointment
from services.permissions import Actor
from web.download import Download
from web.facts import with_label
from web.filters import OPENED
from web.i18n import _

EXPORT = "class-calendar"
DIGITS = 18  # which every database can be asked for


def make(actor: Actor, parameters: Mapping[str, str]) -> Download:
    """Of the actor's enrolment with this number. Raises NotFound unless it was accepted."""
    given = parameters.get(OPENED, "")
    with reading() as session:
        enrolment = enrolments.get_accepted(
            session, actor, int(given) if given.isdecimal() and len(given) <= DIGITS else 0
        )
        course_class = class_choice.get(session, actor, enrolment.class_id)
    content = calendar_files.render([_appointment(course_class, each) for each in course_class.sessions])
    return Download(f"{course_class.name}.ics", content, calendar_files.MEDIA_TYPE)


def _appointment(course_class: CourseClass, session: ClassSession) -> Appointment:
    notes = {
        _("施教机构"): course_class.provider.name,
        _("授课教师"): course_class.teacher,
        _("联系人"): f"{course_class.contact_name} {course_class.contact_phone}".strip(),
    }
    return Appointment(
        uid=f"class-session-{session.id}@{urlsplit(settings().public_url).hostname}",
        revision=course_class.version,
        title=f"{course_class.name} {session.topic}".strip(),
        begins=_moment(session, session.begins),
        ends=_moment(session, session.ends),
        place=session.place or course_class.place,
        notes="\n".join(with_label(name, said) for name, said in notes.items() if said),
    )


def _moment(session: ClassSession, at: time) -> datetime:
    return datetime.combine(session.held_on, at, settings().timezone)
