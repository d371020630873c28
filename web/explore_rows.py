"""The rows behind the figures, as they stand in the snapshot."""

from collections.abc import Mapping, Sequence

import streamlit as st

from db.claims import Category
from db.legacy import LegacyKind
from services import explored_rows
from services.explored_rows import ExploredRow
from services.questions import Dimension, RowMatch
from services.rules import plain
from web import explore_words, worklist
from web.i18n import _
from web.labels import word

HEIGHT, MOST_ROWS = 400, 10


def draw(rows: Sequence[ExploredRow]) -> None:
    st.subheader(_("记录"), anchor=False)
    if not rows:
        st.caption(_("没有更多记录。"))
        return
    st.dataframe(
        [shown(row) for row in rows],
        height=HEIGHT if len(rows) > MOST_ROWS else "auto",
        hide_index=True,
        column_config={_("姓名"): st.column_config.TextColumn(pinned=True)},
        alt=_("记录"),
    )
    worklist.draw_pages(len(rows), explored_rows.PAGE_SIZE, rows[-1].id)


def shown(row: ExploredRow) -> Mapping[str, object]:
    """By the titles of columns, in words; empty where the row says nothing."""
    return {
        _("姓名"): row.name,
        _("证件号码"): row.id_number_masked,
        word(Dimension.EMPLOYER): row.employer,
        word(Dimension.DIVISION): explore_words.of_key(Dimension.DIVISION, row.division) if row.division else "",
        word(Dimension.YEAR): str(row.year),
        word(Dimension.KIND): word(LegacyKind(row.kind)),
        word(Dimension.CATEGORY): word(Category(row.category)) if row.category else "",
        _("学时"): plain(row.hours),
        **{word(each): _hours(row, each) for each in Category},
        _("课程名称"): row.title,
        _("证书编号"): row.number,
        _("开始日期"): row.starts_on,
        _("结束日期"): row.ends_on,
        word(Dimension.RESULT): row.result,
        word(Dimension.MATCH): word(RowMatch(row.match)),
        word(Dimension.SYSTEM): row.system,
        _("文件"): row.file,
        _("行"): str(row.line),
    }


def _hours(row: ExploredRow, category: Category) -> str:
    hours = getattr(row, category.value)
    return "" if hours is None else plain(hours)
