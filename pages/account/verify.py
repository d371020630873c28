"""Anybody checks a certificate by its number or code."""

import streamlit as st

from db import transaction
from services import verification
from services.errors import DomainError
from services.proofs import BrokenProof
from web.command import refuse
from web.finding import draw_finding, draw_proof
from web.i18n import _
from web.navigation import link
from web.session import client_address

st.markdown(_("输入证书上的编号或验证码，核对证书是否由本系统签发、现在是否有效。"))
with st.form("verify", border=False), st.container(width=520):
    code = st.text_input(
        _("证书编号或验证码"),
        key="code",
        bind="query-params",
        max_chars=verification.LONGEST,
        help=_("编号为 17 位数字；验证码为 16 位字母和数字；也可以粘贴扫码得到的网址。空格和连字符不影响验证。"),
    )
    st.form_submit_button(_("验证"), type="primary", icon=":material/search:")

if code.strip():
    address = client_address()
    try:
        if proof := verification.offline(code):
            draw_proof(proof)
    except BrokenProof:
        pass  # said, and counted, by what follows
    try:
        with transaction() as session:
            finding = verification.verify(session, code, address=address)
    except DomainError as refusal:
        refuse(refusal)
    else:
        draw_finding(finding)
link("account/login")
