"""When a class meets, as rows that can be added and taken away while its form is filled in."""

from collections.abc import Sequence
from datetime import date, timedelta

import streamlit as st

from services.class_sessions import MOST_SESSIONS, SessionForm
from web.i18n import _

EARLIEST = date(2010, 1, 1)
STEP = timedelta(minutes=5)
WIDTHS = (2.4, 1.5, 1.5, 3, 3, 0.8)
FIELDS = ("held_on", "begins", "ends", "topic", "place")


def draw(saved: Sequence[SessionForm], key: str) -> list[SessionForm]:
    """What stands in the rows, those that are empty too."""
    rows = _rows(saved, key)
    forms = [_draw_row(row, key, saved[row] if row < len(saved) else SessionForm()) for row in rows]
    st.button(
        _("添加一次课"),
        icon=":material/add:",
        key=f"add_session_{key}",
        on_click=_add,
        args=(rows, key),
        disabled=len(rows) >= MOST_SESSIONS,
        help=_("新的一行沿用上一行的时间和地点，日期顺延一天。"),
    )
    return forms


def _rows(saved: Sequence[SessionForm], key: str) -> list[int]:
    """Which rows there are: the saved ones by their place, then those that were added."""
    rows: list[int] = st.session_state.setdefault(_named("rows", key), list(range(max(len(saved), 1))))
    return rows


def _named(field: str, key: str, row: int | None = None) -> str:
    return f"session_{field}_{key}" if row is None else f"session_{field}_{key}_{row}"


def _draw_row(row: int, key: str, saved: SessionForm) -> SessionForm:
    with st.container(border=True):
        on, begins, ends, topic, place, remove = st.columns(WIDTHS, vertical_alignment="bottom")
        values = (
            on.date_input(
                _("日期"),
                saved.held_on,
                min_value=date(2000, 1, 1),
                key=_named("held_on", key, row),
                format="YYYY-MM-DD",
            ),
            begins.time_input(_("开始时间"), saved.begins, key=_named("begins", key, row), step=STEP),
            ends.time_input(_("结束时间"), saved.ends, key=_named("ends", key, row), step=STEP),
            topic.text_input(
                _("上课内容（选填）"), saved.topic, key=_named("topic", key, row), max_chars=100, on_change="ignore"
            ),
            place.text_input(
                _("地点（选填）"),
                saved.place,
                key=_named("place", key, row),
                max_chars=100,
                on_change="ignore",
                placeholder=_("不填则同培训班"),
            ),
        )
        remove.button(
            "",
            icon=":material/delete:",
            type="tertiary",
            key=_named("remove", key, row),
            on_click=_remove,
            args=(row, key),
            help=_("移除这次课"),
        )
    return SessionForm(*values)


def _add(rows: list[int], key: str) -> None:
    """Most classes go on at the same time on the next day."""
    new = max(rows, default=-1) + 1
    if rows:
        last = {field: st.session_state.get(_named(field, key, rows[-1])) for field in FIELDS}
        if last["held_on"]:
            last["held_on"] += timedelta(days=1)
        for field in ("held_on", "begins", "ends", "place"):
            st.session_state[_named(field, key, new)] = last[field]
    st.session_state[_named("rows", key)] = [*rows, new]


def _remove(row: int, key: str) -> None:
    name = _named("rows", key)
    st.session_state[name] = [each for each in st.session_state[name] if each != row]
