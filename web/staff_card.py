"""One member of the staff, or somebody who asks to be, as the employer sees him."""

import streamlit as st

from db.people import Binding, BindingStatus
from services import binding_steps
from web.binding_card import draw_steps, period
from web.i18n import _
from web.labels import badge_text, word
from web.text import escape_markdown
from web.times import local_time


def row(binding: Binding) -> dict[str, object]:
    """One line of the list. Of those who are gone an employer need not know how to reach them."""
    person = binding.person
    facts: dict[str, object] = {_("姓名"): person.name, _("证件号码"): person.id_number_masked}
    if binding.status not in binding_steps.OPEN:
        return facts | _when(binding)
    return facts | {
        _("手机号码"): person.mobile,
        _("所在部门"): person.department,
        _("职称"): person.title_name or word(person.title_level),
        **_when(binding),
        _("备注"): _remark(binding),
    }


def _when(binding: Binding) -> dict[str, object]:
    if binding.status in {BindingStatus.ACTIVE, BindingStatus.ENDED}:
        return {_("在职时间"): period(binding)}
    return {_("提交时间"): local_time(binding.requested_at)}


def _remark(binding: Binding) -> str:
    """What is out of the ordinary about a request or about somebody who works here."""
    if binding.status is BindingStatus.SCHEDULED:
        return _("%(day)s 起生效") % {"day": binding.started_on}
    if binding.status is BindingStatus.REQUESTED:
        return _("申请调入") if binding.wished_on else ""
    return _leaving(binding)


def _leaving(binding: Binding) -> str:
    """Where a transfer takes somebody, and when; empty for everybody else."""
    if binding.successor is None:
        return ""
    coming = binding.successor
    return _("%(day)s 调往 %(employer)s") % {"day": coming.started_on, "employer": coming.organisation.name}


def draw_person(binding: Binding) -> None:
    person = binding.person
    st.header(f"{escape_markdown(person.name)} {badge_text(binding.status)}", anchor=False)
    facts = {_("性别"): word(person.sex), _("证件号码"): escape_markdown(person.id_number_masked)}
    if binding.status in binding_steps.OPEN:
        facts |= {
            _("手机号码"): escape_markdown(person.mobile),
            _("电子邮箱"): escape_markdown(person.email),
            _("所在部门"): escape_markdown(person.department) or _("未填写"),
            _("职称系列"): word(person.title_series) if person.title_series else _("未填写"),
            _("职称"): escape_markdown(person.title_name) or word(person.title_level),
        }
    facts[_("申请单位")] = escape_markdown(binding.organisation.name)
    if binding.wished_on:
        facts[_("希望的生效日期")] = f"{binding.wished_on}"
    if worked := period(binding):
        facts[_("在职时间")] = worked
    if leaving := _leaving(binding):
        facts[_("调转")] = escape_markdown(leaving)
    st.table(facts, border="horizontal")
    draw_steps(binding)
