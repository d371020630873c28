"""The words of the old systems' data, a part of the table in `web.labels`."""

from collections.abc import Mapping
from enum import StrEnum

from db.legacy import LegacyImportStatus, LegacyKind, LegacyMatch, LegacyOutcome
from db.legacy_decisions import Confidence, LegacyVerdict
from db.missing_records import MissingRecordAction, MissingRecordStatus
from services import identity, registration
from services.legacy_candidates import Trait
from services.legacy_totals import Difference
from services.own_legacy import Period
from services.reconciliation import Decided, ReconciliationAction
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
    LegacyMatch: {
        LegacyMatch.AMBIGUOUS: Label(N_("待核对"), "orange"),
        LegacyMatch.ORPHAN: Label(N_("无匹配"), "gray"),
        LegacyMatch.MATCHED: Label(N_("已匹配"), "green"),
        LegacyMatch.DUPLICATE: Label(N_("重复"), "blue"),
    },
    LegacyVerdict: {
        LegacyVerdict.PERSON: Label(N_("匹配到人"), "green"),
        LegacyVerdict.NOBODY: Label(N_("查无此人"), "gray"),
        LegacyVerdict.DUPLICATE: Label(N_("标为重复"), "blue"),
    },
    Confidence: {
        Confidence.HIGH: Label(N_("可信度高"), "green"),
        Confidence.MEDIUM: Label(N_("可信度中"), "orange"),
        Confidence.LOW: Label(N_("可信度低"), "red"),
    },
    Trait: {
        Trait.ID_NUMBER: Label(identity.ID_NUMBER),
        Trait.NAME: Label(registration.NAME),
        Trait.BIRTH_YEAR: Label(N_("出生年份")),
        Trait.EMPLOYER: Label(N_("工作单位")),
    },
    Decided: {
        Decided.NO: Label(N_("自动判定")),
        Decided.YES: Label(N_("人工决定")),
    },
    ReconciliationAction: {
        ReconciliationAction.MATCH: Label(N_("匹配")),
        ReconciliationAction.NOBODY: Label(N_("查无此人")),
        ReconciliationAction.DUPLICATE: Label(N_("标为重复")),
        ReconciliationAction.UNDO: Label(N_("撤销决定")),
    },
    MissingRecordStatus: {
        MissingRecordStatus.REPORTED: Label(N_("待答复"), "orange"),
        MissingRecordStatus.FOUND: Label(N_("已找到"), "green"),
        MissingRecordStatus.NOT_FOUND: Label(N_("未找到"), "red"),
        MissingRecordStatus.WITHDRAWN: Label(N_("已撤回"), "gray"),
    },
    MissingRecordAction: {
        MissingRecordAction.WITHDRAW: Label(N_("撤回申报")),
        MissingRecordAction.FIND: Label(N_("动作|已找到"), "green"),
        MissingRecordAction.GIVE_UP: Label(N_("动作|未找到"), "red"),
    },
    Period: {
        Period.THAT_YEAR: Label(N_("2018 年")),
        Period.BEFORE: Label(N_("2017 年及以前")),
        Period.LATER: Label(N_("2019 年及以后")),
    },
    Difference: {
        Difference.NOT_PASSED: Label(N_("旧系统未审核通过，不计")),
        Difference.OVER_DAY_CAP: Label(N_("超出每天学时上限，不计")),
        Difference.RECORDS_MISSING: Label(N_("学时记录少于证书所载")),
        Difference.RECORDS_EXTRA: Label(N_("学时记录多于证书所载")),
        Difference.OTHER_CATEGORY: Label(N_("总数相同，类别不同")),
        Difference.SEVERAL_CERTIFICATES: Label(N_("同一年度有多张证书")),
        Difference.BELOW_REQUIREMENT: Label(N_("旧系统认定合格，按当年要求未达标")),
        Difference.MEETS_REQUIREMENT: Label(N_("旧系统认定不合格，按当年要求已达标")),
        Difference.NO_CERTIFICATE: Label(N_("按当年要求已达标，但没有证书")),
    },
    LegacyOutcome: {
        LegacyOutcome.ACCEPTED: Label(N_("接受"), "green"),
        LegacyOutcome.REJECTED: Label(N_("拒绝"), "red"),
        LegacyOutcome.DUPLICATE: Label(N_("重复"), "gray"),
    },
}
