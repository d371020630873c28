"""A class as everybody sees it who may: what it teaches, when and where, its attachments, and its way so far."""

from collections.abc import Callable

import streamlit as st

from db.classes import ClassFile, ClassSession, ClassStep, CourseClass
from services import divisions
from services.rules import plain
from web.facts import with_label
from web.i18n import _
from web.labels import badge_text, label, word
from web.text import escape_markdown
from web.times import local_time

FILES = "/files/classes"
COLUMN = 220
DrawTools = Callable[[ClassFile], None]


def draw_heading(course_class: CourseClass) -> None:
    """Status, name, what it counts for, when it is held and how full it is: enough to tell one class from another."""
    lines = [f"{badge_text(course_class.status)} **{escape_markdown(course_class.name)}**", _what(course_class)]
    lines += [f":gray[{text}]" for text in (_when(course_class), _seats(course_class)) if text]
    if course_class.opinion:
        lines.append(f":material/rate_review: {with_label(_('取消原因'), escape_markdown(course_class.opinion))}")
    st.markdown("  \n".join(lines))


def _what(course_class: CourseClass) -> str:
    hours = _("%(hours)s 学时") % {"hours": plain(course_class.hours)} if course_class.hours else ""
    category = word(course_class.category) if course_class.category else ""
    said = [course_class.code or "", category, hours, word(course_class.mode)]
    return f":gray[{' · '.join(filter(None, said))}]"


def _when(course_class: CourseClass) -> str:
    if course_class.start_on is None or course_class.end_on is None:
        return ""
    span = {"start": course_class.start_on, "end": course_class.end_on}
    several = course_class.start_on < course_class.end_on
    return with_label(_("上课日期"), _("%(start)s 至 %(end)s") % span if several else f"{course_class.start_on}")


def _seats(course_class: CourseClass) -> str:
    if course_class.capacity is None:
        return ""
    numbers = {"taken": course_class.taken, "capacity": course_class.capacity}
    return _("已占 %(taken)s / %(capacity)s 个名额") % numbers


def draw_particulars(course_class: CourseClass) -> None:
    """Of a class loaded with its divisions and audience."""
    audience = [word(each.series) for each in course_class.audience]
    served = [divisions.name(each.division) for each in course_class.divisions]
    facts = {
        _("报名时间"): _enrolment(course_class),
        _("服务区划"): _("、").join(served),
        _("适用职称系列"): _("、").join(audience) or _("不限"),
        _("上课地点"): course_class.place,
        _("授课教师"): course_class.teacher,
        _("培训费"): _fee(course_class.fee_fen),
        _("结业条件"): _condition(course_class),
        _("联系人"): course_class.contact_name,
        _("联系电话"): course_class.contact_phone,
    }
    with st.grid(3, min_column_width=COLUMN):
        for name, value in facts.items():
            st.markdown(f":gray[{name}]  \n{escape_markdown(value or _('未填写'))}")
    if course_class.description:
        st.text(course_class.description)


def _enrolment(course_class: CourseClass) -> str:
    if course_class.enrol_from is None or course_class.enrol_until is None:
        return ""
    span = {"start": local_time(course_class.enrol_from), "end": local_time(course_class.enrol_until)}
    return _("%(start)s 至 %(end)s") % span


def _fee(fen: int) -> str:
    return _("%(yuan)s 元（由施教机构收取）") % {"yuan": f"{fen / 100:.2f}"} if fen else _("免费")


def _condition(course_class: CourseClass) -> str:
    present = _("出勤率达到 %(percent)s%%") % {"percent": course_class.attendance_needed}
    return present + _("，并考试合格") if course_class.has_exam else present


def draw_sessions(course_class: CourseClass) -> None:
    """Of a class loaded with its sessions."""
    st.markdown(f"**{_('上课安排')}**")
    if not course_class.sessions:
        st.caption(_("还没有上课安排。"))
        return
    st.dataframe([_row(course_class, each) for each in course_class.sessions], hide_index=True, alt=_("上课安排"))


def _row(course_class: CourseClass, session: ClassSession) -> dict[str, str]:
    return {
        _("日期"): f"{session.held_on}",
        _("时间"): f"{session.begins:%H:%M}–{session.ends:%H:%M}",
        _("上课内容"): session.topic,
        _("上课地点"): session.place or course_class.place,
    }


def draw_files(course_class: CourseClass, draw_tools: DrawTools | None = None) -> None:
    """Of a class loaded with its files; `draw_tools` adds what its provider may do to one."""
    for file in course_class.files:
        here = f"{FILES}/{int(file.id)}"
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(file.file_name, width="content")
            st.link_button(_("新窗口打开"), f"{here}/inline", icon=":material/open_in_new:", type="tertiary")
            st.link_button(_("下载"), here, icon=":material/download:", type="tertiary")
            if draw_tools:
                draw_tools(file)


def draw_steps(course_class: CourseClass) -> None:
    """The way of a class, loaded with its steps, the newest last."""
    st.markdown(f"**{_('办理过程')}**")
    for step in course_class.steps:
        st.markdown(_step(step))


def _step(step: ClassStep) -> str:
    colour = label(step.to_status).colour
    lines = [f":{colour}[:material/radio_button_checked:] **{word(step.action)}** {badge_text(step.to_status)}"]
    lines.append(f":gray[{local_time(step.at)} · {escape_markdown(step.actor_name)}]")
    if step.opinion:
        lines.append(with_label(_("说明"), escape_markdown(step.opinion)))
    return "  \n".join(lines)
