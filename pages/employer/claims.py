"""The reviewer's queue: evidence on the left, the decision beside it."""

import streamlit as st

from db import reading
from db.claims import ClaimAction, ClaimStatus
from services import review_queue, reviewing
from web import filters, worklist
from web.claim_review import draw_claim, draw_decision, draw_heading, draw_outcome, draw_undo, row
from web.claim_view import draw_steps
from web.evidence_viewer import draw_evidence
from web.i18n import _
from web.labels import word
from web.session import current_actor

OFFERED = [status for status in ClaimStatus if status is not ClaimStatus.DRAFT]

actor = current_actor()
status, named, after = filters.status(OFFERED), filters.opened("claims"), filters.after()
with reading() as session:
    counts = review_queue.counts(session, actor)
    queue = review_queue.queue(session, actor, status=status, after_id=after)
    claim = reviewing.open_claim(session, actor, queue, status=status, named=named)

filters.draw_status(OFFERED, status, counts)
if queue:
    worklist.draw({each.id: row(each) for each in queue}, claim.id if claim else None, alt=_("学时审核队列"))
    worklist.draw_pages(len(queue), review_queue.PAGE_SIZE, queue[-1].id)
elif status is ClaimStatus.SUBMITTED:
    st.success(_("没有待审核的学时。员工送审后会出现在这里。"), icon=":material/task_alt:")
else:
    st.caption(_("没有“%(status)s”的学时记录。") % {"status": word(status)})
if claim is None:
    st.stop()
filters.remember_opened("claims", claim.id)

draw_heading(claim)
draw_claim(claim)
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
