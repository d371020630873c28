"""批量通过 and 批量退回: one click about the rows that were ticked, and what became of each."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from db import reading, transaction
from db.claims import Claim
from services import bulk_review, claim_access, fields
from services.bulk_review import Outcome
from services.errors import DomainError
from services.permissions import Actor
from web import pause, worklist
from web.claim_review import draw_reason
from web.command import refuse
from web.facts import with_label
from web.i18n import _, explain
from web.text import escape_markdown
from web.to_do import count_again

RESULT = "bulk_review_result"


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
    """Nothing is drawn between the first row and the last, so that no other click ends it halfway."""
    count_again()
    try:
        with st.spinner(_("正在逐条审核 %(count)s 条…") % {"count": len(chosen)}):
            outcomes = decide()
            st.session_state[RESULT] = _result(actor, outcomes)
            worklist.forget_chosen()
            pause.begin()
    except DomainError as refusal:
        refuse(refusal)
    else:
        st.rerun()


def _result(actor: Actor, outcomes: Sequence[Outcome]) -> tuple[int, list[str]]:
    """How many were decided, and a line for each that was not."""
    refused = {outcome.claim_id: outcome.refusal for outcome in outcomes if outcome.refusal}
    with reading() as session:
        seen = claim_access.visible_ones(session, actor, list(refused))
    lines = [with_label(_named(number, seen.get(number)), explain(refusal)) for number, refusal in refused.items()]
    return len(outcomes) - len(refused), lines


def _named(number: int, claim: Claim | None) -> str:
    if claim is None:
        return _("第 %(number)s 号记录") % {"number": number}
    return _("%(name)s《%(title)s》") % {"name": claim.person.name, "title": claim.title}


def draw_result() -> None:
    """Stays until the reviewer has read it."""
    if RESULT not in st.session_state:
        return
    done, refused = st.session_state[RESULT]
    with st.container(border=True):
        if done:
            st.success(
                _("已审核 %(count)s 条。24 小时内可在上方选择对应状态，打开后逐条撤回。") % {"count": done},
                icon=":material/task_alt:",
            )
        if refused:
            head = _("以下 %(count)s 条没有审核，原因如下：") % {"count": len(refused)}
            lines = "\n".join(f"- {escape_markdown(line)}" for line in refused)
            st.error(f"{head}\n\n{lines}", icon=":material/error:")
        st.button(_("知道了"), key="bulk_result_read", on_click=_dismiss)


def _dismiss() -> None:
    st.session_state.pop(RESULT, None)
