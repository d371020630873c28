"""The words of organisations and their changes, a part of the table in `web.labels`."""

from collections.abc import Mapping
from enum import StrEnum

from db.organisation_changes import OrganisationChangeAction, OrganisationChangeStatus
from db.organisations import OrganisationAction, OrganisationKind, OrganisationStatus
from db.resemblances import ResemblanceStatus
from web.i18n import N_
from web.label import Label

ORGANISATION_LABELS: Mapping[type[StrEnum], Mapping[StrEnum, Label]] = {
    OrganisationKind: {
        OrganisationKind.EMPLOYER: Label(N_("法人单位"), "blue"),
        OrganisationKind.PROVIDER: Label(N_("施教机构"), "violet"),
    },
    OrganisationStatus: {
        OrganisationStatus.APPLIED: Label(N_("待审核"), "orange"),
        OrganisationStatus.APPROVED: Label(N_("通过"), "green"),
        OrganisationStatus.RETURNED: Label(N_("退回"), "red"),
        OrganisationStatus.SUSPENDED: Label(N_("已停用"), "gray"),
        OrganisationStatus.MERGED: Label(N_("已并入"), "gray"),
    },
    OrganisationAction: {
        OrganisationAction.APPLY: Label(N_("提交注册")),
        OrganisationAction.FOUND: Label(N_("设立"), "green"),
        OrganisationAction.RESUBMIT: Label(N_("重新提交"), "blue"),
        OrganisationAction.APPROVE: Label(N_("动作|通过"), "green"),
        OrganisationAction.RETURN: Label(N_("动作|退回"), "red"),
        OrganisationAction.SUSPEND: Label(N_("停用"), "red"),
        OrganisationAction.REINSTATE: Label(N_("恢复"), "green"),
        OrganisationAction.MERGE: Label(N_("并入其他单位"), "gray"),
        OrganisationAction.ABSORB: Label(N_("并入了重复的单位"), "blue"),
        OrganisationAction.CONTACT: Label(N_("更改联系方式")),
        OrganisationAction.CHANGE_REQUEST: Label(N_("申请变更资料"), "blue"),
        OrganisationAction.CHANGE_WITHDRAW: Label(N_("撤回变更申请")),
        OrganisationAction.CHANGE_APPROVE: Label(N_("同意变更资料"), "green"),
        OrganisationAction.CHANGE_RETURN: Label(N_("退回变更申请"), "red"),
        OrganisationAction.REVIEWER_ADD: Label(N_("增加审核人"), "blue"),
        OrganisationAction.REVIEWER_REMOVE: Label(N_("移除审核人"), "orange"),
    },
    OrganisationChangeStatus: {
        OrganisationChangeStatus.REQUESTED: Label(N_("待审核"), "orange"),
        OrganisationChangeStatus.APPROVED: Label(N_("通过"), "green"),
        OrganisationChangeStatus.RETURNED: Label(N_("退回"), "red"),
        OrganisationChangeStatus.WITHDRAWN: Label(N_("已撤回"), "gray"),
    },
    OrganisationChangeAction: {
        OrganisationChangeAction.APPROVE: Label(N_("动作|通过"), "green"),
        OrganisationChangeAction.RETURN: Label(N_("动作|退回"), "red"),
        OrganisationChangeAction.WITHDRAW: Label(N_("撤回")),
    },
    ResemblanceStatus: {
        ResemblanceStatus.OPEN: Label(N_("待核对"), "orange"),
        ResemblanceStatus.DIFFERENT: Label(N_("不是同一单位"), "gray"),
    },
}
