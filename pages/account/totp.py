from urllib.parse import parse_qs, urlsplit

import streamlit as st

from services import totp
from web.command import command
from web.i18n import _
from web.qr_code import qr_code
from web.session import current_actor, go_home

actor = current_actor()
address = totp.provisioning_uri(actor)
enrolled = False

st.write(_("您的角色须使用动态验证码登录。请用手机上的验证器应用扫描二维码，再输入应用显示的6位数字。"))
st.image(qr_code(address), alt=_("绑定验证器的二维码"))
st.caption(_("无法扫描时，请在验证器中手工输入密钥："))
st.code(parse_qs(urlsplit(address).query)["secret"][0], language=None, width=420)

with st.form("totp", width=420):
    code = st.text_input(_("动态验证码"), max_chars=6, autocomplete="one-time-code")
    submitted = st.form_submit_button(_("绑定验证器"), type="primary", icon=":material/phonelink_lock:")

if submitted:
    with command(_("验证器已绑定。"), stay=True) as session:
        totp.enrol(session, actor, code)
        enrolled = True
if enrolled:
    go_home()
