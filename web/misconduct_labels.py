"""The words of dishonesty cases, a part of the table in `web.labels`."""

from collections.abc import Mapping
from enum import StrEnum

from db.misconduct import (
    LookedAt,
    MisconductAction,
    MisconductFilePurpose,
    MisconductKind,
    MisconductStatus,
    Severity,
)
from services.misconduct import Stage
from web.i18n import N_
from web.label import Label

MISCONDUCT_LABELS: Mapping[type[StrEnum], Mapping[StrEnum, Label]] = {
    MisconductStatus: {
        MisconductStatus.REPORTED: Label(N_("线索"), "gray"),
        MisconductStatus.INVESTIGATING: Label(N_("核查中"), "blue"),
        MisconductStatus.NOTIFIED: Label(N_("已事先告知"), "orange"),
        MisconductStatus.CONFIRMED: Label(N_("已认定"), "red"),
        MisconductStatus.DISMISSED: Label(N_("不成立"), "gray"),
        MisconductStatus.OBJECTED: Label(N_("异议处理中"), "violet"),
        MisconductStatus.UPHELD: Label(N_("异议后维持"), "red"),
        MisconductStatus.AMENDED: Label(N_("异议后更正"), "orange"),
        MisconductStatus.CANCELLED: Label(N_("异议后撤销"), "green"),
        MisconductStatus.REPAIR_REQUESTED: Label(N_("信用修复审核中"), "violet"),
        MisconductStatus.REPAIRED: Label(N_("已修复"), "green"),
        MisconductStatus.REFUSED: Label(N_("未准予修复"), "red"),
        MisconductStatus.EXPIRED: Label(N_("已期满"), "gray"),
    },
    MisconductAction: {
        MisconductAction.REPORT: Label(N_("登记线索")),
        MisconductAction.INVESTIGATE: Label(N_("开始核查")),
        MisconductAction.NOTIFY: Label(N_("事先告知本人"), "orange"),
        MisconductAction.REPLY: Label(N_("提交陈述申辩"), "blue"),
        MisconductAction.CONFIRM: Label(N_("认定失信"), "red"),
        MisconductAction.DISMISS: Label(N_("认定不成立")),
        MisconductAction.OBJECT: Label(N_("提出异议"), "violet"),
        MisconductAction.UPHOLD: Label(N_("维持"), "red"),
        MisconductAction.AMEND: Label(N_("失信|更正"), "orange"),
        MisconductAction.CANCEL: Label(N_("失信|撤销"), "green"),
        MisconductAction.REQUEST_REPAIR: Label(N_("申请信用修复"), "violet"),
        MisconductAction.REPAIR: Label(N_("准予修复"), "green"),
        MisconductAction.REFUSE: Label(N_("不予修复"), "red"),
        MisconductAction.EXTEND: Label(N_("延长办理期限")),
        MisconductAction.EXPIRE: Label(N_("期满")),
    },
    Stage: {
        Stage.OPEN: Label(N_("失信|办理中")),
        Stage.ASKED: Label(N_("异议与修复")),
        Stage.STANDING: Label(N_("生效中")),
        Stage.CLOSED: Label(N_("已终结")),
    },
    MisconductKind: {
        MisconductKind.FALSE_HOURS: Label(N_("虚报学时")),
        MisconductKind.FORGED_EVIDENCE: Label(N_("伪造证明材料")),
        MisconductKind.FORGED_CERTIFICATE: Label(N_("伪造证书")),
        MisconductKind.PROXY_STUDY: Label(N_("代学、替学")),
        MisconductKind.AUTOMATION: Label(N_("挂机刷课")),
    },
    Severity: {
        Severity.MINOR: Label(N_("较轻（1 年）")),
        Severity.ORDINARY: Label(N_("一般（3 年）")),
        Severity.SERIOUS: Label(N_("严重（5 年）")),
    },
    MisconductFilePurpose: {
        MisconductFilePurpose.EVIDENCE: Label(N_("证据材料")),
        MisconductFilePurpose.REPLY: Label(N_("陈述申辩材料")),
        MisconductFilePurpose.OBJECTION: Label(N_("异议材料")),
        MisconductFilePurpose.REPAIR: Label(N_("信用修复材料")),
    },
    LookedAt: {
        LookedAt.CASE: Label(N_("查看案件")),
        LookedAt.NOTE: Label(N_("审核学时时看到提示")),
        LookedAt.FILE: Label(N_("打开材料")),
    },
}
