"""Charts on the screen: a click on a bar leads to its place, and what is in a bar is told apart by pattern too."""

from collections.abc import Mapping, Sequence
from functools import partial
from html import escape
from typing import Any
from unicodedata import east_asian_width
from zlib import crc32

import plotly.graph_objects as go  # type: ignore[import-untyped]  # comes without types
import streamlit as st

from services.charted_figures import Bar, Chart, Part
from web import dashboard_places
from web.explore_charts import CONFIG, MARGIN, colours
from web.i18n import _

LOWEST, ROW, AROUND, UPRIGHT = 130, 26, 80, 320  # pixels
# Letters, of which an ideograph takes two: on a telephone more would leave no room for the bars.
LONGEST_LABEL = 22
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
        marker = {"symbol": "line-ns", "size": 16, "line": {"color": _ink(), "width": 3}}
        series.append(_points(chart, [bar.mark for bar in chart.bars], mode="markers", marker=marker, name=chart.mark))
    ends = [max(sum(bar.parts), bar.mark or 0) for bar in chart.bars]
    told = [_shown(f" {bar.told}") for bar in chart.bars]
    series.append(_points(chart, ends, mode="text", text=told, textposition="middle right", showlegend=False))
    figure = _laid_out(chart, series, max(LOWEST, ROW * len(numbers) + AROUND))
    labels = [_shown(_shortened(bar.label)) for bar in chart.bars]
    figure.update_yaxes(type="category", autorange="reversed", tickvals=numbers, ticktext=labels)
    return figure.update_xaxes(range=[0, chart.longest * ROOM], showticklabels=False, showgrid=False, zeroline=False)


def _points(chart: Chart, lengths: Sequence[float | None], **options: object) -> go.Scatter:
    numbers = range(len(chart.bars))
    where = {"x": lengths, "y": list(map(str, numbers)), "customdata": [[number] for number in numbers]}
    return go.Scatter(**where, hoverinfo="skip", textfont={"color": _ink()}, **options)


def _standing(chart: Chart) -> go.Figure:
    labels = [_shown(bar.label) for bar in chart.bars]
    series = [_bars(chart, position, labels) for position in range(len(chart.series))]
    if chart.mark:
        heights = [bar.mark for bar in chart.bars]
        line = {"color": _ink(), "dash": "dash", "width": 2}
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
        hovertext=[_shown(f"{bar.label} {bar.told}") for bar in chart.bars],
        hovertemplate="%{hovertext}<extra>%{fullData.name}</extra>",
    )


def _laid_out(chart: Chart, series: Sequence[object], height: int) -> go.Figure:
    """All words in the colour of text: Streamlit's own grey is too pale for some readers."""
    ink = {"color": _ink()}
    figure = go.Figure(series).update_layout(height=height, margin=MARGIN, barmode="stack", font=ink, legend_font=ink)
    figure.update_layout(dragmode=False, clickmode="event+select", legend=LEGEND)
    figure.update_layout(showlegend=len(chart.series) > 1 or bool(chart.mark))
    return figure.update_xaxes(tickfont=ink).update_yaxes(tickfont=ink)


def _ink() -> str:
    colour: str = st.get_option(f"theme.{st.context.theme.type or 'light'}.textColor")
    return colour


def _shortened(label: str) -> str:
    letters = 0
    for place, letter in enumerate(label):
        letters += 2 if east_asian_width(letter) in "WF" else 1
        if letters > LONGEST_LABEL:
            return f"{label[:place]}…"
    return label


def _shown(text: str) -> str:
    """Plotly takes tags in a name for its own."""
    return escape(text, quote=False)
