"""The employer of a professional: choosing one, the state of the request, and earlier ones."""

from collections.abc import Sequence

import streamlit as st

from db import reading
from db.organisations import Organisation
from db.people import Binding, BindingStatus, Person
from db.settings import settings
from services import divisions, organisations
from services.permissions import Actor
from web import labels
from web.division_field import choose_division
from web.i18n import _
from web.text import escape_markdown
from web.times import local_time


def choose_employer(actor: Actor) -> int | None:
    """The number of the employer that was chosen, or None."""
    st.markdown(_("先选择单位所在的行政区划，再从名单中选择单位，最后点击“提交”，由单位确认。"))
    division = choose_division("employer")
    text = st.text_input(
        _("单位名称"), key="employer_name", placeholder=_("输入名称中的几个字即可查找"), type="search", live=True
    )
    if not division:
        st.caption(_("请至少选择省级行政区划。"))
        return None
    with reading() as session:
        found = organisations.employers_to_choose(session, actor, division=division, text=text.strip())
    if found:
        return _pick(found)
    _say_not_found()
    return None


def _pick(found: Sequence[Organisation]) -> int | None:
    names = {employer.id: escape_markdown(employer.name) for employer in found}
    picked: int | None = st.radio(
        _("选择工作单位"),
        names,
        index=None,
        format_func=names.__getitem__,
        captions=[f"{divisions.name(employer.division)} · {employer.uscc}" for employer in found],
        key="employer",
    )
    if len(found) == organisations.CHOICES:
        st.caption(_("只列出前 %(count)s 个单位，请输入单位名称缩小范围。") % {"count": organisations.CHOICES})
    return picked


def _say_not_found() -> None:
    st.warning(
        _("没有找到您的单位。请核对行政区划和名称；如果单位还没有注册，请本单位先注册，经主管部门审核通过后再来选择。"),
        icon=":material/search_off:",
    )
    st.caption(_("可以把下面的“单位/机构注册”网址发给本单位的负责人："))
    st.code(f"{settings().public_url}/account-organisations", language=None)


def draw_binding(binding: Binding) -> bool:
    """The waiting request or the confirmed tie; true when the request is taken back."""
    employer = binding.organisation
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{escape_markdown(employer.name)}**", width="content")
            labels.badge(binding.status)
        st.caption(divisions.name(employer.division))
        st.text(_contact(employer))
        if binding.status is BindingStatus.ACTIVE:
            st.caption(_("自 %(day)s 起") % {"day": binding.started_on})
            return False
        st.caption(
            _("%(time)s 已提交，等待单位确认。久未确认时，请与上面的联系人联系。")
            % {"time": local_time(binding.requested_at)}
        )
        return st.button(_("撤回"), icon=":material/undo:")


def _contact(employer: Organisation) -> str:
    return _("联系人：%(name)s，电话：%(phone)s") % {"name": employer.contact_name, "phone": employer.contact_phone}


def draw_refusal(person: Person) -> None:
    """Why the last request was sent back, above the choice that corrects it."""
    last = person.bindings[0] if person.bindings else None
    if last is not None and last.status is BindingStatus.REFUSED:
        reason = escape_markdown(last.reason)
        text = _("%(employer)s 退回了您的申请，请更正后重新提交。退回原因：%(reason)s")
        st.error(text % {"employer": escape_markdown(last.organisation.name), "reason": reason}, icon=":material/undo:")


def draw_history(person: Person) -> None:
    past = [
        binding for binding in person.bindings if binding.status not in {BindingStatus.ACTIVE, BindingStatus.REQUESTED}
    ]
    if not past:
        return
    with st.expander(_("以往的单位和申请"), icon=":material/history:"):
        for binding in past:
            with st.container(horizontal=True, vertical_alignment="center"):
                labels.badge(binding.status)
                st.text(binding.organisation.name, width="content")
                st.caption(_period(binding))
            if binding.reason:
                st.text(binding.reason)


def _period(binding: Binding) -> str:
    if binding.started_on:
        return _("%(start)s 至 %(end)s") % {"start": binding.started_on, "end": binding.ended_on}
    return _("%(time)s 提交") % {"time": local_time(binding.requested_at)}
