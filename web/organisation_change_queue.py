"""The supervisor's queue of changes that organisations ask for."""

from collections.abc import Sequence

import streamlit as st

from db import reading
from db.organisation_changes import OrganisationChange, OrganisationChangeAction, OrganisationChangeStatus
from services import organisation_changes
from services.permissions import Actor
from web import filters, pause, worklist
from web.command import command
from web.decision_form import draw_decision_form
from web.facts import with_label
from web.i18n import N_, _
from web.labels import badge_text, word
from web.organisation_change import draw_comparison
from web.organisation_view import draw_facts
from web.text import escape_markdown
from web.times import local_time

LIST = "organisation_changes"
OFFERED = list(OrganisationChangeStatus)
DONE = {
    OrganisationChangeAction.APPROVE: N_("已通过，新的资料已生效。"),
    OrganisationChangeAction.RETURN: N_("已退回，该单位会看到审核意见。"),
}


def draw(actor: Actor) -> None:
    status, text, named, after = filters.status(OFFERED), filters.text(), filters.opened(LIST), filters.after()
    with reading() as session:
        counts = organisation_changes.counts(session, actor)
        found = organisation_changes.queue(session, actor, status=status, text=text, after_id=after)
        change = organisation_changes.opened(session, actor, found, named)
    filters.draw_status(OFFERED, status, counts)
    filters.draw_text(_("查找变更"), _("原名称或新名称中的字，或统一社会信用代码"))
    _draw_list(found, change, status, text)
    if change is not None:
        filters.remember_opened(LIST, change.id)
        _draw_change(actor, change)


def _draw_list(
    found: Sequence[OrganisationChange],
    opened: OrganisationChange | None,
    status: OrganisationChangeStatus,
    text: str,
) -> None:
    if found:
        worklist.draw({each.id: _row(each) for each in found}, opened.id if opened else None, alt=_("变更名单"))
        worklist.draw_pages(len(found), organisation_changes.PAGE_SIZE, found[-1].id)
    elif text:
        st.info(_("没有找到符合条件的变更，请核对名称或代码。"), icon=":material/search_off:")
    elif status is OrganisationChangeStatus.REQUESTED:
        st.success(_("没有待审核的变更。本区划内的单位申请变更资料后，会出现在这里。"), icon=":material/task_alt:")
    else:
        st.caption(_("没有“%(status)s”的变更。") % {"status": word(status)})


def _row(change: OrganisationChange) -> dict[str, object]:
    return {
        _("单位名称"): change.old_name,
        _("变更为"): change.new_name,
        _("统一社会信用代码"): change.new_uscc,
        _("申请时间"): local_time(change.requested_at),
    }


def _draw_change(actor: Actor, change: OrganisationChange) -> None:
    st.header(f"{escape_markdown(change.old_name)} {badge_text(change.status)}", anchor=False)
    left, right = st.columns(2)
    with left:
        draw_comparison(change)
        st.caption(_("现在的资料"))
        draw_facts(change.organisation)
    with right:
        if change.opinion and change.decided_at:
            st.markdown(with_label(f"{local_time(change.decided_at)} {_('审核意见')}", escape_markdown(change.opinion)))
        if actions := organisation_changes.possible_decisions(actor, change):
            _draw_decision(actor, change, actions)


def _draw_decision(actor: Actor, change: OrganisationChange, actions: Sequence[OrganisationChangeAction]) -> None:
    key = f"change_{change.id}_{change.version}"
    pressed, opinion = draw_decision_form(key, actions, _("退回时必填，请写明需要更正的内容。"))
    for action in pressed:
        with command(_(DONE[action]), before_redraw=pause.begin) as session:
            organisation_changes.decide(session, actor, change.id, action, seen=change.version, opinion=opinion)
