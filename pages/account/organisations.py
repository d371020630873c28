"""An employer or provider asks to be admitted, together with the account of its administrator."""

import streamlit as st

from services import organisations
from services.errors import N_
from web import captchas, similar_names
from web.command import command
from web.i18n import _
from web.navigation import link
from web.organisation_view import draw_application
from web.password_fields import new_password, repeated_password, typed_alike
from web.session import client_address
from web.text import escape_markdown

FORM = "organisation"
REGISTERED = "registered_organisation"

if name := st.session_state.pop(REGISTERED, ""):
    st.success(
        _("“%(name)s”的注册申请已提交，等待所在行政区划的主管部门审核。") % {"name": escape_markdown(name)},
        icon=":material/check_circle:",
    )
    st.markdown(
        _("请用刚才设置的用户名登录（首次登录须修改密码），登录后可以看到审核结果；如被退回，可以更正后重新提交。")
    )
    link("account/login", label=_("去登录"))
    st.stop()

address = client_address()
st.markdown(_("请由本单位负责继续教育的人员填写。提交后由所在行政区划的主管部门审核，通过后即可使用。"))
with st.container(border=True):
    st.markdown(f"**{_('单位信息')}**")
    application = draw_application(FORM)
with st.form(FORM):
    st.markdown(f"**{_('管理员账号')}**")
    username = st.text_input(
        _("用户名"),
        key=f"{FORM}_username",
        max_chars=64,
        autocomplete="username",
        help=_("登录时使用，字母开头，可含字母、数字、点、下划线和连字符。"),
    )
    left, right = st.columns(2)
    with left:
        password = new_password(_("密码"), f"{FORM}_password")
    with right:
        repeated = repeated_password(_("确认密码"), f"{FORM}_repeated")
    similar = st.container()
    picture = st.container()
    submitted = st.form_submit_button(_("提交注册"), type="primary")

registered = False
if submitted and not captchas.passed(FORM):
    captchas.refuse()
elif submitted and typed_alike(N_("确认密码"), password, repeated):
    confirmed = similar_names.different_from()
    with command(_("注册申请已提交"), stay=True, explain_refusal=similar_names.explain) as session:
        organisations.register(
            session,
            application,
            username=username,
            password=password,
            address=address,
            different_from=confirmed,
        )
        registered = True
if registered:
    similar_names.forget()
    st.session_state[REGISTERED] = application.name
    st.rerun()
with similar:
    similar_names.draw_question()
with picture:  # only now, so that every try is answered with a new one
    captchas.draw(FORM)

link("account/login", label=_("已有账号，去登录"))
