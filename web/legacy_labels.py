"""The words of the old systems' data, a part of the table in `web.labels`."""

from collections.abc import Mapping
from enum import StrEnum

from db.legacy import LegacyImportStatus, LegacyKind, LegacyOutcome
from web.i18n import N_
from web.label import Label

LEGACY_LABELS: Mapping[type[StrEnum], Mapping[StrEnum, Label]] = {
    LegacyKind: {
        LegacyKind.CERTIFICATE: Label(N_("历史证书")),
        LegacyKind.RECORD: Label(N_("历史学时记录")),
    },
    LegacyImportStatus: {
        LegacyImportStatus.RECEIVING: Label(N_("上传未完成"), "orange"),
        LegacyImportStatus.RECEIVED: Label(N_("待试算"), "orange"),
        LegacyImportStatus.CHECKING: Label(N_("试算中"), "blue"),
        LegacyImportStatus.CHECKED: Label(N_("待导入"), "orange"),
        LegacyImportStatus.RUNNING: Label(N_("导入中"), "blue"),
        LegacyImportStatus.IMPORTED: Label(N_("已导入"), "green"),
        LegacyImportStatus.UNDOING: Label(N_("撤销中"), "orange"),
        LegacyImportStatus.UNDONE: Label(N_("导入已撤销"), "gray"),
    },
    LegacyOutcome: {
        LegacyOutcome.ACCEPTED: Label(N_("接受"), "green"),
        LegacyOutcome.REJECTED: Label(N_("拒绝"), "red"),
        LegacyOutcome.DUPLICATE: Label(N_("重复"), "gray"),
    },
}
