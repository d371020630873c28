"""批量通过 and 批量退回: one click about the rows that were ticked, and what became of each."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from db import reading, transaction
from db.claims import Claim
from services import bulk_review, claim_access, fields
from services.one_by_one import Outcome
from services.permissions import Actor
from web import bulk_outcome
from web.claim_review import draw_reason
from web.i18n import _


def draw(actor: Actor, queue: Sequence[Claim], chosen: Mapping[int, int]) -> None:
    flagged = sum(1 for claim in queue if claim.id in chosen and claim.flags)
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.popover(_("批量通过"), icon=":material/done_all:", disabled=not chosen):
            _draw_approval(actor, chosen, flagged)
        with st.popover(_("批量退回"), icon=":material/undo:", disabled=not chosen):
            _draw_return(actor, chosen)
        st.caption(_("已选 %(count)s 条") % {"count": len(chosen)} if chosen else _("勾选左侧方框可批量审核"))


def _draw_approval(actor: Actor, chosen: Mapping[int, int], flagged: int) -> None:
    st.markdown(
        _("将通过已选的 **%(count)s** 条，按申报（或单位核定）的学时核定；需要认定的转主管部门认定。")
        % {"count": len(chosen)}
    )
    if flagged:
        st.warning(_("其中 %(count)s 条有系统提示，建议先逐条核对。") % {"count": flagged}, icon=":material/flag:")
    if st.button(_("确认批量通过"), type="primary", key="bulk_approve"):
        _carry_out(actor, chosen, lambda: bulk_review.approve(transaction, actor, chosen))


def _draw_return(actor: Actor, chosen: Mapping[int, int]) -> None:
    with st.form("bulk_return", enter_to_submit=False, border=False):
        st.markdown(_("将退回已选的 **%(count)s** 条，申报人修改后可以重新送审。") % {"count": len(chosen)})
        reason = draw_reason("bulk_reason")
        opinion = st.text_area(_("审核意见"), max_chars=fields.LONGEST_TEXT, height=100, key="bulk_opinion")
        pressed = st.form_submit_button(_("确认批量退回"), type="primary")
    if pressed:
        _carry_out(
            actor,
            chosen,
            lambda: bulk_review.send_back(transaction, actor, chosen, opinion=opinion, reason=reason),
        )


def _carry_out(actor: Actor, chosen: Mapping[int, int], decide: Callable[[], Sequence[Outcome]]) -> None:
    waiting = _("正在逐条审核 %(count)s 条…") % {"count": len(chosen)}
    bulk_outcome.carry_out(waiting, decide, lambda numbers: _names(actor, numbers))


def _names(actor: Actor, numbers: Sequence[int]) -> dict[int, str]:
    with reading() as session:
        seen = claim_access.visible_ones(session, actor, numbers)
    named = _("%(name)s《%(title)s》")
    return {claim.id: named % {"name": claim.person.name, "title": claim.title} for claim in seen.values()}


def draw_result() -> None:
    """Stays until the reviewer has read it."""
    bulk_outcome.draw(_("已审核 %(count)s 条。24 小时内可在上方选择对应状态，打开后逐条撤回。"))
