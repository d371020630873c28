"""The employer of a professional as he sees it himself, what he has asked for, and how it came about."""

from datetime import timedelta

import streamlit as st

from db.organisations import Organisation, OrganisationStatus
from db.people import Binding, BindingAction, BindingStatus, BindingStep, Person
from services import bindings, divisions
from services.clock import now
from services.permissions import Actor
from web.command import command
from web.i18n import _
from web.labels import badge, word
from web.text import escape_markdown
from web.times import local_time

# Afterwards the history is enough for somebody who has an employer.
REFUSAL_SHOWN = timedelta(days=30)


def draw_current(binding: Binding) -> None:
    """Where the person works now."""
    with st.container(border=True):
        _draw_employer(binding)
        st.caption(_("自 %(day)s 起") % {"day": binding.started_on})


def draw_coming(actor: Actor, binding: Binding) -> None:
    """A request that waits, or one that is confirmed for a later day, with the button that takes it back."""
    with st.container(border=True):
        _draw_employer(binding)
        st.caption(_prospect(binding))
        withdrawn = st.button(_("撤回"), icon=":material/undo:", key=f"withdraw_binding_{binding.id}")
    if withdrawn:
        with command(_("已撤回，可以重新选择单位")) as session:
            bindings.withdraw(session, actor, binding.id)


def _draw_employer(binding: Binding) -> None:
    employer = binding.organisation
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{escape_markdown(employer.name)}**", width="content")
        badge(binding.status)
    st.caption(divisions.name(employer.division))
    st.text(_contact(employer))
    if employer.status is OrganisationStatus.SUSPENDED:
        text = _("该单位已停用，暂时不能确认人员、审核学时，恢复后继续。请咨询%(division)s主管部门。")
        st.warning(text % {"division": divisions.name(employer.division)}, icon=":material/block:")


def _contact(employer: Organisation) -> str:
    return _("联系人：%(name)s，电话：%(phone)s") % {"name": employer.contact_name, "phone": employer.contact_phone}


def _prospect(binding: Binding) -> str:
    if binding.status is BindingStatus.SCHEDULED:
        text = _("该单位已确认，%(day)s 起自动生效；在此之前，学时仍由现在的单位审核。生效前可以撤回。")
        return text % {"day": binding.started_on}
    sent = _("%(time)s 已提交，等待单位确认。久未确认时，请与上面的联系人联系。") % {
        "time": local_time(binding.requested_at)
    }
    if binding.wished_on is None:
        return sent
    return _("申请调入，希望 %(day)s 起生效。") % {"day": binding.wished_on} + sent


def draw_refusal(person: Person, *, is_employed: bool) -> None:
    """Why the last request was sent back, above the choice that corrects it."""
    last = person.bindings[0] if person.bindings else None
    is_old = is_employed and last and last.decided_at and now() - last.decided_at > REFUSAL_SHOWN
    if last is not None and last.status is BindingStatus.REFUSED and not is_old:
        reason = escape_markdown(last.reason)
        text = _("%(employer)s 退回了您的申请，请更正后重新提交。退回原因：%(reason)s")
        st.error(text % {"employer": escape_markdown(last.organisation.name), "reason": reason}, icon=":material/undo:")


def draw_history(person: Person) -> None:
    """Every binding with its steps, the newest first."""
    if not person.bindings:
        return
    with st.expander(_("单位变动记录"), icon=":material/history:"):
        for binding in person.bindings:
            with st.container(horizontal=True, vertical_alignment="center"):
                badge(binding.status)
                st.text(binding.organisation.name, width="content")
                st.caption(period(binding))
            draw_steps(binding)


def period(binding: Binding) -> str:
    """From when to when somebody worked there, and why it ended; empty if it never began."""
    if binding.ended_on and binding.end_reason:
        days = _("%(start)s 至 %(end)s") % {"start": binding.started_on, "end": binding.ended_on}
        return f"{days} · {word(binding.end_reason)}"
    return _("自 %(day)s 起") % {"day": binding.started_on} if binding.started_on else ""


def draw_steps(binding: Binding) -> None:
    for step in binding.steps:
        st.markdown(f":material/schedule: {_step(step)}")


def _step(step: BindingStep) -> str:
    said = [local_time(step.at), escape_markdown(step.actor_name), f"**{word(step.action)}**"]
    if step.action in {BindingAction.TRANSFER, BindingAction.CONFIRM} and step.effective_on:
        said.append(_("%(day)s 起生效") % {"day": step.effective_on})
    elif step.action in {BindingAction.DEPART, BindingAction.END}:
        said.append(f"{step.effective_on}")
    if step.reason:
        said.append(escape_markdown(step.reason))
    return " · ".join(said)
