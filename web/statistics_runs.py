"""The runs of the statistics: whether they are on time, and what each of them did."""

from collections.abc import Sequence

import streamlit as st

from db import reading
from db.settings import settings
from db.statistics import StatisticsRun
from services import statistics_state
from services.permissions import Actor
from services.rules import plain
from services.statistics_state import Punctuality, State
from services.to_do import ToDo
from web import event_words, to_do
from web.facts import draw_facts
from web.i18n import N_, _
from web.labels import badge, word
from web.times import local_time

SAID = {
    Punctuality.NEVER: N_("还没有统计过。应用启动后十分钟内会自动进行第一次统计。"),
    Punctuality.ON_TIME: N_("官方统计按时进行。"),
    Punctuality.RUNNING: N_("正在统计，页面上仍是上一次的结果。"),
    Punctuality.LATE: N_("官方统计没有按时进行，页面上的官方学时可能不是最新的。请检查应用进程是否在运行。"),
    Punctuality.FAILED: N_("最近一次官方统计没有完成，页面上仍是上一次的结果；应用会在十分钟内从中断处继续。"),
}


def draw_state(state: State) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        badge(state.punctuality)
        st.markdown(_(SAID[state.punctuality]), width="content")
    finished = state.last.finished_at if state.last else None
    draw_facts(
        {
            _("上次完成"): local_time(finished) if finished else _("无"),
            _("下次统计"): local_time(state.next_at) if state.next_at else _("即将进行"),
            _("统计间隔"): _("%(hours)s 小时") % {"hours": settings().statistics_hours},
        }
    )


def draw_notice(actor: Actor) -> None:
    """For those who work with official figures, only when these may be old."""
    if not to_do.waiting(actor).get(ToDo.STATISTICS_LATE):
        return
    with reading() as session:
        state = statistics_state.state(session)
    st.warning(_(SAID[state.punctuality]), icon=":material/running_with_errors:")


def draw_runs(runs: Sequence[StatisticsRun]) -> None:
    if not runs:
        st.caption(_("还没有统计记录。"))
        return
    st.markdown(f"**{_('统计记录')}**")
    st.dataframe([_row(run) for run in runs], hide_index=True, alt=_("统计记录"))
    st.caption(_("每天只统计有变化的人员，每周以及用命令 recompute 统计全部人员；中断的统计由下一次从中断处继续。"))


def _row(run: StatisticsRun) -> dict[str, object]:
    return {
        _("编号"): run.id,
        _("状态"): word(run.status),
        _("范围"): word(run.kind),
        _("开始时间"): local_time(run.started_at),
        _("用时（秒）"): round(run.milliseconds / 1000, 1),
        _("发起人"): event_words.who(run.started_by),
        _("人数"): run.people,
        _("年度统计（条）"): run.rows,
        _("有变化（条）"): run.rows_changed,
        _("学时变化"): _signed(run),
        _("规则版本"): run.rule_edition,
        _("接续"): run.continues_id or "",
        _("中断原因"): run.error,
    }


def _signed(run: StatisticsRun) -> str:
    difference = run.hours_after - run.hours_before
    return f"+{plain(difference)}" if difference > 0 else plain(difference)
