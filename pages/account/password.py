import streamlit as st

from db import transaction
from services import password_change
from services.errors import N_
from web.command import command
from web.i18n import _
from web.password_fields import RULE, new_password, repeated_password, typed_alike
from web.session import current_actor, go_home

actor = current_actor()
changed = False

if actor.must_change_password:
    st.info(_("为了账号安全，首次登录或密码被重置后须先修改密码，修改后即可使用系统。"), icon=":material/lock_reset:")

with st.form("password", width=520):
    old = st.text_input(
        _("原密码"), type="password", key="old_password", max_chars=128, autocomplete="current-password"
    )
    new = new_password(_("新密码"), "new_password")
    repeated = repeated_password(_("确认新密码"), "repeated_password")
    st.caption(_(RULE))
    submitted = st.form_submit_button(_("修改密码"), type="primary", icon=":material/key:")

if submitted and typed_alike(N_("确认新密码"), new, repeated):
    with command(_("密码已修改，其他设备上的登录已全部退出。"), stay=True):
        password_change.change(transaction, actor, old=old, new=new)
        changed = True
if changed:
    go_home()
