"""Filters that live in the address, so that a view can be linked to, reloaded and gone back to.

Written as codes: Streamlit's own binding would write the words of the reader's language, which the other language does
not know. The address is the truth, and the widgets show what it says.
"""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

import streamlit as st

from web.i18n import _
from web.labels import word

Code = TypeVar("Code", bound=StrEnum)
VIEW, STATUS, TEXT, OPENED, AFTER = "view", "status", "text", "id", "after"
YEAR, LACKING = "year", "lacking"
SHOWN = "shown_row"


def view(offered: Collection[str]) -> str:
    """The view in the address; the first one offered if there is none."""
    given = st.query_params.get(VIEW)
    return next((code for code in offered if code == given), next(iter(offered)))


def status(offered: Sequence[Code]) -> Code:
    """The status in the address; the first one offered if there is none."""
    given = st.query_params.get(STATUS)
    return next((code for code in offered if code == given), offered[0])


def text() -> str:
    return st.query_params.get(TEXT, "").strip()


def opened(page: str = "") -> int | None:
    """The row whose details are shown: the one in the address, or the one that this view has come to since.

    Without that memory a row that a colleague has dealt with would give way to another one under the reader's eyes.
    """
    view, shown = st.session_state.get(SHOWN, ("", 0))
    return shown if view == _view(page) else _number(OPENED)


def remember_opened(page: str, number: int) -> None:
    st.session_state[SHOWN] = (_view(page), number)


def _view(page: str) -> str:
    return repr((page, sorted(st.query_params.to_dict().items())))


def after() -> int:
    """The last row of the page before; 0 at the beginning."""
    return _number(AFTER) or 0


def _number(name: str) -> int | None:
    given = st.query_params.get(name, "")
    return int(given) if given.isdecimal() and len(given) <= len(str(2**63 - 1)) - 1 else None


def show(**changes: str | int) -> None:
    """Other rows begin with their first page and first row, unless told otherwise; for callbacks too."""
    kept = {name: st.query_params.get(name, "") for name in (VIEW, STATUS, TEXT, YEAR, LACKING)}
    wanted = {**kept, **{name: str(value) for name, value in changes.items()}}
    st.query_params.from_dict({name: value for name, value in wanted.items() if value})


def open_row(number: int) -> None:
    st.query_params[OPENED] = str(number)


def draw_view(words: Mapping[str, str], chosen: str) -> None:
    st.session_state["view_filter"] = chosen
    st.segmented_control(
        _("视图"),
        list(words),
        required=True,
        format_func=words.__getitem__,
        key="view_filter",
        label_visibility="collapsed",
        on_change=_show_view,
    )


def _show_view() -> None:
    show(view=st.session_state["view_filter"], status="", text="")


def draw_choice(name: str, label: str, words: Mapping[str, str], chosen: str) -> None:
    """`words` by what stands in the address."""
    key = f"{name}_filter"
    st.session_state[key] = str(chosen)  # a code among plain texts confuses the widget
    st.selectbox(
        label, list(words), format_func=words.__getitem__, key=key, on_change=_show_choice, args=(name,), width=180
    )


def _show_choice(name: str) -> None:
    show(**{name: st.session_state[f"{name}_filter"]})


def draw_status(offered: Sequence[Code], chosen: Code, counts: Mapping[Code, int]) -> None:
    st.session_state["status_filter"] = chosen
    st.segmented_control(
        _("状态"),
        offered,
        required=True,
        format_func=lambda code: f"{word(code)} {counts.get(code, 0)}",
        key="status_filter",
        label_visibility="collapsed",
        on_change=_show_status,
    )


def _show_status() -> None:
    show(status=st.session_state["status_filter"])


def draw_text(label: str, placeholder: str) -> None:
    st.session_state["text_filter"] = text()
    st.text_input(
        label,
        key="text_filter",
        type="search",
        placeholder=placeholder,
        label_visibility="collapsed",
        width=360,
        on_change=_show_text,
    )


def _show_text() -> None:
    show(text=st.session_state["text_filter"].strip())
