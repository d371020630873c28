"""Corrections of names and ID numbers, as an employer verifies them and as a supervisor approves them."""

from collections.abc import Mapping, Sequence

import streamlit as st

from db import reading
from db.accounts import Role
from db.identity_changes import IdentityChange, IdentityChangeAction, IdentityChangeStatus
from services import bindings, fields, identity_changes, identity_review
from services.identity_changes import OwnEndorsement
from services.permissions import Actor
from web import filters, pause, worklist
from web.command import command
from web.evidence_viewer import IDENTITY_FILES, draw_files
from web.facts import with_label
from web.i18n import N_, _, explain
from web.identity_view import draw_before_and_after, draw_reveal
from web.labels import badge_text, word
from web.text import escape_markdown
from web.times import local_time

LIST = "identity_changes"
OFFERED = {
    Role.EMPLOYER: [
        IdentityChangeStatus.REQUESTED,
        IdentityChangeStatus.ENDORSED,
        IdentityChangeStatus.APPROVED,
        IdentityChangeStatus.RETURNED,
    ],
    Role.SUPERVISOR: [IdentityChangeStatus.ENDORSED, IdentityChangeStatus.APPROVED, IdentityChangeStatus.RETURNED],
}
NOTHING_WAITS = {
    Role.EMPLOYER: N_("没有待核实的身份更正。员工申请更正姓名或证件号码后，会出现在这里。"),
    Role.SUPERVISOR: N_("没有待批准的身份更正。单位核实后，会出现在这里。"),
}
YES = {Role.EMPLOYER: IdentityChangeAction.ENDORSE, Role.SUPERVISOR: IdentityChangeAction.APPROVE}
DONE = {
    IdentityChangeAction.ENDORSE: N_("已核实，等待主管部门批准。"),
    IdentityChangeAction.APPROVE: N_("已批准，姓名和证件号码已更正。"),
    IdentityChangeAction.RETURN: N_("已退回，登记的内容保持不变。"),
}


def draw_for_employer(actor: Actor) -> None:
    _draw(actor, Role.EMPLOYER)


def draw_for_supervisor(actor: Actor) -> None:
    _draw(actor, Role.SUPERVISOR)


def _draw(actor: Actor, role: Role) -> None:
    status, named, after = filters.status(OFFERED[role]), filters.opened(LIST), filters.after()
    with reading() as session:
        counts = identity_review.counts(session, actor, role)
        found = identity_review.queue(session, actor, role, status=status, after_id=after)
        change = identity_review.open_row(session, actor, role, found, named)
    _draw_list(role, found, change, status, counts)
    if change is not None:
        filters.remember_opened(LIST, change.id)
        _draw_change(actor, role, change)


def _draw_list(
    role: Role,
    found: Sequence[IdentityChange],
    opened: IdentityChange | None,
    status: IdentityChangeStatus,
    counts: Mapping[IdentityChangeStatus, int],
) -> None:
    filters.draw_status(OFFERED[role], status, counts)
    if found:
        worklist.draw(
            {each.id: _row(role, each) for each in found}, opened.id if opened else None, alt=_("身份更正名单")
        )
        worklist.draw_pages(len(found), identity_review.PAGE_SIZE, found[-1].id)
    elif status is identity_review.WAITING[role]:
        st.success(_(NOTHING_WAITS[role]), icon=":material/task_alt:")
    else:
        st.caption(_("没有“%(status)s”的身份更正。") % {"status": word(status)})


def _row(role: Role, change: IdentityChange) -> dict[str, object]:
    facts: dict[str, object] = {_("姓名"): change.old_name, _("更正内容"): _what(change)}
    if role is Role.SUPERVISOR and change.employer:
        facts[_("单位")] = change.employer.name
    return facts | {_("提交时间"): local_time(change.requested_at)}


def _what(change: IdentityChange) -> str:
    corrected = {_("姓名"): change.new_name, _("证件号码"): change.new_id_number_masked}
    return _("、").join(name for name, new in corrected.items() if new is not None)


def _draw_change(actor: Actor, role: Role, change: IdentityChange) -> None:
    st.header(f"{escape_markdown(change.old_name)} {badge_text(change.status)}", anchor=False)
    left, right = st.columns([3, 2])
    actions = identity_changes.possible_actions(actor, role, change)
    with left:
        if actions:
            draw_files(
                IDENTITY_FILES,
                change.files,
                lambda session, reader: identity_review.files_to_judge(session, reader, role, change.id),
            )
        else:
            st.caption(_("证明材料只在办理期间对办理人可见。"))
    with right:
        draw_before_and_after(change)
        st.markdown(f":gray[{_('更正说明')}]  \n{escape_markdown(change.explanation)}")
        if actions:
            draw_reveal(actor, role, change)
            _draw_decision(actor, role, change)
        else:
            _draw_outcome(role, change)


def _draw_outcome(role: Role, change: IdentityChange) -> None:
    if change.status is identity_review.WAITING[role]:
        st.info(explain(OwnEndorsement()), icon=":material/info:")
    elif change.decided_at:
        st.caption(_("%(time)s 已处理。") % {"time": local_time(change.decided_at)})
    if change.reason:
        st.markdown(with_label(_("退回原因"), escape_markdown(change.reason)))


def _draw_decision(actor: Actor, role: Role, change: IdentityChange) -> None:
    key, resting, yes = f"{change.id}_{change.version}", pause.is_on(), YES[role]
    with st.form(f"decide_{key}", enter_to_submit=False):
        reason = st.text_area(
            _(bindings.REASON),
            max_chars=fields.LONGEST_TEXT,
            height=100,
            key=f"reason_{key}",
            placeholder=_("退回时必填，例如：证明材料看不清；与证件不一致。"),
        )
        with st.container(horizontal=True):
            agreed = st.form_submit_button(word(yes), type="primary", disabled=resting)
            returned = st.form_submit_button(_("动作|退回"), disabled=resting)
    if agreed:
        _decide(actor, role, change, yes)
    if returned:
        _decide(actor, role, change, IdentityChangeAction.RETURN, reason)


def _decide(actor: Actor, role: Role, change: IdentityChange, action: IdentityChangeAction, reason: str = "") -> None:
    with command(_(DONE[action]), before_redraw=pause.begin) as session:
        identity_changes.act(session, actor, role, change.id, action, seen=change.version, reason=reason)
