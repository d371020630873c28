"""The words of the statistics, and of what requirements change."""

from collections.abc import Mapping
from enum import StrEnum

from db.statistics import RunKind, RunStatus
from services.requirement_trials import Flip
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
    Flip: {
        Flip.LOSING: Label(N_("将不再达标"), "red"),
        Flip.GAINING: Label(N_("将变为达标"), "green"),
    },
}
