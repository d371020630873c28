"""The reviewer's queue: evidence on the left, the decision beside it."""

import streamlit as st

from db import reading
from db.claims import ClaimAction, ClaimStatus
from services import review_queue, reviewing
from web import bulk_review, filters, review_filters, worklist
from web.claim_review import (
    draw_background,
    draw_claim,
    draw_decision,
    draw_heading,
    draw_outcome,
    draw_steps_through,
    draw_undo,
    row,
)
from web.claim_view import draw_steps
from web.command import refuse
from web.evidence_viewer import draw_evidence
from web.i18n import _
from web.labels import word
from web.session import current_actor

actor = current_actor()
view, named, after = review_filters.chosen(), filters.opened("claims"), filters.after()
with reading() as session:
    counts = review_queue.counts(session, actor)
    queue = review_queue.queue(session, actor, view, after_id=after)
    opened = reviewing.open_claim(session, actor, queue, view=view, named=named)
    known = reviewing.background(session, actor, opened.claim) if opened.claim else None

filters.draw_status(review_filters.OFFERED, view.status, counts)
review_filters.draw(view)
bulk_review.draw_result()
claim, ticked = opened.claim, worklist.chosen()
if queue:
    rows, versions = {each.id: row(each) for each in queue}, {each.id: each.version for each in queue}
    here = claim.id if claim else None
    if view.newest_first:
        worklist.draw(rows, here, alt=_("学时审核队列"))
    else:
        ticked = worklist.draw_to_choose(rows, versions, here, alt=_("学时审核队列"))
    worklist.draw_pages(len(queue), review_queue.PAGE_SIZE, queue[-1].id)
elif review_filters.is_narrowed(view) or after:
    st.info(_("没有符合筛选条件的学时，请减少条件。"), icon=":material/filter_alt_off:")
elif view.status is ClaimStatus.SUBMITTED:
    st.success(_("没有待审核的学时。员工送审后会出现在这里。"), icon=":material/task_alt:")
else:
    st.caption(_("没有“%(status)s”的学时记录。") % {"status": word(view.status)})
if ticked or (queue and not view.newest_first):
    bulk_review.draw(actor, queue, ticked)
if opened.missed:
    refuse(opened.missed)
if claim is None or known is None:
    st.stop()
filters.remember_opened("claims", claim.id)

draw_steps_through(queue, claim.id)
draw_heading(claim)
draw_claim(claim)
draw_background(actor, claim, known)
left, right = st.columns([3, 2])
with left:
    draw_evidence(claim)
with right:
    decisions = reviewing.possible_decisions(actor, claim)
    if decisions == [ClaimAction.UNDO]:
        draw_outcome(actor, claim)
        draw_undo(actor, claim)
    elif decisions:
        draw_decision(actor, claim, decisions)
    else:
        draw_outcome(actor, claim)
    draw_steps(claim)
