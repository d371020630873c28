"""Asking another employer to take one over, after what is in the way has been cleared away."""

from collections.abc import Sequence

import streamlit as st

from db import reading
from db.claims import Claim
from db.people import Binding
from services import bindings, obstacles, transfers
from services.clock import today
from services.permissions import Actor
from web.command import command
from web.employer_choice import choose_employer
from web.i18n import _
from web.navigation import link
from web.text import escape_markdown

OPENED = "transfer"


def draw_transfer(actor: Actor, current: Binding) -> None:
    """Open while the address says so, and asks for nothing while it is closed."""
    box = st.expander(_("调转到其他单位"), key=OPENED, bind="query-params", icon=":material/swap_horiz:")
    if not box.open:
        return
    with reading() as session:
        waiting = obstacles.waiting_claims(session, current)
    with box:
        with st.container():  # what comes and goes; a date half typed below stays where it is
            if waiting:
                _draw_obstacles(actor, current, waiting)
        _draw_form(actor, blocked=bool(waiting))


def _draw_obstacles(actor: Actor, current: Binding, waiting: Sequence[Claim]) -> None:
    st.warning(
        _("以下 %(count)s 条学时还在等待现在的单位审核，处理后才能申请调转。可以全部撤回，调转后再送新单位审核。")
        % {"count": len(waiting)},
        icon=":material/front_hand:",
    )
    for claim in waiting:
        st.markdown(f"- {escape_markdown(claim.title)} · {_('%(year)s 年度') % {'year': claim.year}}")
    with st.container(horizontal=True, vertical_alignment="center"):
        withdrawn = st.button(_("全部撤回"), type="primary", icon=":material/undo:", key="withdraw_all")
        link("personal/claims")
    if withdrawn:
        with command(_("已全部撤回，这些学时可以在“继续教育记录”中重新送审。")) as session:
            obstacles.withdraw_all(session, actor, current)


def _draw_form(actor: Actor, *, blocked: bool) -> None:
    """What is filled in stays while something is in the way."""
    st.markdown(_("由接收单位审核并决定生效日期，不需要现在的单位同意。已通过的学时仍属于原单位，不受影响。"))
    with st.container():
        employer_id = choose_employer(actor)
    earliest = today()
    wished = st.date_input(
        _("希望的生效日期"),
        earliest,
        min_value=earliest,
        max_value=earliest + transfers.LONGEST_NOTICE,
        format="YYYY-MM-DD",
        key="wished_on",
        width=240,
    )
    if st.button(_("申请调转"), type="primary", icon=":material/send:", disabled=blocked or employer_id is None):
        with command(_("已向接收单位提交，请等待确认")) as session:
            bindings.request_transfer(session, actor, employer_id or 0, wished_on=wished)
