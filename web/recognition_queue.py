"""The supervisor's queue: what employers have endorsed, with the evidence beside the decision, and what was decided."""

from collections.abc import Mapping, Sequence

import streamlit as st

from db import reading
from db.claims import Category, Claim, ClaimAction, ClaimSource, ClaimStatus, ClaimStep
from services import claim_flags, claims, corrections, divisions, misconduct_notes, recognition
from services.permissions import Actor
from services.recognition import Wanted
from services.rules import plain
from web import bulk_review, filters, misconduct_note, pause, worklist
from web.as_of import draw_as_of
from web.claim_flags import draw as draw_noticed
from web.claim_review import WEIGHTS, draw_claim, draw_heading, draw_outcome, draw_undo
from web.claim_view import draw_steps
from web.command import command
from web.evidence_viewer import draw_evidence
from web.i18n import _, explain
from web.labels import word
from web.opinion_fields import draw_opinion
from web.revocation import draw_restoration, draw_revocation
from web.text import escape_markdown
from web.times import local_time, waited

LIST = "recognition"
DIVISION, EMPLOYER, CATEGORY, SOURCE = "division", "employer", "category", "source"
DECISIONS = (ClaimAction.APPROVE, ClaimAction.RETURN, ClaimAction.REJECT)


def draw(actor: Actor) -> None:
    wanted, named, after = _wanted(actor), filters.opened(LIST), filters.after()
    with reading() as session:
        page = recognition.queue(session, actor, wanted, after_id=after)
        claim = recognition.open_claim(session, actor, page, status=wanted.status, named=named)
        actions = recognition.possible_actions(actor, claim) if claim else []
        noticed = claim_flags.of_claim(session, actor, claim) if claim else []
        notes = misconduct_notes.beside(session, actor, claim) if claim else misconduct_notes.NONE
        foreseen = corrections.foresee(session, claim) if claim and ClaimAction.REVOKE in actions else None
    _draw_filters(actor, wanted)
    bulk_review.draw_result()
    ticked = _draw_list(page, claim, wanted)
    if ticked or (page and wanted.status is ClaimStatus.ENDORSED):
        bulk_review.draw(actor, page, ticked)
    if claim is None:
        return
    filters.remember_opened(LIST, claim.id)
    draw_heading(claim)
    draw_claim(claim)
    left, right = st.columns([3, 2])
    with left:
        draw_evidence(claim)
    with right:
        misconduct_note.draw(actor, notes)
        draw_noticed(actor, noticed)
        _draw_endorsement(claim)
        _draw_actions(actor, claim, actions)
        if ClaimAction.REVOKE in actions:
            draw_revocation(
                claim,
                foreseen,
                lambda session, reason, opinion: claims.act(
                    session, actor, claim.id, ClaimAction.REVOKE, seen=claim.version, reason=reason, opinion=opinion
                ),
            )
        draw_steps(claim)
    draw_as_of(actor, claim.person_id, claim.year)


def _wanted(actor: Actor) -> Wanted:
    return Wanted(
        status=filters.status(recognition.SHOWN),
        division=filters.choice(DIVISION, recognition.offered_divisions(actor)) or "",
        employer=filters.text(EMPLOYER),
        category=filters.choice(CATEGORY, Category),
        source=filters.choice(SOURCE, ClaimSource),
        text=filters.text(),
    )


def _draw_filters(actor: Actor, wanted: Wanted) -> None:
    filters.draw_status(recognition.SHOWN, wanted.status)
    places = {code: divisions.name(code) for code in recognition.offered_divisions(actor)}
    narrowed = sum(map(bool, (wanted.division, wanted.employer, wanted.category, wanted.source)))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        filters.draw_text(_("查找学时"), _("姓名或活动名称中的字"))
        words = _("筛选（%(count)s）") % {"count": narrowed} if narrowed else _("筛选")
        with st.popover(words, icon=":material/filter_alt:", key="narrow_queue"):
            filters.draw_choice(DIVISION, _("行政区划"), {"": _("全部区划"), **places}, wanted.division)
            filters.draw_choice(CATEGORY, _("学时类别"), {"": _("全部"), **_words(Category)}, wanted.category or "")
            filters.draw_choice(SOURCE, _("来源"), {"": _("全部"), **_words(ClaimSource)}, wanted.source or "")
            filters.draw_text(_("查找单位"), _("单位名称或代码"), EMPLOYER, width=filters.NARROW)


def _words(codes: type[Category] | type[ClaimSource]) -> dict[str, str]:
    return {str(code): word(code) for code in codes}


