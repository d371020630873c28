"""The page from above: this year with its employers, then last year beside what happened, then what it rests on."""

from collections.abc import Sequence

import streamlit as st

from db.forecasts import EmployerForecast
from services import divisions, forecasts
from services.forecasts import EmployerRow, YearForecast
from services.permissions import Actor
from web import filters, forecast_charts, forecast_figures, forecast_people, tables, worklist
from web.download import address
from web.forecast_figures import interval, share
from web.forecast_reading import DIVISION, EMPLOYER, Found
from web.i18n import _
from web.text import escape_markdown

EXPORT = "forecast"
FEW, NARROWEST = 24, 260


def draw(actor: Actor, found: Found) -> None:
    _draw_place(found)
    if found.forecast is None:
        st.info(_("还没有预测。第一次学时统计完成后会自动生成。"), icon=":material/hourglass_top:")
        return
    this, last = found.forecast.this_year, found.forecast.last_year
    if this is None:
        st.info(_("本年度没有规定学时要求，没有可预测的内容。"), icon=":material/info:")
    else:
        _draw_this_year(actor, found, this)
    if last is not None:
        _draw_last_year(found.rows, last)
    if found.bands:
        forecast_figures.draw_bands(found.bands)


def _draw_place(found: Found) -> None:
    if found.employer is not None:
        name = found.employer.name
    elif found.place.code:
        name = divisions.name(found.place.code)
    else:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        draw_all()
        st.markdown(f"**{escape_markdown(name)}**", width="content")


def _draw_this_year(actor: Actor, found: Found, this: YearForecast) -> None:
    st.header(_("%(year)s 年度预测") % {"year": this.of.year}, anchor=False)
    if not this.is_known:
        forecast_figures.draw_unknown(this)
        return
    if this.totals is None or found.forecast is None:
        st.info(_("这里没有在册人员，没有可预测的内容。"), icon=":material/group_off:")
        return
    forecast_figures.draw_made_at(this, found.forecast.made_at)
    forecast_figures.draw_this_year(this, this.totals)
    if found.employer is None:
        _draw_employers(found)
    else:
        forecast_people.draw(actor, found.employer.id, this.totals.at_risk)


def _draw_employers(found: Found) -> None:
    title = _("各单位预计达标率")
    _draw_chart([(row.organisation.name, row.this_year) for row in found.rows], title)
    unfolded = st.expander(
        _("进入单位（可能不达标的人数）"), icon=":material/apartment:", expanded=len(found.rows) <= FEW
    )
    with unfolded, st.grid(min_column_width=NARROWEST, gap="xsmall"):
        for row in found.rows:
            _draw_employer(row)
    if found.rows:
        worklist.draw_pages(len(found.rows), forecasts.PAGE_SIZE, found.rows[-1].organisation.id)
    place = {DIVISION: found.place.code or ""}
    st.link_button(_("导出 Excel"), address(EXPORT, **place), icon=":material/download:")


def _draw_employer(row: EmployerRow) -> None:
    told = {"name": row.organisation.name, "count": row.this_year.at_risk}
    _draw_way(escape_markdown(_("%(name)s（%(count)s）") % told), "apartment", row.organisation.id)


def draw_all() -> None:
    _draw_way(_("全部单位"), "arrow_back")


def _draw_way(name: str, icon: str, employer_id: int = 0) -> None:
    """A button, because after a link to the page that is already open the browser keeps the old address."""
    there = {DIVISION: "", EMPLOYER: employer_id or "", forecast_people.SHOWN: ""}
    key = f"employer_{employer_id}"
    st.button(name, key=key, icon=f":material/{icon}:", type="tertiary", on_click=filters.show, kwargs=there)


def _draw_last_year(rows: Sequence[EmployerRow], last: YearForecast) -> None:
    st.header(_("%(year)s 年度：当时的预测与结果") % {"year": last.of.year}, anchor=False)
    if not last.is_known or last.totals is None:
        st.caption(_("没有更早的年度可以学习，或当时没有在册人员，所以没有可比较的预测。"))
        return
    forecast_figures.draw_last_year(last, last.totals)
    compared = [(row.organisation.name, row.last_year) for row in rows if row.last_year is not None]
    _draw_chart(compared, _("各单位上一年度的预测与结果"))


def _draw_chart(rows: Sequence[tuple[str, EmployerForecast]], title: str) -> None:
    if not rows:
        return
    st.markdown(f"**{title}**")
    forecast_charts.draw(rows, title=title)
    tables.draw_behind(title, [_row(name, each) for name, each in rows])


def _row(name: str, each: EmployerForecast) -> dict[str, object]:
    row: dict[str, object] = {
        _("单位"): name,
        _("在册人员"): each.staff,
        _("已达标"): each.met,
        _("预计年底达标"): round(each.expected, 1),
        _("预计达标率"): share(each.expected, each.staff),
        _("预测区间（80%）"): interval(each.low, each.high),
    }
    if each.actual is None:
        return row | {_("可能不达标"): each.at_risk}
    inside = _("是") if each.low <= each.actual <= each.high else _("否")
    return row | {_("年底实际达标"): each.actual, _("在区间内"): inside}
