"""The classes of a provider, one card each, and the way to a new one."""

from collections.abc import Mapping, Sequence

import streamlit as st

from db.classes import ClassStatus, CourseClass
from services import classes
from web import filters, worklist
from web.class_view import draw_heading
from web.i18n import _
from web.labels import word

NEW = "new"


def draw(listed: Sequence[CourseClass], counts: Mapping[ClassStatus, int], status: ClassStatus | None) -> None:
    _draw_tools(counts, status)
    for each in listed:
        _draw_card(each)
    if listed:
        worklist.draw_pages(len(listed), classes.PAGE_SIZE, listed[-1].id)
    elif not counts:
        st.info(
            _("还没有培训班。点击“新建培训班”，填写内容和上课安排；保存后可以继续修改，发布后人员才能看到。"),
            icon=":material/co_present:",
        )
    else:
        st.info(_("没有符合条件的培训班，请减少条件。"), icon=":material/filter_alt_off:")


def _draw_tools(counts: Mapping[ClassStatus, int], status: ClassStatus | None) -> None:
    words = {"": _("全部状态"), **{code.value: f"{word(code)} {counts.get(code, 0)}" for code in ClassStatus}}
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        if st.button(_("新建培训班"), type="primary", icon=":material/add:"):
            filters.show(**{filters.CLASS: NEW})
            st.rerun()
        with st.container(horizontal=True, width="content", vertical_alignment="bottom"):
            filters.draw_choice(filters.STATUS, _("状态"), words, status or "")
            filters.draw_text(_("查找培训班"), _("名称或编号中的字"))


def _draw_card(course_class: CourseClass) -> None:
    with st.container(border=True):
        said, button = st.columns([5, 1], vertical_alignment="center")
        with said:
            draw_heading(course_class)
        label = _("继续编制") if course_class.status is ClassStatus.DRAFT else _("查看")
        if button.button(label, key=f"open_{course_class.id}", width="stretch"):
            filters.show(**{filters.CLASS: course_class.id})
            st.rerun()
