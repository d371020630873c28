"""Notices on the home pages: those that are shown, those to come, drafts and past ones, and one of them open."""

import streamlit as st

from db import reading
from services import notices
from services.errors import DomainError
from services.notices import NoticePhase
from web import filters, notice_editor
from web.command import refuse
from web.i18n import _
from web.session import current_actor

actor = current_actor()
phase, named, after = filters.status(list(NoticePhase)), filters.number(filters.OPENED), filters.after()
st.caption(_("通知显示在发布对象的首页，直到公告期满、取消发布，或本人点“知道了”。"))
try:
    with reading() as session:
        counts = notices.counts(session, actor)
        found = notices.list_notices(session, actor, phase, after_id=after)
        opened = notices.get(session, actor, named) if named else None
except DomainError as refusal:
    refuse(refusal)
    st.stop()

notice_editor.draw_new(actor, opened)
notice_editor.draw_list(found, opened, phase, counts)
if opened is not None:
    notice_editor.draw_opened(actor, opened)
