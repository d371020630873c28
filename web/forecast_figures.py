"""A forecast in words and figures: what is expected of a place, and what became of last year's."""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from db.forecasts import ForecastBand
from services import forecast_model
from services.forecasts import Totals, YearForecast
from web.i18n import _
from web.times import local_time


def draw_this_year(of: YearForecast, totals: Totals) -> None:
    _draw(
        {
            _("在册人员"): f"{totals.staff:,}",
            _("已达标"): f"{totals.met:,}",
            _expected_share(totals): expected(totals),
            _("预测区间（80%）"): interval(totals.low, totals.high),
            _("可能不达标"): f"{totals.at_risk:,}",
        }
    )
    st.caption(_basis(of))


def draw_last_year(of: YearForecast, totals: Totals) -> None:
    """As it was forecast from the same day, beside what happened."""
    actual, inside = totals.actual or 0, {"inside": totals.inside, "count": totals.employers}
    _draw(
        {
            _("在册人员"): f"{totals.staff:,}",
            _expected_share(totals): expected(totals),
            _("预测区间（80%）"): interval(totals.low, totals.high),
            _("年底实际达标（%(share)s）") % {"share": share(actual, totals.staff)}: f"{actual:,}",
            _("落在区间内的单位"): _("%(inside)s / %(count)s") % inside,
        }
    )
    st.caption(_basis(of))
    if totals.brier is not None and totals.naive_brier is not None:
        scores = {"brier": f"{totals.brier:.3f}", "naive": f"{totals.naive_brier:.3f}"}
        st.caption(_("布里尔评分 %(brier)s；只用往年达标率预测则为 %(naive)s。评分越小越准，0 为全部说中。") % scores)


def _expected_share(totals: Totals) -> str:
    return _("预计年底达标（%(share)s）") % {"share": share(totals.expected, totals.staff)}


def _draw(figures: dict[str, str]) -> None:
    with st.container(horizontal=True):
        for name, figure in figures.items():
            st.metric(name, figure, border=True, width="content")


def _basis(of: YearForecast) -> str:
    said = {"day": of.of.day, "years": of.of.learned_years, "people": f"{of.of.learned_people:,}"}
    return _("按 %(day)s 在册人员的学时，从此前 %(years)s 个年度同一天的 %(people)s 人次学得。") % said


def draw_made_at(of: YearForecast, made_at: datetime) -> None:
    said = {"time": local_time(made_at), "year": of.of.year}
    st.caption(
        _("预测时间：%(time)s。预测的是到 %(year)s 年 12 月 31 日，已通过审核的学时是否达标；每天学时统计后更新。")
        % said
    )


def draw_unknown(of: YearForecast) -> None:
    """Nothing is invented where nothing is known."""
    needed = {"year": of.of.year, "people": forecast_model.LEAST_LEARNED}
    st.info(
        _(
            "%(year)s 年度还不能预测：没有足够的往年数据。至少需要一个已结束的年度，"
            "其中同一天在册的人员不少于 %(people)s 人。导入或积累往年学时后会自动预测。"
        )
        % needed,
        icon=":material/hourglass_top:",
    )


def draw_bands(bands: Sequence[ForecastBand]) -> None:
    """What was learned, in full."""
    with st.expander(_("预测依据：往年同一天各阶段人员的达标情况"), icon=":material/menu_book:"):
        st.caption(
            _(
                "每个人按已完成学时占要求的比例分段，超出某类要求的部分不计。各段的往年达标率经平滑，且学时越多不会越低；"
                "再按本单位往年高于或低于预期的程度调整。区间包含个人的偶然性、单位和年度之间的差别。"
            )
        )
        st.dataframe(
            [
                {
                    _("已完成比例"): _band(each.band),
                    _("往年人次"): each.people,
                    _("其中达标"): each.met,
                    _("达标概率（%）"): round(100 * each.probability, 1),
                }
                for each in bands
            ],
            hide_index=True,
            alt=_("预测依据：往年同一天各阶段人员的达标情况"),
        )


def _band(number: int) -> str:
    if number == forecast_model.MET:
        return _("已达标")
    if number == forecast_model.NOTHING:
        return "0%"
    return _("%(low)s%% 至不足 %(high)s%%") % {"low": (number - 1) * 10, "high": number * 10}


def expected(totals: Totals) -> str:
    return f"{totals.expected:,.0f}"


def interval(low: int, high: int) -> str:
    return f"{low:,}–{high:,}"


def share(part: float, whole: int) -> str:
    return f"{100 * part / whole:.0f}%" if whole else "—"
