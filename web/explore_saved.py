"""Questions that were kept: asked again by a click, with the answer then beside the one now."""

from collections.abc import Sequence

import streamlit as st

from db.snapshots import SavedQuestion
from services import questions, saved_questions
from services.fields import LONGEST_NAME
from services.permissions import Actor
from services.pivots import Pivot
from services.questions import Question
from web import explore_filters, filters
from web.command import command
from web.i18n import _
from web.text import escape_markdown
from web.times import local_time

SAVED = "saved"


def draw(actor: Actor, kept: Sequence[SavedQuestion], question: Question, answer: Pivot) -> None:
    with st.expander(_("已保存的问题（%(count)s）") % {"count": len(kept)}, icon=":material/bookmarks:"):
        if not kept:
            st.caption(_("还没有保存过问题。把常用的筛选条件和图表保存下来，以后可以一键重算。"))
        for saved in kept:
            _draw_saved(actor, saved)
        _draw_form(actor, question, answer)


def _draw_saved(actor: Actor, saved: SavedQuestion) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            escape_markdown(saved.name),
            icon=":material/replay:",
            key=f"ask_{saved.id}",
            on_click=_ask_again,
            args=(saved.id, questions.understood(saved.words)),
        )
        st.caption(
            _("%(time)s 保存，当时结果 %(figure)s") % {"time": local_time(saved.saved_at), "figure": saved.figure}
        )
        with st.popover(_("删除"), icon=":material/delete:"):
            st.markdown(_("删除后不能恢复，数据不受影响。"))
            if st.button(_("确认删除"), key=f"delete_{saved.id}"):
                with command(_("已删除保存的问题。")) as session:
                    saved_questions.delete(session, actor, saved.id)


def _ask_again(number: int, question: Question) -> None:
    explore_filters.ask(question)
    filters.show(**{SAVED: number})


def _draw_form(actor: Actor, question: Question, answer: Pivot) -> None:
    with st.form("save_question", border=False):
        name = st.text_input(_("问题名称"), max_chars=LONGEST_NAME, key="question_name")
        if st.form_submit_button(_("保存当前问题"), icon=":material/bookmark_add:"):
            with command(_("已保存问题。")) as session:
                saved_questions.save(session, actor, name, question, answer)


def draw_then_and_now(kept: Sequence[SavedQuestion], question: Question, answer: Pivot) -> None:
    """When the question is the one that was opened, unchanged."""
    number = filters.number(SAVED)
    saved = next((each for each in kept if each.id == number), None)
    if saved is None or questions.understood(saved.words) != question:
        return
    said = {
        "name": saved.name,
        "time": local_time(saved.saved_at),
        "snapshot": saved.snapshot_id,
        "then": saved.figure,
        "now": saved_questions.figure(answer),
    }
    if saved.figure_hash == answer.digest:
        text = _("“%(name)s”：%(time)s 的结果为 %(then)s，现在完全相同。")
        st.success(escape_markdown(text % said), icon=":material/check_circle:")
    else:
        text = _("“%(name)s”：%(time)s（快照 %(snapshot)s）的结果为 %(then)s，现在为 %(now)s；数据已有变化。")
        st.warning(escape_markdown(text % said), icon=":material/difference:")
