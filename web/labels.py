"""Code -> word and colour. Every member of every enum that is shown has its entry."""

from collections.abc import Mapping
from enum import StrEnum

import streamlit as st

from db.accounts import AccountStatus, Role
from db.audits import AuditOutcome
from db.claim_flags import FlagKind
from db.claims import ActivityType, Category, ClaimAction, ClaimSource, ClaimStatus, ReviewReason
from db.ethnicities import Ethnicity
from db.identity_changes import IdentityChangeAction, IdentityChangeStatus
from db.people import BindingAction, BindingStatus, EndReason, Sex, TitleLevel, TitleSeries
from db.profile_changes import ProfileChangeAction, ProfileChangeStatus, ProfilePart
from db.qualifications import DegreeLevel, EducationLevel
from services.progress import Reached
from services.review_queue import QueueOrder
from web.activity_labels import ACTIVITY_LABELS
from web.certificate_labels import CERTIFICATE_LABELS
from web.class_labels import CLASS_LABELS
from web.dashboard_labels import DASHBOARD_LABELS
from web.ethnicity_words import ETHNICITIES
from web.exemption_labels import EXEMPTION_LABELS
from web.explore_labels import EXPLORE_LABELS
from web.i18n import N_, _
from web.import_labels import IMPORT_LABELS
from web.label import Label
from web.legacy_labels import LEGACY_LABELS
from web.misconduct_labels import MISCONDUCT_LABELS
from web.organisation_labels import ORGANISATION_LABELS
from web.statistics_labels import STATISTICS_LABELS
from web.system_labels import SYSTEM_LABELS

