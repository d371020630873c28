"""The certificate of a year: whether the official figures allow it, and the prints so far."""

from datetime import datetime

import streamlit as st

from db import reading
from db.certificates import Certificate, CertificateStatus, InvalidityReason
from services import certificates, standing, statements, transcripts
from web import labels
from web.command import command
from web.facts import with_label
from web.i18n import _
from web.session import current_actor
from web.several_years import draw_certificates, draw_transcript
from web.spelling_form import ask_for_spelling, draw_spelling_form, spelling_is_asked
from web.standing_card import draw_computed_at, draw_official, draw_summary
from web.text import escape_markdown
from web.times import local_time

actor = current_actor()


def draw_certificate(certificate: Certificate) -> None:
    year = _("%(year)s 年度") % {"year": certificate.year}
    number = _("证书编号：%(number)s") % {"number": certificate.number}
    code = _("验证码：%(code)s") % {"code": statements.grouped(certificate.code)}
    st.markdown(f"{labels.badge_text(certificate.status)} **{year}**  \n{number}  \n{code}")
    if certificate.ended_for and certificate.ended_at:
        draw_end(certificate.ended_for, certificate.ended_at, certificate.opinion)
    if certificate.checked_at:
        times = {"count": certificate.checks, "last": local_time(certificate.checked_at)}
        st.caption(_("已被核验 %(count)s 次，最近一次 %(last)s") % times)


def draw_end(reason: InvalidityReason, at: datetime, opinion: str) -> None:
    ended = _("%(time)s 失效：%(reason)s") % {"time": local_time(at), "reason": labels.word(reason)}
    said = f"  \n{with_label(_('说明'), escape_markdown(opinion))}" if opinion else ""
    st.markdown(f"{ended}{said}")


def draw_news(certificate: Certificate) -> None:
    """Until the holder has taken note."""
    with st.container(border=True):
        draw_certificate(certificate)
        st.caption(_("验证这份证书时会显示它已失效。三类学时达到要求时可以打印新的证书，编号不同。"))
        if st.button(_("知道了"), icon=":material/done:", key=f"seen_{certificate.id}"):
            with command(_("已标记为知道")) as session:
                certificates.note_seen(session, actor, certificate.id)


with reading() as session:
    overview = standing.overview(session, actor)
    issued = certificates.list_mine(session, actor)

for certificate in issued:
    if certificate.news_at:
        draw_news(certificate)
with st.form("query", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
    year = st.selectbox(
        _("年度"), list(overview.years), key="year", bind="query-params", placeholder=_("请选择"), width=160
    )
    st.form_submit_button(_("查询"), icon=":material/search:")
chosen = overview.years[year]
valid = next((c for c in issued if c.year == year and c.status is CertificateStatus.ISSUED), None)

draw_summary(chosen)
for column, line in zip(st.columns(len(chosen.official)), chosen.official, strict=True):
    with column.container(border=True, height="stretch"):
        draw_official(line)
draw_computed_at(chosen.computed_at)

with st.container(horizontal=True):
    if chosen.met and st.button(
        _("打印证书"), type="secondary" if valid else "primary", icon=":material/print:", key=f"print_{year}"
    ):
        with command(_("证书已生成，请打开后打印"), explain_refusal=ask_for_spelling) as session:
            certificates.obtain(session, actor, year)
    if valid:
        address = f"/certificates/{valid.id}"
        st.link_button(_("打开证书（PDF）"), address, type="primary", icon=":material/picture_as_pdf:")

if chosen.met and not valid and spelling_is_asked():
    draw_spelling_form(actor, year)

valid_years = {each.year for each in issued if each.status is CertificateStatus.ISSUED}
draw_transcript(transcripts.printable(overview), year)
draw_certificates(
    actor, [each for each in overview.years if overview.years[each].met or each in valid_years], valid_years
)

st.header(_("已打印的证书"), anchor=False)
for certificate in issued:
    if certificate.news_at:
        continue
    with st.container(border=True):
        said, download = st.columns([5, 1], vertical_alignment="center")
        with said:
            draw_certificate(certificate)
        if certificate.status is CertificateStatus.ISSUED:
            address = f"/certificates/{certificate.id}"
            download.link_button(_("打开"), address, icon=":material/download:", width="stretch")
if not issued:
    st.caption(_("还没有打印过证书。三类学时均达到要求后，点击“打印证书”即可。"))
