"""The hours of a place by month and by activity, and how long claims wait there: each as a chart with its table."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from db.claims import ActivityType, Category
from services.charted_figures import Bar, Chart, Part
from services.dashboard_figures import MONTHS, ActivityHours, Age, Figures, MonthHours
from services.rules import NONE
from services.workbooks import Heading, Sheet
from web.dashboard_figures import shown
from web.i18n import N_, _
from web.labels import word

NAME = 24  # characters
WITHOUT_HOURS = N_("这一年还没有通过的学时。")


class Month(NamedTuple):
    """`before` are the hours of the year before, None if that asked for nothing."""

    name: str
    hours: Sequence[Decimal]
    before: Decimal | None

    @property
    def total(self) -> Decimal:
        return sum(self.hours, NONE)


def months(found: Sequence[MonthHours]) -> Part:
    """By category, with all of the year before as one line."""
    told = [_month(month, [each for each in found if each.month == month]) for month in MONTHS]
    headings = [Heading(_("月份"), NAME), *_of_categories(), Heading(_("合计")), Heading(_("去年合计"))]
    bars = [
        Bar(
            month.name,
            [float(hours) for hours in month.hours],
            shown(month.total) if month.total else "",
            None if month.before is None else float(month.before),
        )
        for month in told
    ]
    return Part(
        Sheet(_("各月学时"), headings),
        [[month.name, *month.hours, month.total, month.before] for month in told] if _any_hours(told) else [],
        Chart(bars, list(map(word, Category)), mark=_("去年合计") if told[0].before is not None else "", upright=True),
        empty=_(WITHOUT_HOURS),
    )


def _month(month: int, of_month: Sequence[MonthHours]) -> Month:
    hours = {each.category: each.hours for each in of_month}
    before = [each.last_year for each in of_month if each.last_year is not None]
    name = _("%(month)s 月") % {"month": month}
    return Month(name, [hours.get(category, NONE) for category in Category], sum(before, NONE) if before else None)


def _any_hours(told: Sequence[Month]) -> bool:
    return any(month.total or month.before for month in told)


def _of_categories() -> list[Heading]:
    return [Heading(word(category)) for category in Category]


def activities(found: Sequence[ActivityHours]) -> Part:
    """The one with the most hours first; what nobody did is left out."""
    hours: dict[ActivityType, dict[Category, Decimal]] = {}
    claims: dict[ActivityType, int] = {}
    for each in found:
        hours.setdefault(each.activity, dict.fromkeys(Category, NONE))[each.category] += each.hours
        claims[each.activity] = claims.get(each.activity, 0) + each.claims
    totals = {activity: sum(by_category.values(), NONE) for activity, by_category in hours.items()}
    kinds = sorted(totals, key=lambda activity: -totals[activity])
    headings = [Heading(_("活动类型"), NAME), *_of_categories(), Heading(_("合计")), Heading(_("记录数"))]
    return Part(
        Sheet(_("活动类型学时"), headings),
        [[word(kind), *hours[kind].values(), totals[kind], claims[kind]] for kind in kinds],
        Chart(
            [Bar(word(kind), [float(each) for each in hours[kind].values()], shown(totals[kind])) for kind in kinds],
            list(map(word, Category)),
        ),
        empty=_(WITHOUT_HOURS),
    )


def ages(figures: Figures) -> Part:
    counts: Mapping[Age, int] = {age: figures.waiting.get(age, 0) for age in Age}
    return Part(
        Sheet(_("待审核时长"), [Heading(_("已等待"), NAME), Heading(_("记录数"))]),
        [[word(age), count] for age, count in counts.items()] if any(counts.values()) else [],
        Chart([Bar(word(age), [count], shown(count)) for age, count in counts.items()], [_("记录数")]),
        empty=_("没有等待审核的学时记录。"),
    )
