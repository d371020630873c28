"""登记学时: what it would do, what stands in its way, and its progress while it runs."""

import streamlit as st

from db import transaction
from db.classes import CourseClass
from services import completion
from services.completion import Outlook, StillOpen, Undecided
from services.errors import DomainError
from services.permissions import Actor
from web import filters, memory, refusals
from web.command import refuse, say_when_drawn
from web.i18n import _, explain
from web.long_work import following
from web.navigation import link
from web.text import escape_markdown

# Where what stands in the way can be done.
ELSEWHERE: dict[type[DomainError], str] = {StillOpen: "provider/classes", Undecided: "provider/enrolments"}


def draw(actor: Actor, course_class: CourseClass, outlook: Outlook) -> None:
    st.header(_("登记学时"), anchor=False)
    figures = {
        _("登记全部学时"): outlook.all_hours,
        _("登记部分学时"): outlook.some_hours,
        _("不登记学时（未结业）"): outlook.no_hours,
    }
    with st.grid(len(figures), min_column_width=180):
        for name, count in figures.items():
            st.metric(name, count, border=True)
    terms = {"percent": course_class.attendance_needed}
    st.caption(
        _("按出勤时间折算，不足半学时舍去；出勤不足 %(percent)s%% 的不结业，考试不合格的不结业。") % terms
        if course_class.has_exam
        else _("按出勤时间折算，不足半学时舍去；出勤不足 %(percent)s%% 的不结业。") % terms
    )
    for obstacle in outlook.obstacles:
        st.warning(escape_markdown(explain(obstacle)), icon=":material/block:")
        if type(obstacle) in ELSEWHERE:
            link(ELSEWHERE[type(obstacle)], view={filters.CLASS: str(course_class.id)})
    if not outlook.obstacles:
        _draw_button(actor, course_class, outlook)


def _draw_button(actor: Actor, course_class: CourseClass, outlook: Outlook) -> None:
    with st.popover(_("登记学时"), icon=":material/verified:", type="primary"):
        st.markdown(
            _("将为 **%(count)s** 人登记结业结果，学时立即计入本人的年度学时，培训班结业。以后可以逐人更正。")
            % {"count": outlook.people}
        )
        pressed = st.button(_("确认登记学时"), type="primary", key=f"post_{course_class.id}")
    if pressed:
        _post(actor, course_class)


def _post(actor: Actor, course_class: CourseClass) -> None:
    """If the page is closed in the middle, pressing again goes on with those who are left."""
    memory.forget()
    try:
        with following(_("正在登记学时，请不要关闭页面…")) as show:
            left = completion.post(transaction, actor, course_class.id, on_progress=show)
    except DomainError as refusal:
        refusals.note(refusal)
        refuse(refusal)
        return
    if left:
        say_when_drawn(_("已登记；您本人的学时须由本机构其他人员登记。"))
    else:
        say_when_drawn(_("学时已登记，培训班已结业。"))
    st.rerun()
