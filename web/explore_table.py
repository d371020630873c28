"""The figures of a question as a table; a click on one asks about its groups alone."""

from collections.abc import Sequence
from functools import partial
from zlib import crc32

import streamlit as st

from services import questions
from services.legacy_completion import YearCompletion
from services.pivots import TOTAL, Pivot
from services.questions import Dimension
from services.rules import plain
from web import explore_charts, explore_words
from web.i18n import _
from web.labels import word
from web.tables import HEIGHT, MOST_ROWS


def draw(pivot: Pivot) -> None:
    question = pivot.question
    rows, columns = [*pivot.rows, TOTAL], [*pivot.columns, TOTAL]
    named = [explore_words.of_key(question.columns, column) for column in columns]
    first, *titles = explore_words.apart([word(question.rows), *named])
    key = f"table_{crc32(repr(questions.words(question)).encode())}"
    st.dataframe(
        [
            {first: explore_words.of_key(question.rows, row)}
            | {
                title: explore_words.figure(pivot.told(row, column))
                for title, column in zip(titles, columns, strict=True)
            }
            for row in rows
        ],
        height=HEIGHT if len(rows) > MOST_ROWS else "auto",
        key=key,
        hide_index=True,
        column_config={
            first: st.column_config.TextColumn(pinned=True),
            **{title: st.column_config.TextColumn(alignment="right") for title in titles},
        },
        on_select=partial(_ask_about_cell, key, pivot, [first, *titles]),
        selection_mode="single-cell",
        alt=_("数据表"),
    )


def _ask_about_cell(key: str, pivot: Pivot, titles: Sequence[str]) -> None:
    rows, columns = [*pivot.rows, TOTAL], ["", *pivot.columns, TOTAL]
    for position, title in st.session_state[key]["selection"]["cells"][:1]:
        column = columns[titles.index(title)]
        groups = {pivot.question.rows: rows[position]}
        if pivot.question.columns and column not in ("", TOTAL):
            groups[pivot.question.columns] = column
        explore_charts.open_group(pivot.question, groups)


def draw_completion(years: Sequence[YearCompletion]) -> None:
    st.dataframe(
        [
            {
                word(Dimension.YEAR): str(year.year),
                _("达标率（%）"): f"{year.share:.1f}",
                _("达标人数"): f"{year.met:,}",
                _("未达标人数"): f"{year.people - year.untold - year.met:,}",
                _("无法判断"): f"{year.untold:,}",
                _("当年要求"): " / ".join(plain(hours) for hours in year.asked.values()),
            }
            for year in years
        ],
        hide_index=True,
        alt=_("数据表"),
    )
