"""A change of an organisation's data: asking for it, and what it was and is to be side by side."""

from collections.abc import Sequence

import streamlit as st

from db.organisation_changes import OrganisationChange, OrganisationChangeStatus
from db.organisations import Organisation
from services import divisions, fields, organisation_changes, organisation_form
from services.organisation_changes import Wanted
from services.permissions import Actor
from web.command import command
from web.facts import with_label
from web.i18n import _
from web.labels import badge_text
from web.organisation_view import draw_contact, draw_division
from web.text import escape_markdown
from web.times import local_time


def draw_contact_form(actor: Actor, organisation: Organisation) -> None:
    key = f"contact_{organisation.id}_{organisation.version}"
    with st.expander(_("更改联系方式"), icon=":material/call:"):
        st.markdown(_("立即生效。员工在自己的申请和待审核学时中看到的，就是这里的联系人和联系电话。"))
        contact, phone = draw_contact(key, organisation)
        saved = st.button(_("保存"), type="primary", key=f"{key}_save")
    if saved:
        with command(_("联系方式已保存。")) as session:
            organisation_changes.update_contact(
                session,
                actor,
                organisation.id,
                contact_name=contact,
                contact_phone=phone,
                seen=organisation.version,
            )


def draw_changes(actor: Actor, organisation: Organisation, changes: Sequence[OrganisationChange]) -> None:
    """The request that waits, or the form for one below the answer to the last."""
    if organisation.is_holding:
        return
    last = changes[0] if changes else None
    if last is not None and last.status is OrganisationChangeStatus.REQUESTED:
        _draw_waiting(actor, organisation, last)
        return
    if last is not None and last.status is OrganisationChangeStatus.RETURNED:
        st.warning(
            escape_markdown(last.opinion),
            title=_("资料变更被退回，请按审核意见更正后重新申请"),
            icon=":material/rate_review:",
        )
    with st.expander(_("申请变更资料"), icon=":material/edit_document:"):
        _draw_form(actor, organisation, last)


def _draw_waiting(actor: Actor, organisation: Organisation, change: OrganisationChange) -> None:
    with st.container(border=True):
        st.markdown(f"**{_('资料变更')}** {badge_text(change.status)}")
        draw_comparison(change)
        st.caption(
            _("%(time)s 已提交，由%(division)s的主管部门审核。通过前，一切仍按原来的资料办理。")
            % {
                "time": local_time(change.requested_at),
                "division": divisions.name(divisions.common(change.old_division, change.new_division)),
            }
        )
        withdrawn = st.button(_("撤回"), icon=":material/undo:", key=f"withdraw_change_{change.id}")
    if withdrawn:
        with command(_("已撤回，资料不变。")) as session:
            organisation_changes.withdraw(session, actor, organisation.id, seen=change.version)


def _draw_form(actor: Actor, organisation: Organisation, last: OrganisationChange | None) -> None:
    """Whatever is not changed is left as it is."""
    key = f"change_{organisation.id}_{organisation.version}_{last.id if last else 0}"
    st.markdown(_("经主管部门审核通过后生效。已签发的证书保持原样，学时仍属于本单位。"))
    name = st.text_input(
        _("单位名称"), organisation.name, key=f"{key}_name", max_chars=fields.LONGEST_NAME, on_change="ignore"
    )
    uscc = st.text_input(
        _("统一社会信用代码"),
        organisation.uscc or "",
        key=f"{key}_uscc",
        max_chars=18,
        autocomplete="off",
        on_change="ignore",
    )
    st.caption(_("行政区划"))
    division = draw_division(key, organisation)
    explanation = st.text_area(
        _("变更说明"),
        key=f"{key}_explanation",
        max_chars=fields.LONGEST_TEXT,
        height=100,
        on_change="ignore",
        placeholder=_("请写明变更的原因和依据，例如：2026年3月更名，已换发营业执照。"),
    )
    if st.button(_("提交变更申请"), type="primary", key=f"{key}_submit"):
        wanted = Wanted(name=name, uscc=uscc, division=division, explanation=explanation)
        with command(_("已提交，等待主管部门审核。")) as session:
            organisation_changes.request(session, actor, organisation.id, wanted)


def draw_comparison(change: OrganisationChange) -> None:
    """Only what differs."""
    facts = [
        (organisation_form.NAME, change.old_name, change.new_name),
        (organisation_form.USCC, change.old_uscc, change.new_uscc),
        (organisation_form.DIVISION, divisions.name(change.old_division), divisions.name(change.new_division)),
    ]
    changed = [(_(label), old, new) for label, old, new in facts if old != new]
    st.table(
        {
            _("项目"): [label for label, _old, _new in changed],
            _("原来"): [escape_markdown(old) for _label, old, _new in changed],
            _("变更为"): [escape_markdown(new) for _label, _old, new in changed],
        },
        border="horizontal",
        width="content",
    )
    st.markdown(with_label(_("变更说明"), escape_markdown(change.explanation)))


def draw_past(changes: Sequence[OrganisationChange]) -> None:
    past = [change for change in changes if change.status is not OrganisationChangeStatus.REQUESTED]
    if past:
        with st.expander(_("以往的变更申请"), icon=":material/history:"):
            for change in past:
                st.markdown(f"{badge_text(change.status)} :gray[{local_time(change.requested_at)}]")
                draw_comparison(change)
