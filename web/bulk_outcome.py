"""What became of the rows that were decided about with one click."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import streamlit as st

from services.errors import DomainError
from services.one_by_one import Outcome
from web import memory, pause, refusals, worklist
from web.command import refuse, undisturbed
from web.facts import with_label
from web.i18n import _, explain
from web.text import escape_markdown

RESULT = "bulk_result"
# What a row is called, for those that were refused.
Names = Callable[[Sequence[int]], Mapping[int, str]]


def carry_out(waiting: str, decide: Callable[[], Sequence[Outcome]], names: Names) -> None:
    """Nothing is drawn from the first row to the result, so that no other click ends it halfway."""
    memory.forget()
    try:
        with st.spinner(waiting):
            result = _result(decide(), names)
            undisturbed(partial(_note, result))
    except DomainError as refusal:
        refusals.note(refusal)
        refuse(refusal)
    else:
        st.rerun()


def _note(result: tuple[int, list[str]]) -> None:
    st.session_state[RESULT] = result
    worklist.forget_chosen()
    pause.begin()


def _result(outcomes: Sequence[Outcome], names: Names) -> tuple[int, list[str]]:
    """How many were decided, and a line for each that was not."""
    refused = {outcome.number: outcome.refusal for outcome in outcomes if outcome.refusal}
    for refusal in refused.values():
        refusals.note(refusal)
    known = names(list(refused)) if refused else {}
    unknown = _("第 %(number)s 号记录")
    lines = [
        with_label(known.get(number, unknown % {"number": number}), explain(refusal))
        for number, refusal in refused.items()
    ]
    return len(outcomes) - len(refused), lines


def draw(said: str) -> None:
    """Stays until it was read; `said` is a sentence about the `count` that were decided."""
    if RESULT not in st.session_state:
        return
    done, refused = st.session_state[RESULT]
    with st.container(border=True):
        if done:
            st.success(said % {"count": done}, icon=":material/task_alt:")
        if refused:
            head = _("以下 %(count)s 条没有审核，原因如下：") % {"count": len(refused)}
            lines = "\n".join(f"- {escape_markdown(line)}" for line in refused)
            st.error(f"{head}\n\n{lines}", icon=":material/error:")
        st.button(_("知道了"), key="bulk_result_read", on_click=_dismiss)


def _dismiss() -> None:
    st.session_state.pop(RESULT, None)
