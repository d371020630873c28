"""What a supervisor can do now about an exemption."""

from functools import partial

import streamlit as st

from db.exemptions import Exemption, ExemptionAction, ExemptionStatus
from services import exemption_moves, exemptions, fields
from services.permissions import Actor
from web import pause
from web.command import command
from web.decision_form import draw_decision_form
from web.i18n import _, explain
from web.labels import word
from web.text import escape_markdown


def draw_decisions(actor: Actor, exemption: Exemption) -> None:
    possible = exemption_moves.possible_actions(actor, exemption)
    key = f"{exemption.id}_{exemption.version}"
    decisions = [action for action in exemption_moves.DECISIONS if action in possible]
    if decisions:
        pressed, opinion = draw_decision_form(key, decisions, _("不予批准时必填，本人会看到。"))
        for action in pressed:
            _act(actor, exemption, action, opinion)
    elif exemption.status is ExemptionStatus.REQUESTED:
        refusal = exemption_moves.refusal(actor, exemption, ExemptionAction.GRANT)
        if refusal is not None:
            st.info(escape_markdown(explain(refusal)), icon=":material/info:")
    if ExemptionAction.WITHDRAW in possible:
        with st.popover(word(ExemptionAction.WITHDRAW), icon=":material/undo:", key=f"open_withdraw_{key}"):
            if st.button(_("确认撤回"), type="primary", key=f"withdraw_{key}"):
                _act(actor, exemption, ExemptionAction.WITHDRAW, "")
    if ExemptionAction.REVOKE in possible:
        _draw_revocation(actor, exemption, key)


def _draw_revocation(actor: Actor, exemption: Exemption, key: str) -> None:
    """What follows is said before, and the button stands behind a second click."""
    action = ExemptionAction.REVOKE
    with st.popover(word(action), icon=":material/block:", key=f"open_{key}"):  # a refusal is read where one typed
        with st.form(f"revoke_{key}", border=False, enter_to_submit=False):
            st.markdown(_("立即生效：年度要求恢复原来的学时，已签发的减免后证书作废或被替换。"))
            because = st.text_area(
                _("审核意见"),
                max_chars=fields.LONGEST_TEXT,
                height=100,
                key=f"because_{key}",
                placeholder=_("撤销的原因，本人会看到，必填。"),
            )
            pressed = st.form_submit_button(_("确认"), type="primary", disabled=pause.is_on())
        if pressed:
            _act(actor, exemption, action, because)


def _act(actor: Actor, exemption: Exemption, action: ExemptionAction, opinion: str) -> None:
    act = partial(exemptions.act, seen=exemption.version, opinion=opinion)
    with command(_("已办理：%(action)s") % {"action": word(action)}, before_redraw=pause.begin) as session:
        act(session, actor, exemption.id, action)
