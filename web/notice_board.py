"""Notices on the page on which their reader lands: the newest open, the others in a drawer."""

from collections.abc import Sequence

import streamlit as st

from services import notice_board
from services.notice_board import Told
from services.permissions import Actor, Permission
from web import memory
from web.command import command
from web.i18n import _
from web.text import escape_markdown

MOST_OPEN = 3
# A longer text is folded, so that what the page is for stays in sight.
SHORT, FEW_LINES = 200, 5


def draw_notices(actor: Actor) -> None:
    """Nothing where nothing was ever announced."""
    if Permission.ACCOUNT_OWN not in actor.permissions:
        return  # something has to be done first
    told: Sequence[Told] = memory.remembered("notices", actor, notice_board.read)
    opened = [notice for notice in told if notice.is_new][:MOST_OPEN]
    for notice in opened:
        _draw_new(actor, notice)
    if others := [notice for notice in told if notice not in opened]:
        with st.expander(_("其他通知（%(count)s）") % {"count": len(others)}, icon=":material/campaign:"):
            for notice in others:
                st.markdown(_heading(notice))
                st.text(notice.text)
                if notice.is_new:
                    _draw_button(actor, notice)


def _draw_new(actor: Actor, notice: Told) -> None:
    with st.container(border=True, key=f"notice_{notice.notice_id}"):
        said, button = st.columns([6, 1], vertical_alignment="top")
        with said:
            draw_notice(notice)
        with button:
            _draw_button(actor, notice)


def draw_notice(notice: Told) -> None:
    """As its reader sees it on his home page; also for whoever writes it."""
    if len(notice.text) <= SHORT and notice.text.count("\n") < FEW_LINES:
        st.markdown(f":material/campaign: {_heading(notice)}")
        st.text(notice.text)
    else:
        with st.expander(_heading(notice), icon=":material/campaign:"):
            st.text(notice.text)


def _heading(notice: Told) -> str:
    return f"**{escape_markdown(notice.title)}** :gray[{notice.on:%Y-%m-%d}]"


def _draw_button(actor: Actor, notice: Told) -> None:
    if st.button(_("知道了"), key=f"take_note_{notice.notice_id}", width="stretch"):
        with command(_("已收起，可在“其他通知”中再看。")) as session:
            notice_board.take_note(session, actor, notice.notice_id)
