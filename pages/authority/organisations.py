"""The supervisor's queue of employers and providers that ask to be admitted."""

import streamlit as st

from db import reading
from db.organisations import OrganisationStatus
from services import fields, organisations
from web import filters, pause, worklist
from web.command import command
from web.i18n import _
from web.labels import badge_text, word
from web.organisation_view import draw_facts, draw_opinion, row
from web.session import current_actor
from web.text import escape_markdown

OFFERED = [OrganisationStatus.APPLIED, OrganisationStatus.APPROVED, OrganisationStatus.RETURNED]

actor = current_actor()
status, text, named, after = filters.status(OFFERED), filters.text(), filters.opened("organisations"), filters.after()
with reading() as session:
    counts = organisations.counts(session, actor)
    found = organisations.queue(session, actor, status=status, text=text, after_id=after)
    organisation = organisations.open_application(session, actor, found, named)

with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
    filters.draw_status(OFFERED, status, counts)
    filters.draw_text(_("查找单位"), _("单位名称中的字，或统一社会信用代码"))
if found:
    worklist.draw({each.id: row(each) for each in found}, organisation.id if organisation else None, alt=_("单位名单"))
    worklist.draw_pages(len(found), organisations.PAGE_SIZE, found[-1].id)
elif text:
    st.info(_("没有找到符合条件的单位，请核对名称或代码。"), icon=":material/search_off:")
elif status is OrganisationStatus.APPLIED:
    st.success(_("没有待审核的单位。本区划内有单位提交注册后，会出现在这里。"), icon=":material/task_alt:")
else:
    st.caption(_("没有“%(status)s”的单位。") % {"status": word(status)})
if organisation is None:
    st.stop()
filters.remember_opened("organisations", organisation.id)

st.subheader(f"{escape_markdown(organisation.name)} {badge_text(organisation.status)}", anchor=False)
left, right = st.columns(2)
with left:
    draw_facts(organisation)
with right:
    draw_opinion(organisation)
    approved = returned = False
    if organisations.possible_decisions(actor, organisation):
        key, resting = f"{organisation.id}_{organisation.version}", pause.is_on()
        with st.form(f"decide_{key}", enter_to_submit=False):
            opinion = st.text_area(
                _("审核意见"),
                max_chars=fields.LONGEST_TEXT,
                height=120,
                key=f"opinion_{key}",
                placeholder=_("退回时必填，请写明需要更正的内容。"),
            )
            with st.container(horizontal=True):
                approved = st.form_submit_button(_("动作|通过"), type="primary", disabled=resting)
                returned = st.form_submit_button(_("动作|退回"), disabled=resting)
    if approved:
        with command(_("已通过，该单位现在可以使用系统。"), before_redraw=pause.begin) as session:
            organisations.approve(session, actor, organisation.id, seen=organisation.version)
    if returned:
        with command(_("已退回，申请人登录后会看到审核意见。"), before_redraw=pause.begin) as session:
            organisations.return_(session, actor, organisation.id, opinion=opinion, seen=organisation.version)
