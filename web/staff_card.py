"""One member of the staff, or somebody who asks to be, as the employer sees him."""

import streamlit as st

from db.people import Binding, BindingStatus
from services import accounts, fields, people
from services.people import StaffAction
from services.permissions import Actor
from web import pause
from web.account_card import draw_one_time_password
from web.command import command
from web.i18n import _
from web.labels import badge_text, word
from web.text import escape_markdown
from web.times import local_time


def row(binding: Binding) -> dict[str, object]:
    """One line of the list."""
    person = binding.person
    return {
        _("姓名"): person.name,
        _("证件号码"): person.id_number_masked,
        _("手机号码"): person.mobile,
        _("所在部门"): person.department,
        _("职称"): person.title_name or word(person.title_level),
        _("提交时间"): local_time(binding.requested_at),
    }


def draw_person(binding: Binding) -> None:
    person = binding.person
    st.subheader(f"{escape_markdown(person.name)} {badge_text(binding.status)}", anchor=False)
    facts = {
        _("性别"): word(person.sex),
        _("证件号码"): escape_markdown(person.id_number_masked),
        _("手机号码"): escape_markdown(person.mobile),
        _("电子邮箱"): escape_markdown(person.email),
        _("所在部门"): escape_markdown(person.department) or _("未填写"),
        _("职称系列"): word(person.title_series) if person.title_series else _("未填写"),
        _("职称"): escape_markdown(person.title_name) or word(person.title_level),
        _("申请单位"): escape_markdown(binding.organisation.name),
        _("提交时间"): local_time(binding.requested_at),
    }
    if binding.started_on:
        facts[_("确认日期")] = f"{binding.started_on}"
    st.table(facts, border="horizontal")
    if binding.reason:
        st.markdown(f"{_('退回原因')}：{escape_markdown(binding.reason)}")


def draw_reveal(actor: Actor, binding: Binding) -> None:
    """The number is gone with the next click; every look is recorded."""
    if not st.button(
        _("显示证件号码"),
        icon=":material/visibility:",
        type="tertiary",
        key=f"reveal_{binding.id}",
        help=_("仅供核对身份，每次查看都会记入操作日志。"),
    ):
        return
    number = ""
    with command(_("本次查看已记入操作日志。"), stay=True) as session:
        number = people.reveal_id_number(session, actor, binding.id)
    if number:
        st.code(number, language=None)


def draw_request(actor: Actor, binding: Binding) -> None:
    """The decision about somebody who says that he works here."""
    key, resting = f"{binding.id}_{binding.version}", pause.is_on()
    with st.form(f"request_{key}", enter_to_submit=False):
        reason = st.text_area(
            _("退回原因"),
            max_chars=fields.LONGEST_TEXT,
            height=100,
            key=f"reason_{key}",
            placeholder=_("退回时必填，例如：不是本单位人员；姓名与证件不符。"),
        )
        with st.container(horizontal=True):
            confirmed = st.form_submit_button(_("确认"), type="primary", disabled=resting)
            refused = st.form_submit_button(_("动作|退回"), disabled=resting)
    if confirmed:
        with command(_("已确认为本单位人员。"), before_redraw=pause.begin) as session:
            people.confirm(session, actor, binding.id)
    if refused:
        with command(_("已退回申请。"), before_redraw=pause.begin) as session:
            people.refuse(session, actor, binding.id, reason=reason)


def draw_reset(actor: Actor, binding: Binding) -> None:
    with st.expander(_("重置密码"), icon=":material/lock_reset:"):  # a popover would stay open over the password
        st.markdown(_("该人员的所有登录将立即退出，须用一次性密码重新登录并修改密码。"))
        pressed = st.button(_("确定重置"), type="primary", key=f"reset_{binding.id}")
    if pressed:
        password = ""
        with command(_("密码已重置。"), stay=True) as session:
            password = accounts.reset_password(session, actor, binding.person.account_id)
        draw_one_time_password(binding.person.name, password)


def draw_actions(actor: Actor, binding: Binding) -> None:
    possible = people.possible_actions(actor, binding)
    if StaffAction.REVEAL in possible:
        draw_reveal(actor, binding)
    if StaffAction.CONFIRM in possible:
        draw_request(actor, binding)
    if StaffAction.RESET_PASSWORD in possible:
        draw_reset(actor, binding)
    if not possible and binding.decided_at and binding.status is not BindingStatus.WITHDRAWN:
        st.caption(_("%(time)s 已处理。") % {"time": local_time(binding.decided_at)})
