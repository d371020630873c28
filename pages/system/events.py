"""Who did what when: the event log, narrowed down, exported, and proven to be whole."""

import streamlit as st

from db import reading
from services import event_log
from services.errors import DomainError
from web import event_list, filters, worklist
from web.command import refuse
from web.i18n import _
from web.session import current_actor

actor, after = current_actor(), filters.after()
wanted = event_list.asked(st.query_params.to_dict())
event_list.draw_filters(wanted)
st.caption(_("操作日志只增不改、永久保留，满足不少于六个月的法定留存要求。"))
try:
    with reading() as session:
        found = event_log.search(session, actor, wanted, after_id=after)
except DomainError as refusal:
    refuse(refusal)
    st.stop()

event_list.draw(found, narrowed=wanted != event_log.EVERYTHING or bool(after))
if found:
    worklist.draw_pages(len(found), event_log.PAGE_SIZE, found[-1].id)
    event_list.draw_export()
if st.button(_("检查日志是否完好"), icon=":material/verified_user:"):
    with st.spinner(_("正在核对每一条记录……")):
        check = event_list.check(actor)
    event_list.draw_check(check)
