"""Those who enrolled in a class: decided one by one or many at once, and the waiting list in its order."""

import streamlit as st

from db import reading
from db.enrolments import UNDECIDED, EnrolmentStatus
from services import class_selection, enrolment_review
from web import bulk_outcome, filters, provider_class, worklist
from web.class_view import draw_heading
from web.enrolment_review import OFFERED, draw_bulk, draw_decision, draw_person, row
from web.enrolment_view import draw_steps
from web.i18n import _
from web.labels import word
from web.session import current_actor

LIST = "enrolments"

actor, wanted = current_actor(), filters.number(filters.CLASS)
with reading() as session:
    offered = class_selection.to_review(session, actor, wanted)
course_class = provider_class.choose(offered)
if course_class is None:
    st.stop()

status, text, named, after = filters.status(OFFERED), filters.text(), filters.opened(LIST), filters.after()
with reading() as session:
    counts = enrolment_review.counts(session, actor, course_class.id)
    queue = enrolment_review.queue(session, actor, course_class.id, status=status, text=text, after_id=after)
    places = enrolment_review.places(session, queue) if status is EnrolmentStatus.WAITLISTED else {}
    opened = enrolment_review.open_enrolment(session, actor, course_class.id, queue, named)

draw_heading(course_class)
filters.draw_status(OFFERED, status, counts)
filters.draw_text(_("查找报名人员"), _("姓名中的字"))
bulk_outcome.draw(_("已审核 %(count)s 人。误点的，可在上方选择对应状态，打开后恢复待审核。"))
ticked = worklist.chosen()
if queue:
    rows, here = {each.id: row(each, places.get(each.id)) for each in queue}, opened.id if opened else None
    if status in UNDECIDED:
        versions = {each.id: each.version for each in queue}
        ticked = worklist.draw_to_choose(rows, versions, here, alt=_("报名名单"))
    else:
        worklist.draw(rows, here, alt=_("报名名单"))
    worklist.draw_pages(len(queue), enrolment_review.PAGE_SIZE, queue[-1].id)
elif text or after:
    st.info(_("没有找到符合条件的报名人员，请换一个姓名。"), icon=":material/search_off:")
elif status is EnrolmentStatus.APPLIED:
    st.success(_("没有待审核的报名。有人报名后会出现在这里。"), icon=":material/task_alt:")
else:
    st.caption(_("没有“%(status)s”的报名人员。") % {"status": word(status)})
if status in UNDECIDED and (queue or ticked):
    draw_bulk(actor, status, ticked)
if opened is not None:
    filters.remember_opened(LIST, opened.id)
    left, right = st.columns(2)
    with left:
        draw_person(opened)
        draw_steps(opened)
    with right:
        draw_decision(actor, opened)
