"""What an employer does about one member of its staff, or about somebody who asks to be one."""

from datetime import date

import streamlit as st

from db.people import Binding, BindingAction
from services import accounts, binding_steps, bindings, fields, staff, transfers
from services.clock import today
from services.permissions import Actor
from web import pause
from web.account_card import draw_one_time_password
from web.command import command
from web.i18n import _
from web.labels import word
from web.navigation import link


def draw_actions(actor: Actor, binding: Binding, waiting: int) -> None:
    """`waiting` is how many of this person's claims the employer has still to decide."""
    possible = binding_steps.possible_actions(actor, binding)
    if BindingAction.CONFIRM in possible:
        _draw_reveal(actor, binding)
        _draw_request(actor, binding)
    elif BindingAction.REFUSE in possible:
        _draw_calling_off(actor, binding)
    if BindingAction.END in possible:
        _draw_end(actor, binding, waiting)
        _draw_reset(actor, binding)


def _draw_reveal(actor: Actor, binding: Binding) -> None:
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
        number = staff.reveal_id_number(session, actor, binding.id)
    if number:
        st.code(number, language=None)


def _draw_request(actor: Actor, binding: Binding) -> None:
    """The decision about somebody who says that he works here, or will."""
    key, resting = f"{binding.id}_{binding.version}", pause.is_on()
    with st.form(f"request_{key}", enter_to_submit=False):
        starts_on = _draw_start(binding, key) if binding.wished_on else None
        reason = _draw_reason(key, _("退回时必填，例如：不是本单位人员；姓名与证件不符。"))
        with st.container(horizontal=True):
            confirmed = st.form_submit_button(_("确认"), type="primary", disabled=resting)
            refused = st.form_submit_button(_("动作|退回"), disabled=resting)
    if confirmed:
        with command(_confirmation(starts_on), before_redraw=pause.begin) as session:
            bindings.confirm(session, actor, binding.id, starts_on=starts_on)
    if refused:
        _refuse(actor, binding, reason)


def _draw_start(binding: Binding, key: str) -> date | None:
    earliest = today()
    st.caption(_("该人员现在属于其他单位，由本单位决定何时调入；原单位会看到调转的日期和去向。"))
    return st.date_input(
        _("生效日期"),
        max(binding.wished_on or earliest, earliest),
        min_value=earliest,
        max_value=earliest + transfers.LONGEST_NOTICE,
        format="YYYY-MM-DD",
        key=f"starts_on_{key}",
    )


def _draw_reason(key: str, placeholder: str) -> str:
    return st.text_area(
        _("退回原因"), max_chars=fields.LONGEST_TEXT, height=100, key=f"reason_{key}", placeholder=placeholder
    )


def _confirmation(starts_on: date | None) -> str:
    if starts_on and starts_on > today():
        return _("已确认，%(day)s 起成为本单位人员。") % {"day": starts_on}
    return _("已确认为本单位人员。")


def _refuse(actor: Actor, binding: Binding, reason: str) -> None:
    with command(_("已退回申请。"), before_redraw=pause.begin) as session:
        bindings.refuse(session, actor, binding.id, reason=reason)


def _draw_calling_off(actor: Actor, binding: Binding) -> None:
    """What was confirmed for a later day can still be sent back."""
    st.info(
        _("已确认，%(day)s 起自动成为本单位人员。情况有变时，在此之前可以退回。") % {"day": binding.started_on},
        icon=":material/event:",
    )
    key, resting = f"{binding.id}_{binding.version}", pause.is_on()
    with st.form(f"call_off_{key}", enter_to_submit=False):
        reason = _draw_reason(key, _("必填，例如：不再调入。"))
        refused = st.form_submit_button(_("动作|退回"), disabled=resting)
    if refused:
        _refuse(actor, binding, reason)


def _draw_end(actor: Actor, binding: Binding, waiting: int) -> None:
    with st.expander(_("离职或退休"), icon=":material/person_off:"):
        if waiting:
            st.warning(
                _("该人员还有 %(count)s 条学时待本单位审核，处理完才能办理离职。") % {"count": waiting},
                icon=":material/front_hand:",
            )
            link("employer/claims")
        else:
            _draw_end_form(actor, binding)


def _draw_end_form(actor: Actor, binding: Binding) -> None:
    st.markdown(_("办理后，该人员不再属于本单位，不能再向本单位申报学时；已通过的学时不受影响。"))
    key, last_day = f"{binding.id}_{binding.version}", today()
    with st.form(f"end_{key}", enter_to_submit=False, border=False):
        reason = st.radio(
            _("离职原因"), bindings.END_REASONS, None, format_func=word, horizontal=True, key=f"end_reason_{key}"
        )
        on = st.date_input(
            _("离职日期"),
            last_day,
            min_value=binding.started_on,
            max_value=last_day,
            format="YYYY-MM-DD",
            key=f"ended_on_{key}",
        )
        ended = st.form_submit_button(_("动作|离职"), type="primary", disabled=pause.is_on())
    if ended:
        with command(_("已办理离职。"), before_redraw=pause.begin) as session:
            bindings.end(session, actor, binding.id, reason=reason, on=on)


def _draw_reset(actor: Actor, binding: Binding) -> None:
    with st.expander(_("重置密码"), icon=":material/lock_reset:"):  # a popover would stay open over the password
        st.markdown(_("该人员的所有登录将立即退出，须用一次性密码重新登录并修改密码。"))
        pressed = st.button(_("确定重置"), type="primary", key=f"reset_{binding.id}")
    if pressed:
        password = ""
        with command(_("密码已重置。"), stay=True) as session:
            password = accounts.reset_password(session, actor, binding.person.account_id)
        draw_one_time_password(binding.person.name, password)
