"""The words of classes and enrolments, a part of the table in `web.labels`."""

from collections.abc import Mapping
from enum import StrEnum

from db.classes import ClassAction, ClassMode, ClassStatus
from db.enrolments import EnrolmentAction, EnrolmentStatus
from services.attendance_upload import ExamResult, Presence
from services.class_figures import Mark
from web.i18n import N_
from web.label import Label

CLASS_LABELS: Mapping[type[StrEnum], Mapping[StrEnum, Label]] = {
    ClassStatus: {
        ClassStatus.DRAFT: Label(N_("编制中"), "gray"),
        ClassStatus.OPEN: Label(N_("接受报名"), "green"),
        ClassStatus.CLOSED: Label(N_("报名截止"), "orange"),
        ClassStatus.COMPLETED: Label(N_("结业"), "blue"),
        ClassStatus.CANCELLED: Label(N_("班级|取消"), "red"),
    },
    ClassAction: {
        ClassAction.CREATE: Label(N_("新建")),
        ClassAction.PUBLISH: Label(N_("发布"), "green"),
        ClassAction.CLOSE: Label(N_("截止报名"), "orange"),
        ClassAction.OPEN: Label(N_("开放报名"), "green"),
        ClassAction.CANCEL: Label(N_("取消培训班"), "red"),
        ClassAction.COMPLETE: Label(N_("登记学时"), "blue"),
    },
    ClassMode: {
        ClassMode.ONSITE: Label(N_("面授")),
        ClassMode.ONLINE: Label(N_("线上")),
        ClassMode.MIXED: Label(N_("线上线下结合")),
    },
    EnrolmentStatus: {
        EnrolmentStatus.APPLIED: Label(N_("待审核"), "orange"),
        EnrolmentStatus.WAITLISTED: Label(N_("候补"), "violet"),
        EnrolmentStatus.ACCEPTED: Label(N_("通过"), "green"),
        EnrolmentStatus.DECLINED: Label(N_("不通过"), "red"),
        EnrolmentStatus.CANCELLED: Label(N_("已取消"), "gray"),
        EnrolmentStatus.COMPLETED: Label(N_("结业"), "blue"),
        EnrolmentStatus.NOT_COMPLETED: Label(N_("未结业"), "red"),
    },
    EnrolmentAction: {
        EnrolmentAction.ENROL: Label(N_("报名"), "blue"),
        EnrolmentAction.WAIT: Label(N_("加入候补"), "violet"),
        EnrolmentAction.OFFER: Label(N_("候补名额保留"), "orange"),
        EnrolmentAction.TAKE: Label(N_("接受名额"), "green"),
        EnrolmentAction.EXPIRE: Label(N_("逾期未接受名额")),
        EnrolmentAction.CANCEL: Label(N_("取消报名")),
        EnrolmentAction.ACCEPT: Label(N_("动作|通过"), "green"),
        EnrolmentAction.DECLINE: Label(N_("动作|不通过"), "red"),
        EnrolmentAction.RECONSIDER: Label(N_("恢复待审核"), "orange"),
        EnrolmentAction.REMOVE: Label(N_("退班"), "red"),
        EnrolmentAction.INFORM: Label(N_("培训班安排变更"), "orange"),
        EnrolmentAction.CANCEL_CLASS: Label(N_("培训班取消"), "red"),
        EnrolmentAction.COMPLETE: Label(N_("结业"), "green"),
        EnrolmentAction.FAIL: Label(N_("未结业"), "red"),
        EnrolmentAction.CORRECT: Label(N_("更正结业结果"), "orange"),
    },
    Presence: {Presence.PRESENT: Label(N_("出勤"), "green"), Presence.ABSENT: Label(N_("缺勤"), "red")},
    ExamResult: {
        ExamResult.PASSED: Label(N_("考试|合格"), "green"),
        ExamResult.FAILED: Label(N_("考试|不合格"), "red"),
    },
    Mark: {
        Mark.TOO_MANY_HOURS: Label(N_("学时超过上课时间"), "red"),
        Mark.ALL_PERFECT: Label(N_("全员全勤结业"), "orange"),
    },
}
