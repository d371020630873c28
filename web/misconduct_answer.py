"""What the person concerned can do now about a dishonesty record of his own."""

from functools import partial

import streamlit as st

from db.misconduct import MisconductAction, MisconductRecord, MisconductStatus
from services import fields, misconduct, misconduct_moves
from services.permissions import Actor
from web.command import command
from web.facts import with_label
from web.file_upload import check_files, choose_files
from web.i18n import N_, _, explain
from web.labels import word

OFFERED = (MisconductAction.REPLY, MisconductAction.OBJECT, MisconductAction.REQUEST_REPAIR)
HINTS = {
    MisconductAction.REPLY: N_("请写明您认可或不认可的事实和理由。只能提交一次，认定前主管部门必须阅看。"),
    MisconductAction.OBJECT: N_("请写明认定有何错误。异议由认定人以外的人员决定；办理期间审核人会看到“异议处理中”。"),
    MisconductAction.REQUEST_REPAIR: N_("请写明已纠正的行为和承诺。准予修复后，审核人不再看到该记录；学时不恢复。"),
}
DONE = {
    MisconductAction.REPLY: N_("已提交陈述申辩。"),
    MisconductAction.OBJECT: N_("已提出异议。"),
    MisconductAction.REQUEST_REPAIR: N_("已申请信用修复。"),
}


def draw_answers(actor: Actor, case: MisconductRecord) -> None:
    """A form for each, and the reason where one is not possible yet."""
    possible = misconduct_moves.possible_actions(actor, case)
    for action in OFFERED:
        if action in possible:
            _draw_form(actor, case, action)
        elif misconduct_moves.find(action, case) and (refusal := misconduct_moves.refusal(actor, case, action)):
            st.caption(with_label(word(action), explain(refusal)))
    if case.status is MisconductStatus.NOTIFIED and case.replied_at:
        st.caption(_("您已提交陈述申辩，请等待主管部门决定。"))


def _draw_form(actor: Actor, case: MisconductRecord, action: MisconductAction) -> None:
    key = f"{action}_{case.id}_{case.version}"
    with st.popover(word(action), icon=":material/edit_note:", key=f"open_{key}"):  # a refusal is read where one typed
        with st.form(key, enter_to_submit=False):
            st.markdown(_(HINTS[action]))
            opinion = st.text_area(_("说明"), max_chars=fields.LONGEST_TEXT, height=140, key=f"opinion_{key}")
            files = choose_files(f"{key}_files", _("材料（PDF、JPG、PNG，每个不超过 5 MB，可不传）"))
            pressed = st.form_submit_button(_("提交"), type="primary")
        checked = check_files(files) if pressed else None
        if checked is not None:
            answer = partial(misconduct.act, seen=case.version, opinion=opinion, files=checked)
            with command(_(DONE[action])) as session:
                answer(session, actor, case.id, action)
