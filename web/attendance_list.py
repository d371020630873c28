"""Attendance as a list to be filled in and uploaded: looked through as a whole, then registered as a whole."""

from collections.abc import Iterator, Mapping, Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from db import reading, transaction
from db.classes import CourseClass
from db.enrolments import Enrolment
from services import attendance, attendance_upload, fields, registration, spreadsheets, workbooks
from services.attendance_upload import Examined, ExamResult, Presence
from services.errors import DomainError
from services.permissions import Actor
from services.spreadsheet_cells import halfwidth
from services.spreadsheets import CheckedSpreadsheet, Vocabulary
from services.workbooks import Content, Heading, Sheet
from web import filters
from web.command import command, refuse
from web.download import Download, address
from web.i18n import _, explain
from web.labels import label, word
from web.text import escape_markdown
from web.uploads import USUAL_MEGABYTES
from web.vocabulary import spoken

UPLOADS = "attendance_uploads"
MOST_SHOWN, HEIGHT = 8, 400
WIDTH, EMPLOYER_WIDTH = 18, 30
# Marks on paper lists that mean the same in every language.
SIGNS = dict.fromkeys("√✓1", Presence.PRESENT) | dict.fromkeys("×0", Presence.ABSENT)


def vocabulary(course_class: CourseClass) -> Vocabulary:
    """A session's title is the same in every language."""
    fixed = (attendance_upload.NUMBER, registration.NAME, attendance_upload.RESULT)
    titles = {written: title for title in fixed for written in spoken(title)}
    titles |= {title: title for title in map(attendance.title, course_class.sessions)}
    presences = {halfwidth(sign): presence for sign, presence in SIGNS.items()}
    presences |= {written: each for each in Presence for written in spoken(label(each).word)}
    results = {written: each for each in ExamResult for written in spoken(label(each).word)}
    return Vocabulary(titles, {Presence: presences, ExamResult: results})


def make(actor: Actor, parameters: Mapping[str, str]) -> Download:
    """The list of a class with everybody in it and what is registered so far."""
    class_id = fields.row_number(parameters.get(filters.CLASS, "")) or 0
    with transaction() as session:
        course_class, people = attendance.export(session, actor, class_id)
    sheet = Sheet(_("出勤名单"), list(_headings(course_class)))
    rows = [_cells(course_class, each) for each in people]
    content = workbooks.template(sheet, _("填写说明"), _notes(), rows)
    return Download(_("%(name)s_出勤名单.xlsx") % {"name": course_class.name}, content)


def _headings(course_class: CourseClass) -> Iterator[Heading]:
    for column in attendance_upload.columns(course_class):
        choices = [word(code) for code in column.choices] if column.choices else []
        yield Heading(_(column.title), WIDTH, choices)
        if column.title == registration.NAME:
            yield Heading(_(attendance_upload.EMPLOYER), EMPLOYER_WIDTH)


def _cells(course_class: CourseClass, enrolment: Enrolment) -> Sequence[Content]:
    present = attendance.present(enrolment)
    said = [_presence(present.get(each.id)) for each in course_class.sessions]
    if course_class.has_exam:
        said.append(_result(enrolment.passed))
    return [str(enrolment.id), enrolment.person.name, enrolment.employer.name, *said]


def _presence(here: bool | None) -> str:
    return "" if here is None else word(Presence.PRESENT if here else Presence.ABSENT)


def _result(passed: bool | None) -> str:
    return "" if passed is None else word(ExamResult.PASSED if passed else ExamResult.FAILED)


def _notes() -> Iterator[str]:
    yield _("每行一名学员，请不要改动报名号和表头。没有填写的单元格保持原来的登记。")
    yield _("出勤填写“出勤”或“缺勤”，也可以写 √ 或 1、× 或 0。")
    yield _("考试结果填写“合格”或“不合格”。还没有开始的课请留空。")


def draw(actor: Actor, course_class: CourseClass) -> None:
    with st.expander(_("用名单登记（Excel）"), icon=":material/upload_file:"):
        st.markdown(_("下载名单填写后上传。先检查全部行，没有错误才能登记；有错误时一行也不登记。"))
        where = address("attendance-list", **{filters.CLASS: course_class.id})
        st.link_button(_("下载出勤名单"), where, icon=":material/download:")
        file = st.file_uploader(
            _("出勤名单（.xlsx，不超过 8 MB）"),
            type=[spreadsheets.ENDING.removeprefix(".")],
            max_upload_size=USUAL_MEGABYTES,
            key=f"attendance_list_{course_class.id}_{st.session_state.get(UPLOADS, 0)}",
        )
        if file is not None:
            _look_through(actor, course_class, file)


def _look_through(actor: Actor, course_class: CourseClass, file: UploadedFile) -> None:
    try:
        with st.spinner(_("正在逐行检查，请稍候…")):
            checked, words = spreadsheets.check(file.name, file.getvalue()), vocabulary(course_class)
            with reading() as session:
                examined = attendance_upload.examine(session, actor, course_class.id, checked, words)
    except DomainError as refusal:
        refuse(refusal)
        return
    if examined.rejections:
        _draw_rejections(examined)
    elif not examined.marks:
        st.info(_("名单与已登记的出勤相同，没有需要登记的内容。"), icon=":material/info:")
    else:
        _draw_take_over(actor, course_class, checked, words, examined)


def _draw_rejections(examined: Examined) -> None:
    st.error(
        _("%(count)s 行有错误，还没有登记。请改正后重新上传：") % {"count": len(examined.rejections)},
        icon=":material/error:",
    )
    # Not a data frame, which would cut the sentences off.
    rows = [
        {_("行"): str(each.line), _("原因"): escape_markdown(" ".join(map(explain, each.errors)))}
        for each in examined.rejections
    ]
    with st.container(height=HEIGHT if len(rows) > MOST_SHOWN else "content"):
        st.table(rows, border="horizontal", hide_index=True)


def _draw_take_over(
    actor: Actor, course_class: CourseClass, file: CheckedSpreadsheet, words: Vocabulary, examined: Examined
) -> None:
    counts = {"count": len(examined.marks), "known": examined.known}
    st.success(
        _("没有错误：将登记 %(count)s 人，另有 %(known)s 人与已登记的相同。") % counts, icon=":material/task_alt:"
    )
    if st.button(_("登记名单中的出勤"), type="primary", icon=":material/playlist_add_check:"):
        with command(_("已登记 %(count)s 人的出勤。") % counts, before_redraw=_empty) as session:
            attendance_upload.take_over(session, actor, course_class.id, file, words)


def _empty() -> None:
    """The uploader under the next key holds no file."""
    st.session_state[UPLOADS] = st.session_state.get(UPLOADS, 0) + 1
