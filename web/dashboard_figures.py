"""The figures of a place in words, each compared with the same day of the year before."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

import streamlit as st

from db.claims import Category
from services.charted_figures import Part
from services.dashboard_figures import Figures
from services.dashboards import Overview
from services.workbooks import Heading, Sheet
from web.i18n import _
from web.labels import word
from web.times import local_time, waited

Number = int | Decimal
Told = Callable[[Figures], Number | None]
NARROWEST = 150  # pixels


class Line(NamedTuple):
    """One figure; None where there is nothing that it could be told of. `note` tells more about it."""

    label: str
    now: Number | None
    before: Number | None
    percent: bool = False
    note: str = ""

    @property
    def difference(self) -> Number | None:
        return None if self.now is None or self.before is None else self.now - self.before


def draw(overview: Overview) -> None:
    with st.grid(min_column_width=NARROWEST):
        for line in lines(overview):
            with st.container(border=True, gap="xxsmall", height="stretch"):
                st.markdown(line.label)  # a metric would cut its label off
                st.metric(line.label, shown(line.now, percent=line.percent), label_visibility="collapsed")
                st.caption("  \n".join(filter(None, [line.note, compared(line)])))


def of_when(overview: Overview) -> str:
    """As of when the figures are, and with which day they are compared."""
    said = {"time": local_time(overview.as_of), "day": overview.compared_on}
    return _("数据截至 %(time)s，与去年同日（%(day)s）比较。") % said


def part(overview: Overview) -> Part:
    headings = [Heading(_("指标"), 24), Heading(_("数值")), Heading(_("去年同日")), Heading(_("比较"), 30)]
    rows = [[_titled(line), line.now, line.before, compared(line)] for line in lines(overview)]
    return Part(Sheet(_("主要指标"), headings), rows)


def _titled(line: Line) -> str:
    return _("%(figure)s（%%）") % {"figure": line.label} if line.percent else line.label


def lines(overview: Overview) -> Sequence[Line]:
    return [*_of_people(overview), *_of_hours(overview), *_of_classes(overview)]


def _of_people(overview: Overview) -> Iterator[Line]:
    now = overview.figures
    yield _line(overview, _("登记人员"), lambda figures: figures.registered)
    yield _line(overview, _("在职人员"), lambda figures: figures.bound)
    for category in Category:
        label = _("%(category)s达标率") % {"category": word(category)}
        yield _share(overview, label, _met(category), _people(now.met[category], now.bound))
    yield _share(overview, _("全部达标率"), met_rate, _people(now.met_all, now.bound))
    yield _line(overview, _("有效证书"), lambda figures: figures.certificates)


def _people(met: int, of: int) -> str:
    return _("%(met)s / %(people)s 人") % {"met": f"{met:,}", "people": f"{of:,}"}


def _of_hours(overview: Overview) -> Iterator[Line]:
    for category in Category:
        yield _line(overview, _("%(category)s学时") % {"category": word(category)}, _hours(category))
    now = overview.figures
    longest = _("最久 %(waited)s") % {"waited": waited(now.oldest_waiting)} if now.oldest_waiting else ""
    yield _line(overview, _("待审核记录"), lambda figures: sum(figures.waiting.values()), longest)
    claims = _("%(returned)s / %(decided)s 条") % {"returned": f"{now.returned:,}", "decided": f"{now.decided:,}"}
    yield _share(overview, _("退回率"), return_rate, claims)


def _of_classes(overview: Overview) -> Iterator[Line]:
    yield _line(overview, _("培训班数"), lambda figures: figures.classes)
    yield _line(overview, _("培训名额"), lambda figures: figures.seats)
    yield _line(overview, _("录取人次"), lambda figures: figures.enrolled)
    yield _line(overview, _("结业人次"), lambda figures: figures.completed)
    yield _share(overview, _("出勤率"), lambda figures: percent(figures.present, figures.expected))


def _line(overview: Overview, label: str, told: Told, note: str = "") -> Line:
    return Line(label, told(overview.figures), told(overview.last_year) if overview.last_year else None, note=note)


def _share(overview: Overview, label: str, told: Told, note: str = "") -> Line:
    return _line(overview, label, told, note)._replace(percent=True)


def _met(category: Category) -> Told:
    return lambda figures: percent(figures.met[category], figures.bound)


def _hours(category: Category) -> Told:
    return lambda figures: figures.hours[category]


def met_rate(figures: Figures) -> Decimal | None:
    return percent(figures.met_all, figures.bound)


def return_rate(figures: Figures) -> Decimal | None:
    return percent(figures.returned, figures.decided)


def percent(part: int, whole: int) -> Decimal | None:
    """To one decimal; None where there is no whole."""
    return round(Decimal(100 * part) / whole, 1) if whole else None


def shown(number: Number | None, *, percent: bool = False) -> str:
    if number is None:
        return "—"
    told = f"{number:,.1f}" if isinstance(number, Decimal) else f"{number:,}"
    return f"{told}%" if percent else told


def compared(line: Line) -> str:
    """The difference in words, because not everybody sees a colour or an arrow."""
    if line.difference is None:
        return _("去年同日没有数据")
    if not line.difference:
        return _("与去年同日相同")
    more = line.difference > 0
    if line.percent:
        text = _("比去年同日高 %(difference)s 个百分点") if more else _("比去年同日低 %(difference)s 个百分点")
    else:
        text = _("比去年同日多 %(difference)s") if more else _("比去年同日少 %(difference)s")
    return text % {"difference": shown(line.difference if more else -line.difference)}
