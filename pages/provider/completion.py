"""The end of a class: attendance and results, hours posted from them, and what was posted put right."""

import streamlit as st

from db import reading
from db.classes import ClassStatus
from services import attendance, class_selection, completion
from services.class_sessions import has_begun
from web import attendance_grid, attendance_list, completion_posting, completion_results, filters, provider_class
from web.class_view import draw_heading
from web.i18n import _
from web.session import current_actor

actor, wanted = current_actor(), filters.number(filters.CLASS)
with reading() as session:
    offered = class_selection.to_complete(session, actor, wanted)
chosen = provider_class.choose(offered)
if chosen is None:
    st.stop()

text, after = filters.text(), filters.after()
with reading() as session:
    course_class = attendance.of_class(session, actor, chosen.id)
    people = attendance.roster(session, actor, chosen.id, text=text, after_id=after)
    outlook = completion.outlook(session, actor, chosen.id)
    posted = completion.count_posted(session, course_class)

draw_heading(course_class)
if course_class.status is ClassStatus.CANCELLED:
    st.info(_("培训班已取消，不登记出勤和学时。"), icon=":material/event_busy:")
    st.stop()
if not any(map(has_begun, course_class.sessions)):
    st.info(_("还没有开课。第一次课开始后，在这里登记出勤；全部结束后登记学时。"), icon=":material/schedule:")
    st.stop()
if outlook.people + posted > attendance.PAGE_SIZE or text:
    filters.draw_text(_("查找学员"), _("姓名中的字"))
if people:
    st.header(_("出勤与考试结果") if course_class.has_exam else _("出勤"), anchor=False)
    attendance_grid.draw(actor, course_class, people)
    attendance_grid.draw_pages(people)
    attendance_grid.draw_rest(actor, course_class)
    attendance_list.draw(actor, course_class)
elif outlook.people:
    st.info(_("没有找到符合条件的学员，请换一个姓名。"), icon=":material/search_off:")
elif not posted:
    st.info(_("还没有审核通过的学员。报名审核通过后，在这里登记出勤。"), icon=":material/group_off:")
if course_class.status is not ClassStatus.COMPLETED:
    completion_posting.draw(actor, course_class, outlook)
if posted:
    completion_results.draw(actor, course_class, text)
