"""Employers side by side: what is expected as a dot on its interval, beside what is met now or was met in the end."""

from collections.abc import Sequence

import plotly.graph_objects as go  # type: ignore[import-untyped]  # comes without types
import streamlit as st

from db.forecasts import EmployerForecast
from web.charts import CONFIG, MARGIN, colours, ink, shortened, shown
from web.i18n import _

MOST_ROWS = 20
ROW, AROUND = 28, 120  # pixels


def draw(rows: Sequence[tuple[str, EmployerForecast]], *, title: str) -> None:
    """The first ones, each with its name; shares of the staff in percent."""
    first = rows[:MOST_ROWS]
    numbers = [str(number) for number in range(len(first))]
    of_all, font = [each for _name, each in first], {"color": ink()}
    is_over = any(each.actual is not None for each in of_all)
    figure = go.Figure([_expected(of_all, numbers), _mark(of_all, numbers, over=is_over)])
    figure.update_layout(
        height=ROW * len(first) + AROUND,
        margin=MARGIN,
        dragmode=False,
        font=font,
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"},
    )
    labels = [shown(shortened(name)) for name, _each in first]
    figure.update_yaxes(type="category", autorange="reversed", tickvals=numbers, ticktext=labels, tickfont=font)
    figure.update_xaxes(range=[-2, 102], ticksuffix="%", tickfont=font)
    st.plotly_chart(figure, config=CONFIG, alt=title)
    if len(rows) > MOST_ROWS:
        st.caption(_("图中只列出前 %(count)s 个单位，本页全部见数据表。") % {"count": MOST_ROWS})


def _expected(rows: Sequence[EmployerForecast], numbers: Sequence[str]) -> go.Scatter:
    above = [_percent(each.high - each.expected, each) for each in rows]
    below = [_percent(each.expected - each.low, each) for each in rows]
    told = [f"{each.expected:.0f} ({each.low}–{each.high}) / {each.staff}" for each in rows]
    return go.Scatter(
        x=[_percent(each.expected, each) for each in rows],
        y=numbers,
        mode="markers",
        name=_("预计达标率和预测区间（80%）"),
        marker={"color": colours()[0], "size": 10},
        error_x={"array": above, "arrayminus": below, "thickness": 3, "width": 6, "color": colours()[0]},
        hovertext=told,
        hoverinfo="text+name",
    )


def _mark(rows: Sequence[EmployerForecast], numbers: Sequence[str], *, over: bool) -> go.Scatter:
    """Another shape, not another colour alone."""
    reached = [(each.actual or 0) if over else each.met for each in rows]
    return go.Scatter(
        x=[_percent(count, each) for count, each in zip(reached, rows, strict=True)],
        y=numbers,
        mode="markers",
        name=_("年底实际达标率") if over else _("目前达标率"),
        marker={"color": colours()[3], "symbol": "diamond-open", "size": 11, "line": {"width": 2}},
        hovertext=[f"{count} / {each.staff}" for count, each in zip(reached, rows, strict=True)],
        hoverinfo="text+name",
    )


def _percent(part: float, of: EmployerForecast) -> float:
    return 100 * part / of.staff
