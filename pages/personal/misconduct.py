"""A professional's own dishonesty records from the notice on: basis, term, what he can do now, and who has looked."""

from collections.abc import Sequence

import streamlit as st

from db import reading
from db.misconduct import MisconductLook, MisconductRecord
from services import misconduct, misconduct_looks
from web.i18n import _
from web.labels import badge_text, word
from web.misconduct_answer import draw_answers
from web.misconduct_case import draw_case, draw_deadline, draw_steps
from web.session import current_actor
from web.times import local_time

actor = current_actor()


def draw_looks(looks: Sequence[MisconductLook]) -> None:
    with st.expander(_("谁查看过（%(count)s）") % {"count": len(looks)}, icon=":material/visibility:"):
        st.caption(_("他人每次查看都有记录；同一人半小时内重复查看记一次。这里列出最近 100 次。"))
        if looks:
            st.dataframe([look_row(look) for look in looks], hide_index=True, alt=_("查看记录"))


def look_row(look: MisconductLook) -> dict[str, str]:
    return {
        _("时间"): local_time(look.at),
        _("查看人"): look.actor_name,
        _("单位或区划"): look.office,
        _("查看内容"): word(look.looked_at),
    }


def draw_record(case: MisconductRecord, looks: Sequence[MisconductLook]) -> None:
    with st.container(border=True):
        st.header(f"{word(case.kind)} {badge_text(case.status)}", anchor=False)
        draw_deadline(case)
        draw_case(case)
        with st.container(horizontal=True):
            draw_answers(actor, case)
        draw_steps(case)
        draw_looks(looks)


with reading() as session:
    records = misconduct.list_own(session, actor)
    seen = {case.id: misconduct_looks.list_own(session, actor, case.id) for case in records}

for case in records:
    draw_record(case, seen[case.id])
if not records:
    st.success(_("没有失信信息。被告知后，有关内容、期限和可以办理的事项会显示在这里。"), icon=":material/task_alt:")
