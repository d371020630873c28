"""The professional's landing page: where he stands in a year, and what to do next."""

import streamlit as st

from db import reading
from db.people import BindingStatus
from services import standing
from web.as_of import draw_as_of
from web.explanation import draw_classes, draw_records, draw_waiting
from web.i18n import N_, _
from web.reminder_tasks import reminders
from web.session import current_actor
from web.standing_card import advice, draw_basis, draw_computed_at, draw_live, draw_official, draw_summary
from web.to_do import Task, draw_to_do

REQUESTED = Task(
    "hourglass_top", N_("等待单位确认"), N_("工作单位尚未确认您的申请，确认后才能送审学时。"), "personal/profile"
)
PRINTABLE = Task("workspace_premium", N_("打印证书"), N_("所选年度的证书可以打印。"), "personal/certificates")

actor = current_actor()
with reading() as session:
    overview = standing.overview(session, actor)

year = st.selectbox(
    _("年度"), list(overview.years), key="year", bind="query-params", placeholder=_("请选择"), width=160
)
chosen, live = overview.years[year], overview.live[year]

draw_summary(chosen)
for column, line in zip(st.columns(len(chosen.official)), chosen.official, strict=True):
    with column.container(border=True, height="stretch"):
        draw_official(line)
        draw_live(live[line.category])
        st.caption(advice(line, live[line.category]))
draw_computed_at(chosen.computed_at)
draw_basis(chosen)
draw_waiting(overview.records[year], chosen)
draw_classes(actor, chosen)

more = []
if overview.binding is BindingStatus.REQUESTED:
    more.append(REQUESTED)
more += reminders(overview)
if chosen.met:
    more.append(PRINTABLE)
draw_to_do(actor, *more, nothing=_("没有待办事项。学习结束后，请到“继续教育记录”申报学时。"))
draw_records(overview.records[year], year)
if actor.person_id is not None:
    draw_as_of(actor, actor.person_id, year)
