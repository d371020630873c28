"""The words of the system's state."""

from collections.abc import Mapping
from enum import StrEnum

from db.backups import BackupKind
from db.notices import NoticeAction
from services.housekeeping import Removed
from services.notices import NoticePhase
from services.system_state import Care, Queue
from web.i18n import N_
from web.label import Label

SYSTEM_LABELS: Mapping[type[StrEnum], Mapping[StrEnum, Label]] = {
    BackupKind: {
        BackupKind.MADE: Label(N_("最近备份")),
        BackupKind.PROVEN: Label(N_("最近试恢复")),
        BackupKind.RESTORED: Label(N_("由备份恢复")),
    },
    Care: {
        Care.MAKE: Label(N_("缺少新的备份"), "red"),
        Care.PROVE: Label(N_("备份尚未验证"), "orange"),
    },
    Removed: {
        Removed.ATTEMPTS: Label(N_("登录等尝试的计数")),
        Removed.TICKETS: Label(N_("未使用的登录凭据")),
        Removed.SESSIONS: Label(N_("已结束的登录")),
        Removed.UPLOADS: Label(N_("批量导入的文件（未执行的 7 天）")),
        Removed.LEGACY_UPLOADS: Label(N_("没有导入的历史数据文件")),
        Removed.FILES: Label(N_("不再被引用的附件文件")),
        Removed.PAGE_TIMES: Label(N_("页面用时")),
    },
    NoticePhase: {
        NoticePhase.CURRENT: Label(N_("公告中"), "green"),
        NoticePhase.COMING: Label(N_("即将公告"), "blue"),
        NoticePhase.DRAFT: Label(N_("草稿"), "gray"),
        NoticePhase.PAST: Label(N_("已结束"), "gray"),
    },
    NoticeAction: {
        NoticeAction.PUBLISH: Label(N_("发布"), "green"),
        NoticeAction.END: Label(N_("取消发布"), "red"),
        NoticeAction.RESTORE: Label(N_("恢复发布"), "green"),
        NoticeAction.DISCARD: Label(N_("删除草稿"), "red"),
    },
    Queue: {
        Queue.CLAIMS: Label(N_("待单位审核的学时")),
        Queue.RECOGNITION: Label(N_("待认定的学时")),
        Queue.STAFF: Label(N_("待单位确认的人员")),
        Queue.ENROLMENTS: Label(N_("待审核的报名")),
        Queue.ORGANISATIONS: Label(N_("待审核的单位与机构")),
    },
}
