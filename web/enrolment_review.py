"""What a provider reads about somebody who enrolled, and decides."""

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from db import reading, transaction
from db.enrolments import UNDECIDED, Enrolment, EnrolmentAction, EnrolmentStatus
from services import enrolment_review, enrolments, fields
from services.enrolment_moves import OwnEnrolment
from services.permissions import Actor
from services.rules import plain
from web import bulk_outcome, pause
from web.command import command
from web.decision_form import draw_decision_form
from web.facts import draw_facts
from web.i18n import N_, _, explain
from web.labels import badge_text, word
from web.text import escape_markdown
from web.times import local_time

OFFERED = (
    EnrolmentStatus.APPLIED,
    EnrolmentStatus.WAITLISTED,
    EnrolmentStatus.ACCEPTED,
    EnrolmentStatus.DECLINED,
    EnrolmentStatus.CANCELLED,
    EnrolmentStatus.COMPLETED,
    EnrolmentStatus.NOT_COMPLETED,
)
HINTS: Mapping[EnrolmentStatus, str] = {
    EnrolmentStatus.APPLIED: N_("通过时可不填；不通过时请写明原因，报名人会看到。"),
    EnrolmentStatus.WAITLISTED: N_("不通过时请写明原因，报名人会看到。"),
    EnrolmentStatus.ACCEPTED: N_("退班时请写明原因，报名人会看到；误点通过的，请恢复待审核。"),
    EnrolmentStatus.DECLINED: N_("误点不通过的，可以恢复待审核；须有空余名额。"),
}


def row(enrolment: Enrolment, place: int | None) -> dict[str, object]:
    person = enrolment.person
    first = {_("候补顺序"): place} if place else {}
    last = {_("审核时间"): local_time(enrolment.decided_at)} if enrolment.decided_at else {}
    if enrolment.status is EnrolmentStatus.WAITLISTED:
        last = {_("名额保留至"): local_time(enrolment.offered_until) if enrolment.offered_until else ""}
    return {
        **first,
        _("姓名"): person.name,
        _("工作单位"): enrolment.employer.name,
        _("职称"): person.title_name or word(person.title_level),
        _("提交|报名时间"): local_time(enrolment.applied_at),
        **last,
    }


def draw_person(enrolment: Enrolment) -> None:
    person = enrolment.person
    st.header(f"{escape_markdown(person.name)} {badge_text(enrolment.status)}", anchor=False)
    draw_facts(
        {
            _("工作单位"): enrolment.employer.name,
            _("所在部门"): person.department or _("未填写"),
            _("手机号码"): person.mobile,
        }
    )
    draw_facts(
        {
            _("职称"): person.title_name or word(person.title_level),
            _("职称系列"): word(person.title_series) if person.title_series else _("未填写"),
            _("提交|报名时间"): local_time(enrolment.applied_at),
        }
    )
    if enrolment.hours_awarded is not None:
        st.markdown(_("登记 **%(hours)s** 学时") % {"hours": plain(enrolment.hours_awarded)})


def draw_decision(actor: Actor, enrolment: Enrolment) -> None:
    """Keyed by the version: a click on what a colleague has decided meanwhile finds no button any more."""
    actions = enrolment_review.possible_decisions(actor, enrolment)
    if not actions:
        if enrolment.person_id == actor.person_id and enrolment.status in UNDECIDED:
            st.info(explain(OwnEnrolment()), icon=":material/info:")
        return
    key, hint = f"enrolment_{enrolment.id}_{enrolment.version}", HINTS.get(enrolment.status, "")
    pressed, opinion = draw_decision_form(key, actions, _(hint) if hint else "")
    for action in pressed:
        with command(_("已办理：%(result)s") % {"result": word(action)}, before_redraw=pause.begin) as session:
            enrolments.act(session, actor, enrolment.id, action, seen=enrolment.version, opinion=opinion)


def draw_bulk(actor: Actor, status: EnrolmentStatus, chosen: Mapping[int, int]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if status is EnrolmentStatus.APPLIED:
            with st.popover(_("批量通过"), icon=":material/done_all:", disabled=not chosen):
                _draw_acceptance(actor, chosen)
        with st.popover(_("批量不通过"), icon=":material/block:", disabled=not chosen):
            _draw_refusal(actor, chosen)
        st.caption(_("已选 %(count)s 人") % {"count": len(chosen)} if chosen else _("勾选左侧方框可批量审核"))


def _draw_acceptance(actor: Actor, chosen: Mapping[int, int]) -> None:
    st.markdown(_("将通过已选的 **%(count)s** 人的报名。") % {"count": len(chosen)})
    if st.button(_("确认批量通过"), type="primary", key="bulk_accept"):
        _carry_out(actor, chosen, EnrolmentAction.ACCEPT)


def _draw_refusal(actor: Actor, chosen: Mapping[int, int]) -> None:
    with st.form("bulk_decline", enter_to_submit=False, border=False):
        st.markdown(_("将不通过已选的 **%(count)s** 人的报名，空出的名额依次提供给候补人员。") % {"count": len(chosen)})
        opinion = st.text_area(
            _("审核意见"),
            max_chars=fields.LONGEST_TEXT,
            height=100,
            key="bulk_opinion",
            placeholder=_("请写明原因，报名人会看到。"),
        )
        pressed = st.form_submit_button(_("确认批量不通过"), type="primary")
    if pressed:
        _carry_out(actor, chosen, EnrolmentAction.DECLINE, opinion)


def _carry_out(actor: Actor, chosen: Mapping[int, int], action: EnrolmentAction, opinion: str = "") -> None:
    decide = partial(enrolment_review.decide, transaction, actor, chosen, action, opinion=opinion)
    bulk_outcome.carry_out(_("正在逐个审核 %(count)s 人…") % {"count": len(chosen)}, decide, partial(_names, actor))


def _names(actor: Actor, numbers: Sequence[int]) -> dict[int, str]:
    with reading() as session:
        return enrolment_review.names(session, actor, numbers)
