"""The old systems' hour records of whoever reads them, of 2018 and of 2017 and before."""

import streamlit as st

from db import reading
from db.legacy import LegacyKind
from services import missing_records, own_legacy
from web import own_missing_records
from web.i18n import _
from web.labels import word
from web.own_legacy import draw_records, draw_unconfirmed
from web.session import current_actor

actor = current_actor()

with reading() as session:
    confirmed = own_legacy.is_confirmed(session, actor)
    periods = own_legacy.periods(session, actor)

if not confirmed:
    draw_unconfirmed()
    st.stop()

st.markdown(_("旧系统中已经审核通过的学时记录。"))
with st.form("query", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
    period = st.selectbox(_("年度"), periods, format_func=word, key="legacy_period", width=200)
    st.form_submit_button(_("查询"), icon=":material/search:")

with reading() as session:
    rows = own_legacy.records(session, actor, period)
    left_out = own_legacy.not_passed(session, actor, period)
    missing = missing_records.list_own(session, actor, LegacyKind.RECORD)
if rows:
    draw_records(rows)
else:
    st.caption(_("没有匹配到您的学时记录。旧系统的数据由数据分析员导入并核对，之后会出现在这里。"))
if left_out:
    st.caption(_("另有 %(count)s 条旧系统未审核通过的记录，不在此列。") % {"count": left_out})
own_missing_records.draw(actor, LegacyKind.RECORD, missing)
