"""The words of imports, a part of the table in `web.labels`."""

from collections.abc import Mapping
from enum import StrEnum

from db.imports import ImportKind, ImportStatus, RowOutcome
from web.i18n import N_
from web.label import Label

IMPORT_LABELS: Mapping[type[StrEnum], Mapping[StrEnum, Label]] = {
    ImportKind: {ImportKind.STAFF: Label(N_("人员名单")), ImportKind.HOURS: Label(N_("培训学时"))},
    ImportStatus: {
        ImportStatus.CHECKED: Label(N_("待导入"), "orange"),
        ImportStatus.RUNNING: Label(N_("导入中"), "blue"),
        ImportStatus.IMPORTED: Label(N_("已导入"), "green"),
        ImportStatus.UNDOING: Label(N_("撤销中"), "orange"),
        ImportStatus.UNDONE: Label(N_("导入已撤销"), "gray"),
    },
    RowOutcome: {
        RowOutcome.ACCEPTED: Label(N_("接受"), "green"),
        RowOutcome.REJECTED: Label(N_("不能导入"), "red"),
        RowOutcome.KNOWN: Label(N_("已经存在"), "gray"),
    },
}
