"""The classes of the demo: one in every status, with people who enrolled, were turned down, wait, or have completed."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.claims import Category
from db.classes import ClassAction, CourseClass
from db.enrolments import Enrolment, EnrolmentAction
from services import attendance, classes, completion, enrolling, enrolments
from services.attendance import Marks
from services.class_form import ClassForm
from services.class_sessions import SessionForm
from services.clock import moment
from services.demo.cast import CITY, PROVIDERS, Cast, Office, Professional
from services.demo.dates import DAY, Calendar
from services.demo.plots import HOUR
from services.demo.story import Story

MORNING, NOON = time(9), time(12)
HOURS = Decimal(4)  # what one morning allows
NO_TEACHER = "授课教师因病无法到场，本期取消，下期另行通知。"
TURNED_DOWN = "本班面向从事现场管理的人员，请选择其他培训班。"


@dataclass(kw_only=True)
class Lesson:
    """A class of one morning, played by its provider; `id` as soon as it is planned."""

    provider: Office
    name: str
    held_on: date
    capacity: int = 20
    id: int = 0

    def plan(self, session: Session) -> None:
        form = ClassForm(
            name=self.name,
            category=Category.ELECTIVE,
            hours=HOURS,
            place=f"{self.provider.organisation}第一教室",
            teacher=self.provider.name,
            capacity=self.capacity,
            enrol_from=moment(self.held_on - 60 * DAY, MORNING),
            enrol_until=moment(self.held_on - 2 * DAY, MORNING),
            contact_name=self.provider.name,
            contact_phone=self.provider.phone,
            description="半天集中授课，请携带单位证明。",
            divisions=(CITY,),
            sessions=(SessionForm(self.held_on, MORNING, NOON, self.name),),
        )
        self.id = classes.create(session, self.provider.actor, self.provider.id, form).id

    def take(self, session: Session, *, action: ClassAction, opinion: str = "") -> None:
        seen = session.get_one(CourseClass, self.id).version
        classes.act(session, self.provider.actor, self.id, action, seen=seen, opinion=opinion)

    def enrol(self, session: Session, *, professional: Professional) -> None:
        seen = session.get_one(CourseClass, self.id).version
        enrolling.enrol(session, professional.actor, self.id, seen=seen)

    def decide(
        self, session: Session, *, professional: Professional, action: EnrolmentAction, opinion: str = ""
    ) -> None:
        own = Enrolment.class_id == self.id, Enrolment.person_id == professional.actor.person_id
        number, seen = session.execute(select(Enrolment.id, Enrolment.version).where(*own)).one()
        enrolments.act(session, self.provider.actor, number, action, seen=seen, opinion=opinion)

    def post(self, session: Session, *, absent: Professional) -> None:
        """Everybody else was there."""
        (only,) = attendance.of_class(session, self.provider.actor, self.id).sessions
        own = Enrolment.class_id == self.id, Enrolment.person_id == absent.actor.person_id
        number = session.scalars(select(Enrolment.id).where(*own)).one()
        attendance.register(session, self.provider.actor, self.id, {number: Marks({only.id: False})})
        attendance.register_rest(session, self.provider.actor, self.id, only.id, was_present=True)
        completion.post(lambda: nullcontext(session), self.provider.actor, self.id)


@dataclass(frozen=True, slots=True)
class Lessons:
    story: Story
    calendar: Calendar
    players: Cast

    def play(self) -> None:
        city, country = self.players.offices[PROVIDERS]
        engineers, nurses = self.players.staff[0][4:9], self.players.staff[2][:4]
        self._completed(city, engineers)
        self._completed(country, nurses[:3])
        self._closed(city, nurses)
        self._open(city, [self.players.staff[0][0], *engineers])
        self._full(country, engineers[:2] + nurses[:2])
        self._cancelled(country, engineers[:2])
        self._draft(city)

    def _lesson(self, provider: Office, name: str, days: int, capacity: int = 20) -> Lesson:
        """Held so many days after today."""
        return Lesson(provider=provider, name=name, held_on=self.calendar.days_ago(-days), capacity=capacity)

    def _published(self, lesson: Lesson, people: Sequence[Professional], days: int) -> None:
        """Planned so many days ago, and chosen by these people on the next day."""
        at = moment(self.calendar.days_ago(days), MORNING)
        self.story.add(at, lesson.plan)
        self.story.add(at + HOUR, partial(lesson.take, action=ClassAction.PUBLISH))
        for number, professional in enumerate(people):
            self.story.add(at + DAY + number * HOUR / 4, partial(lesson.enrol, professional=professional))

    def _accept(self, lesson: Lesson, people: Sequence[Professional], days: int) -> None:
        at = moment(self.calendar.days_ago(days), NOON)
        for professional in people:
            self.story.add(at, partial(lesson.decide, professional=professional, action=EnrolmentAction.ACCEPT))

    def _completed(self, provider: Office, people: Sequence[Professional]) -> None:
        lesson = self._lesson(provider, "职业道德与心理健康讲座", -30)
        self._published(lesson, people, 36)
        self._accept(lesson, people, 34)
        self.story.add(moment(self.calendar.days_ago(32), NOON), partial(lesson.take, action=ClassAction.CLOSE))
        post = partial(lesson.post, absent=people[-1])
        self.story.add(moment(self.calendar.days_ago(28), MORNING), post)

    def _closed(self, provider: Office, people: Sequence[Professional]) -> None:
        lesson = self._lesson(provider, "科技论文写作", 6)
        self._published(lesson, people, 12)
        self._accept(lesson, people, 9)
        self.story.add(moment(self.calendar.days_ago(1), MORNING), partial(lesson.take, action=ClassAction.CLOSE))

    def _open(self, provider: Office, people: Sequence[Professional]) -> None:
        lesson = self._lesson(provider, "施工现场安全管理", 20)
        self._published(lesson, people, 8)
        self._accept(lesson, people[:2], 6)
        decline = partial(lesson.decide, professional=people[-1], action=EnrolmentAction.DECLINE, opinion=TURNED_DOWN)
        self.story.add(moment(self.calendar.days_ago(5), NOON), decline)

    def _full(self, provider: Office, people: Sequence[Professional]) -> None:
        self._published(self._lesson(provider, "办公软件应用提高", 15, capacity=2), people, 7)

    def _cancelled(self, provider: Office, people: Sequence[Professional]) -> None:
        lesson = self._lesson(provider, "知识产权实务", 10)
        self._published(lesson, people, 14)
        cancel = partial(lesson.take, action=ClassAction.CANCEL, opinion=NO_TEACHER)
        self.story.add(moment(self.calendar.days_ago(3), MORNING), cancel)

    def _draft(self, provider: Office) -> None:
        self.story.add(moment(self.calendar.days_ago(1), NOON), self._lesson(provider, "数字化转型专题", 40).plan)
