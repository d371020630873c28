"""The hours that a professional declares: his list, and one claim on its way from the form to the reviewer."""

from typing import Literal

import streamlit as st

from db import reading
from db.claims import Claim, ClaimAction
from services import claims, people, requirements
from services.claim_moves import can_edit, possible_actions
from services.errors import DomainError
from web.claim_draft import draw_draft, draw_new
from web.claim_view import draw_evidence, draw_heading, draw_particulars, draw_steps
from web.command import command, refuse
from web.filters import OPENED
from web.i18n import _
from web.navigation import link
from web.session import current_actor

NEW = "new"
LONGEST_NUMBER = 18  # digits that every database's integers hold
actor = current_actor()
named = st.query_params.get(OPENED, "")
is_new = named == NEW
opened = int(named) if named.isdecimal() and len(named) <= LONGEST_NUMBER else None


def show(claim: str) -> None:
    """Another view of this page: the list, an empty form, or the claim of that number."""
    st.query_params[OPENED] = claim
    st.rerun()


def draw_withdrawal(claim: Claim, *, width: Literal["content", "stretch"] = "content") -> None:
    can_withdraw = ClaimAction.WITHDRAW in possible_actions(actor, claim)
    if can_withdraw and st.button(_("撤回"), key=f"withdraw_{claim.id}", icon=":material/undo:", width=width):
        with command(_("已撤回，可以修改后重新送审")) as session:
            claims.act(session, actor, claim.id, ClaimAction.WITHDRAW, seen=claim.version)


def draw_card(claim: Claim) -> None:
    with st.container(border=True):
        said, buttons = st.columns([5, 1], vertical_alignment="center")
        with said:
            draw_heading(claim)
        with buttons:
            word = _("继续填写") if can_edit(actor, claim) else _("查看")
            if st.button(word, key=f"open_{claim.id}", width="stretch"):
                show(str(claim.id))
            draw_withdrawal(claim, width="stretch")


def draw_sent(claim: Claim) -> None:
    with st.container(border=True):
        draw_heading(claim)
        draw_particulars(claim)
        draw_evidence(claim)
        draw_withdrawal(claim)


if (is_new or opened) and st.button(_("返回列表"), icon=":material/arrow_back:", type="tertiary"):
    show("")
try:
    with reading() as session:
        employer = people.find_employer(session, actor.person_id)
        mine = [] if is_new or opened else claims.list_mine(session, actor)
        windows = requirements.list_open_years(session) if is_new or opened else []
        claim = claims.get(session, actor, opened) if opened else None
except DomainError as refusal:
    refuse(refusal)
    st.stop()

if claim:
    if can_edit(actor, claim):
        draw_draft(actor, claim, windows, employer)
    else:
        draw_sent(claim)
    draw_steps(claim)
elif is_new:
    draw_new(actor, windows)
else:
    years = sorted({claim.year for claim in mine}, reverse=True)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        if st.button(_("学时记录添加"), type="primary", icon=":material/add:"):
            show(NEW)
        year = st.selectbox(
            _("年度"), years, None, key="claims_of", bind="query-params", placeholder=_("全部年度"), width=160
        )
    if employer is None:
        st.warning(
            _("您还没有确认的工作单位：可以先填写并保存记录，单位确认后才能送审。"), icon=":material/domain_disabled:"
        )
        link("personal/profile", label=_("选择工作单位"))
    # What waits for its owner comes first.
    for each in sorted(mine, key=lambda claim: not can_edit(actor, claim)):
        if year in {None, each.year}:
            draw_card(each)
    if not mine:
        st.caption(_("还没有学时记录。学习结束后，点击“学时记录添加”，按步骤填写、上传附件材料并送审。"))
