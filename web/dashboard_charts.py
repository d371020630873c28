"""Charts on the screen: a click on a bar leads to its place, and what is in a bar is told apart by pattern too."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from zlib import crc32

import plotly.graph_objects as go  # type: ignore[import-untyped]  # comes without types
import streamlit as st

from services.charted_figures import Bar, Chart, Part
from web import dashboard_places
from web.charts import CONFIG, MARGIN, colours, ink, shortened, shown
from web.i18n import _

LOWEST, ROW, AROUND, UPRIGHT = 130, 26, 80, 320  # pixels
# Of the length of the longest bar: room for what stands behind it.
ROOM = 1.65
PATTERNS = ("", "/", ".")
LEGEND = {"orientation": "h", "traceorder": "normal", "x": 0, "y": 1, "yanchor": "bottom"}


def draw(part: Part) -> None:
    chart = part.chart
    if chart is None:
        return
    figure = _standing(chart) if chart.upright else _lying(chart)
    if not any(bar.leads_to for bar in chart.bars):
        st.plotly_chart(figure, config=CONFIG, alt=part.title)
        return
    # Under this key a click can never mean a bar of an earlier chart.
    key = f"chart_{crc32(repr((part.title, chart.bars)).encode())}"
    click = partial(_open, key, chart.bars)
    st.plotly_chart(figure, key=key, on_select=click, selection_mode="points", config=CONFIG, alt=part.title)
    st.caption(_("点击图中的一项，查看该地区或单位。"))


def _open(key: str, bars: Sequence[Bar]) -> None:
    points: Sequence[Mapping[str, Any]] = st.session_state[key]["selection"]["points"]
    for point in points[:1]:
        if leads_to := bars[int(point["customdata"][0])].leads_to:
            dashboard_places.open_place(*leads_to)


def _lying(chart: Chart) -> go.Figure:
    """The first one at the top. Two places may have one name, so each is known by its number."""
    numbers = [str(number) for number in range(len(chart.bars))]
    series = [_bars(chart, position, numbers) for position in range(len(chart.series))]
    if chart.mark:
        marker = {"symbol": "line-ns", "size": 16, "line": {"color": ink(), "width": 3}}
        series.append(_points(chart, [bar.mark for bar in chart.bars], mode="markers", marker=marker, name=chart.mark))
    ends = [max(sum(bar.parts), bar.mark or 0) for bar in chart.bars]
    told = [shown(f" {bar.told}") for bar in chart.bars]
    series.append(_points(chart, ends, mode="text", text=told, textposition="middle right", showlegend=False))
    figure = _laid_out(chart, series, max(LOWEST, ROW * len(numbers) + AROUND))
    labels = [shown(shortened(bar.label)) for bar in chart.bars]
    figure.update_yaxes(type="category", autorange="reversed", tickvals=numbers, ticktext=labels)
    return figure.update_xaxes(range=[0, chart.longest * ROOM], showticklabels=False, showgrid=False, zeroline=False)


def _points(chart: Chart, lengths: Sequence[float | None], **options: object) -> go.Scatter:
    numbers = range(len(chart.bars))
    where = {"x": lengths, "y": list(map(str, numbers)), "customdata": [[number] for number in numbers]}
    return go.Scatter(**where, hoverinfo="skip", textfont={"color": ink()}, **options)


def _standing(chart: Chart) -> go.Figure:
    labels = [shown(bar.label) for bar in chart.bars]
    series = [_bars(chart, position, labels) for position in range(len(chart.series))]
    if chart.mark:
        heights = [bar.mark for bar in chart.bars]
        line = {"color": ink(), "dash": "dash", "width": 2}
        series.append(go.Scatter(x=labels, y=heights, mode="lines+markers", line=line, name=chart.mark))
    return _laid_out(chart, series, UPRIGHT).update_xaxes(type="category")


def _bars(chart: Chart, position: int, keys: Sequence[str]) -> go.Bar:
    """One series of them, each known by its key."""
    lengths = [bar.parts[position] for bar in chart.bars]
    colour = colours()[position]
    return go.Bar(
        x=keys if chart.upright else lengths,
        y=lengths if chart.upright else keys,
        orientation="v" if chart.upright else "h",
        name=chart.series[position],
        marker={"color": colour, "pattern": {"shape": PATTERNS[position], "fillmode": "replace", "fgcolor": colour}},
        customdata=[[number] for number in range(len(keys))],
        hovertext=[shown(f"{bar.label} {bar.told}") for bar in chart.bars],
        hovertemplate="%{hovertext}<extra>%{fullData.name}</extra>",
    )


def _laid_out(chart: Chart, series: Sequence[object], height: int) -> go.Figure:
    font = {"color": ink()}
    figure = go.Figure(series).update_layout(height=height, margin=MARGIN, barmode="stack", font=font, legend_font=font)
    figure.update_layout(dragmode=False, clickmode="event+select", legend=LEGEND)
    figure.update_layout(showlegend=len(chart.series) > 1 or bool(chart.mark))
    return figure.update_xaxes(tickfont=font).update_yaxes(tickfont=font)
