"""The rows behind the figures, as they stand in the snapshot."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cache

import streamlit as st

from db.claims import Category
from db.legacy import LegacyKind, LegacyMatch
from services import divisions, explored_rows
from services.explored_rows import ExploredRow
from services.questions import Dimension
from services.rules import plain
from services.workbooks import Content
from web import tables, worklist
from web.i18n import _
from web.labels import word


def draw(rows: Sequence[ExploredRow]) -> None:
    st.header(_("记录"), anchor=False)
    if not rows:
        st.caption(_("没有更多记录。"))
        return
    named, told = titles(), cells()
    tables.draw([dict(zip(named, map(_shown, told(row)), strict=True)) for row in rows], alt=_("记录"))
    worklist.draw_pages(len(rows), explored_rows.PAGE_SIZE, rows[-1].id)


def _shown(content: Content) -> Content:
    return plain(content) if isinstance(content, Decimal) else content


def titles() -> list[str]:
    return [
        _("姓名"),
        _("证件号码"),
        word(Dimension.EMPLOYER),
        word(Dimension.DIVISION),
        word(Dimension.YEAR),
        word(Dimension.KIND),
        word(Dimension.CATEGORY),
        _("学时"),
        *(word(each) for each in Category),
        _("课程名称"),
        _("证书编号"),
        _("开始日期"),
        _("结束日期"),
        word(Dimension.RESULT),
        word(Dimension.MATCHING),
        word(Dimension.SYSTEM),
        _("文件"),
        _("行"),
    ]


def cells() -> Callable[[ExploredRow], Sequence[Content]]:
    """In the order of the titles; the words are looked up once, before the rows are read."""
    kinds = {code.value: word(code) for code in LegacyKind}
    categories = {"": "", **{code.value: word(code) for code in Category}}
    matches = {code.value: word(code) for code in LegacyMatch}
    place = cache(divisions.name)

    def told(row: ExploredRow) -> Sequence[Content]:
        return [
            row.name,
            row.id_number_masked,
            row.employer,
            place(row.division) if row.division else "",
            str(row.year),
            kinds[row.kind],
            categories[row.category],
            row.hours,
            *(row.general, row.professional, row.elective),
            row.title,
            row.number,
            row.starts_on,
            row.ends_on,
            row.result,
            matches[row.matching],
            row.system,
            row.file,
            str(row.line),
        ]

    return told
