"""The years that the demo tells of, whatever day it is loaded on."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services import clock

DAY = timedelta(days=1)
# Earlier in the year nobody could have learned enough to show; last year, which is open until April, shows more.
DAYS_TO_SHOW = 45


@dataclass(frozen=True, slots=True)
class Calendar:
    """The demo ends with yesterday, so that it is the same all day and nothing in it is still to come."""

    today: date

    @classmethod
    def of_today(cls) -> "Calendar":
        return cls(clock.today())

    @property
    def end(self) -> datetime:
        return clock.midnight(self.today)

    @property
    def years(self) -> tuple[int, int, int]:
        """Three claim years, the last of them in full swing."""
        last = (self.today - DAYS_TO_SHOW * DAY).year
        return last - 2, last - 1, last

    def days_ago(self, days: int) -> date:
        return self.today - days * DAY

    def last_day(self, year: int) -> date:
        """The last day of a year that has passed."""
        return min(date(year, 12, 31), self.days_ago(1))

    def within(self, year: int, part: float) -> date:
        """The day at a part (0 to 1) of what has passed of a year."""
        first = date(year, 1, 1)
        return first + timedelta(days=int((self.last_day(year) - first).days * part))
