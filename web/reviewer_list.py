"""Who acts for an organisation, and the forms that add and remove somebody."""

from collections.abc import Sequence

import streamlit as st

from db.organisations import Organisation
from services import reviewers
from services.permissions import Actor
from services.reviewers import Reviewer
from web import pause
from web.account_card import draw_one_time_password
from web.command import command
from web.i18n import _
from web.text import escape_markdown
from web.times import local_time


def draw_reviewers(actor: Actor, organisation: Organisation, acting: Sequence[Reviewer]) -> None:
    st.markdown(f"**{_('审核人')}**")
    if not any(each.is_active for each in acting):
        st.warning(
            _("没有能登录的审核人：该单位的人员和学时现在无人处理。请增加接任的审核人。"), icon=":material/person_off:"
        )
    manages, resting = reviewers.can_manage(actor, organisation), pause.is_on()
    for each in acting:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(_line(each), width="content")
            if manages:
                _draw_removal(actor, organisation, each, disabled=resting)
    if manages:
        _draw_additions(actor, organisation)


def _line(reviewer: Reviewer) -> str:
    """Name, account name, whether he can sign in, and who appointed him when."""
    name = f"**{escape_markdown(reviewer.name)}** ({escape_markdown(reviewer.username)})"
    stopped = "" if reviewer.is_active else f" :red-badge[{_('账号已停用')}]"
    by = _("%(name)s 增加") % {"name": escape_markdown(reviewer.appointed_by)} if reviewer.appointed_by else _("注册时")
    return f"{name}{stopped} :gray[{local_time(reviewer.since)} {by}]"


def _draw_removal(actor: Actor, organisation: Organisation, reviewer: Reviewer, *, disabled: bool) -> None:
    with st.popover(_("移除"), type="tertiary", key=f"remove_{organisation.id}_{reviewer.grant_id}"):
        st.markdown(
            _("%(name)s 将立即不能再为“%(organisation)s”办理业务，账号本身保留。")
            % {"name": escape_markdown(reviewer.name), "organisation": escape_markdown(organisation.name)}
        )
        confirmed = st.button(
            _("确定移除"), type="primary", key=f"removal_{organisation.id}_{reviewer.grant_id}", disabled=disabled
        )
    if confirmed:
        with command(_("已移除。"), before_redraw=pause.begin) as session:
            reviewers.remove(session, actor, organisation.id, reviewer.account_id)


def _draw_additions(actor: Actor, organisation: Organisation) -> None:
    key = f"reviewer_{organisation.id}"
    with st.expander(_("增加审核人"), icon=":material/person_add:"):
        left, right = st.columns(2)
        with left:
            _draw_existing(actor, organisation, key)
        with right:
            _draw_new(actor, organisation, key)


def _draw_existing(actor: Actor, organisation: Organisation, key: str) -> None:
    with st.form(f"{key}_existing", border=False):
        st.markdown(_("对方已有账号："))
        username = st.text_input(_("用户名"), max_chars=64, autocomplete="off", key=f"{key}_username")
        added = st.form_submit_button(_("增加"))
    if added:
        with command(_("已增加审核人，对方下次打开页面即可办理业务。")) as session:
            reviewers.appoint(session, actor, organisation.id, username=username)


def _draw_new(actor: Actor, organisation: Organisation, key: str) -> None:
    with st.form(f"{key}_new", border=False):
        st.markdown(_("对方没有账号："))
        username = st.text_input(_("新用户名"), max_chars=64, autocomplete="off", key=f"{key}_new_username")
        name = st.text_input(_("姓名"), max_chars=50, autocomplete="off", key=f"{key}_new_name")
        opened = st.form_submit_button(_("新建账号并增加"))
    if opened:
        password = ""
        with command(_("账号已新建，对方已是审核人。"), stay=True) as session:
            password = reviewers.appoint_new(session, actor, organisation.id, username=username, display_name=name)
        draw_one_time_password(username, password)
