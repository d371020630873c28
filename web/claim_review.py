"""What a reviewer reads about a claim before deciding."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from db.claims import Category, Claim, ClaimAction, ClaimStatus, ReviewReason
from services import claim_moves, claims, fields
from services.claim_access import is_owner
from services.claim_moves import OwnClaim
from services.permissions import Actor
from services.reviewing import Background
from services.rules import plain
from services.standing import LiveHours
from web import by_keys, claim_flags, filters, misconduct_note, pause
from web.arithmetic import draw_limits
from web.command import command
from web.detail_fields import draw_facts_of
from web.facts import draw_facts, with_label
from web.i18n import _, explain
from web.labels import badge_text, word
from web.text import escape_markdown
from web.times import local_time, period, waited

WEIGHTS: dict[ClaimAction, by_keys.Weight] = {
    ClaimAction.APPROVE: "primary",
    ClaimAction.ENDORSE: "primary",
    ClaimAction.RETURN: "secondary",
    ClaimAction.REJECT: "secondary",
}


# Single letters: they work while nothing is typed, and are written on the buttons.
KEYS: dict[ClaimAction, str] = {
    ClaimAction.APPROVE: "A",
    ClaimAction.ENDORSE: "A",
    ClaimAction.RETURN: "B",
    ClaimAction.REJECT: "X",
}
QUEUE = "claims"


def row(claim: Claim) -> dict[str, object]:
    """One line of the queue."""
    return {
        _("姓名"): claim.person.name,
        _("活动名称"): claim.title,
        _("学时类别"): word(claim.category),
        _("申报学时"): plain(claim.hours_claimed),
        _("系统提示"): _("、").join(dict.fromkeys(word(flag.kind) for flag in claim.flags)),
        _("送审时间"): local_time(claim.submitted_at) if claim.submitted_at else "",
        **_waited_or_decided(claim),
    }


def _waited_or_decided(claim: Claim) -> dict[str, object]:
    if claim.decided_at is not None:
        return {_("审核时间"): local_time(claim.decided_at)}
    return {_("已等待"): waited(claim.submitted_at) if claim.submitted_at else ""}


def draw_heading(claim: Claim) -> None:
    st.header(f"{escape_markdown(claim.title)} {badge_text(claim.status)}", anchor=False)
    st.markdown(
        _("**%(name)s** 申报 **%(year)s** 年度%(category)s **%(hours)s** 学时")
        % {
            "name": escape_markdown(claim.person.name),
            "year": claim.year,
            "category": word(claim.category),
            "hours": plain(claim.hours_claimed),
        }
    )


def draw_claim(claim: Claim) -> None:
    """What is claimed, by whom, before the evidence for it."""
    person = claim.person
    draw_facts(
        {
            _("活动类型"): word(claim.activity_type),
            _("起止日期"): period(claim.start_on, claim.end_on),
            _("地点"): claim.place or _("未填写"),
        }
    )
    draw_facts(
        {
            _("主办单位"): claim.organiser,
            _("所在部门"): person.department or _("未填写"),
            _("职称"): person.title_name or word(person.title_level),
        }
    )
    draw_facts_of(claim.details)
    draw_facts({_("证书编号"): claim.certificate_number or _("未填写"), _("来源"): word(claim.source)})


def draw_background(actor: Actor, claim: Claim, known: Background) -> None:
    """What a reviewer should know besides what the claim says."""
    hours = [_hours_so_far(category, known.hours.get(category, LiveHours())) for category in Category]
    draw_facts({_("本人 %(year)s 年度学时") % {"year": claim.year}: _("、").join(hours)})
    draw_limits(known.limits, claim.hours_claimed)
    if known.has_left:
        st.info(_("该人员已调离或离职，本条仍由本单位审核。"), icon=":material/person_off:")
    if claim.second_level and claim.status is ClaimStatus.SUBMITTED:
        st.info(_("本条需主管部门认定：通过后转主管部门，认定后计入学时。"), icon=":material/account_tree:")
    misconduct_note.draw(actor, known.misconduct)
    claim_flags.draw(actor, known.noticed)


def _hours_so_far(category: Category, hours: LiveHours) -> str:
    figures = {"category": word(category), "earned": plain(hours.earned), "waiting": plain(hours.waiting)}
    if hours.waiting:
        return _("%(category)s %(earned)s（审核中 %(waiting)s）") % figures
    return _("%(category)s %(earned)s") % figures


def draw_decision(actor: Actor, claim: Claim, decisions: Sequence[ClaimAction]) -> None:
    """Keyed by the version: a click on what a colleague has decided meanwhile finds no button any more."""
    key, resting = f"{claim.id}_{claim.version}", pause.is_on()
    with st.form(f"review_{key}", enter_to_submit=False):
        hours = st.number_input(
            _("核定学时"), value=float(claim.hours_claimed), step=0.5, format="%.1f", key=f"hours_{key}"
        )
        st.caption(_("可以少于申报的 %(claimed)s 学时，不能超过。") % {"claimed": plain(claim.hours_claimed)})
        reason = draw_reason(f"reason_{key}")
        opinion = st.text_area(
            _("审核意见"),
            max_chars=fields.LONGEST_TEXT,
            height=100,
            key=f"opinion_{key}",
            placeholder=_("通过时可不填；退回或不通过时请选择原因，或在这里写明需要补正的内容。"),
        )
        with st.container(horizontal=True):
            pressed = [
                each for each in decisions if by_keys.decides(each, key, KEYS[each], WEIGHTS[each], resting=resting)
            ]
    for action in [] if resting else pressed:
        done = _("已审核：%(result)s。24 小时内可以撤回。") % {"result": word(action)}
        with pause.from_the_press_on(), command(done, before_redraw=partial(_decided, claim, action)) as session:
            claims.act(
                session, actor, claim.id, action, seen=claim.version, opinion=opinion, reason=reason, hours=hours
            )


def draw_reason(key: str) -> ReviewReason | None:
    return st.selectbox(
        _("退回/不通过原因"),
        list(ReviewReason),
        index=None,
        format_func=word,
        key=key,
        placeholder=_("退回或不通过时请选择"),
    )


def _decided(claim: Claim, action: ClaimAction) -> None:
    if move := claim_moves.find(action, claim):
        by_keys.note_decided(QUEUE, claim.id, move.target.value)


def draw_steps_through(queue: Sequence[Claim], opened: int) -> None:
    steps = by_keys.Steps(QUEUE, _("上一条"), _("下一条"), _("查看刚审核的一条"))
    by_keys.draw_steps([claim.id for claim in queue], opened, steps)


def draw_undo(actor: Actor, claim: Claim) -> None:
    """For a day a decision can be taken back; the claim then waits again."""
    with st.popover(_("撤回审核"), icon=":material/undo:"):
        st.markdown(_("撤回后，这条学时回到审核前的状态，重新等待审核。"))
        if st.button(_("确认撤回审核"), type="primary", key=f"undo_{claim.id}_{claim.version}"):
            shown = partial(filters.show, status=ClaimStatus.SUBMITTED, id=claim.id)
            with command(_("已撤回审核，可以重新审核。"), before_redraw=shown) as session:
                claims.act(session, actor, claim.id, ClaimAction.UNDO, seen=claim.version)


def draw_outcome(actor: Actor, claim: Claim) -> None:
    """Why there is nothing to decide."""
    if claim.status is ClaimStatus.SUBMITTED and is_owner(actor, claim):
        st.info(explain(OwnClaim()), icon=":material/info:")
        return
    last = claim.steps[-1] if claim.steps else None
    if last is None:
        return
    st.info(
        _("%(name)s 已于 %(time)s 审核：%(result)s。")
        % {"name": escape_markdown(last.actor_name), "time": local_time(last.at), "result": word(last.to_status)},
        icon=":material/task_alt:",
    )
    if claim.hours_awarded is not None:
        st.markdown(_("核定 **%(hours)s** 学时") % {"hours": plain(claim.hours_awarded)})
    if last.reason:
        st.markdown(with_label(_("退回/不通过原因"), word(last.reason)))
    if last.opinion:
        st.markdown(with_label(_("审核意见"), escape_markdown(last.opinion)))
