"""Charts over the old systems' rows. A click on a bar or a tile asks about that group alone."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any
from zlib import crc32

import plotly.graph_objects as go  # type: ignore[import-untyped]  # comes without types
import streamlit as st

from services import question_sql, questions
from services.legacy_completion import YearCompletion
from services.pivots import REST, TOTAL, Pivot
from services.questions import UNKNOWN, Chart, Dimension, Measure, Question
from web import explore_filters, explore_words
from web.charts import CONFIG, MARGIN, colours, shown
from web.explore_words import figure
from web.i18n import _
from web.labels import word

HEIGHT = 340
MOST_BARS = 20


def draw(pivot: Pivot) -> None:
    chart = _CHARTS[pivot.question.chart](pivot)
    _draw(chart, pivot.question, pivot.question.rows, word(pivot.question.chart))


def draw_completion(years: Sequence[YearCompletion], question: Question) -> None:
    keys = [str(year.year) for year in years]
    shares = [round(year.share, 1) for year in years]
    told = [f"{year.met:,} / {year.people - year.untold:,}" for year in years]
    bars = go.Bar(x=keys, y=shares, customdata=[[key] for key in keys], hovertext=told, name=_("达标率（%）"))
    chart = _laid_out(go.Figure([bars]), numbered=True)
    chart.update_yaxes(range=[0, 100], ticksuffix="%")
    _draw(chart, question, Dimension.YEAR, word(question.chart))


def _draw(chart: go.Figure, question: Question, dimension: Dimension, alt: str) -> None:
    # Under this key a click can never mean a bar of an earlier chart.
    key = f"chart_{crc32(repr(questions.words(question)).encode())}"
    st.plotly_chart(
        chart,
        key=key,
        on_select=partial(_ask_about_group, key, question, dimension),
        selection_mode="points",
        config=CONFIG,
        alt=alt,
    )
    st.caption(_("点击图中的一项，只看这一项。"))


def _ask_about_group(key: str, question: Question, dimension: Dimension) -> None:
    points: Sequence[Mapping[str, Any]] = st.session_state[key]["selection"]["points"]
    for point in points[:1]:
        group = point["id"] if "id" in point else point["customdata"][0]
        open_group(question, {dimension: str(group)})


def open_group(question: Question, groups: Mapping[Dimension, str]) -> None:
    """The same question about some groups alone; one employer is then looked at over time."""
    for dimension, key in groups.items():
        if key not in (TOTAL, REST):
            question = question_sql.narrowed(question, dimension, key)
    explore_filters.ask(questions.without_ranking(question))


def _over_time(pivot: Pivot) -> go.Figure:
    stacked = pivot.question.measure is not Measure.AVERAGE
    bars = [
        go.Bar(
            x=list(pivot.rows),
            y=[_number(pivot, row, column) for row in pivot.rows],
            customdata=[[row, column] for row in pivot.rows],
            name=_shown(pivot.question.columns, column),
        )
        for column in pivot.columns
    ]
    chart = _laid_out(go.Figure(bars), numbered=True)
    return chart.update_layout(barmode="stack" if stacked else "group")


def _distribution(pivot: Pivot) -> go.Figure:
    names = [_shown(Dimension.HOURS, row) for row in pivot.rows]
    heights = [_number(pivot, row, TOTAL) for row in pivot.rows]
    bars = go.Bar(x=names, y=heights, customdata=[[row] for row in pivot.rows], name=word(pivot.question.measure))
    return _laid_out(go.Figure([bars])).update_layout(bargap=0.05)


def _employers(pivot: Pivot) -> go.Figure:
    """The largest at the top."""
    largest = [row for row in pivot.rows if row != REST][:MOST_BARS][::-1]
    bars = go.Bar(
        y=[_shown(Dimension.EMPLOYER, row) for row in largest],
        x=[_number(pivot, row, TOTAL) for row in largest],
        customdata=[[row] for row in largest],
        orientation="h",
        name=word(pivot.question.measure),
    )
    chart = _laid_out(go.Figure([bars]))
    return chart.update_layout(height=max(HEIGHT, 24 * len(largest) + 60))


def _divisions(pivot: Pivot) -> go.Figure:
    """Tiles as large as their rows are many, when the figure itself has no size."""
    sized = Measure.ROWS if pivot.question.measure is Measure.AVERAGE else pivot.question.measure
    tiles = go.Treemap(
        ids=[row or UNKNOWN for row in pivot.rows],
        labels=[_shown(Dimension.DIVISION, row) for row in pivot.rows],
        parents=[""] * len(pivot.rows),
        values=[float(pivot.cells[row, TOTAL].told(sized)) for row in pivot.rows],
        text=[figure(pivot.told(row, TOTAL)) for row in pivot.rows],
        texttemplate="%{label}<br>%{text}",
        hovertemplate="%{label}<br>%{text}<extra></extra>",
    )
    return _laid_out(go.Figure([tiles]))


def _laid_out(chart: go.Figure, *, numbered: bool = False) -> go.Figure:
    """`numbered` for keys that look like numbers and are names."""
    chart.update_layout(height=HEIGHT, margin=MARGIN, legend={"orientation": "h", "y": -0.2}, clickmode="event+select")
    chart.update_layout(dragmode=False, colorway=colours())
    if numbered:
        chart.update_xaxes(type="category")
    return chart


def _number(pivot: Pivot, row: str, column: str) -> float:
    return float(pivot.told(row, column) or 0)


def _shown(dimension: Dimension | None, key: str) -> str:
    return shown(explore_words.of_key(dimension, key))


_CHARTS: Mapping[Chart, Callable[[Pivot], go.Figure]] = {
    Chart.TIME: _over_time,
    Chart.DIVISIONS: _divisions,
    Chart.DISTRIBUTION: _distribution,
    Chart.EMPLOYERS: _employers,
}
