"""What its provider does about a class that has been published."""

import streamlit as st

from db.classes import ClassAction, ClassSession, ClassStatus, CourseClass
from services import class_amendments, class_form, classes, clock, fields
from services.class_amendments import AMENDABLE, Amendment, amendment_of
from services.class_moves import possible_actions
from services.class_sessions import has_begun
from services.permissions import Actor
from web import pause
from web.class_editor import draw_attachments, draw_copy
from web.class_fields import pick_capacity, pick_moment
from web.class_view import draw_files
from web.command import command
from web.i18n import _
from web.navigation import link


def draw_actions(actor: Actor, course_class: CourseClass) -> None:
    actions, resting = possible_actions(actor, course_class), pause.is_on()
    view = {"class": str(course_class.id)}
    with st.container(horizontal=True, vertical_alignment="center"):
        link("provider/enrolments", view=view)
        link("provider/completion", view=view)
        if ClassAction.CLOSE in actions:
            _draw_closing(actor, course_class, resting=resting)
        if ClassAction.OPEN in actions:
            _draw_opening(actor, course_class, resting=resting)
        if ClassAction.CANCEL in actions:
            _draw_cancelling(actor, course_class, resting=resting)
        draw_copy(actor, course_class)


def _draw_closing(actor: Actor, course_class: CourseClass, *, resting: bool) -> None:
    if st.button(_("截止报名"), icon=":material/event_busy:", disabled=resting):
        with command(_("报名已截止，开课前可以再次开放。"), before_redraw=pause.begin) as session:
            classes.act(session, actor, course_class.id, ClassAction.CLOSE, seen=course_class.version)


def _draw_opening(actor: Actor, course_class: CourseClass, *, resting: bool) -> None:
    """With a new end, if the one that was said has passed."""
    until = course_class.enrol_until
    is_over = until is not None and until <= clock.now()
    with st.popover(_("开放报名"), icon=":material/event_available:"):
        if is_over:
            st.caption(_("原报名截止时间已过，请填写新的截止时间，最迟到第一次上课开始时。"))
        until = pick_moment(_("报名截止时间"), None if is_over else until, f"reopen_{course_class.id}")
        if st.button(_("确认开放报名"), type="primary", disabled=resting):
            with command(_("已开放报名。"), before_redraw=pause.begin) as session:
                seen = course_class.version
                classes.act(session, actor, course_class.id, ClassAction.OPEN, seen=seen, enrol_until=until)


def _draw_cancelling(actor: Actor, course_class: CourseClass, *, resting: bool) -> None:
    with st.popover(_("取消培训班"), icon=":material/event_busy:"):
        st.markdown(_("取消后不能恢复。已报名和候补的人员都会看到取消原因。"))
        opinion = st.text_area(
            _("取消原因"), max_chars=fields.LONGEST_TEXT, height=100, key=f"cancel_reason_{course_class.id}"
        )
        if st.button(_("确认取消培训班"), type="primary", disabled=resting):
            with command(_("培训班已取消，已报名人员会看到原因。"), before_redraw=pause.begin) as session:
                seen = course_class.version
                classes.act(session, actor, course_class.id, ClassAction.CANCEL, seen=seen, opinion=opinion)


def draw_files_of(actor: Actor, course_class: CourseClass) -> None:
    """Attachments of what is over stay as they are."""
    if course_class.status in AMENDABLE:
        with st.expander(_("附件（%(count)s）") % {"count": len(course_class.files)}, icon=":material/attach_file:"):
            draw_attachments(actor, course_class)
    elif course_class.files:
        st.markdown(f"**{_('附件')}**")
        draw_files(course_class)


def draw_amendment(actor: Actor, course_class: CourseClass) -> None:
    """What may still change, in a form that keeps what was typed when it is refused."""
    if course_class.status not in AMENDABLE:
        return
    now, key = amendment_of(course_class), f"{course_class.id}_{course_class.version}"
    with st.expander(_("修改培训班"), icon=":material/edit:"), st.form(f"amend_{key}", enter_to_submit=False):
        st.caption(
            _(
                "学时类别、学时、服务区划、适用职称系列和上课时间已固定，需要不同内容时请复制为新的培训班。"
                "增加的名额会先提供给候补人员。"
            )
        )
        amendment = _draw_fields(course_class, now, key)
        if st.form_submit_button(_("保存修改"), type="primary"):
            with command(_("已保存修改。")) as session:
                class_amendments.amend(session, actor, course_class.id, amendment, seen=course_class.version)


def _draw_fields(course_class: CourseClass, now: Amendment, key: str) -> Amendment:
    with st.grid(2, min_column_width=260, vertical_alignment="bottom"):
        capacity = pick_capacity(now.capacity, key)
        until = now.enrol_until
        if course_class.status is ClassStatus.OPEN:
            until = pick_moment(_("报名截止时间"), now.enrol_until, f"class_until_{key}")
        contact = st.text_input(_("联系人"), now.contact_name, max_chars=fields.LONGEST_NAME, key=f"contact_{key}")
        phone = st.text_input(_("联系电话"), now.contact_phone, max_chars=20, key=f"phone_{key}")
        teacher = st.text_input(_("授课教师（选填）"), now.teacher, max_chars=fields.LONGEST_NAME, key=f"teacher_{key}")
    places = _draw_places(course_class, key)
    description = st.text_area(
        _("培训班介绍（选填）"),
        now.description,
        max_chars=class_form.LONGEST_DESCRIPTION,
        height=160,
        key=f"description_{key}",
    )
    return Amendment(teacher, contact, phone, description, capacity, until, places)


def _draw_places(course_class: CourseClass, key: str) -> dict[int, str]:
    """Of the sessions that have not begun; another one's place is history."""
    coming = [each for each in course_class.sessions if not has_begun(each)]
    with st.grid(2, min_column_width=260, vertical_alignment="bottom"):
        return {each.id: _draw_place(each, key) for each in coming}


def _draw_place(session: ClassSession, key: str) -> str:
    said = {"when": f"{session.held_on} {session.begins:%H:%M}"}
    return st.text_input(
        _("%(when)s 的上课地点") % said,
        session.place,
        max_chars=fields.LONGEST_NAME,
        key=f"place_{session.id}_{key}",
        placeholder=_("不填则同培训班"),
    )
