import streamlit as st

from web.i18n import _
from web.login_form import draw_form, draw_notice, draw_ways_in, list_demo_accounts
from web.sign_in import LoginError

draw_notice()
form, beside = st.columns([3, 2], gap="large")
with form:
    try:
        draw_form()
    except LoginError as refusal:
        st.session_state["login_refusal"] = str(refusal)
        st.rerun()
with beside:
    draw_ways_in()
    st.caption(_("忘记密码请联系所在单位的管理员或系统管理员重置。"))
    list_demo_accounts()
