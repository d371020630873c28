"""Those whose hours are posted: what they attended, what it earned, and putting it right."""

from collections.abc import Collection, Sequence

import streamlit as st

from db import reading
from db.classes import CourseClass
from db.enrolments import Enrolment, EnrolmentStatus
from services import attendance, class_corrections, class_hours, class_posting, fields
from services.attendance_upload import ExamResult
from services.class_corrections import Corrected, RevokedBySupervisor
from services.enrolment_moves import OwnEnrolment
from services.permissions import Actor
from services.rules import NONE, plain
from web import filters, pause, worklist
from web.attendance_grid import short_title
from web.command import command
from web.enrolment_review import draw_person
from web.enrolment_view import draw_steps
from web.i18n import _, explain
from web.labels import word

LIST = "completion"


def draw(actor: Actor, course_class: CourseClass, text: str) -> None:
    named, after = filters.opened(LIST), filters.after()
    with reading() as session:
        people = attendance.roster(session, actor, course_class.id, posted=True, text=text, after_id=after)
        counting = class_posting.counting(session, people)
    shown = next((each for each in people if each.id == named), people[0] if people else None)
    st.header(_("已登记的学时"), anchor=False)
    if shown is None:
        st.caption(_("没有找到符合条件的学员，请换一个姓名。"))
        return
    rows = {each.id: _row(course_class, each, counting) for each in people}
    worklist.draw(rows, shown.id, alt=_("已登记学时的学员"))
    worklist.draw_pages(len(people), attendance.PAGE_SIZE, people[-1].id)
    filters.remember_opened(LIST, shown.id)
    left, right = st.columns(2)
    with left:
        draw_person(shown)
        draw_steps(shown)
    with right:
        _draw_correction(actor, course_class, shown, counts=shown.id in counting)


def _row(course_class: CourseClass, enrolment: Enrolment, counting: Collection[int]) -> dict[str, object]:
    revoked = enrolment.status is EnrolmentStatus.COMPLETED and enrolment.id not in counting
    return {
        _("姓名"): enrolment.person.name,
        _("工作单位"): enrolment.employer.name,
        _("结果"): _("学时已被主管部门撤销") if revoked else word(enrolment.status),
        _("已登记的学时"): plain(enrolment.hours_awarded or NONE),
        _("出勤"): f"{_attended(enrolment)} / {len(course_class.sessions)}",
    }


def _attended(enrolment: Enrolment) -> int:
    return sum(attendance.present(enrolment).values())


def _draw_correction(actor: Actor, course_class: CourseClass, enrolment: Enrolment, *, counts: bool) -> None:
    st.markdown(f"**{_('更正')}**")
    if enrolment.person_id == actor.person_id:
        st.info(explain(OwnEnrolment()), icon=":material/info:")
    elif enrolment.status is EnrolmentStatus.COMPLETED and not counts:
        st.info(explain(RevokedBySupervisor()), icon=":material/gavel:")
    else:
        _draw_form(actor, course_class, enrolment)


def _draw_form(actor: Actor, course_class: CourseClass, enrolment: Enrolment) -> None:
    """Keyed by the version: what a colleague has corrected meanwhile fills the form anew."""
    key = f"correct_{enrolment.id}_{enrolment.version}"
    corrected = _draw_fields(course_class, enrolment, key)
    passed = enrolment.passed if corrected.passed is None else corrected.passed
    earned = class_hours.earned(course_class, corrected.present, passed=passed)
    before = enrolment.hours_awarded or NONE
    numbers = {"before": plain(before), "after": plain(earned)}
    st.markdown(_("学时：原登记 **%(before)s**，更正后 **%(after)s**") % numbers)
    with st.form(key, enter_to_submit=False, border=False):
        opinion = st.text_area(
            _("更正原因"),
            max_chars=fields.LONGEST_TEXT,
            height=100,
            key=f"opinion_{key}",
            placeholder=_("请写明原因，学员会看到。"),
        )
        st.caption(_("原学时撤销并注明原因，再登记更正后的学时，官方统计立即更新；学时减少的，已打印的证书会被标记。"))
        pressed = st.form_submit_button(_("更正学时"), type="primary", disabled=pause.is_on())
    if pressed:
        with command(_("已更正，官方统计已更新。"), before_redraw=pause.begin) as session:
            class_corrections.correct(
                session, actor, course_class.id, enrolment.id, corrected, opinion=opinion, seen=enrolment.version
            )


def _draw_fields(course_class: CourseClass, enrolment: Enrolment, key: str) -> Corrected:
    present = attendance.present(enrolment)
    titles = {each.id: short_title(each) for each in course_class.sessions}
    attended: Sequence[int] = st.pills(
        _("实际出勤的课"),
        list(titles),
        selection_mode="multi",
        default=[number for number in titles if present.get(number)],
        format_func=titles.__getitem__,
        key=f"present_{key}",
        wrap=True,
    )
    if not course_class.has_exam:
        return Corrected(attended)
    known = None if enrolment.passed is None else int(not enrolment.passed)
    result = st.selectbox(
        _("考试结果"), list(ExamResult), known, format_func=word, key=f"result_{key}", placeholder=_("请选择")
    )
    return Corrected(attended, None if result is None else result is ExamResult.PASSED)
