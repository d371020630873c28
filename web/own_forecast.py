"""What the end of the year will bring for the own staff, in two sentences."""

import streamlit as st

from services.forecasts import Forecast, Totals
from web.forecast_figures import expected, interval, share
from web.i18n import _


def draw(forecast: Forecast | None, year: int) -> None:
    """Nothing for another year, or where nothing is known."""
    this = forecast.this_year if forecast else None
    if forecast is None or this is None or this.of.year != year or this.totals is None:
        return
    with st.container(border=True):
        st.markdown(_of_this_year(this.totals))
        last = forecast.last_year
        if last is not None and last.totals is not None:
            st.caption(_of_last_year(last.totals))


def _of_this_year(totals: Totals) -> str:
    said = {
        "expected": expected(totals),
        "staff": f"{totals.staff:,}",
        "share": share(totals.expected, totals.staff),
        "interval": interval(totals.low, totals.high),
        "at_risk": f"{totals.at_risk:,}",
    }
    return (
        _(
            ":material/trending_up: 预计年底达标 **%(expected)s** / %(staff)s 人（%(share)s），"
            "有八成把握在 %(interval)s 人之间；可能不达标 **%(at_risk)s** 人，可在下方名单中筛选并提醒。"
        )
        % said
    )


def _of_last_year(totals: Totals) -> str:
    said = {
        "expected": expected(totals),
        "interval": interval(totals.low, totals.high),
        "actual": totals.actual,
        "staff": totals.staff,
    }
    return _("上一年度同一天预计 %(expected)s 人（%(interval)s），年底实际 %(actual)s / %(staff)s 人。") % said
