"""Filters that live in the address, so that a view can be linked to, reloaded and gone back to.

Written as codes: Streamlit's own binding would write the words of the reader's language, which the other language does
not know. The address is the truth, and the widgets show what it says.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import partial
from typing import TypeVar

import streamlit as st

from services import fields
from web.i18n import _
from web.labels import word

Code = TypeVar("Code", bound=StrEnum)
Word = TypeVar("Word", bound=str)
VIEW, STATUS, TEXT, OPENED, AFTER = "view", "status", "text", "id", "after"
ORDER, CATEGORY, FLAG, WAITED, LEVEL = "order", "category", "flag", "waited", "level"
YEAR, LACKING, AUDIT = "year", "lacking", "audit"
CLASS = "class"
FROM, UNTIL = "from", "until"
SHOWN = "shown_row"
NARROW, WIDE = 180, 360  # pixels
EARLIEST, LATEST = date(1990, 1, 1), date(2199, 12, 31)


def view(offered: Collection[str]) -> str:
    """The view in the address; the first one offered if there is none."""
    return choice(VIEW, offered) or next(iter(offered))


def status(offered: Sequence[Code]) -> Code:
    """The status in the address; the first one offered if there is none."""
    return choice(STATUS, offered) or offered[0]


def choice(name: str, offered: Iterable[Word]) -> Word | None:
    """What the address says under a name, if it is among what is offered."""
    given = st.query_params.get(name)
    return next((code for code in offered if code == given), None)


def text(name: str = TEXT) -> str:
    return st.query_params.get(name, "").strip()


def day(name: str) -> date | None:
    return day_of(st.query_params.get(name, ""))


def day_of(text: str) -> date | None:
    try:
        given = date.fromisoformat(text)
    except ValueError:
        return None
    return given if EARLIEST <= given <= LATEST else None


def opened(page: str = "") -> int | None:
    """The row whose details are shown: the one in the address, or the one that this view has come to since.

    Without that memory a row that a colleague has dealt with would give way to another one under the reader's eyes.
    """
    view, shown = st.session_state.get(SHOWN, ("", 0))
    return shown if view == _view(page) else number(OPENED)


def remember_opened(page: str, number: int) -> None:
    st.session_state[SHOWN] = (_view(page), number)


def _view(page: str) -> str:
    return repr((page, sorted(st.query_params.to_dict().items())))


def of_list() -> str:
    """Tells the list that is shown from any other, whichever of its rows is open."""
    return repr(sorted(item for item in st.query_params.to_dict().items() if item[0] != OPENED))


def after() -> int:
    """The last row of the page before; 0 at the beginning."""
    return number(AFTER) or 0


def number(name: str) -> int | None:
    return fields.row_number(st.query_params.get(name, ""))


def show(**changes: str | int) -> None:
    """Other rows begin with their first page and first row, unless told otherwise; for callbacks too."""
    kept = {name: value for name, value in st.query_params.to_dict().items() if name not in {OPENED, AFTER}}
    wanted = {**kept, **{name: str(value) for name, value in changes.items()}}
    st.query_params.from_dict({name: value for name, value in wanted.items() if value})


def open_row(number: int) -> None:
    st.query_params[OPENED] = str(number)


def draw_view(words: Mapping[str, str], chosen: str) -> None:
    """Each view has filters of its own, so the others leave the address."""
    _draw_segments(VIEW, _("视图"), words, chosen, _show_view)


def _show_view(name: str, key: str) -> None:
    st.query_params.from_dict({name: st.session_state[key]})


def draw_choice(name: str, label: str, words: Mapping[str, str], chosen: str) -> None:
    """`words` by what stands in the address."""
    key = f"{name}_filter"
    st.session_state[key] = str(chosen)  # a code among plain texts confuses the widget
    change = partial(_show_given, name, key)
    st.selectbox(label, list(words), format_func=words.__getitem__, key=key, on_change=change, width=NARROW)


def _show_given(name: str, key: str) -> None:
    show(**{name: st.session_state[key].strip()})


def draw_status(offered: Sequence[Code], chosen: Code, counts: Mapping[Code, int] | None = None) -> None:
    """With the number of rows in each, where that is counted."""
    words = {code.value: word(code) if counts is None else f"{word(code)} {counts.get(code, 0)}" for code in offered}
    draw_segments(STATUS, _("状态"), words, chosen)


def draw_segments(name: str, label: str, words: Mapping[str, str], chosen: str) -> None:
    """Like `draw_choice`, for a few of which all stay in sight."""
    _draw_segments(name, label, words, chosen, _show_given)


def _draw_segments(
    name: str, label: str, words: Mapping[str, str], chosen: str, change: Callable[[str, str], None]
) -> None:
    key = f"{name}_filter"
    st.session_state[key] = str(chosen)
    st.segmented_control(
        label,
        list(words),
        required=True,
        format_func=words.__getitem__,
        key=key,
        label_visibility="collapsed",
        on_change=partial(change, name, key),
    )


def draw_text(label: str, placeholder: str, name: str = TEXT, *, width: int = WIDE) -> None:
    key = f"{name}_filter"
    st.session_state[key] = text(name)
    st.text_input(
        label,
        key=key,
        type="search",
        placeholder=placeholder,
        label_visibility="collapsed",
        width=width,
        on_change=partial(_show_given, name, key),
    )


def draw_day(name: str, label: str, day: date | None) -> None:
    key = f"{name}_filter"
    st.session_state[key] = day
    st.date_input(
        label,
        key=key,
        min_value=EARLIEST,
        max_value=LATEST,
        format="YYYY-MM-DD",
        on_change=partial(_show_day, name, key),
        width=NARROW,
    )


def _show_day(name: str, key: str) -> None:
    shown: date | None = st.session_state[key]
    show(**{name: shown.isoformat() if shown else ""})
