"""The answer to a question: its figures as a chart and a table, and the rows behind them."""

from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from db import reading
from db.snapshots import SavedQuestion, Snapshot
from services import explored_rows, legacy_completion, pivots, questions
from services.exploration_files import KeptFile
from services.permissions import Actor
from services.pivots import Pivot
from services.questions import Chart, Measure, Question
from web import (
    explore_charts,
    explore_export,
    explore_filters,
    explore_rows,
    explore_saved,
    explore_table,
    explore_words,
    filters,
)
from web.explore_snapshot import DIGITS
from web.i18n import _
from web.labels import word


class Own(NamedTuple):
    """What the reader has kept."""

    questions: Sequence[SavedQuestion]
    files: Sequence[KeptFile]


def draw(actor: Actor, snapshot: Snapshot, question: Question, own: Own) -> None:
    with st.spinner(_("正在计算…")):
        pivot = pivots.ask(actor, snapshot, questions.charted(question))
    explore_saved.draw_then_and_now(own.questions, question, pivot)
    if pivot.total is None:
        _draw_nothing(question)
    else:
        _draw_found(actor, question, pivot)
        explore_export.draw(actor, snapshot, question, own.files)
    explore_saved.draw(actor, own.questions, question, pivot)


def _draw_found(actor: Actor, question: Question, pivot: Pivot) -> None:
    _draw_totals(pivot)
    if question.chart is Chart.COMPLETION:
        _draw_completion(actor, pivot.snapshot, question)
    elif question.chart is Chart.PIVOT:
        explore_table.draw(pivot)
    else:
        explore_charts.draw(pivot)
        with st.expander(_("数据表"), icon=":material/table:"):
            explore_table.draw(pivot)
    explore_rows.draw(explored_rows.page(actor, pivot.snapshot, question, after_id=filters.after()))


def _draw_nothing(question: Question) -> None:
    if questions.widened(question) != question:
        st.info(_("没有符合条件的记录。请减少筛选条件，或换一个词查找。"), icon=":material/info:")
        everything = questions.widened(question)
        st.button(_("清除全部条件"), key="ask_everything", on_click=explore_filters.ask, args=(everything,))
    else:
        st.info(_("快照中没有记录：已导入的文件可能已全部撤销。"), icon=":material/info:")


def _draw_totals(pivot: Pivot) -> None:
    if pivot.total is None:
        return
    measures = [Measure.ROWS, Measure.HOURS, Measure.AVERAGE]
    if pivot.total.people is not None:
        measures.insert(1, Measure.PEOPLE)
    with st.grid(len(measures), min_column_width=150):
        for measure in measures:
            st.metric(word(measure), explore_words.figure(pivot.total.told(measure)), border=True)
    st.caption(
        _("结果校验码 %(hash)s：同一快照、同一问题，结果相同。") % {"hash": pivot.digest[:DIGITS]}, help=pivot.digest
    )


def _draw_completion(actor: Actor, snapshot: Snapshot, question: Question) -> None:
    with reading() as session:
        years = legacy_completion.by_year(session, actor, snapshot, question)
    if not years:
        st.info(_("这些年度没有规定学时要求，无法判断是否达标。"), icon=":material/info:")
        return
    if legacy_completion.whole(question) != question:
        st.caption(_("达标按当年全部学时判断，不考虑类别和学时条件。"))
    explore_charts.draw_completion(years, question)
    with st.expander(_("数据表"), icon=":material/table:"):
        explore_table.draw_completion(years)
