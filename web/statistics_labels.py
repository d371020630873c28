"""The words of the statistics, and of what requirements change."""

from collections.abc import Mapping
from enum import StrEnum

from db.statistics import RunKind, RunStatus
from services.explanation import Verdict
from services.requirement_trials import Flip
from services.statistics_state import Punctuality
from web.i18n import N_
from web.label import Label

STATISTICS_LABELS: Mapping[type[StrEnum], Mapping[StrEnum, Label]] = {
    RunKind: {
        RunKind.FULL: Label(N_("全部人员")),
        RunKind.CHANGES: Label(N_("有变化的人员")),
    },
    RunStatus: {
        RunStatus.RUNNING: Label(N_("统计中"), "blue"),
        RunStatus.FINISHED: Label(N_("已完成"), "green"),
        RunStatus.FAILED: Label(N_("失败"), "red"),
    },
    Verdict: {
        Verdict.COUNTS: Label(N_("已计入"), "green"),
        Verdict.COUNTS_SOON: Label(N_("待计入"), "blue"),
        Verdict.WITH_EMPLOYER: Label(N_("待单位审核"), "orange"),
        Verdict.WITH_SUPERVISOR: Label(N_("待主管部门认定"), "orange"),
        Verdict.UNSENT: Label(N_("未送审"), "gray"),
        Verdict.RETURNED: Label(N_("退回"), "violet"),
        Verdict.REJECTED: Label(N_("不通过"), "red"),
        Verdict.REVOKED: Label(N_("已撤销"), "red"),
    },
    Punctuality: {
        Punctuality.NEVER: Label(N_("未统计"), "gray"),
        Punctuality.ON_TIME: Label(N_("按时"), "green"),
        Punctuality.RUNNING: Label(N_("统计中"), "blue"),
        Punctuality.LATE: Label(N_("逾期"), "red"),
        Punctuality.FAILED: Label(N_("中断"), "red"),
    },
    Flip: {
        Flip.LOSING: Label(N_("将不再达标"), "red"),
        Flip.GAINING: Label(N_("将变为达标"), "green"),
    },
}
