"""The staff of an employer: requests to be confirmed first, then everybody who works here."""

import streamlit as st

from db import reading
from db.people import BindingStatus
from services import people
from web import filters, worklist
from web.i18n import _
from web.session import current_actor
from web.staff_card import draw_actions, draw_person, row

OFFERED = [BindingStatus.REQUESTED, BindingStatus.ACTIVE, BindingStatus.REFUSED]

actor = current_actor()
status, text, named, after = filters.status(OFFERED), filters.text(), filters.opened("people"), filters.after()
with reading() as session:
    counts = people.count_staff(session, actor)
    staff = people.list_staff(session, actor, status=status, text=text, after_id=after)
    binding = people.open_staff(session, actor, staff, named)

with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
    filters.draw_status(OFFERED, status, counts)
    filters.draw_text(_("查找人员"), _("姓名中的字，或完整的手机号码"))
if staff:
    worklist.draw({each.id: row(each) for each in staff}, binding.id if binding else None, alt=_("人员名单"))
    worklist.draw_pages(len(staff), people.PAGE_SIZE, staff[-1].id)
elif text:
    st.info(_("没有找到符合条件的人员，请换一个姓名或手机号码。"), icon=":material/search_off:")
elif status is BindingStatus.REQUESTED:
    st.success(
        _("没有待确认的人员。员工在“人员基本信息维护”中选择本单位并提交后，会出现在这里。"), icon=":material/task_alt:"
    )
else:
    st.caption(_("名单为空。"))
if binding is None:
    st.stop()
filters.remember_opened("people", binding.id)

left, right = st.columns(2)
with left:
    draw_person(binding)
with right:
    draw_actions(actor, binding)