def _draw_list(page: Sequence[Claim], opened: Claim | None, wanted: Wanted) -> Mapping[int, int]:
    """The rows that are ticked, with the versions that were shown."""
    ticked = worklist.chosen()
    if page:
        rows, here = {claim.id: _row(claim) for claim in page}, opened.id if opened else None
        if wanted.status is ClaimStatus.ENDORSED:
            versions = {claim.id: claim.version for claim in page}
            ticked = worklist.draw_to_choose(rows, versions, here, alt=_("学时认定队列"))
        else:
            worklist.draw(rows, here, alt=_("学时认定队列"))
        worklist.draw_pages(len(page), recognition.PAGE_SIZE, page[-1].id)
    elif wanted != Wanted(status=wanted.status):
        st.info(_("没有找到符合条件的学时，请放宽筛选条件。"), icon=":material/search_off:")
    elif wanted.status is ClaimStatus.ENDORSED:
        st.success(
            _("没有待认定的学时。教师、卫生系列和单位录入的学时，经单位审核通过后会出现在这里。"),
            icon=":material/task_alt:",
        )
    else:
        st.caption(_("没有“%(status)s”的学时记录。") % {"status": word(wanted.status)})
    return ticked


def _row(claim: Claim) -> dict[str, object]:
    hours = claim.hours_awarded or claim.hours_endorsed or claim.hours_claimed
    row = {
        _("姓名"): claim.person.name,
        _("工作单位"): claim.employer.name if claim.employer else "",
        _("活动名称"): claim.title,
        _("学时类别"): word(claim.category),
        _("学时"): plain(hours),
        _("来源"): word(claim.source),
    }
    if claim.status is ClaimStatus.ENDORSED and claim.endorsed_at:
        return {**row, _("已等待"): waited(claim.endorsed_at)}
    return {**row, _("审核时间"): local_time(claim.decided_at) if claim.decided_at else ""}


def _draw_endorsement(claim: Claim) -> None:
    """What the employer has said; for hours it has entered itself, that it did."""
    step = _endorsement(claim)
    if step is None or claim.hours_endorsed is None or claim.employer is None:
        return
    said = _("单位录入") if step.from_status is None else _("单位审核通过")
    facts = [
        f":material/domain: **{said}**",
        escape_markdown(claim.employer.name),
        f"{escape_markdown(step.actor_name)} · {local_time(step.at)}",
        _("申报 %(claimed)s 学时，单位核定 **%(endorsed)s** 学时")
        % {"claimed": plain(claim.hours_claimed), "endorsed": plain(claim.hours_endorsed)},
    ]
    if step.opinion:
        facts.append(_("单位意见：%(opinion)s") % {"opinion": escape_markdown(step.opinion)})
    with st.container(border=True):
        st.markdown("  \n".join(facts))


def _endorsement(claim: Claim) -> ClaimStep | None:
    return next((step for step in reversed(claim.steps) if step.to_status is ClaimStatus.ENDORSED), None)


def _draw_actions(actor: Actor, claim: Claim, actions: Sequence[ClaimAction]) -> None:
    if decisions := [action for action in DECISIONS if action in actions]:
        _draw_decision(actor, claim, decisions)
        return
    if refusal := recognition.refusal(actor, claim):
        st.info(explain(refusal), icon=":material/info:")
        return
    draw_outcome(actor, claim)
    if ClaimAction.UNDO in actions:
        draw_undo_or_restore = draw_restoration if claim.status is ClaimStatus.REVOKED else draw_undo
        draw_undo_or_restore(actor, claim)


def _draw_decision(actor: Actor, claim: Claim, decisions: Sequence[ClaimAction]) -> None:
    """Keyed by the version: a click on what a colleague has decided meanwhile finds no button any more."""
    key, resting = f"recognise_{claim.id}_{claim.version}", pause.is_on()
    most = claim.hours_endorsed or claim.hours_claimed
    with st.form(key, enter_to_submit=False):
        hours = st.number_input(_("核定学时"), value=float(most), step=0.5, format="%.1f", key=f"hours_{key}")
        st.caption(_("可以少于单位核定的 %(endorsed)s 学时，不能超过。") % {"endorsed": plain(most)})
        hint = _("通过时可不填；退回或不通过时请选择原因，或写明需要补正的内容。")
        reason, opinion = draw_opinion(key, hint=hint)
        with st.container(horizontal=True):
            pressed = [
                each for each in decisions if st.form_submit_button(word(each), type=WEIGHTS[each], disabled=resting)
            ]
    for action in pressed:
        with command(_("已认定：%(result)s") % {"result": word(action)}, before_redraw=pause.begin) as session:
            claims.act(
                session, actor, claim.id, action, seen=claim.version, opinion=opinion, reason=reason, hours=hours
            )