LABELS: Mapping[type[StrEnum], Mapping[StrEnum, Label]] = {
    **ACTIVITY_LABELS,
    **CLASS_LABELS,
    **DASHBOARD_LABELS,
    **EXEMPTION_LABELS,
    **EXPLORE_LABELS,
    **IMPORT_LABELS,
    **LEGACY_LABELS,
    **MISCONDUCT_LABELS,
    **ORGANISATION_LABELS,
    **STATISTICS_LABELS,
    **SYSTEM_LABELS,
    Role: {
        Role.PROFESSIONAL: Label(N_("专业技术人员")),
        Role.EMPLOYER: Label(N_("法人单位")),
        Role.PROVIDER: Label(N_("施教机构")),
        Role.SUPERVISOR: Label(N_("主管部门")),
        Role.ANALYST: Label(N_("数据分析员")),
        Role.ADMINISTRATOR: Label(N_("系统管理员")),
    },
    AccountStatus: {
        AccountStatus.ACTIVE: Label(N_("正常"), "green"),
        AccountStatus.SUSPENDED: Label(N_("已停用"), "red"),
        AccountStatus.CLOSED: Label(N_("已注销"), "gray"),
    },
    Sex: {Sex.FEMALE: Label(N_("女")), Sex.MALE: Label(N_("男"))},
    TitleLevel: {
        TitleLevel.NONE: Label(N_("无职称")),
        TitleLevel.JUNIOR: Label(N_("初级")),
        TitleLevel.MIDDLE: Label(N_("中级")),
        TitleLevel.ASSOCIATE_SENIOR: Label(N_("副高级")),
        TitleLevel.SENIOR: Label(N_("正高级")),
    },
    TitleSeries: {
        TitleSeries.ENGINEERING: Label(N_("工程技术")),
        TitleSeries.TEACHING: Label(N_("教师")),
        TitleSeries.HEALTH: Label(N_("卫生")),
        TitleSeries.AGRICULTURE: Label(N_("农业技术")),
        TitleSeries.RESEARCH: Label(N_("科学研究")),
        TitleSeries.ECONOMICS: Label(N_("经济")),
        TitleSeries.ACCOUNTING: Label(N_("会计")),
        TitleSeries.STATISTICS: Label(N_("统计")),
        TitleSeries.PUBLISHING: Label(N_("新闻出版")),
        TitleSeries.ARTS: Label(N_("艺术")),
        TitleSeries.LIBRARY: Label(N_("图书资料与文博")),
        TitleSeries.LAW: Label(N_("法律")),
        TitleSeries.OTHER: Label(N_("其他系列")),
    },
    BindingStatus: {
        BindingStatus.REQUESTED: Label(N_("待确认"), "orange"),
        BindingStatus.SCHEDULED: Label(N_("待生效"), "blue"),
        BindingStatus.ACTIVE: Label(N_("在职"), "green"),
        BindingStatus.ENDED: Label(N_("已离职"), "gray"),
        BindingStatus.REFUSED: Label(N_("已退回"), "red"),
        BindingStatus.WITHDRAWN: Label(N_("已撤回"), "gray"),
    },
    BindingAction: {
        BindingAction.REQUEST: Label(N_("提交申请")),
        BindingAction.TRANSFER: Label(N_("申请调转")),
        BindingAction.ENTER: Label(N_("单位导入"), "green"),
        BindingAction.WITHDRAW: Label(N_("撤回")),
        BindingAction.CONFIRM: Label(N_("确认"), "green"),
        BindingAction.REFUSE: Label(N_("动作|退回"), "red"),
        BindingAction.START: Label(N_("生效"), "green"),
        BindingAction.DEPART: Label(N_("调出")),
        BindingAction.END: Label(N_("办理离职")),
        BindingAction.MERGE: Label(N_("单位合并")),
    },
    EndReason: {
        EndReason.LEFT: Label(N_("离职")),
        EndReason.RETIRED: Label(N_("退休")),
        EndReason.TRANSFERRED: Label(N_("调出")),
    },
    Ethnicity: {code: Label(name) for code, name in ETHNICITIES.items()},
    EducationLevel: {
        EducationLevel.SECONDARY: Label(N_("中专及以下")),
        EducationLevel.COLLEGE: Label(N_("大学专科")),
        EducationLevel.UNDERGRADUATE: Label(N_("大学本科")),
        EducationLevel.POSTGRADUATE: Label(N_("研究生")),
    },
    DegreeLevel: {
        DegreeLevel.NONE: Label(N_("无学位")),
        DegreeLevel.BACHELOR: Label(N_("学士")),
        DegreeLevel.MASTER: Label(N_("硕士")),
        DegreeLevel.DOCTOR: Label(N_("博士")),
    },
    ProfilePart: {
        ProfilePart.WORK: Label(N_("任职信息")),
        ProfilePart.TITLE: Label(N_("职称")),
        ProfilePart.DEGREE: Label(N_("学历学位")),
        ProfilePart.LICENCE: Label(N_("职业资格")),
    },
    ProfileChangeStatus: {
        ProfileChangeStatus.DRAFT: Label(N_("未提交"), "gray"),
        ProfileChangeStatus.REQUESTED: Label(N_("待单位确认"), "orange"),
        ProfileChangeStatus.RETURNED: Label(N_("已退回"), "red"),
        ProfileChangeStatus.CONFIRMED: Label(N_("已确认"), "green"),
        ProfileChangeStatus.DISCARDED: Label(N_("已放弃"), "gray"),
    },
    ProfileChangeAction: {
        ProfileChangeAction.SUBMIT: Label(N_("提交")),
        ProfileChangeAction.WITHDRAW: Label(N_("撤回")),
        ProfileChangeAction.DISCARD: Label(N_("放弃修改")),
        ProfileChangeAction.CONFIRM: Label(N_("确认")),
        ProfileChangeAction.RETURN: Label(N_("动作|退回")),
    },
    IdentityChangeStatus: {
        IdentityChangeStatus.REQUESTED: Label(N_("待单位核实"), "orange"),
        IdentityChangeStatus.ENDORSED: Label(N_("待主管部门批准"), "blue"),
        IdentityChangeStatus.APPROVED: Label(N_("已更正"), "green"),
        IdentityChangeStatus.RETURNED: Label(N_("已退回"), "red"),
        IdentityChangeStatus.WITHDRAWN: Label(N_("已撤回"), "gray"),
    },
    IdentityChangeAction: {
        IdentityChangeAction.WITHDRAW: Label(N_("撤回")),
        IdentityChangeAction.ENDORSE: Label(N_("核实无误")),
        IdentityChangeAction.APPROVE: Label(N_("批准更正")),
        IdentityChangeAction.RETURN: Label(N_("动作|退回")),
    },
    Reached: {
        Reached.ALL: Label(N_("全部")),
        Reached.BEHIND: Label(N_("未达标"), "orange"),
        Reached.AT_RISK: Label(N_("可能不达标"), "red"),
        Reached.MET: Label(N_("已达标"), "green"),
    },
    Category: {
        Category.GENERAL: Label(N_("公需科目"), "blue"),
        Category.PROFESSIONAL: Label(N_("专业科目"), "violet"),
        Category.ELECTIVE: Label(N_("选修科目"), "green"),
    },
    ActivityType: {
        ActivityType.TRAINING: Label(N_("参加培训班、研修班")),
        ActivityType.CONFERENCE: Label(N_("参加学术会议")),
        ActivityType.LECTURE: Label(N_("参加学术讲座")),
        ActivityType.PAPER: Label(N_("发表论文")),
        ActivityType.BOOK: Label(N_("出版著作")),
        ActivityType.PATENT: Label(N_("获得专利")),
        ActivityType.PROJECT: Label(N_("承担科研项目")),
        ActivityType.AWARD: Label(N_("获得科技奖励")),
        ActivityType.EXAM: Label(N_("通过职业资格考试")),
        ActivityType.DEGREE: Label(N_("学历学位教育")),
        ActivityType.TEACHING: Label(N_("承担继续教育授课")),
        ActivityType.PRACTICE: Label(N_("实践锻炼与进修")),
        ActivityType.SELF_STUDY: Label(N_("单位认可的自学")),
        ActivityType.SERVICE: Label(N_("技术服务与支援")),
        ActivityType.OTHER: Label(N_("其他形式")),
    },
    ClaimStatus: {
        ClaimStatus.DRAFT: Label(N_("未送审"), "gray"),
        ClaimStatus.SUBMITTED: Label(N_("待审核"), "orange"),
        ClaimStatus.ENDORSED: Label(N_("待认定"), "blue"),
        ClaimStatus.APPROVED: Label(N_("通过"), "green"),
        ClaimStatus.RETURNED: Label(N_("退回"), "violet"),
        ClaimStatus.REJECTED: Label(N_("不通过"), "red"),
        ClaimStatus.REVOKED: Label(N_("已撤销"), "red"),
    },
    ClaimAction: {
        ClaimAction.CREATE: Label(N_("保存基本信息")),
        ClaimAction.SUBMIT: Label(N_("确认送审"), "blue"),
        ClaimAction.WITHDRAW: Label(N_("撤回")),
        ClaimAction.APPROVE: Label(N_("动作|通过"), "green"),
        ClaimAction.ENDORSE: Label(N_("单位审核|通过"), "green"),
        ClaimAction.RETURN: Label(N_("动作|退回"), "violet"),
        ClaimAction.REJECT: Label(N_("动作|不通过"), "red"),
        ClaimAction.REVOKE: Label(N_("撤销学时"), "red"),
        ClaimAction.UNDO: Label(N_("撤回审核")),
        ClaimAction.CORRECT: Label(N_("更正结业登记")),
        ClaimAction.FORFEIT: Label(N_("因失信撤销学时"), "red"),
        ClaimAction.RESTORE: Label(N_("恢复学时"), "green"),
    },
    ClaimSource: {
        ClaimSource.PERSON: Label(N_("个人申报")),
        ClaimSource.EMPLOYER: Label(N_("单位录入")),
        ClaimSource.CLASS: Label(N_("培训班")),
    },
    QueueOrder: {
        QueueOrder.PRIORITY: Label(N_("优先处理")),
        QueueOrder.OLDEST: Label(N_("等待最久")),
    },
    FlagKind: {
        FlagKind.SAME_FILE: Label(N_("附件重复使用"), "red"),
        FlagKind.SAME_CERTIFICATE: Label(N_("证书编号相同"), "red"),
        FlagKind.SAME_TITLE: Label(N_("同年同名活动"), "orange"),
        FlagKind.OVERLAP: Label(N_("日期重叠"), "orange"),
        FlagKind.UNUSUAL_HOURS: Label(N_("学时偏多"), "yellow"),
        FlagKind.LATE: Label(N_("临近截止"), "gray"),
    },
    AuditOutcome: {
        AuditOutcome.PENDING: Label(N_("待抽查"), "orange"),
        AuditOutcome.PASSED: Label(N_("合格"), "green"),
        AuditOutcome.REVOKED: Label(N_("已撤销"), "red"),
        AuditOutcome.LAPSED: Label(N_("无需抽查"), "gray"),
    },
    ReviewReason: {
        ReviewReason.UNREADABLE: Label(N_("附件材料看不清")),
        ReviewReason.INCOMPLETE: Label(N_("附件材料不齐全")),
        ReviewReason.MISMATCH: Label(N_("材料与填写内容不一致")),
        ReviewReason.WRONG_CATEGORY: Label(N_("学时类别不正确")),
        ReviewReason.WRONG_HOURS: Label(N_("学时数不正确")),
        ReviewReason.WRONG_DATES: Label(N_("日期不正确")),
        ReviewReason.DUPLICATE: Label(N_("重复申报")),
        ReviewReason.NOT_ELIGIBLE: Label(N_("不属于可认定的继续教育活动")),
        ReviewReason.UNTRUE: Label(N_("材料不真实")),
        ReviewReason.OTHER: Label(N_("其他原因（请写明）")),
    },
    **CERTIFICATE_LABELS,
}


def label(code: StrEnum) -> Label:
    return LABELS[type(code)][code]


def word(code: StrEnum) -> str:
    """The word for a code, in the reader's language; serves as `format_func` of a select box."""
    return _(label(code).word)


def badge(code: StrEnum) -> None:
    st.badge(word(code), color=label(code).colour)


def badge_text(code: StrEnum) -> str:
    """The badge as Markdown, for the middle of a sentence or a heading."""
    return f":{label(code).colour}-badge[{word(code)}]"
