"""What somebody does about his own enrolment: takes or refuses a seat, leaves, takes note, and keeps the dates."""

from typing import Literal

import streamlit as st

from db.enrolments import Enrolment, EnrolmentAction, EnrolmentStatus
from services import enrolment_moves, enrolments
from services.enrolment_moves import TooLateToCancel
from services.permissions import Actor
from web.class_calendar import EXPORT
from web.command import command
from web.download import address
from web.enrolment_view import is_offered
from web.i18n import _, explain
from web.text import escape_markdown


def draw(actor: Actor, enrolment: Enrolment) -> None:
    """Buttons are keyed by the version: a click on what has changed meanwhile finds none any more."""
    possible = enrolment_moves.possible_actions(actor, enrolment)
    key = f"{enrolment.id}_{enrolment.version}"
    if EnrolmentAction.TAKE in possible and _button(_("接受名额"), f"take_{key}", "check", "primary"):
        with command(_("已接受名额，请等待施教机构审核")) as session:
            enrolments.act(session, actor, enrolment.id, EnrolmentAction.TAKE, seen=enrolment.version)
    if enrolment.status is EnrolmentStatus.ACCEPTED:
        calendar = address(EXPORT, id=enrolment.id)
        st.link_button(_("日历文件（.ics）"), calendar, icon=":material/calendar_add_on:")
    if EnrolmentAction.CANCEL in possible:
        _draw_leaving(actor, enrolment, key)
    if enrolment.news_at and not enrolment.offered_until and _button(_("知道了"), f"seen_{key}", "done", "secondary"):
        with command(_("已标记为知道")) as session:
            enrolments.note_seen(session, actor, enrolment.id)


def _button(label: str, key: str, icon: str, weight: Literal["primary", "secondary"]) -> bool:
    return st.button(label, key=key, icon=f":material/{icon}:", type=weight)


def _draw_leaving(actor: Actor, enrolment: Enrolment, key: str) -> None:
    label = _("放弃名额") if is_offered(enrolment) else _("取消报名")
    with st.popover(label, icon=":material/event_busy:", key=f"leave_{key}"):
        st.markdown(_("取消后，您的名额或候补位置将让给其他人；以后再报名，要重新排队。"))
        if st.button(_("确认取消"), key=f"cancel_{key}", type="primary"):
            with command(_("已取消报名")) as session:
                enrolments.act(session, actor, enrolment.id, EnrolmentAction.CANCEL, seen=enrolment.version)


def draw_obstacle(enrolment: Enrolment) -> None:
    """Why somebody who is in cannot leave any more, and whom to ask."""
    move = enrolment_moves.find(EnrolmentAction.CANCEL, enrolment)
    refusal = enrolment_moves.refusal(enrolment, move) if move else None
    if isinstance(refusal, TooLateToCancel):
        st.caption(escape_markdown(explain(refusal)))
