"""Closing one's own account: told before what becomes of everything, asked twice, and not to be undone."""

from collections.abc import Mapping
from typing import NamedTuple

import streamlit as st

from db import transaction
from services import closing
from services.closing import Obstacle, Outlook
from services.permissions import Actor
from web.command import command
from web.i18n import N_, _
from web.navigation import link
from web.session import leave


class Remedy(NamedTuple):
    """What stands in the way, how it is cleared, and on which page."""

    text: str
    page: str


REMEDIES: Mapping[Obstacle, Remedy] = {
    Obstacle.CLAIMS_WAITING: Remedy(
        N_("有 %(count)s 条学时正在等待审核或认定。请先撤回，或等待处理完毕。"), "personal/claims"
    ),
    Obstacle.EMPLOYER_ASKED: Remedy(N_("有向单位提出、尚未办完的申请。请先撤回，或等待处理完毕。"), "personal/profile"),
    Obstacle.CHANGES_WAITING: Remedy(
        N_("有 %(count)s 项资料变更或身份更正正在办理。请先撤回，或等待处理完毕。"), "personal/profile"
    ),
    Obstacle.LAST_REVIEWER: Remedy(
        N_("您是 %(count)s 个单位或机构最后一位能登录的审核人。请先增加接任的审核人；尚未通过审核的，请等待结果。"),
        "employer/organisation",
    ),
    Obstacle.LAST_ADMINISTRATOR: Remedy(N_("您是最后一个系统管理员。请先指定另一位系统管理员。"), "system/accounts"),
}

ERASED = (
    N_("用户名、密码、验证器、登录设备和角色；"),
    N_("手机号码、电子邮箱、职称、学历、执业资格等基本信息及更正身份的证明材料；"),
    N_("未通过的学时记录及其附件。"),
)
KEPT = (
    N_("姓名、证件号码（加密保存），已通过的学时及其附件、已签发的证书：证书须能长期验证，学时不得重复登记；"),
    N_("与单位的关系记录（没有单位填写的意见）。"),
)
KEPT_ANYWAY = (
    N_("操作日志：依法留存，不能修改或删除，其中有您操作时的姓名、时间、网络地址和变更的内容；"),
    N_("您以审核人、管理员身份对他人作出的处理，以及您为单位填写的资料。"),
)


def draw_closing(actor: Actor, outlook: Outlook) -> None:
    st.header(_("注销账号"), anchor=False)
    with st.expander(_("注销后不能再登录，也不能自行恢复。查看将被清除和保留的内容"), icon=":material/person_off:"):
        _draw_consequences(outlook)
        if outlook.obstacles:
            _draw_obstacles(outlook)
        else:
            _draw_form(actor)


def _draw_consequences(outlook: Outlook) -> None:
    _draw_list(_("将被清除："), ERASED if outlook.keeps_record else (*ERASED, N_("姓名、证件号码及其他个人信息。")))
    _draw_list(_("将被保留："), (*KEPT, *KEPT_ANYWAY) if outlook.keeps_record else KEPT_ANYWAY)
    if outlook.keeps_record:
        st.markdown(_("以后需要再次使用时，不能重新注册，须由系统管理员核对身份后恢复。"))
    else:
        st.markdown(_("以后需要再次使用时，可以重新注册。"))
    st.markdown(_("建议先用上面的“导出我的数据”保存一份。"))


def _draw_list(heading: str, lines: tuple[str, ...]) -> None:
    st.markdown("\n".join((f"**{heading}**", "", *(f"- {_(line)}" for line in lines))))


def _draw_obstacles(outlook: Outlook) -> None:
    st.warning(_("还有事项没有办完，暂时不能注销："), icon=":material/pending_actions:")
    for obstacle, count in outlook.obstacles.items():
        remedy = REMEDIES[obstacle]
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(_(remedy.text) % {"count": count})
            link(remedy.page)


def _draw_form(actor: Actor) -> None:
    with st.form("closing", enter_to_submit=False, width=520):
        username = st.text_input(
            _("输入您的用户名以确认"),
            key="closing_username",
            max_chars=64,
            autocomplete="off",
            placeholder=actor.username,
        )
        password = st.text_input(
            _("密码"), type="password", key="closing_password", max_chars=128, autocomplete="current-password"
        )
        submitted = st.form_submit_button(_("注销账号"), type="primary", icon=":material/person_off:")
    closed = False
    if submitted:
        with command(_("账号已注销。"), stay=True):
            closing.close(transaction, actor, username=username, password=password)
            closed = True
    if closed:
        leave(closed=True)
