"""One account as its administrator sees it, with what can be done about it."""

from collections.abc import Sequence

import streamlit as st

from db.accounts import Account, AccountStatus, Grant, Role
from services import accounts, closing, divisions
from services.accounts import Held
from services.permissions import Actor
from web import labels
from web.command import command
from web.division_field import choose_division
from web.i18n import _
from web.text import escape_markdown
from web.times import local_time


def draw_card(actor: Actor, account: Account, roles: Sequence[Held]) -> None:
    with st.container(border=True, key=f"account_{account.id}"):
        st.markdown(
            f"**{escape_markdown(account.display_name)}** ({escape_markdown(account.username)}) "
            f"{labels.badge_text(account.status)}"
        )
        if account.status is AccountStatus.CLOSED:
            _draw_closed(actor, account)
            return
        _draw_status_buttons(actor, account)
        for held in roles:
            _draw_role(actor, held)
        if not roles:
            st.caption(_("还没有角色，登录后只能管理自己的账号。请在下面授予角色。"))
        _draw_role_form(actor, account)


def _draw_status_buttons(actor: Actor, account: Account) -> None:
    with st.container(horizontal=True):
        is_active = account.status is AccountStatus.ACTIVE
        suspend = is_active and st.button(_("停用"), icon=":material/block:", key=f"suspend_{account.id}")
        reinstate = not is_active and st.button(_("启用"), icon=":material/check:", key=f"reinstate_{account.id}")
        with st.popover(_("重置密码"), icon=":material/lock_reset:", key=f"reset_open_{account.id}"):
            st.caption(_("原密码立即失效，登录全部退出；随后显示一次性密码，请准备好告知本人。"))
            reset = st.button(_("确认重置"), type="primary", key=f"reset_{account.id}")
    if suspend:
        with command(_("账号已停用，其登录已全部退出。")) as session:
            accounts.suspend(session, actor, account.id)
    if reinstate:
        with command(_("账号已启用。")) as session:
            accounts.reinstate(session, actor, account.id)
    if reset:
        password = ""
        with command(_("密码已重置。"), stay=True) as session:
            password = accounts.reset_password(session, actor, account.id)
        draw_one_time_password(account.username, password)


def _draw_closed(actor: Actor, account: Account) -> None:
    if not closing.can_reopen(account):
        st.caption(_("本人已注销账号，没有需要保留的学时和证书，个人信息已清除。再次使用须重新注册。"))
        return
    st.caption(_("本人已注销账号，仅保留姓名、证件号码和已通过的学时、证书。经本人申请并核对身份后可以恢复。"))
    with st.expander(_("恢复账号"), icon=":material/settings_backup_restore:"), st.form(f"reopen_form_{account.id}"):
        username = st.text_input(_("新的用户名"), max_chars=64, autocomplete="off", key=f"reopen_username_{account.id}")
        checked = st.checkbox(_("本人已提出申请，并已当面核对身份证件"), key=f"reopen_checked_{account.id}")
        submitted = st.form_submit_button(_("恢复账号"))
    if submitted:
        password = ""
        with command(_("账号已恢复，本人须用一次性密码登录。"), stay=True) as session:
            password = closing.reopen(session, actor, account.id, username=username, identity_checked=checked)
        draw_one_time_password(username, password)


def draw_one_time_password(username: str, password: str) -> None:
    """Gone with the next click; an empty password means that there was a refusal instead."""
    if password:
        st.warning(
            _("请将一次性密码当面或以安全方式告知 %(username)s。本密码只显示这一次，首次登录须修改。")
            % {"username": escape_markdown(username)},
            icon=":material/key:",
        )
        st.code(password, language=None)


def _draw_role(actor: Actor, held: Held) -> None:
    grant = held.grant
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(labels.word(grant.role), color="blue")
        place = divisions.name(grant.division) if grant.division else held.organisation
        by = held.granted_by or _("随注册或命令产生")
        said = _("%(who)s，%(time)s") % {"who": by, "time": local_time(grant.granted_at)}
        st.text(" · ".join(filter(None, (place, said))), width="content")
        if grant.role is not Role.PROFESSIONAL:
            _draw_revocation(actor, grant)


def _draw_revocation(actor: Actor, grant: Grant) -> None:
    with st.popover(_("取消角色"), type="tertiary", key=f"revoke_open_{grant.id}"):
        st.caption(_("立即生效；需要时可以重新授予，单位和机构的角色由该单位或主管部门重新指定。"))
        if st.button(_("确认取消角色"), key=f"revoke_{grant.id}"):
            with command(_("角色已取消。")) as session:
                accounts.revoke_grant(session, actor, grant.id)


def _draw_role_form(actor: Actor, account: Account) -> None:
    with st.expander(_("授予角色"), icon=":material/badge:"):
        role = st.segmented_control(
            _("角色"), sorted(accounts.GRANTABLE), format_func=labels.word, key=f"role_{account.id}"
        )
        division = choose_division(f"grant_{account.id}") if role is Role.SUPERVISOR else None
        if st.button(_("授予"), key=f"grant_{account.id}", disabled=role is None) and role:
            with command(_("角色已授予。")) as session:
                accounts.grant(session, actor, account.id, role, division=division)


def draw_new_account(actor: Actor) -> None:
    with st.form("new_account", border=False):
        username = st.text_input(_("用户名"), max_chars=64, autocomplete="off", key="new_account_username")
        name = st.text_input(_("姓名"), max_chars=50, autocomplete="off", key="new_account_name")
        submitted = st.form_submit_button(_("新建账号"), type="primary")
    if submitted:
        password = ""
        with command(_("账号已创建。"), stay=True) as session:
            password = accounts.create_account(session, actor, username=username, display_name=name)
        draw_one_time_password(username, password)
