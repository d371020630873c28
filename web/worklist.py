"""A page of rows of which one is open, with its details and decision below."""

from collections.abc import Mapping, Sequence
from functools import partial
from zlib import crc32

import streamlit as st

from web import filters
from web.i18n import _

MOST_ROWS = 5
# Of more rows the next one is cut, so that one sees that the list goes on.
HEIGHT = 220
# The list, how often it was drawn anew (a grid that is drawn keeps its marks), and its ticked rows with their versions.
CHOSEN = "chosen_rows"
NOTHING: tuple[str, int, Mapping[int, int]] = ("", 0, {})


def draw(
    rows: Mapping[int, Mapping[str, object]],
    opened: int | None,
    *,
    alt: str,
    widths: Mapping[str, int] | None = None,
) -> None:
    """`rows` by their number, which goes into the address when a row is clicked.

    `widths` in pixels, for columns that hold nothing in the rows one sees first, by which the grid would go.
    """
    numbers = list(rows)
    # A click tells a position. Under this key a position can never mean a row of an earlier list.
    key = f"worklist_{crc32(repr(numbers).encode())}"
    marked = [position for position, number in enumerate(numbers) if number == opened]
    st.dataframe(
        list(rows.values()),
        height=HEIGHT if len(rows) > MOST_ROWS else "auto",
        key=key,
        on_select=partial(_open, key, numbers),
        selection_mode="single-row",
        selection_default={"selection": {"rows": marked, "columns": [], "cells": []}},
        hide_index=True,
        column_config={name: st.column_config.Column(width=width) for name, width in (widths or {}).items()},
        alt=alt,
    )


def draw_to_choose(
    rows: Mapping[int, Mapping[str, object]], versions: Mapping[int, int], opened: int | None, *, alt: str
) -> Mapping[int, int]:
    """Like `draw`, with a box before each row: which rows were ticked, each with the version that was shown then."""
    numbers, ticked = list(rows), chosen()
    key = f"worklist_{crc32(repr((numbers, _times_drawn_anew())).encode())}"
    boxes = [position for position, number in enumerate(numbers) if number in ticked]
    marked = [(position, next(iter(rows[number]))) for position, number in enumerate(numbers) if number == opened]
    st.space("small")  # a grid with a marked cell always shows its tools above itself
    st.dataframe(
        list(rows.values()),
        height=HEIGHT if len(rows) > MOST_ROWS else "auto",
        key=key,
        on_select=partial(_choose, key, versions),
        selection_mode=["multi-row", "single-cell"],
        selection_default={"selection": {"rows": boxes, "columns": [], "cells": marked}},
        hide_index=True,
        alt=alt,
    )
    return ticked


def _choose(key: str, versions: Mapping[int, int]) -> None:
    """One click either ticks or opens; the grid tells both every time."""
    selection, numbers = st.session_state[key]["selection"], list(versions)
    ticked = {numbers[position]: versions[numbers[position]] for position in selection["rows"]}
    if ticked.keys() != chosen().keys():
        st.session_state[CHOSEN] = (filters.of_list(), _times_drawn_anew(), ticked)
        return
    for position, _column in selection["cells"]:
        filters.open_row(numbers[position])


def chosen() -> Mapping[int, int]:
    """Also rows that have left the list since: whoever ticked them hears what became of them."""
    of_list, _number, ticked = st.session_state.get(CHOSEN, NOTHING)
    return ticked if of_list == filters.of_list() else {}


def forget_chosen() -> None:
    """The boxes are empty, even if the rows are the same."""
    st.session_state[CHOSEN] = (filters.of_list(), _times_drawn_anew() + 1, {})


def open_elsewhere(number: int) -> None:
    """Open a row by another way than a click into the list, which then marks it."""
    st.session_state[CHOSEN] = (filters.of_list(), _times_drawn_anew() + 1, chosen())
    filters.open_row(number)


def _times_drawn_anew() -> int:
    number: int = st.session_state.get(CHOSEN, NOTHING)[1]
    return number


def _open(key: str, numbers: Sequence[int]) -> None:
    for position in st.session_state[key]["selection"]["rows"]:
        filters.open_row(numbers[position])


def draw_pages(shown: int, page_size: int, following: str | int) -> None:
    """`following` is the key from which the next page goes on."""
    is_first, is_full = filters.AFTER not in st.query_params, shown == page_size
    if is_first and not is_full:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if not is_first:
            st.button(_("回到第一页"), icon=":material/first_page:", on_click=filters.show)
        if is_full:
            st.button(
                _("下一页"), icon=":material/chevron_right:", on_click=filters.show, kwargs={filters.AFTER: following}
            )
        st.caption(_("本页 %(count)s 条") % {"count": shown})
