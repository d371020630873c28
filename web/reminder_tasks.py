"""What the employer has reminded a professional of, as long as it is missing."""

from collections.abc import Iterator

from services.rules import plain
from services.standing import Overview
from web.i18n import _
from web.labels import word
from web.times import local_time
from web.to_do import Task


def reminders(overview: Overview) -> Iterator[Task]:
    for year, of_year in overview.years.items():
        lacking = {
            line.category: line.required - overview.live[year][line.category].earned for line in of_year.official
        }
        missing = [f"{word(category)} {plain(hours)}" for category, hours in lacking.items() if hours > 0]
        if of_year.reminded_at and missing:
            yield Task(
                "notifications_active",
                _("单位提醒：%(year)s 年度学时未完成") % {"year": year},
                _("%(time)s 提醒，还差学时：%(missing)s。请在申报截止前学习并送审。")
                % {"time": local_time(of_year.reminded_at), "missing": _("、").join(missing)},
                "personal/claims",
            )
