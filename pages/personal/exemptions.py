"""A professional's exemptions: asking for one, and what became of each."""

import streamlit as st

from db import reading
from db.exemptions import Exemption, ExemptionAction
from services import exemption_form, exemption_moves, exemptions
from web.command import command
from web.exemption_form import draw_form
from web.exemption_view import draw_exemption
from web.file_upload import check_files
from web.i18n import _
from web.labels import badge_text
from web.session import current_actor

actor = current_actor()


def draw_own(exemption: Exemption) -> None:
    key = f"{exemption.id}_{exemption.version}"
    with st.container(border=True):
        year = _("%(year)s 年度") % {"year": exemption.year}
        st.markdown(f"{badge_text(exemption.status)} **{year}**")
        draw_exemption(exemption)
        with st.container(horizontal=True):
            if ExemptionAction.WITHDRAW in exemption_moves.possible_actions(actor, exemption):
                draw_withdrawal(exemption, key)
            if exemption.news_at and st.button(_("知道了"), key=f"seen_{key}", icon=":material/done:"):
                with command(_("已标记为知道")) as session:
                    exemptions.note_seen(session, actor, exemption.id)


def draw_withdrawal(exemption: Exemption, key: str) -> None:
    with st.popover(_("撤回申请"), icon=":material/undo:", key=f"open_{key}"):
        st.markdown(_("撤回后不再审批；仍需减免的，要重新申请。"))
        if st.button(_("确认撤回"), type="primary", key=f"withdraw_{key}"):
            with command(_("已撤回申请")) as session:
                exemptions.act(session, actor, exemption.id, ExemptionAction.WITHDRAW, seen=exemption.version)


with reading() as session:
    own = exemptions.list_own(session, actor)
    years = {of_year.year: of_year for of_year in exemption_form.own_years(session, actor)}

st.caption(
    _(
        "因生育、长期病休、驻外或援派、脱产学习、年度中途开始从业等不能完成年度学时的，可以申请减免。"
        "批准后要求学时立即减少，已完成的学时不受影响；证书载明减免后的学时，不载明事由。"
    )
)
with st.expander(_("申请学时减免"), expanded=not own, icon=":material/edit_note:"):
    filled = draw_form(f"request_{len(own)}", years, _("提交申请"))
    files = check_files(filled.files) if filled.pressed else None
    if files is not None:
        with command(_("已提交申请，请等待主管部门审批")) as session:
            exemption_form.request(session, actor, filled.form, files)
for exemption in own:
    draw_own(exemption)
if not own:
    st.caption(_("还没有申请过减免。"))
