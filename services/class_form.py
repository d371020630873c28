"""What a class must say: anything while it is a draft, all of it once people can enrol."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation

from db.claims import Category
from db.classes import ClassAudience, ClassDivision, ClassMode, CourseClass
from db.people import TitleSeries
from services import class_hours, class_sessions, clock, divisions, fields
from services.class_sessions import PLACE, SESSIONS, SessionForm, begins
from services.errors import N_, DomainError, InvalidField, LeftOut
from services.rules import plain

NAME = N_("培训班名称")
CATEGORY = N_("学时类别")
HOURS = N_("培训学时")
DIVISIONS = N_("服务区划")
TEACHER = N_("授课教师")
CAPACITY = N_("招生名额")
ENROL_FROM = N_("报名开始时间")
ENROL_UNTIL = N_("报名截止时间")
FEE = N_("培训费（元）")
ATTENDANCE = N_("结业最低出勤率")
CONTACT_NAME = N_("联系人")
CONTACT_PHONE = N_("联系电话")
DESCRIPTION = N_("培训班介绍")

# Fields of the form that are columns of the class.
ALIKE = (
    "name",
    "category",
    "hours",
    "mode",
    "place",
    "teacher",
    "capacity",
    "enrol_from",
    "enrol_until",
    "attendance_needed",
    "has_exam",
    "contact_name",
    "contact_phone",
    "description",
)
LONGEST_DESCRIPTION = 2000
MOST_SEATS = 5000
MOST_FEE = 100_000


class MoreThanSessionsHold(DomainError):
    message = N_(
        "上课安排最多可计 %(most)s 学时（45 分钟计 1 学时，每天最多 8 学时），"
        "少于所填的 %(hours)s 学时。请减少学时或补充安排。"
    )


class EnrolmentEndsLate(DomainError):
    message = N_("报名最迟在第一次上课开始时（%(begins)s）截止，请把报名截止时间提前。")


class EnrolmentIsOver(DomainError):
    message = N_("报名截止时间已过，请填写以后的时间。")


class HasBegun(DomainError):
    message = N_("第一次上课的时间已过，请修改上课安排。")


@dataclass(frozen=True, slots=True)
class ClassForm:
    """A class as its provider typed it. `fee` is in yuan; moments have their time zone."""

    name: str = ""
    category: Category | None = None
    hours: Decimal | float | str | None = None
    mode: ClassMode = ClassMode.ONSITE
    place: str = ""
    teacher: str = ""
    capacity: int | None = None
    enrol_from: datetime | None = None
    enrol_until: datetime | None = None
    fee: Decimal | float | str = 0
    attendance_needed: int = 80
    has_exam: bool = False
    contact_name: str = ""
    contact_phone: str = ""
    description: str = ""
    divisions: Sequence[str] = ()
    audience: Sequence[TitleSeries] = ()
    sessions: Sequence[SessionForm] = field(default_factory=tuple)


def form_of(course_class: CourseClass) -> ClassForm:
    """What a stored class says, loaded with all that belongs to it, in order to change or copy it."""
    return ClassForm(
        **{name: getattr(course_class, name) for name in ALIKE},
        fee=Decimal(course_class.fee_fen) / 100,
        divisions=tuple(each.division for each in course_class.divisions),
        audience=tuple(each.series for each in course_class.audience),
        sessions=tuple(
            SessionForm(each.held_on, each.begins, each.ends, each.topic, each.place) for each in course_class.sessions
        ),
    )


def checked(form: ClassForm) -> dict[str, object]:
    """The columns of a draft whose fields are valid as far as they are filled in.

    Raises InvalidField, and what `class_sessions.checked` raises.
    """
    sessions = class_sessions.checked(form.sessions)
    days = [each.held_on for each in sessions]
    return {
        "name": fields.required_text(NAME, form.name),
        "category": form.category,
        "hours": None if form.hours is None else fields.hours(HOURS, form.hours),
        "mode": form.mode,
        "place": fields.optional_text(PLACE, form.place),
        "teacher": fields.optional_text(TEACHER, form.teacher),
        "capacity": None if form.capacity is None else checked_capacity(form.capacity),
        **_window(form),
        "fee_fen": _fen(form.fee),
        "attendance_needed": _within(ATTENDANCE, form.attendance_needed, 1, 100),
        "has_exam": form.has_exam,
        **checked_contact(form.contact_name, form.contact_phone),
        "description": fields.optional_text(DESCRIPTION, form.description, LONGEST_DESCRIPTION),
        "sessions": sessions,
        "start_on": days[0] if days else None,
        "end_on": days[-1] if days else None,
        "year": days[0].year if days else None,
        "divisions": [ClassDivision(division=code) for code in checked_divisions(form.divisions)],
        "audience": [ClassAudience(series=series) for series in sorted(set(form.audience))],
    }


def _window(form: ClassForm) -> dict[str, datetime | None]:
    if form.enrol_from and form.enrol_until and form.enrol_from >= form.enrol_until:
        raise InvalidField(ENROL_UNTIL, N_("应晚于报名开始时间。"))
    return {"enrol_from": form.enrol_from, "enrol_until": form.enrol_until}


def checked_capacity(capacity: int) -> int:
    return _within(CAPACITY, capacity, 1, MOST_SEATS)


def checked_contact(name: str, phone: str) -> dict[str, str]:
    """A telephone number that is given must be one."""
    return {
        "contact_name": fields.optional_text(CONTACT_NAME, name),
        "contact_phone": fields.phone(CONTACT_PHONE, phone) if phone.strip() else "",
    }


def _within(label: str, number: int, least: int, most: int) -> int:
    if not least <= number <= most:
        raise InvalidField(label, N_("应在 %(least)s 和 %(most)s 之间。"), least=least, most=most)
    return number


def _fen(fee: Decimal | float | str) -> int:
    try:
        fen = Decimal(str(fee)) * 100
    except InvalidOperation:
        raise InvalidField(FEE, N_("请填写数字，如 8 或 4.5。")) from None
    if not fen.is_finite() or fen != int(fen) or not 0 <= fen <= MOST_FEE * 100:
        raise InvalidField(FEE, N_("应在 0 和 %(most)s 之间，最多两位小数。"), most=MOST_FEE)
    return int(fen)


def checked_divisions(codes: Iterable[str]) -> list[str]:
    """Without those that lie in another one of them. Raises InvalidField for a code that is no place of today."""
    given = sorted(set(codes))
    if not all(map(divisions.can_be_chosen, given)):
        raise InvalidField(DIVISIONS, N_("请从列表中选择。"))
    return [code for code in given if not any(code != other and divisions.covers(other, code) for other in given)]


def missing(form: ClassForm) -> list[str]:
    """The labels of what a draft still lacks before it can be published."""
    needed: dict[str, object] = {
        NAME: form.name,
        CATEGORY: form.category,
        HOURS: form.hours,
        DIVISIONS: form.divisions,
        SESSIONS: form.sessions,
        CAPACITY: form.capacity,
        ENROL_FROM: form.enrol_from,
        ENROL_UNTIL: form.enrol_until,
        CONTACT_NAME: form.contact_name,
        CONTACT_PHONE: form.contact_phone,
    }
    everywhere = form.sessions and all(each.place.strip() for each in form.sessions)
    if form.mode is not ClassMode.ONLINE and not everywhere:
        needed[PLACE] = form.place
    return [label for label, value in needed.items() if not value or not str(value).strip()]


def refuse_unfinished(course_class: CourseClass) -> None:
    """Whether a draft, loaded with its sessions, divisions and audience, can be published as it is.

    Raises LeftOut with everything that is missing at once, HasBegun, MoreThanSessionsHold, EnrolmentIsOver and
    EnrolmentEndsLate.
    """
    if lacking := missing(form_of(course_class)):
        raise LeftOut(lacking)
    check_hours(course_class)
    if begins(course_class) <= clock.now():
        raise HasBegun
    check_enrolment_end(course_class, course_class.enrol_until)


def check_hours(course_class: CourseClass) -> None:
    """Raises MoreThanSessionsHold."""
    most, asked = class_hours.allowed(course_class.sessions), course_class.hours or Decimal(0)
    if asked > most:
        raise MoreThanSessionsHold(most=plain(most), hours=plain(asked))


def check_enrolment_end(course_class: CourseClass, until: datetime | None) -> datetime:
    """The end, if people can enrol until then. Raises InvalidField, EnrolmentIsOver, EnrolmentEndsLate."""
    fields.refuse_blanks({ENROL_UNTIL: until})
    if until is None or until <= clock.now():
        raise EnrolmentIsOver
    if until > (start := begins(course_class)):
        raise EnrolmentEndsLate(begins=f"{clock.local(start):%Y-%m-%d %H:%M}")
    if course_class.enrol_from and until <= course_class.enrol_from:
        raise InvalidField(ENROL_UNTIL, N_("应晚于报名开始时间。"))
    return until
