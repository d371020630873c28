"""What waits for an employer, each figure with the page that deals with it."""

import streamlit as st

from services.clock import now
from services.workload import Workload
from web.i18n import _
from web.navigation import link
from web.times import local_time


def draw_workload(workload: Workload) -> None:
    with st.grid(3, min_column_width=220):
        with st.container(border=True, height="stretch"):
            st.metric(_("待确认人员"), workload.requests)
            st.caption(_("确认后，员工才能送审学时。"))
            link("employer/people", label=_("去确认") if workload.requests else _("查看人员"))
        with st.container(border=True, height="stretch"):
            st.metric(_("待审核学时"), workload.claims)
            st.caption(_oldest(workload))
            link("employer/claims", label=_("去审核") if workload.claims else _("查看学时"))
        with st.container(border=True, height="stretch"):
            st.metric(_("本单位人员"), workload.staff)
            st.caption(_("已确认为本单位人员的专业技术人员。"))


def _oldest(workload: Workload) -> str:
    if workload.oldest is None:
        return _("没有等待审核的学时。")
    days = (now() - workload.oldest).days
    return _("最早的一条于 %(time)s 送审，已等待 %(days)s 天。") % {"time": local_time(workload.oldest), "days": days}
