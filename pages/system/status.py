"""How the system is: whether the statistics run on time, its backups, what waits, its pace, its jobs, its sizes."""

import streamlit as st

from db import reading
from services import job_runs, page_times, statistics_state, system_state
from web import filters, worklist
from web.background import HOUSEKEEPING
from web.i18n import _
from web.operations import draw_jobs, draw_retention, draw_times
from web.session import current_actor
from web.statistics_runs import draw_runs, draw_state
from web.system_state import draw_backups, draw_queues, draw_versions

actor, after = current_actor(), filters.after()
with reading() as session:
    state = statistics_state.state(session)
    runs = statistics_state.list_runs(session, actor, after_id=after)
    system = system_state.state(session, actor)
    jobs = job_runs.list_runs(session, actor)
    times = page_times.slowest(session, actor)

st.header(_("学时统计"), anchor=False)
draw_state(state)
draw_runs(runs)
if runs:
    worklist.draw_pages(len(runs), statistics_state.PAGE_SIZE, runs[-1].id)
st.header(_("备份"), anchor=False)
draw_backups(system)
st.header(_("待办积压"), anchor=False)
draw_queues(system)
st.subheader(_("页面用时"), anchor=False)
draw_times(times)
st.subheader(_("定时任务"), anchor=False)
draw_jobs(jobs)
st.subheader(_("数据保留"), anchor=False)
draw_retention(jobs.get(HOUSEKEEPING))
st.header(_("数据库与版本"), anchor=False)
draw_versions(system, jobs.get(HOUSEKEEPING))
