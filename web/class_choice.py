"""Choosing a class: its card in the list, all about it, and 报名 at the bottom right of both."""

from collections.abc import Iterator
from typing import NoReturn

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from db.classes import ClassStatus, CourseClass
from db.enrolments import EnrolmentStatus
from db.organisations import Organisation
from services import divisions, enrolling
from services.class_choice import Nothing
from services.class_clashes import Clash
from services.enrolling import AlreadyEnrolled, Prospect
from services.permissions import Actor
from web import class_view, filters
from web.class_summary import seats, summary
from web.command import command, say_when_drawn
from web.enrolment_view import standing
from web.i18n import N_, _, explain
from web.labels import badge_text, word
from web.navigation import link
from web.text import escape_markdown

ENROLMENTS = "personal/enrolments"
WHY: dict[Nothing, str] = {
    Nothing.NO_EMPLOYER: N_(
        "您还没有确认的工作单位。培训班按工作单位的行政区划开放：请先选择工作单位并提交；已经提交的，请等单位确认后再来报名。"
    ),
    Nothing.NONE_IN_DIVISION: N_("%(division)s及上级区划的施教机构还没有开展培训班。请以后再来查看，或咨询主管部门。"),
    Nothing.NONE_OPEN: N_("%(division)s及上级区划的培训班目前都不接受报名。请以后再来查看。"),
    Nothing.NONE_FITS: N_("没有符合筛选条件的培训班，请减少条件。"),
}


def draw_nothing(reason: Nothing, employer: Organisation | None) -> None:
    text = _(WHY[reason]) % {"division": divisions.name(employer.division) if employer else ""}
    st.info(text, icon=":material/event_busy:")
    if reason is Nothing.NO_EMPLOYER:
        link("personal/profile", label=_("选择工作单位"))
    if reason is Nothing.NONE_FITS:
        st.button(_("清除筛选条件"), icon=":material/filter_alt_off:", on_click=st.query_params.clear)


def draw_card(actor: Actor, course_class: CourseClass, prospect: Prospect) -> None:
    """One with clashes is opened first, so that they are read."""
    with st.container(border=True):
        lines = [*summary(course_class), seats(course_class, prospect.waiting)]
        st.markdown("  \n".join([*lines, *_objections(course_class, prospect)]))
        with _at_the_bottom_right():
            if st.button(_("查看详情"), key=f"open_{course_class.id}", type="tertiary"):
                _open(course_class)
            pressed = _draw_enrolling(course_class, prospect)
    if pressed and prospect.clashes:
        _open(course_class)
    if pressed:
        _enrol(actor, course_class, despite_clash=False)


def _open(course_class: CourseClass) -> NoReturn:
    filters.open_row(course_class.id)
    st.rerun()


def draw_whole(actor: Actor, course_class: CourseClass, prospect: Prospect) -> None:
    with st.container(border=True):
        lines = [badge_text(course_class.status), *summary(course_class)]
        if course_class.status is ClassStatus.OPEN:
            lines.append(seats(course_class, prospect.waiting))
        st.markdown("  \n".join(lines))
        class_view.draw_particulars(course_class)
        class_view.draw_sessions(course_class)
        class_view.draw_files(course_class)
        for objection in _objections(course_class, prospect):
            st.markdown(objection)
        agreed = _can_agree(prospect) and st.checkbox(
            _("我已知道上述冲突，仍要报名本班"), key=f"despite_{course_class.id}"
        )
        with _at_the_bottom_right():
            pressed = _draw_enrolling(course_class, prospect)
    if pressed:
        _enrol(actor, course_class, despite_clash=agreed)


def _can_agree(prospect: Prospect) -> bool:
    return bool(prospect.clashes) and prospect.refusal is None


def _at_the_bottom_right() -> DeltaGenerator:
    return st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center")


def _objections(course_class: CourseClass, prospect: Prospect) -> Iterator[str]:
    """What speaks against it, said before anybody presses anything."""
    if prospect.refusal and not isinstance(prospect.refusal, AlreadyEnrolled):
        yield f":material/block: {escape_markdown(explain(prospect.refusal))}"
        if course_class.audience:
            series = _("、").join(word(each.series) for each in course_class.audience)
            yield _("适用职称系列：%(series)s") % {"series": series}
    for clash in prospect.clashes if prospect.refusal is None else ():
        yield f":orange[:material/event_busy: {_clash(clash)}]"


def _clash(clash: Clash) -> str:
    name = {"name": escape_markdown(clash.name), "day": clash.on}
    if clash.on:
        return _("与您的培训班“%(name)s”在 %(day)s 时间冲突") % name
    return _("您本年度已报名或参加过同名培训班“%(name)s”，学时可能不能重复计算") % name


def _draw_enrolling(course_class: CourseClass, prospect: Prospect) -> bool:
    """The button, or what has become of it; whether it was pressed."""
    enrolment = prospect.enrolment
    if enrolment and enrolment.status is not EnrolmentStatus.CANCELLED:
        st.markdown(standing(enrolment, prospect.place), width="content")
        link(ENROLMENTS, label=_("查看报名情况"), view={filters.OPENED: str(enrolment.id)})
    if prospect.refusal:
        return False
    key = f"enrol_{course_class.id}_{course_class.version}"
    return st.button(_("报名"), key=key, type="primary", icon=":material/how_to_reg:")


def _enrol(actor: Actor, course_class: CourseClass, *, despite_clash: bool) -> None:
    def say_if_waiting() -> None:
        if enrolment.status is EnrolmentStatus.WAITLISTED:
            say_when_drawn(_("名额已满，已加入候补。有名额时会在首页的待办事项中提醒您。"))

    with command(_("报名已提交，请留意审核结果"), before_redraw=say_if_waiting) as session:
        seen = course_class.version
        enrolment = enrolling.enrol(session, actor, course_class.id, seen=seen, despite_clash=despite_clash)
