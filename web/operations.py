"""The pace of the pages, the jobs of the application, and what they remove, in words."""

from collections.abc import Mapping, Sequence

import streamlit as st

from db.operations import JobRun
from services import housekeeping, page_times
from services.page_times import Pace, PageTimes
from web.background import JOBS, Job
from web.i18n import _
from web.labels import word
from web.navigation import SCREENS
from web.times import lasting, local_time


def draw_times(times: Sequence[PageTimes]) -> None:
    if not times:
        st.caption(_("还没有用时记录。有人打开页面后，一分钟内会出现在这里。"))
        return
    slow = [each for each in times if each.day and each.day.most > page_times.SLOW]
    if slow:
        said = _("过去 24 小时有 %(count)s 个页面的第 95 百分位超过 %(limit)s 毫秒。")
        st.markdown(f":orange-badge[{_('偏慢')}] " + said % {"count": len(slow), "limit": page_times.SLOW})
    st.dataframe([_times(each) for each in times], hide_index=True, alt=_("页面用时"))
    st.caption(_("服务器处理一次页面或下载的用时（毫秒），不含网络和浏览器，最慢的在前；误差不超过五分之一。"))


def _times(each: PageTimes) -> dict[str, object]:
    return {
        _("页面"): _page(each.page),
        **_pace(each.day, _("24 小时")),
        **_pace(each.week, _("7 天")),
    }


def _pace(pace: Pace | None, period: str) -> dict[str, object]:
    figures = (pace.runs, pace.median, pace.most) if pace else (0, 0, 0)
    return {
        _("%(period)s次数") % {"period": period}: figures[0],
        _("%(period)s中位数") % {"period": period}: figures[1],
        _("%(period)s第95百分位") % {"period": period}: figures[2],
    }


def _page(path: str) -> str:
    """By its title; an address of ours is called by itself."""
    title = next((_(screen.title) for screen in SCREENS if screen.path == path), "")
    return f"{title} {path}" if title else path


def draw_jobs(runs: Mapping[str, JobRun]) -> None:
    st.dataframe([_job(job, runs.get(job.name)) for job in JOBS], hide_index=True, alt=_("定时任务"))
    st.caption(_("每个进程都会按时运行，由数据库决定哪一个真正执行；失败不影响下一次，编号可在日志中查找原因。"))


def _job(job: Job, run: JobRun | None) -> dict[str, object]:
    return {
        _("任务"): _(job.title),
        _("上次运行"): local_time(run.started_at) if run else _("无"),
        _("用时（秒）"): round(run.milliseconds / 1000, 2) if run else 0,
        _("下次运行"): local_time(run.started_at + job.every) if run else _("即将进行"),
        _("上次失败"): local_time(run.failed_at) if run and run.failed_at else "",
        _("失败编号"): run.incident if run else "",
    }


def draw_retention(run: JobRun | None) -> None:
    """Also where nothing was swept yet one may know what will be."""
    st.markdown(
        _("操作日志永久保留，从不删除（法规要求不少于六个月）；以下内容每日清理一次，清理不影响学时、证书和日志。")
    )
    report = run.report if run and run.report else {}
    rows = [
        {
            _("内容"): word(kind),
            _("保留"): lasting(kept.days) if kept else _("不再需要即清理"),
            _("上次清理"): report.get(kind, ""),
        }
        for kind, kept in housekeeping.KEPT.items()
    ]
    st.dataframe(rows, hide_index=True, alt=_("数据保留"))
    if run and run.reported_at:
        st.caption(_("上次清理时间：%(time)s") % {"time": local_time(run.reported_at)})
    else:
        st.caption(_("还没有清理过。应用启动后会自动进行第一次清理。"))
