"""A class that lacks nothing, as tests of classes begin with it, and its first steps."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

from sqlalchemy.orm import Session

from db.claims import Category
from db.classes import ClassAction, CourseClass
from db.organisations import Organisation
from db.people import TitleSeries
from services import classes
from services.class_form import ClassForm
from services.class_sessions import SessionForm
from services.permissions import Actor

TODAY = datetime(2026, 6, 10, 3, tzinfo=UTC)  # eleven o'clock in China
FIRST, SECOND = date(2026, 7, 6), date(2026, 7, 7)
SESSIONS = (
    SessionForm(FIRST, time(9), time(12), "新标准解读", "第一教室"),
    SessionForm(FIRST, time(14), time(17), "案例分析"),
    SessionForm(SECOND, time(9), time(12), "实操"),
)  # twelve hours
FORM = ClassForm(
    name="绿色建筑设计标准研修班",
    category=Category.PROFESSIONAL,
    hours=Decimal(12),
    place="晴川路1号培训楼",
    teacher="苏清和",
    capacity=30,
    enrol_from=datetime(2026, 6, 11, tzinfo=UTC),
    enrol_until=datetime(2026, 7, 1, tzinfo=UTC),
    fee="380.50",
    contact_name="林知夏",
    contact_phone="020-80000000",
    description="面向设计人员。",
    divisions=("440104",),
    audience=(TitleSeries.ENGINEERING,),
    sessions=SESSIONS,
)


def drafted(session: Session, trainer: Actor, provider: Organisation, form: ClassForm = FORM) -> CourseClass:
    course_class = classes.create(session, trainer, provider.id, form)
    session.flush()
    return course_class


def published(session: Session, trainer: Actor, provider: Organisation) -> CourseClass:
    draft = drafted(session, trainer, provider)
    return step(session, trainer, draft, ClassAction.PUBLISH)


def step(
    session: Session, actor: Actor, course_class: CourseClass, action: ClassAction, opinion: str = ""
) -> CourseClass:
    moved = classes.act(session, actor, course_class.id, action, seen=course_class.version, opinion=opinion)
    session.flush()
    return moved
