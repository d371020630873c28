import streamlit as st

from db import reading
from services import accounts
from web import labels
from web.account_card import draw_card, draw_new_account
from web.i18n import _
from web.session import current_actor
from web.times import local_time
from web.to_do import draw_elsewhere

LIMIT = 50

actor = current_actor()
draw_elsewhere(actor, "system/accounts")

with st.container(horizontal=True, vertical_alignment="bottom"):
    text = st.text_input(
        _("搜索账号"),
        key="account_search",
        type="search",
        placeholder=_("用户名开头或姓名中的字"),
        bind="query-params",
        width=420,
    )
    with st.popover(_("新建账号"), icon=":material/person_add:"):
        draw_new_account(actor)

with reading() as session:
    found = accounts.search(session, actor, text, limit=LIMIT)

if not found:
    st.info(_("没有符合条件的账号。"), icon=":material/search_off:")
    st.stop()

picked = st.dataframe(
    [
        {
            _("用户名"): account.username,
            _("姓名"): account.display_name,
            _("状态"): labels.word(account.status),
            _("角色"): _("、").join(dict.fromkeys(labels.word(grant.role) for grant in account.grants)),
            _("创建时间"): local_time(account.created_at),
        }
        for account in found
    ],
    key=f"accounts_{text}",
    on_select="rerun",
    selection_mode="single-row",
    hide_index=True,
    alt=_("账号列表"),
)
if len(found) == LIMIT:
    st.caption(_("只显示前 %(limit)s 个，请输入更多文字缩小范围。") % {"limit": LIMIT})

rows = [0] if len(found) == 1 else picked["selection"]["rows"]
if rows:
    opened = found[rows[0]]
    with reading() as session:
        roles = accounts.roles_of(session, actor, opened.id)
    draw_card(actor, opened, roles)
else:
    st.caption(_("选中一行后可停用、启用、重置密码和调整角色。"))
