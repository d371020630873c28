"""One sample: its results by employer, and its claims one after the other with the evidence beside the check."""

from collections.abc import Sequence

import streamlit as st

from db import reading
from db.audits import AuditOutcome
from db.claims import Claim, ClaimAction
from services import audit_items, audits, claim_flags, corrections, fields, misconduct_notes, recognition
from services.audit_items import Drawn
from services.audits import Tally
from services.claim_flags import Noticed
from services.errors import DomainError
from services.permissions import Actor
from services.rules import plain
from web import audit_list, filters, misconduct_note, pause, worklist
from web.as_of import draw_as_of
from web.claim_flags import draw as draw_noticed
from web.claim_review import draw_claim, draw_heading, draw_outcome
from web.claim_view import draw_steps
from web.command import command, refuse
from web.evidence_viewer import draw_evidence
from web.facts import with_label
from web.i18n import _, explain
from web.labels import word
from web.revocation import draw_restoration, draw_revocation
from web.text import escape_markdown
from web.times import local_time

LIST = "audit_items"
OFFERED = list(AuditOutcome)


def draw(actor: Actor, audit_id: int) -> None:
    outcome, named, after = filters.status(OFFERED), filters.opened(LIST), filters.after()
    if st.button(_("返回抽查列表"), icon=":material/arrow_back:", type="tertiary"):
        filters.show(audit="", status="")
        st.rerun()
    try:
        with reading() as session:
            audit = audits.get(session, actor, audit_id)
            results = audits.by_employer(session, actor, audit_id)
            page = audit_items.list_page(session, actor, audit_id, outcome=outcome, after_id=after)
            opened = audit_items.open_item(session, actor, audit_id, page, named, outcome=outcome)
            foreseen = corrections.foresee(session, opened[1]) if opened else None
            noticed = claim_flags.of_claim(session, actor, opened[1]) if opened else []
            notes = misconduct_notes.beside(session, actor, opened[1]) if opened else misconduct_notes.NONE
    except DomainError as refusal:
        refuse(refusal)
        return
    whole = audits.together(tally for _name, tally in results)
    audit_list.draw_heading(audit)
    audit_list.draw_progress(audit, whole)
    _draw_results(results)
    if audit.withdrawn_at is not None:
        return
    if not whole.checked:
        _draw_withdrawal(actor, audit_id)
    filters.draw_status(OFFERED, outcome, whole.outcomes)
    _draw_list(page, opened[0] if opened else None, outcome)
    if opened is not None:
        filters.remember_opened(LIST, opened[0].item.id)
        misconduct_note.draw(actor, notes)
        _draw_item(actor, *opened, foreseen, noticed)


def _draw_results(results: Sequence[tuple[str, Tally]]) -> None:
    with st.expander(_("各单位抽查结果"), icon=":material/table_chart:"):
        st.dataframe([_result(*result) for result in results], hide_index=True, alt=_("各单位抽查结果"))


def _result(employer: str, tally: Tally) -> dict[str, object]:
    return {
        _("工作单位"): employer,
        _("抽取"): tally.drawn,
        _("已核对"): tally.checked,
        _("已撤销"): tally.failed,
        _("不合格率"): f"{tally.failed / tally.checked:.1%}" if tally.checked else "",
    }


def _draw_withdrawal(actor: Actor, audit_id: int) -> None:
    with st.popover(_("作废这次抽查"), icon=":material/delete:"):
        st.markdown(_("条件选错时使用：样本保留在列表中，但不再需要核对。核对过任何一条后，就不能再作废。"))
        if st.button(_("确认作废"), type="primary", key=f"withdraw_{audit_id}"):
            with command(_("已作废这次抽查。")) as session:
                audits.withdraw(session, actor, audit_id)


