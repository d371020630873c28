"""The old systems' certificates of whoever reads them, with a copy of each to print."""

import streamlit as st

from db import reading
from db.legacy import LegacyKind
from services import missing_records, own_legacy
from web import own_missing_records
from web.i18n import _
from web.own_legacy import draw_certificate, draw_unconfirmed
from web.session import current_actor

actor = current_actor()

with reading() as session:
    confirmed = own_legacy.is_confirmed(session, actor)
    certificates = own_legacy.certificates(session, actor)
    missing = missing_records.list_own(session, actor, LegacyKind.CERTIFICATE)

if not confirmed:
    draw_unconfirmed()
    st.stop()

st.markdown(_("旧系统中的历史证书。打印的是旧系统记录的副本，不是新系统的证书；是否有效以来源系统为准。"))
years = [_("全部年度"), *(str(year) for year in dict.fromkeys(row.year for row in certificates))]
with st.form("query", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
    year = st.selectbox(_("年度"), years, key="legacy_year", width=160)
    st.form_submit_button(_("查询"), icon=":material/search:")
for row in certificates:
    if year in {years[0], str(row.year)}:
        draw_certificate(row)
if not certificates:
    st.caption(_("没有匹配到您的历史证书。旧系统的数据由数据分析员导入并核对，之后会出现在这里。"))
own_missing_records.draw(actor, LegacyKind.CERTIFICATE, missing)
