"""The employer's queue of changes that its staff want confirmed."""

from collections.abc import Mapping, Sequence

import streamlit as st

from db import reading
from db.profile_changes import ProfileChange, ProfileChangeAction, ProfileChangeStatus
from services import bindings, fields, profile_changes
from services.permissions import Actor
from web import filters, pause, worklist
from web.command import command
from web.facts import draw_facts, with_label
from web.i18n import _
from web.labels import badge_text, word
from web.profile_view import draw_items
from web.text import escape_markdown
from web.times import local_time

LIST = "profile_changes"
OFFERED = [ProfileChangeStatus.REQUESTED, ProfileChangeStatus.CONFIRMED, ProfileChangeStatus.RETURNED]


def draw(actor: Actor) -> None:
    status, named, after = filters.status(OFFERED), filters.opened(LIST), filters.after()
    with reading() as session:
        counts = profile_changes.counts(session, actor)
        found = profile_changes.queue(session, actor, status=status, after_id=after)
        change = profile_changes.open_row(session, actor, found, named)
    _draw_list(found, change, status, counts)
    if change is not None:
        filters.remember_opened(LIST, change.id)
        _draw_change(actor, change)


def _draw_list(
    found: Sequence[ProfileChange],
    opened: ProfileChange | None,
    status: ProfileChangeStatus,
    counts: Mapping[ProfileChangeStatus, int],
) -> None:
    filters.draw_status(OFFERED, status, counts)
    if found:
        worklist.draw({each.id: _row(each) for each in found}, opened.id if opened else None, alt=_("资料变更名单"))
        worklist.draw_pages(len(found), profile_changes.PAGE_SIZE, found[-1].id)
    elif status is ProfileChangeStatus.REQUESTED:
        st.success(
            _("没有待确认的资料变更。员工修改职称、学历、部门等并提交后，会出现在这里。"), icon=":material/task_alt:"
        )
    else:
        st.caption(_("没有“%(status)s”的资料变更。") % {"status": word(status)})


def _row(change: ProfileChange) -> dict[str, object]:
    return {
        _("姓名"): change.person.name,
        _("所在部门"): change.person.department,
        _("变更内容"): _("、").join(dict.fromkeys(word(item.part) for item in change.items)),
        _("提交时间"): local_time(change.requested_at) if change.requested_at else "",
    }


def _draw_change(actor: Actor, change: ProfileChange) -> None:
    person = change.person
    st.header(f"{escape_markdown(person.name)} {badge_text(change.status)}", anchor=False)
    left, right = st.columns([3, 2])
    with left:
        draw_facts(
            {
                _("所在部门"): person.department or _("未填写"),
                _("现职称"): person.title_name or word(person.title_level),
                _("手机号码"): person.mobile,
            }
        )
        draw_items(change)
    with right:
        if ProfileChangeAction.CONFIRM in profile_changes.possible_actions(actor, change):
            _draw_decision(actor, change)
        elif change.decided_at:
            st.caption(_("%(time)s 已处理。") % {"time": local_time(change.decided_at)})
        if change.reason:
            st.markdown(with_label(_("退回原因"), escape_markdown(change.reason)))


def _draw_decision(actor: Actor, change: ProfileChange) -> None:
    key, resting = f"{change.id}_{change.version}", pause.is_on()
    with st.form(f"decide_{key}", enter_to_submit=False):
        reason = st.text_area(
            _(bindings.REASON),
            max_chars=fields.LONGEST_TEXT,
            height=100,
            key=f"reason_{key}",
            placeholder=_("退回时必填，例如：与聘书或证书不符，请核对后重新提交。"),
        )
        with st.container(horizontal=True):
            confirmed = st.form_submit_button(_("确认"), type="primary", disabled=resting)
            returned = st.form_submit_button(_("动作|退回"), disabled=resting)
    if confirmed:
        _decide(actor, change, ProfileChangeAction.CONFIRM, _("已确认，资料已更新。"))
    if returned:
        _decide(actor, change, ProfileChangeAction.RETURN, _("已退回，资料保持不变。"), reason)


def _decide(actor: Actor, change: ProfileChange, action: ProfileChangeAction, done: str, reason: str = "") -> None:
    with command(done, before_redraw=pause.begin) as session:
        profile_changes.act(session, actor, change.id, action, seen=change.version, reason=reason)
