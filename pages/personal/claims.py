"""The hours that a professional declares: his list, and one claim on its way from the form to the reviewer."""

from typing import Literal

import streamlit as st

from db import reading
from db.claims import Claim, ClaimAction
from db.organisations import OrganisationStatus
from services import claims, hour_limits, people
from services.claim_moves import can_edit, possible_actions
from services.errors import DomainError
from web import filters, worklist
from web.claim_draft import draw_draft, draw_new
from web.claim_view import draw_heading, draw_particulars, draw_steps, suspended
from web.command import command, refuse
from web.evidence_viewer import draw_evidence
from web.filters import OPENED
from web.i18n import _
from web.navigation import link
from web.session import current_actor

NEW, ORIGINAL = "new", "from"
actor = current_actor()
is_new = st.query_params.get(OPENED) == NEW
named = filters.number(ORIGINAL) if is_new else filters.number(OPENED)
year, after = filters.number(filters.YEAR), filters.after()


def show(claim: str, **more: str) -> None:
    """Another view of this page: the list, a form, or the claim of that number."""
    filters.show(**{OPENED: claim, **more})
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
        draw_withdrawal(claim)
    draw_evidence(claim)


if (is_new or named) and st.button(_("返回列表"), icon=":material/arrow_back:", type="tertiary"):
    show("")
try:
    with reading() as session:
        employer = people.confirmed_employer(session, actor.person_id)
        if is_new or named:
            claim = claims.get_own(session, actor, named) if named else None
            basis = hour_limits.basis(session, actor, None if is_new else named)
        else:
            years = claims.list_my_years(session, actor)
            mine = claims.list_mine(session, actor, year=year, after_id=after)
except DomainError as refusal:
    refuse(refusal)
    st.stop()

if is_new:
    draw_new(actor, basis, claim)
elif named and claim:
    if can_edit(actor, claim):
        draw_draft(actor, claim, basis, employer)
    else:
        draw_sent(claim)
    if st.button(_("复制为新记录"), icon=":material/content_copy:"):
        show(NEW, **{ORIGINAL: str(claim.id)})
    draw_steps(claim)
else:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        if st.button(_("学时记录添加"), type="primary", icon=":material/add:"):
            show(NEW)
        words = {"": _("全部年度"), **{str(each): str(each) for each in years}}
        filters.draw_choice(filters.YEAR, _("年度"), words, str(year) if year in years else "")
    if employer is None:
        st.warning(
            _("您还没有确认的工作单位：可以先填写并保存记录，单位确认后才能送审。"), icon=":material/domain_disabled:"
        )
        link("personal/profile", label=_("选择工作单位"))
    elif employer.status is OrganisationStatus.SUSPENDED:
        st.warning(suspended(employer), icon=":material/block:")
    for each in mine:
        draw_card(each)
    if mine:
        worklist.draw_pages(len(mine), claims.PAGE_SIZE, mine[-1].id)
    elif not years:
        st.caption(_("还没有学时记录。学习结束后，点击“学时记录添加”，按步骤填写、上传附件材料并送审。"))
    else:
        st.caption(_("没有更多学时记录。"))
