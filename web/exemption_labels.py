"""The words of exemptions, a part of the table in `web.labels`."""

from collections.abc import Mapping
from enum import StrEnum

from db.exemptions import ExemptionAction, ExemptionReason, ExemptionStatus
from web.i18n import N_
from web.label import Label

EXEMPTION_LABELS: Mapping[type[StrEnum], Mapping[StrEnum, Label]] = {
    ExemptionStatus: {
        ExemptionStatus.REQUESTED: Label(N_("待审批"), "orange"),
        ExemptionStatus.GRANTED: Label(N_("已批准"), "green"),
        ExemptionStatus.DECLINED: Label(N_("未批准"), "red"),
        ExemptionStatus.WITHDRAWN: Label(N_("已撤回"), "gray"),
        ExemptionStatus.REPLACED: Label(N_("已被新的减免代替"), "gray"),
        ExemptionStatus.REVOKED: Label(N_("已撤销"), "red"),
    },
    ExemptionAction: {
        ExemptionAction.WITHDRAW: Label(N_("撤回申请")),
        ExemptionAction.GRANT: Label(N_("批准减免"), "green"),
        ExemptionAction.DECLINE: Label(N_("不予批准"), "red"),
        ExemptionAction.REVOKE: Label(N_("撤销减免"), "red"),
    },
    ExemptionReason: {
        ExemptionReason.MATERNITY: Label(N_("生育（产假）")),
        ExemptionReason.ILLNESS: Label(N_("长期病休")),
        ExemptionReason.POSTING: Label(N_("驻外、援派或挂职")),
        ExemptionReason.STUDY: Label(N_("脱产学习")),
        ExemptionReason.PART_YEAR: Label(N_("年度中途开始从业")),
        ExemptionReason.OTHER: Label(N_("其他")),
    },
}
