"""The supervisor's employers and providers: who asks to be admitted, who is, and who no longer works."""

from collections.abc import Mapping, Sequence

import streamlit as st

from db import reading
from db.organisations import Organisation, OrganisationAction, OrganisationStatus
from services import organisation_history, organisations, resemblances, reviewers
from services.permissions import Actor
from services.resemblances import Lookalike
from web import filters, pause, worklist
from web.command import command
from web.decision_form import draw_decision_form
from web.i18n import N_, _
from web.labels import badge_text, word
from web.merger_form import draw_search
from web.organisation_history import draw_history
from web.organisation_view import draw_facts, draw_opinion, row
from web.reviewer_list import draw_reviewers
from web.similar_names import draw_lookalikes
from web.text import escape_markdown

LIST = "organisations"
OFFERED = list(OrganisationStatus)
ASKED = {
    OrganisationStatus.APPLIED: N_("退回时必填，请写明需要更正的内容。"),
    OrganisationStatus.APPROVED: N_(
        "停用时必填，该单位的人员会看到。停用期间他们不能办理业务，员工送审的学时原样保留。"
    ),
    OrganisationStatus.SUSPENDED: N_("可以写明恢复的原因。"),
}
DONE = {
    OrganisationAction.APPROVE: N_("已通过，该单位现在可以使用系统。"),
    OrganisationAction.RETURN: N_("已退回，申请人登录后会看到审核意见。"),
    OrganisationAction.SUSPEND: N_("已停用，该单位的人员从现在起不能办理业务。"),
    OrganisationAction.REINSTATE: N_("已恢复，该单位可以继续办理业务。"),
}


def draw(actor: Actor) -> None:
    status, text, named, after = filters.status(OFFERED), filters.text(), filters.opened(LIST), filters.after()
    with reading() as session:
        counts = organisations.counts(session, actor)
        found = organisations.queue(session, actor, status=status, text=text, after_id=after)
        organisation = organisations.open_organisation(session, actor, found, named)
        acting = reviewers.of(session, actor, organisation.id) if organisation else []
        steps = organisation_history.of(session, organisation) if organisation else []
        similar = resemblances.of(session, organisation) if organisation else []
    _draw_filters(status, counts)
    _draw_list(found, organisation, status, text)
    if organisation is not None:
        filters.remember_opened(LIST, organisation.id)
        _draw_organisation(actor, organisation, similar)
        draw_reviewers(actor, organisation, acting)
        if OrganisationAction.MERGE in organisations.possible_actions(actor, organisation):
            draw_search(actor, organisation)
        draw_history(steps)


def _draw_filters(status: OrganisationStatus, counts: Mapping[OrganisationStatus, int]) -> None:
    filters.draw_status(OFFERED, status, counts)
    filters.draw_text(_("查找单位"), _("单位名称中的字，或统一社会信用代码"))


def _draw_list(
    found: Sequence[Organisation], opened: Organisation | None, status: OrganisationStatus, text: str
) -> None:
    if found:
        worklist.draw({each.id: row(each) for each in found}, opened.id if opened else None, alt=_("单位名单"))
        worklist.draw_pages(len(found), organisations.PAGE_SIZE, found[-1].id)
    elif text:
        st.info(_("没有找到符合条件的单位，请核对名称或代码。"), icon=":material/search_off:")
    elif status is OrganisationStatus.APPLIED:
        st.success(_("没有待审核的单位。本区划内有单位提交注册后，会出现在这里。"), icon=":material/task_alt:")
    else:
        st.caption(_("没有“%(status)s”的单位。") % {"status": word(status)})


def _draw_organisation(actor: Actor, organisation: Organisation, similar: Sequence[Lookalike]) -> None:
    st.header(f"{escape_markdown(organisation.name)} {badge_text(organisation.status)}", anchor=False)
    left, right = st.columns(2)
    with left:
        draw_facts(organisation)
    with right:
        draw_lookalikes(similar)
        draw_opinion(organisation)
        if actions := organisations.possible_decisions(actor, organisation):
            _draw_decision(actor, organisation, actions)


def _draw_decision(actor: Actor, organisation: Organisation, actions: Sequence[OrganisationAction]) -> None:
    key = f"{organisation.id}_{organisation.version}"
    pressed, opinion = draw_decision_form(key, actions, _(ASKED[organisation.status]))
    for action in pressed:
        with command(_(DONE[action]), before_redraw=pause.begin) as session:
            organisations.decide(session, actor, organisation.id, action, seen=organisation.version, opinion=opinion)
