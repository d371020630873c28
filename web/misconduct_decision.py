"""What the authority can do now about a dishonesty case."""

from functools import partial

import streamlit as st

from db.misconduct import MisconductAction, MisconductKind, MisconductRecord, Severity
from services import fields, misconduct, misconduct_moves
from services.misconduct import Amendment
from services.permissions import Actor, Permission
from web import pause
from web.command import command
from web.i18n import N_, _, explain
from web.labels import word
from web.text import escape_markdown

CONSEQUENCES = {
    MisconductAction.INVESTIGATE: N_("开始核查；本人尚不知情。"),
    MisconductAction.NOTIFY: N_("本人将看到事实、依据和全部证据，并可在 5 个工作日内陈述申辩；案件不能再修改。"),
    MisconductAction.CONFIRM: N_("立即生效：撤销涉及的学时，重新计算年度学时，多计的证书作废；有效期内提示审核人。"),
    MisconductAction.DISMISS: N_("案件终结，不产生任何影响。"),
    MisconductAction.UPHOLD: N_("原认定不变。"),
    MisconductAction.AMEND: N_("按下面的内容更正；不再涉及的学时恢复，年度学时重新计算。"),
    MisconductAction.CANCEL: N_("撤销认定：涉及的学时全部恢复，年度学时重新计算。"),
    MisconductAction.REPAIR: N_("记录不再有效，审核人不再看到；已撤销的学时不恢复。"),
    MisconductAction.REFUSE: N_("记录继续有效；三个月后可以再次申请。"),
    MisconductAction.EXTEND: N_("需要其他部门核查时使用，只能延长一次；本人会看到新的期限。"),
}


def draw_decisions(actor: Actor, case: MisconductRecord) -> None:
    possible = misconduct_moves.possible_actions(actor, case)
    moves = [move for move in misconduct_moves.MOVES if move.permission is Permission.MISCONDUCT_HANDLE]
    with st.container(horizontal=True):
        for action in [move.action for move in moves if move.action in possible and case.status in move.sources]:
            _draw_decision(actor, case, action)
    refused = {
        explain(refusal)
        for move in moves
        if misconduct_moves.find(move.action, case) is move
        and (refusal := misconduct_moves.refusal(actor, case, move.action))
    }
    for text in sorted(refused):
        st.info(escape_markdown(text), icon=":material/info:")


def _draw_decision(actor: Actor, case: MisconductRecord, action: MisconductAction) -> None:
    """What follows is said before, and the button stands behind a second click."""
    key = f"{action}_{case.id}_{case.version}"
    with st.popover(word(action), key=f"open_{key}"):  # a refusal is read where one typed
        with st.form(key, border=False, enter_to_submit=False):
            st.markdown(_(CONSEQUENCES[action]))
            amendment = _draw_amendment(key, case) if action is MisconductAction.AMEND else None
            opinion = st.text_area(
                _("说明"),
                max_chars=fields.LONGEST_TEXT,
                height=100,
                key=f"opinion_{key}",
                placeholder=_("本人会看到；除开始核查和告知外必填。"),
            )
            pressed = st.form_submit_button(_("确认"), type="primary", disabled=pause.is_on())
        if pressed:
            act = partial(misconduct.act, seen=case.version, opinion=opinion, amendment=amendment)
            with command(_("已办理：%(action)s") % {"action": word(action)}, before_redraw=pause.begin) as session:
                act(session, actor, case.id, action)


def _draw_amendment(key: str, case: MisconductRecord) -> Amendment:
    kinds, severities = list(MisconductKind), list(Severity)
    kind = st.selectbox(_("失信类型"), kinds, kinds.index(case.kind), format_func=word, key=f"kind_{key}")
    severity = st.selectbox(
        _("情节与期限"), severities, severities.index(case.severity), format_func=word, key=f"severity_{key}"
    )
    titles = {claim.id: claim.title for claim in case.claims}
    kept = st.multiselect(
        _("仍然涉及的学时"),
        list(titles),
        list(titles),
        format_func=titles.__getitem__,
        key=f"kept_{key}",
        placeholder=_("请选择"),
        select_all=False,
    )
    return Amendment(kind, severity, kept)