def _draw_list(page: Sequence[Drawn], opened: Drawn | None, outcome: AuditOutcome) -> None:
    if page:
        rows = {drawn.item.id: _row(drawn) for drawn in page}
        worklist.draw(rows, opened.item.id if opened else None, alt=_("样本"))
        worklist.draw_pages(len(page), audit_items.PAGE_SIZE, page[-1].item.id)
    elif outcome is AuditOutcome.PENDING:
        st.success(_("这次抽查已全部核对。"), icon=":material/task_alt:")
    else:
        st.caption(_("没有“%(status)s”的学时记录。") % {"status": word(outcome)})


def _row(drawn: Drawn) -> dict[str, object]:
    claim = drawn.claim
    return {
        _("工作单位"): claim.employer.name if claim.employer else "",
        _("姓名"): claim.person.name,
        _("活动名称"): claim.title,
        _("学时类别"): word(claim.category),
        _("学时"): plain(claim.hours_awarded or claim.hours_claimed),
        _("审核时间"): local_time(claim.decided_at) if claim.decided_at else "",
    }


def _draw_item(
    actor: Actor, drawn: Drawn, claim: Claim, foreseen: corrections.Foreseen | None, noticed: Sequence[Noticed]
) -> None:
    draw_heading(claim)
    draw_claim(claim)
    left, right = st.columns([3, 2])
    with left:
        draw_evidence(claim)
    with right:
        draw_noticed(actor, noticed)
        if drawn.outcome is AuditOutcome.PENDING:
            _draw_check(actor, drawn, claim, foreseen)
        else:
            _draw_checked(actor, drawn, claim)
        draw_steps(claim)
    draw_as_of(actor, claim.person_id, claim.year)


def _draw_check(actor: Actor, drawn: Drawn, claim: Claim, foreseen: corrections.Foreseen | None) -> None:
    if refusal := audit_items.refusal_to_check(actor, claim):
        st.info(explain(refusal), icon=":material/info:")
        return
    key = f"{drawn.item.id}_{claim.version}"
    with st.form(f"check_{key}", enter_to_submit=False):
        st.markdown(_("核定 **%(hours)s** 学时") % {"hours": plain(claim.hours_awarded or claim.hours_claimed)})
        opinion = st.text_area(
            _("抽查意见"),
            max_chars=fields.LONGEST_TEXT,
            height=80,
            key=f"opinion_{key}",
            placeholder=_("合格时可不填。"),
        )
        passed = st.form_submit_button(_("合格"), type="primary", disabled=pause.is_on())
    if passed:
        with command(_("已记录：合格"), before_redraw=pause.begin) as session:
            audit_items.accept(session, actor, drawn.item.id, seen=claim.version, opinion=opinion)
    draw_revocation(
        claim,
        foreseen,
        lambda session, reason, said: audit_items.revoke(
            session, actor, drawn.item.id, seen=claim.version, reason=reason, opinion=said
        ),
    )


def _draw_checked(actor: Actor, drawn: Drawn, claim: Claim) -> None:
    item = drawn.item
    if drawn.outcome is AuditOutcome.LAPSED:
        st.info(_("抽取后审核被撤回，这条学时已不是“通过”状态，无需抽查。"), icon=":material/info:")
    if drawn.outcome is AuditOutcome.PASSED and item.checked_at:
        by = {"name": escape_markdown(item.checked_by_name), "time": local_time(item.checked_at)}
        st.info(_("%(name)s 已于 %(time)s 抽查：合格。") % by, icon=":material/task_alt:")
        if item.opinion:
            st.markdown(with_label(_("抽查意见"), escape_markdown(item.opinion)))
        if audit_items.can_take_back(drawn) and st.button(_("撤回结论"), icon=":material/undo:"):
            with command(_("已撤回结论，可以重新核对。")) as session:
                audit_items.take_back(session, actor, item.id)
    if drawn.outcome is AuditOutcome.REVOKED:
        draw_outcome(actor, claim)
        if ClaimAction.UNDO in recognition.possible_actions(actor, claim):
            draw_restoration(actor, claim)
