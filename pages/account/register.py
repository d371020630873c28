import streamlit as st

from services import registration
from services.errors import N_
from web import captchas
from web.command import command
from web.i18n import _
from web.navigation import link
from web.password_fields import new_password, repeated_password, typed_alike
from web.session import client_address

FORM = "register"
FIELDS = ("username", "password", "name", "id_number", "mobile", "email")

typed = {field: st.session_state.get(f"{FORM}_{field}", "") for field in FIELDS}
repeated = st.session_state.get(f"{FORM}_repeated", "")
address = client_address()
registered = False

# The form is drawn after its input was dealt with, so that every try is answered with a new picture.
if st.session_state.get(f"{FORM}_submit"):
    if not captchas.passed(FORM):
        captchas.refuse()
    elif typed_alike(N_("确认密码"), typed["password"], repeated):
        with command(_("注册成功"), stay=True) as session:
            registration.register_person(session, **typed, address=address)
            registered = True

if registered:
    st.success(_("注册成功"), icon=":material/check_circle:")
    st.write(_("请用刚才的用户名和密码登录。首次登录须先修改密码。"))
    link("account/login", label=_("去登录"))
    st.stop()

with st.form(FORM):
    st.text_input(
        _("用户名"),
        key=f"{FORM}_username",
        max_chars=64,
        autocomplete="username",
        help=_("登录时使用：4至32位，以小写字母开头，可含小写字母、数字、点、下划线和连字符。"),
    )
    left, right = st.columns(2)
    with left:
        new_password(_("密码"), f"{FORM}_password")
    with right:
        repeated_password(_("确认密码"), f"{FORM}_repeated")
    left, right = st.columns(2)
    left.text_input(_("姓名"), key=f"{FORM}_name", max_chars=50, autocomplete="name", help=_("与证件一致。"))
    right.text_input(
        _("证件号码"), key=f"{FORM}_id_number", max_chars=18, autocomplete="off", help=_("18位居民身份证号码。")
    )
    left, right = st.columns(2)
    left.text_input(_("手机号码"), key=f"{FORM}_mobile", max_chars=20, autocomplete="tel")
    right.text_input(_("电子邮箱"), key=f"{FORM}_email", max_chars=100, autocomplete="email")
    captchas.draw(FORM)
    st.form_submit_button(_("注册"), type="primary", key=f"{FORM}_submit", icon=":material/person_add:")

link("account/login", label=_("已有账号，去登录"))
