"""The professional's landing page: where he stands in a year, and what to do next."""

import streamlit as st

from db import reading
from services import standing
from web.i18n import _
from web.navigation import link
from web.session import current_actor
from web.standing_card import advice, draw_computed_at, draw_live, draw_official, draw_summary
from web.to_do import tasks

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
draw_computed_at(chosen)

st.subheader(_("待办事项"), anchor=False)
waiting = list(tasks(overview, chosen))
for task in waiting:
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f":material/{task.icon}: {task.text}", width="content")
        link(task.page, label=task.label)
if not waiting:
    st.caption(_("没有待办事项。学习结束后，请申报学时。"))
    link("personal/claims")
