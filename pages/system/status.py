"""How the system is: whether the statistics run on time, and what every run did."""

import streamlit as st

from db import reading
from services import statistics_state
from web import filters, worklist
from web.i18n import _
from web.session import current_actor
from web.statistics_runs import draw_runs, draw_state

actor, after = current_actor(), filters.after()
with reading() as session:
    state = statistics_state.state(session)
    runs = statistics_state.list_runs(session, actor, after_id=after)

st.subheader(_("学时统计"), anchor=False)
draw_state(state)
draw_runs(runs)
if runs:
    worklist.draw_pages(len(runs), statistics_state.PAGE_SIZE, runs[-1].id)
