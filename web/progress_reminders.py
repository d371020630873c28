"""The buttons that remind the staff of what is missing."""

from collections.abc import Sequence

import streamlit as st

from services import reminders
from services.permissions import Actor
from services.progress import Member, Reached, Wanted
from web import pause
from web.command import command
from web.i18n import _


def draw_reminders(actor: Actor, wanted: Wanted, marked: Sequence[Member]) -> None:
    behind = [member.binding_id for member in marked if member.missing]
    resting = pause.is_on()
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(
            _("提醒所选人员（%(count)s）") % {"count": len(behind)},
            icon=":material/notifications:",
            disabled=resting or not behind,
            help=_("先在名单左侧勾选。每人每周最多提醒一次，已达标的不会提醒。"),
        ):
            with command(_("已提醒。"), before_redraw=pause.begin) as session:
                reminders.remind(session, actor, wanted, behind)
        if wanted.reached is not Reached.MET:
            _draw_remind_all(actor, wanted, resting)


def _draw_remind_all(actor: Actor, wanted: Wanted, resting: bool) -> None:
    with st.expander(_("提醒全部未达标人员"), icon=":material/notifications_active:"):
        st.markdown(
            _(
                "名单中所有未达标的人员（包括其他页）会在首页看到待办提醒，直到补齐或该年度申报结束。本周提醒过的不再重复。"
            )
        )
        if st.button(_("确定提醒"), type="primary", disabled=resting):
            with command(_("已提醒。"), before_redraw=pause.begin) as session:
                reminders.remind(session, actor, wanted)
