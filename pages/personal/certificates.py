"""The certificate of a year: whether the official figures allow it, and the prints so far."""

import streamlit as st

from db import reading
from db.certificates import CertificateStatus
from services import certificates, standing
from web import labels
from web.command import command
from web.i18n import _
from web.session import current_actor
from web.standing_card import draw_computed_at, draw_official, draw_summary

actor = current_actor()
with reading() as session:
    years = {of_year.year: of_year for of_year in standing.every_year(session, actor)}
    issued = certificates.list_mine(session, actor)

with st.form("query", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
    year = st.selectbox(_("年度"), list(years), key="year", bind="query-params", placeholder=_("请选择"), width=160)
    st.form_submit_button(_("查询"), icon=":material/search:")
chosen = years[year]
valid = next((c for c in issued if c.year == year and c.status is CertificateStatus.ISSUED), None)

draw_summary(chosen)
for column, line in zip(st.columns(len(chosen.official)), chosen.official, strict=True):
    with column.container(border=True, height="stretch"):
        draw_official(line)
draw_computed_at(chosen)

if chosen.met and st.button(_("打印证书"), type="secondary" if valid else "primary", icon=":material/print:"):
    with command(_("证书已生成，请点击“打开证书（PDF）”打印")) as session:
        certificates.obtain(session, actor, year)
if valid:
    st.link_button(_("打开证书（PDF）"), f"/certificates/{valid.id}", type="primary", icon=":material/picture_as_pdf:")

st.subheader(_("已打印的证书"), anchor=False)
for certificate in issued:
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_("**%(year)s 年度**") % {"year": certificate.year}, width="content")
            labels.badge(certificate.status)
            st.link_button(_("打开"), f"/certificates/{certificate.id}", icon=":material/open_in_new:", type="tertiary")
        st.text(_("证书编号：%(number)s") % {"number": certificate.number})
        st.text(_("验证码：%(code)s") % {"code": certificate.code})
        if certificate.reason:
            st.text(certificate.reason)
if not issued:
    st.caption(_("还没有打印过证书。三类学时均达到要求后，点击“打印证书”即可。"))
