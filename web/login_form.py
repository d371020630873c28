"""The parts of the login page."""

import streamlit as st

from db import reading
from db.settings import settings
from services import demo
from web.i18n import N_, _
from web.navigation import can_open, link
from web.sign_in import SignIn
from web.text import escape_markdown

NOTICES = {
    "ended": N_("您已退出登录，或登录已失效。请重新登录。"),
    "closed": N_("您的账号已注销。感谢使用。"),
    "refused": N_("登录没有完成，请重新登录。"),
}

WAYS_IN = (
    ("account/register", N_("专业技术人员申报学时、打印证书")),
    ("account/organisations", N_("单位审核本单位人员的学时，施教机构办班")),
    ("account/verify", N_("扫描证书上的二维码或输入编号，无需登录")),
)


def draw_notice() -> None:
    """What led here: a refusal of the last try, or the end of a session."""
    refusal = st.session_state.pop("login_refusal", None)
    notice = NOTICES.get(st.query_params.get("notice", ""))
    if refusal:
        st.error(escape_markdown(refusal), icon=":material/error:")
    elif notice:
        st.info(_(notice), icon=":material/info:")


def draw_form() -> None:
    """Raises LoginError, after which the page must be drawn again with a new picture."""
    form = st.container()
    totp_code = _totp_field() if settings().require_totp else ""
    remember = st.checkbox(
        _("记住我"),
        key="remember",
        on_change="ignore",
        help=_("14 天内免再次输入密码，仅适用于专业技术人员账号。请勿在公用电脑上勾选。"),
    )
    with form:
        SignIn(remember=remember, totp_code=totp_code).draw(
            {
                "Form name": _("专业技术人员继续教育"),
                "Username": _("用户名"),
                "Password": _("密码"),
                "Captcha": _("验证码"),
                "Login": _("登录"),
            }
        )


def _totp_field() -> str:
    return st.text_input(
        _("动态验证码"),
        key="totp_code",
        max_chars=6,
        autocomplete="one-time-code",
        on_change="ignore",
        help=_("单位、机构、主管部门和管理人员账号须填写手机验证器上显示的6位数字。"),
    )


def draw_ways_in() -> None:
    """For those who have no account, or need none."""
    for path, purpose in WAYS_IN:
        if not can_open(path):
            continue
        with st.container(gap="xxsmall"):
            link(path)
            st.caption(_(purpose))


def list_demo_accounts() -> None:
    """Only while this database is a demo."""
    with reading() as session:
        is_demo = demo.is_demo(session)
    if is_demo:
        with st.expander(_("试点演示账号"), icon=":material/science:", expanded=True):
            st.caption(_("密码均为 %(password)s；数据均为虚构。") % {"password": demo.PASSWORD})
            st.table([{_("用户名"): name, _("角色"): _(role)} for name, role in demo.ACCOUNTS.items()])
