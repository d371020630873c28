"""What people learn and declare in each year of the demo."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy.orm import Session

from services import certificates
from services.clock import moment
from services.demo import catalogue
from services.demo.cast import Office, Professional
from services.demo.catalogue import Course
from services.demo.claiming import Claiming, ClaimPlot
from services.demo.dates import DAY, Calendar

# Chances of one in so many.
HALF_WAY, REJECTED, RETURNED, FEWER, WITHDRAWN = 3, 7, 6, 9, 12
RUN_MONTHS = (1, 2, 3, 4, 7, 10)


@dataclass(frozen=True, slots=True)
class Years:
    """Lets people go through the years; `claiming` holds the dice."""

    calendar: Calendar
    claiming: Claiming

    def live(self, owner: Professional, reviewer: Office, joined: date) -> None:
        """All years of somebody who has an employer since this day."""
        for year in self.calendar.years:
            if year >= joined.year:
                self._year(owner, reviewer, year, joined)

    def _year(self, owner: Professional, reviewer: Office, year: int, joined: date) -> None:
        courses = self._courses(owner, year)
        taken = courses if self._finishes(year) else courses[: self.claiming.dice.randrange(1, len(courses))]
        decided = [self._learn(owner, reviewer, course, year, joined) for course in taken]
        self._mishap(owner, reviewer, year, joined)
        if len(taken) == len(courses):
            self.print_certificate(owner, year, max(decided))

    def _finishes(self, year: int) -> bool:
        running = year == self.calendar.years[-1]
        return not self._chance(HALF_WAY) and not (running and self._chance(2))

    def _chance(self, one_in: int) -> bool:
        return self.claiming.dice.randrange(one_in) == 0

    def _courses(self, owner: Professional, year: int) -> list[Course]:
        """Exactly what a year asks for, from what is held in this year."""
        long, short = catalogue.LONG[owner.series], catalogue.SHORT[owner.series]
        return [
            catalogue.GENERAL[year % len(catalogue.GENERAL)],
            long[year % len(long)],
            short[year % len(short)],
            catalogue.ELECTIVES[(year + self.claiming.dice.randrange(2)) % len(catalogue.ELECTIVES)],
        ]

    def _learn(self, owner: Professional, reviewer: Office, course: Course, year: int, joined: date) -> datetime:
        """Returns when the claim was (or will be) approved."""
        claim, submitted = self.send(owner, reviewer, course, year, joined)
        if self._chance(RETURNED):
            returned = self.claiming.return_(claim, submitted)
            submitted = returned + DAY
            self.claiming.story.add(submitted, claim.submit)
        return self.claiming.approve(claim, submitted)

    def send(
        self, owner: Professional, reviewer: Office, course: Course, year: int, joined: date
    ) -> tuple[ClaimPlot, datetime]:
        """A claim of a course that everybody attends on the same day of the year; and when it was sent."""
        day = self.calendar.within(year, Random(f"{course.title}{year}").uniform(0.1, 0.9))  # noqa: S311  # no secret
        claim = self.claiming.begin(owner, reviewer, course, year, day, personal=False)
        submitted = max(day, joined) + self.claiming.dice.randrange(2, 7) * DAY
        return claim, self.claiming.submit(claim, submitted)

    def _mishap(self, owner: Professional, reviewer: Office, year: int, joined: date) -> None:
        """Now and then something is not counted, not in full, or not sent after all."""
        if self._chance(REJECTED):
            self.claiming.reject(*self.send(owner, reviewer, catalogue.NO_LEARNING, year, joined))
        if self._chance(FEWER):
            course = catalogue.EXTRAS[-1]
            self.claiming.award_fewer(*self.send(owner, reviewer, course, year, joined), hours=course.hours - 6)
        if self._chance(WITHDRAWN):
            claim, submitted = self.send(owner, reviewer, catalogue.EXTRAS[1], year, joined)
            self.claiming.story.add(submitted + timedelta(hours=2), claim.withdraw)

    def print_certificate(self, owner: Professional, year: int, complete: datetime) -> None:
        """A few days after the first statistics that know everything."""
        run = next(at for at in self.runs() if at > complete)
        at = self.claiming.at_work(run.date() + self.claiming.dice.randrange(1, 6) * DAY)

        def print_(session: Session) -> None:
            certificates.obtain(session, owner.actor, year)

        self.claiming.story.add(at, print_)

    def runs(self) -> Sequence[datetime]:
        """When the statistics ran; a demo needs fewer than every day."""
        years = range(self.calendar.years[0], self.calendar.years[-1] + 3)
        return [moment(date(year, month, 1), time(2)) for year in years for month in RUN_MONTHS]
