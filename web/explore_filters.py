"""What is asked about the old systems' rows: the question in the address, and the fields that change it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial

import streamlit as st

from db.claims import Category
from db.legacy import LegacyKind, LegacyMatch
from services import divisions, legacy_cells, questions
from services.clock import today
from services.questions import FILTERS, UNKNOWN, Chart, Dimension, Measure, Question
from services.rules import plain
from web import explore_words, filters
from web.i18n import _
from web.labels import word
from web.text import escape_markdown

MOST_HOURS = float(questions.MOST_HOURS)


def asked() -> Question:
    return questions.understood(st.query_params.to_dict())


def ask(question: Question) -> None:
    """From the first row on; for callbacks too. Only a pivot says by itself what it groups by."""
    said = questions.words(question)
    if question.chart is not Chart.PIVOT:
        said = {name: value for name, value in said.items() if name not in {"rows", "columns"}}
    filters.show(**{**dict.fromkeys(questions.NAMES, ""), **said})


def draw(question: Question, systems: Sequence[str]) -> None:
    filters.draw_text(_("姓名或单位"), _("姓名或单位名称中的字"))
    with st.expander(_("筛选条件"), icon=":material/filter_alt:"), st.container(horizontal=True, gap="small"):
        filters.draw_choice("division", word(Dimension.DIVISION), _places(question.division), question.division)
        years = {"": _("不限"), **{str(year): str(year) for year in _years()}}
        filters.draw_choice("year_from", _("年度从"), years, _written(question.year_from))
        filters.draw_choice("year_to", _("年度到"), years, _written(question.year_to))
        categories = {code.value: word(code) for code in Category} | {UNKNOWN: _("未知")}
        _draw_choice(Dimension.CATEGORY, categories, question.category)
        _draw_choice(Dimension.KIND, {code.value: word(code) for code in LegacyKind}, question.kind or "")
        _draw_choice(Dimension.SYSTEM, {name: name for name in systems}, question.system)
        _draw_choice(Dimension.MATCHING, {code.value: word(code) for code in LegacyMatch}, question.matching or "")
        _draw_hours("hours_from", _("学时不少于"), question.hours_from)
        _draw_hours("hours_to", _("学时不多于"), question.hours_to)
    _draw_narrowed(question)


def _draw_choice(dimension: Dimension, offered: Mapping[str, str], chosen: str) -> None:
    words = {"": _("全部"), **offered}
    if chosen not in words:  # of an address that somebody typed
        words = {**words, chosen: chosen}
    filters.draw_choice(dimension.value, word(dimension), words, chosen)


def _places(chosen: str) -> Mapping[str, str]:
    """All above the division that is chosen, itself, and those next below."""
    above = [] if chosen in ("", UNKNOWN) else reversed(divisions.upward(chosen))
    below = [place.code for place in divisions.below("" if chosen == UNKNOWN else chosen)]
    named = {code: divisions.name(code) for code in [*above, *below]}
    return {"": _("全部"), **named, UNKNOWN: _("未知")}


def _years() -> range:
    return range(today().year, legacy_cells.FIRST_YEAR - 1, -1)


def _written(year: int | None) -> str:
    return str(year) if year in _years() else ""


def _draw_hours(name: str, label: str, hours: Decimal | None) -> None:
    key = f"{name}_filter"
    st.session_state[key] = None if hours is None else float(hours)
    change = partial(_show_hours, name, key)
    st.number_input(
        label,
        min_value=0.0,
        max_value=MOST_HOURS,
        value=None,
        step=1.0,
        format="%.1f",
        key=key,
        on_change=change,
        width=filters.NARROW,
    )


def _show_hours(name: str, key: str) -> None:
    hours: float | None = st.session_state[key]
    filters.show(**{name: "" if hours is None else f"{hours:.1f}"})


def _draw_narrowed(question: Question) -> None:
    """Each condition with a cross that takes it away: also those that a click into a chart has brought."""
    said = questions.words(question)
    narrowed = [name for name in FILTERS if name in said]
    if not narrowed:
        return
    with st.container(horizontal=True, gap="small"):
        for name in narrowed:
            label = escape_markdown(
                _("%(title)s：%(value)s") % {"title": _titles()[name], "value": _value(question, name)}
            )
            without = {name: ""}
            st.button(label, icon=":material/close:", key=f"without_{name}", on_click=filters.show, kwargs=without)
        if len(narrowed) > 1:
            kwargs = dict.fromkeys(narrowed, "")
            st.button(_("清除全部条件"), type="tertiary", key="without_any", on_click=filters.show, kwargs=kwargs)


def _titles() -> Mapping[str, str]:
    return {
        **{each.value: word(each) for each in Dimension},
        "year_from": _("年度从"),
        "year_to": _("年度到"),
        "hours_from": _("学时不少于"),
        "hours_to": _("学时不多于"),
        "text": _("姓名或单位"),
    }


def _value(question: Question, name: str) -> str:
    value = getattr(question, name)
    if isinstance(value, Decimal):
        return plain(value)
    return explore_words.of_key(Dimension(name), value) if name in set(Dimension) else str(value)


def draw_chart_choice(question: Question) -> None:
    filters.draw_segments("chart", _("图表"), {code.value: word(code) for code in Chart}, question.chart)


def draw_figures_choice(question: Question) -> None:
    """What is told of each group; of a pivot also which groups."""
    with st.container(horizontal=True, gap="small"):
        if question.chart is Chart.PIVOT:
            dimensions = {code.value: word(code) for code in Dimension}
            filters.draw_choice("rows", _("透视表|行"), dimensions, question.rows)
            filters.draw_choice("columns", _("透视表|列"), {"": _("无"), **dimensions}, question.columns or "")
        if question.chart is not Chart.COMPLETION:
            measures = {code.value: word(code) for code in Measure}
            filters.draw_choice("measure", _("指标"), measures, question.measure)
