"""Attendance as a grid: a row for each person, a column for each session."""

from collections.abc import Mapping, Sequence
from typing import Any
from zlib import crc32

import streamlit as st

from db.classes import ClassSession, CourseClass
from db.enrolments import Enrolment
from services import attendance
from services.attendance import Marks
from services.attendance_upload import ExamResult
from services.class_sessions import has_begun
from services.permissions import Actor
from web import worklist
from web.command import command
from web.i18n import _
from web.labels import word
from web.text import escape_markdown

NAME, EMPLOYER, RESULT = "name", "employer", "result"
ROW, MOST_SHOWN = 35, 12  # pixels, rows


def draw(actor: Actor, course_class: CourseClass, people: Sequence[Enrolment]) -> None:
    rows = [_row(each, course_class.sessions) for each in people]
    # What is marked stands beside a position. Under this key it can never be laid over other people or other marks.
    key = f"attendance_{crc32(repr([(each.id, rows[at]) for at, each in enumerate(people)]).encode())}"
    with st.form(f"form_{key}", border=False, enter_to_submit=False):
        st.caption(_("勾选为出勤，取消勾选为缺勤，空白为未登记。还没有开始的课不能登记。"))
        st.data_editor(
            rows,
            key=key,
            height=ROW * (MOST_SHOWN + 1) if len(rows) > MOST_SHOWN else "auto",
            hide_index=True,
            num_rows="fixed",
            placeholder="",
            column_config=_columns(course_class),
        )
        pressed = st.form_submit_button(_("保存出勤"), type="primary", icon=":material/save:")
    marks = changed(people, st.session_state[key]["edited_rows"]) if pressed else {}
    if pressed and not marks:
        st.info(_("还没有改动。请先勾选出勤，再保存。"), icon=":material/info:")
    elif pressed:
        with command(_("已保存 %(count)s 人的出勤。") % {"count": len(marks)}) as session:
            attendance.register(session, actor, course_class.id, marks)


def _row(enrolment: Enrolment, sessions: Sequence[ClassSession]) -> dict[str, object]:
    present = attendance.present(enrolment)
    cells = {_column(each): present.get(each.id) for each in sessions}
    result = "" if enrolment.passed is None else word(_result(passed=enrolment.passed))
    return {NAME: enrolment.person.name, **cells, RESULT: result, EMPLOYER: enrolment.employer.name}


def _result(*, passed: bool) -> ExamResult:
    return ExamResult.PASSED if passed else ExamResult.FAILED


def _column(session: ClassSession) -> str:
    return f"session_{session.id}"


def _columns(course_class: CourseClass) -> Mapping[str, Any]:
    columns: dict[str, Any] = {
        NAME: st.column_config.TextColumn(_("姓名"), disabled=True, pinned=True),
        EMPLOYER: st.column_config.TextColumn(_("工作单位"), disabled=True),
        RESULT: st.column_config.SelectboxColumn(_("考试结果"), options=[word(each) for each in ExamResult]),
    }
    if not course_class.has_exam:
        columns[RESULT] = None
    for each in course_class.sessions:
        columns[_column(each)] = st.column_config.CheckboxColumn(
            short_title(each), help=escape_markdown(each.topic) or None, disabled=not has_begun(each)
        )
    return columns


def short_title(session: ClassSession) -> str:
    return f"{session.held_on:%m-%d} {session.begins:%H:%M}"


def changed(people: Sequence[Enrolment], edited: Mapping[int, Mapping[str, Any]]) -> dict[int, Marks]:
    """What the cells that were changed say, by enrolment; `edited` by position, as the grid tells it."""
    marks = {people[int(position)].id: _marks(cells) for position, cells in edited.items()}
    return {number: each for number, each in marks.items() if each != Marks()}


def _marks(cells: Mapping[str, Any]) -> Marks:
    present = {
        int(column.removeprefix("session_")): bool(value)
        for column, value in cells.items()
        if column.startswith("session_") and value is not None
    }
    result = cells.get(RESULT)  # emptied again is as it was
    return Marks(present, result == word(ExamResult.PASSED) if result else None)


def draw_rest(actor: Actor, course_class: CourseClass) -> None:
    """For everybody about whom nothing is registered yet: most people come, and most lists name only who did not."""
    begun = {each.id: attendance.title(each) for each in course_class.sessions if has_begun(each)}
    if not begun:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(_("未登记的人员"), list(begun), format_func=begun.__getitem__, width=220)
        for was_present, label in ((True, _("全部记为出勤")), (False, _("全部记为缺勤"))):
            if st.button(label, key=f"rest_{was_present}"):
                with command(_("未登记的人员已全部登记。")) as session:
                    attendance.register_rest(session, actor, course_class.id, chosen, was_present=was_present)


def draw_pages(people: Sequence[Enrolment]) -> None:
    worklist.draw_pages(len(people), attendance.PAGE_SIZE, people[-1].id)
    if len(people) == attendance.PAGE_SIZE:
        st.caption(_("翻页前请先保存本页的出勤。"))
