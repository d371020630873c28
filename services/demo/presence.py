"""What is under way on the day the demo is loaded: the queues, and the person to try it out with."""

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial

from services.claim_moves import SECOND_LEVEL_SERIES
from services.clock import moment
from services.demo import catalogue, plots
from services.demo.cast import APPLYING, EMPLOYERS, RETURNED, Cast, Office, Professional
from services.demo.catalogue import Course
from services.demo.claiming import ClaimPlot
from services.demo.dates import DAY, Calendar
from services.demo.story import Story
from services.demo.years import Years

INCOMPLETE_APPLICATION = "统一社会信用代码与单位名称不符，请核对营业执照后重新提交。"
NOT_ON_THE_STAFF = "人事名册中没有您，请核对所选单位。"
AUDITED = "抽查时主办单位确认未举办该活动，附件材料与实际不符。"
AFTER_LAST_RUN = time(22, 40)
IN_QUEUE = slice(1, 12)


@dataclass(frozen=True, slots=True)
class Presence:
    story: Story
    calendar: Calendar
    players: Cast
    years: Years

    def play(self) -> None:
        self._applications()
        self._newcomers()
        self._queue(self.players.offices[0], self.players.staff[0][IN_QUEUE])
        for office, staff in list(zip(self.players.offices, self.players.staff, strict=True))[EMPLOYERS][1:]:
            self._queue(office, staff[:1])
            self._unfinished(office, staff[-1])
        self._unfinished(self.players.offices[0], self.players.staff[0][-1])
        self._supervision()
        self._early_and_late(self.players.offices[0], self.players.staff[0][-3:-1])
        self._professional(self.players.offices[0], self.players.staff[0][0])

    def _ago(self, days: int) -> datetime:
        return self.years.claiming.at_work(self.calendar.days_ago(days))

    def _applications(self) -> None:
        supervisor = self.players.supervisor
        for office in self.players.offices[RETURNED]:
            self.story.add(self._ago(20), partial(plots.apply, office=office))
            decide = partial(plots.return_, supervisor=supervisor, office=office, opinion=INCOMPLETE_APPLICATION)
            self.story.add(self._ago(12), decide)
        for days, office in enumerate(self.players.offices[APPLYING], 2):
            self.story.add(self._ago(days), partial(plots.apply, office=office))

    def _newcomers(self) -> None:
        """Everybody who has no employer (yet)."""
        others, office = list(self.players.others), self.players.offices
        for days, employer in enumerate((office[0], office[0], office[0], office[4], office[4]), 2):
            self._ask(others.pop(0), employer, days)
        for days in (9, 15):
            refused = others.pop(0)
            self._ask(refused, office[0], days)
            decide = partial(plots.refuse, office=office[0], professional=refused, reason=NOT_ON_THE_STAFF)
            self.story.add(self._ago(days - 1), decide)
        for days in (11, 19):
            withdrawn = others.pop(0)
            self._ask(withdrawn, office[4], days)
            self.story.add(self._ago(days - 2), partial(plots.withdraw, professional=withdrawn))
        newcomer = others.pop()
        self.story.add(self._ago(1), partial(plots.register, professional=newcomer))
        for days, registered in enumerate(others, 3):
            plots.enter(self.story, registered, self._ago(days))

    def _ask(self, professional: Professional, office: Office, days: int) -> None:
        at = self._ago(days)
        plots.enter(self.story, professional, at)
        self.story.add(at + plots.HOUR, partial(plots.request, professional=professional, office=office))

    def _queue(self, office: Office, staff: list[Professional]) -> None:
        """Everybody has sent something that waits, some for longer."""
        for number, owner in enumerate(staff):
            courses = (*catalogue.EXTRAS[:2], *catalogue.SHORT[owner.series])
            self._send(owner, office, courses[number % len(courses)], days=1 + number)

    def _send(self, owner: Professional, office: Office, course: Course, *, days: int) -> tuple[ClaimPlot, datetime]:
        """A claim of the running year, sent so many days ago for what was learned shortly before."""
        claim = self._recent(owner, office, course, days + 3)
        return claim, self.years.claiming.submit(claim, self.calendar.days_ago(days))

    def _recent(self, owner: Professional, office: Office, course: Course, days: int) -> ClaimPlot:
        year = self.calendar.years[-1]
        end = min(self.calendar.days_ago(days), date(year, 12, 31))
        return self.years.claiming.begin(owner, office, course, year, end)

    def _unfinished(self, office: Office, owner: Professional) -> None:
        """A draft without its evidence, and a claim that came back."""
        draft = self._recent(owner, office, catalogue.EXTRAS[2], 4)
        self.story.add(self._ago(2), draft.create_without_evidence)
        self._come_back(owner, office, catalogue.EXTRAS[0])

    def _come_back(self, owner: Professional, office: Office, course: Course) -> None:
        claim, submitted = self._send(owner, office, course, days=4)
        self.story.add(submitted + DAY, partial(claim.return_, opinion=catalogue.RETURNS[0]))

    def _supervision(self) -> None:
        """Teachers' and health workers' claims that the supervisor has yet to recognise, and hours he took back."""
        employed = zip(self.players.offices, self.players.staff, strict=True)
        second_level = [(office, staff) for office, staff in employed if office.series in SECOND_LEVEL_SERIES and staff]
        for office, staff in second_level:
            for days, owner in enumerate(staff[1:3], 4):
                claim, submitted = self._send(owner, office, catalogue.EXTRAS[1], days=days)
                self.story.add(submitted + DAY, partial(claim.approve, opinion=catalogue.APPROVALS[0]))
        office, staff = self.players.offices[0], self.players.staff[0]
        claim, submitted = self._send(staff[-1], office, catalogue.EXTRAS[3], days=25)
        self.story.add(submitted + DAY, claim.approve)
        self.story.add(submitted + 9 * DAY, partial(claim.revoke, opinion=AUDITED))

    def _early_and_late(self, office: Office, staff: list[Professional]) -> None:
        """While two years are open, some still declare for the old one or already for the new one."""
        today, (_, before, running) = self.calendar.today, self.calendar.years
        other = running + 1 if today.year > running else before
        last_chance = date(other + 1, 4, 30)
        day = min(self.calendar.days_ago(2), last_chance)
        learned = min(self.calendar.days_ago(4), date(other, 12, 31))
        if learned.year == other and today - last_chance < 60 * DAY:
            for owner in staff:
                self.years.claiming.submit(
                    self.years.claiming.begin(owner, office, catalogue.EXTRAS[0], other, learned), day
                )

    def _professional(self, office: Office, owner: Professional) -> None:
        """Two complete years with their certificates; a third that lacks little."""
        first, second, running = self.calendar.years
        for year in (first, second):
            done = [self._approved(owner, office, course, year, part) for course, part in self._whole_year(owner)]
            self.years.print_certificate(owner, year, max(done))
        self.years.claiming.reject(*self._learned(owner, office, catalogue.NO_LEARNING, second, 0.9))
        general, long, short, _ = (course for course, _ in self._whole_year(owner))
        for course, part in ((general, 0.3), (long, 0.45), (catalogue.EXTRAS[2], 0.5)):
            self._approved(owner, office, course, running, part)
        self._send(owner, office, short, days=2)
        self._come_back(owner, office, catalogue.EXTRAS[1])
        draft = self._recent(owner, office, catalogue.EXTRAS[3], 3)
        self.story.add(self._ago(1), draft.create_without_evidence)
        self._count_only_live(owner, office)

    def _whole_year(self, owner: Professional) -> list[tuple[Course, float]]:
        series = owner.series
        return [
            (catalogue.GENERAL[0], 0.3),
            (catalogue.LONG[series][0], 0.4),
            (catalogue.SHORT[series][0], 0.6),
            (catalogue.ELECTIVES[0], 0.75),
        ]

    def _learned(
        self, owner: Professional, office: Office, course: Course, year: int, part: float
    ) -> tuple[ClaimPlot, datetime]:
        day = self.calendar.within(year, part)
        claim = self.years.claiming.begin(owner, office, course, year, day)
        return claim, self.years.claiming.submit(claim, day + 2 * DAY)

    def _approved(self, owner: Professional, office: Office, course: Course, year: int, part: float) -> datetime:
        return self.years.claiming.approve(*self._learned(owner, office, course, year, part))

    def _count_only_live(self, owner: Professional, office: Office) -> None:
        """Approved after the last statistics: the official figure is behind the live one."""
        claim, _ = self._send(owner, office, catalogue.EXTRAS[0], days=1)
        self.story.add(moment(self.calendar.days_ago(1), AFTER_LAST_RUN), claim.approve)
