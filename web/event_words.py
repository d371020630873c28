"""What the event log says in words: actions, and the things they are about."""

from collections.abc import Mapping
from enum import StrEnum

from db.backups import BackupKind
from db.certificates import CertificateStatus
from db.claims import ClaimAction
from db.classes import ClassAction
from db.enrolments import EnrolmentAction
from db.exemptions import ExemptionAction
from db.identity_changes import IdentityChangeAction
from db.legacy import LegacyImportStatus
from db.misconduct import MisconductAction
from db.missing_records import MissingRecordAction
from db.notices import NoticeAction
from db.organisation_changes import OrganisationChangeAction
from db.organisations import OrganisationAction
from db.people import BindingAction
from db.profile_changes import ProfileChangeAction
from db.resemblances import ResemblanceStatus
from services.permissions import STRANGER, SYSTEM
from web.i18n import N_, _
from web.labels import word

# Actions that are steps of a thing are named `thing_step`.
STEPS: Mapping[str, tuple[str, type[StrEnum]]] = {
    "backup": (N_("备份"), BackupKind),
    "binding": (N_("人员与单位"), BindingAction),
    "certificate": (N_("证书"), CertificateStatus),
    "claim": (N_("学时记录"), ClaimAction),
    "class": (N_("培训班"), ClassAction),
    "enrolment": (N_("报名"), EnrolmentAction),
    "exemption": (N_("学时减免"), ExemptionAction),
    "identity_change": (N_("姓名与证件更正"), IdentityChangeAction),
    "legacy": (N_("历史数据导入"), LegacyImportStatus),
    "misconduct": (N_("失信信息"), MisconductAction),
    "missing_record": (N_("缺失申报"), MissingRecordAction),
    "notice": (N_("通知公告"), NoticeAction),
    "organisation": (N_("单位或机构"), OrganisationAction),
    "organisation_change": (N_("单位信息变更"), OrganisationChangeAction),
    "profile_change": (N_("基本信息变更"), ProfileChangeAction),
    "resemblance": (N_("相似名称"), ResemblanceStatus),
}
ACTIONS: Mapping[str, str] = {
    "account_close": N_("注销账号"),
    "account_close_fail": N_("注销账号时密码错误"),
    "account_create": N_("新建账号"),
    "account_import": N_("批量导入账号"),
    "account_import_undo": N_("撤销导入账号"),
    "account_register": N_("个人注册"),
    "account_register_refuse": N_("注册被拒绝"),
    "account_reinstate": N_("启用账号"),
    "account_reopen": N_("恢复账号"),
    "account_suspend": N_("停用账号"),
    "attendance_export": N_("下载出勤表"),
    "attendance_register": N_("登记出勤"),
    "audit_draw": N_("抽取样本"),
    "audit_item_accept": N_("抽查通过"),
    "audit_item_revoke": N_("抽查撤销学时"),
    "audit_item_take_back": N_("收回抽查结果"),
    "audit_withdraw": N_("作废抽查"),
    "certificate_issue": N_("打印证书"),
    "certificates_hand_out": N_("批量打印证书"),
    "claim_delete": N_("删除学时记录"),
    "claim_endorse": N_("单位审核通过，送主管部门认定"),
    "claim_take_back": N_("收回审核决定"),
    "claim_update": N_("修改学时记录"),
    "class_amend": N_("修改已发布的培训班"),
    "class_delete": N_("删除培训班"),
    "class_file_attach": N_("上传培训班文件"),
    "class_file_remove": N_("删除培训班文件"),
    "class_update": N_("修改培训班"),
    "data_export": N_("导出我的数据"),
    "dashboard_export": N_("导出学时看板"),
    "dashboard_run": N_("生成学时看板"),
    "event_export": N_("导出操作日志"),
    "evidence_attach": N_("上传附件材料"),
    "evidence_read": N_("查看附件材料"),
    "evidence_remove": N_("删除附件材料"),
    "exemption_file_read": N_("查看减免材料"),
    "exemption_replace": N_("新的减免代替旧的减免"),
    "exemption_request": N_("申请学时减免"),
    "file_download": N_("下载文件"),
    "first_password_list": N_("下载首次登录密码"),
    "first_password_renew": N_("重发首次登录密码"),
    "forecast_export": N_("导出完成预测"),
    "grant_add": N_("授予角色"),
    "grant_remove": N_("取消角色"),
    "id_number_refuse": N_("证件号码被拒绝"),
    "id_number_reveal": N_("查看证件号码"),
    "identity_change_request": N_("申请更正姓名或证件"),
    "identity_correct": N_("更正姓名或证件"),
    "identity_file_read": N_("查看更正材料"),
    "import_check": N_("试导入"),
    "import_errors_take": N_("下载导入错误表"),
    "import_finish": N_("批量导入"),
    "import_undo": N_("撤销导入"),
    "language_change": N_("切换语言"),
    "legacy_decide": N_("核对历史数据"),
    "legacy_decision_undo": N_("撤回历史数据核对"),
    "legacy_errors_take": N_("下载历史数据错误表"),
    "legacy_map": N_("设置历史数据列对应"),
    "legacy_print": N_("打印历史证书副本"),
    "legacy_receive": N_("上传历史数据"),
    "legacy_undo": N_("撤销历史数据导入"),
    "misconduct_file_read": N_("查看失信材料"),
    "misconduct_file_remove": N_("删除失信材料"),
    "misconduct_update": N_("修改失信信息"),
    "missing_record_file_read": N_("查看缺失申报材料"),
    "missing_record_report": N_("申报缺失的历史数据"),
    "notice_create": N_("起草通知"),
    "notice_update": N_("修改通知"),
    "organisation_absorb": N_("并入其他单位"),
    "organisation_apply": N_("单位/机构注册"),
    "organisation_change_request": N_("申请变更单位信息"),
    "organisation_contact": N_("修改单位联系方式"),
    "organisation_merge": N_("合并单位"),
    "organisation_resubmit": N_("重新提交单位注册"),
    "organisation_reviewer_add": N_("指定单位经办人"),
    "organisation_reviewer_remove": N_("取消单位经办人"),
    "password_change": N_("修改密码"),
    "password_change_fail": N_("修改密码时原密码错误"),
    "password_reset": N_("重置密码"),
    "people_at_risk_read": N_("查看可能不达标人员"),
    "profile_change_create": N_("修改基本信息"),
    "profile_update": N_("修改联系方式"),
    "progress_export": N_("导出完成情况"),
    "question_delete": N_("删除保存的分析"),
    "question_save": N_("保存分析"),
    "refused": N_("操作被拒绝"),
    "requirement_discard": N_("放弃学时要求草稿"),
    "requirement_draft": N_("起草学时要求"),
    "requirement_issue": N_("发布学时要求"),
    "requirement_trial": N_("试算学时要求"),
    "rule_issue": N_("发布折算规则"),
    "sign_in": N_("登录"),
    "sign_in_fail": N_("登录失败"),
    "sign_in_lock": N_("登录锁定"),
    "sign_out": N_("退出登录"),
    "sign_out_others": N_("退出其他设备"),
    "snapshot_make": N_("生成历史数据快照"),
    "staff_export": N_("导出人员名单"),
    "staff_remind": N_("提醒员工"),
    "statistics_run": N_("学时统计"),
    "totp_enrol": N_("启用动态验证码"),
    "totp_fail": N_("动态验证码错误"),
    "totp_lock": N_("动态验证码锁定"),
    "totp_remove": N_("停用动态验证码"),
    "transcript_export": N_("导出学时明细"),
    "window_change": N_("修改申报时间"),
}
THINGS: Mapping[str, str] = {
    "account": N_("账号"),
    "account_grant": N_("角色"),
    "activity_rule": N_("折算规则"),
    "audit": N_("抽查"),
    "audit_item": N_("抽查记录"),
    "auth_session": N_("登录设备"),
    "backup_run": N_("备份"),
    "binding": N_("人员与单位"),
    "certificate": N_("证书"),
    "claim": N_("学时记录"),
    "claim_year": N_("申报年度"),
    "class_file": N_("培训班文件"),
    "course_class": N_("培训班"),
    "dashboard_run": N_("学时看板"),
    "enrolment": N_("报名"),
    "evidence": N_("附件材料"),
    "exemption": N_("学时减免"),
    "exemption_file": N_("减免材料"),
    "forecast_run": N_("完成预测"),
    "identity_change": N_("姓名与证件更正"),
    "identity_file": N_("更正材料"),
    "import": N_("批量导入"),
    "legacy_import": N_("历史数据导入"),
    "misconduct_file": N_("失信材料"),
    "misconduct_record": N_("失信信息"),
    "missing_record": N_("缺失申报"),
    "missing_record_file": N_("缺失申报材料"),
    "notice": N_("通知公告"),
    "organisation": N_("单位或机构"),
    "organisation_change": N_("单位信息变更"),
    "person": N_("人员"),
    "profile_change": N_("基本信息变更"),
    "requirement_edition": N_("学时要求"),
    "resemblance": N_("相似名称"),
    "snapshot": N_("历史数据快照"),
    "statistics_run": N_("学时统计"),
}


def action(code: str) -> str:
    """A step that has a name of its own is called by it; what is not known yet by its code."""
    if code in ACTIONS:
        return _(ACTIONS[code])
    return _steps().get(code, code)


def who(name: str) -> str:
    """Whoever did something, by name; the system and strangers have none."""
    return _(name) if name in {SYSTEM.name, STRANGER} else name


def thing(table: str) -> str:
    return _(THINGS[table]) if table in THINGS else table


def all_actions() -> dict[str, str]:
    """Every action that is known, by its code, in the order of things."""
    named = {code: _(name) for code, name in ACTIONS.items()}
    return dict(sorted({**_steps(), **named}.items()))


def _steps() -> dict[str, str]:
    return {
        f"{name}_{step}": _("%(thing)s：%(step)s") % {"thing": _(noun), "step": word(step)}
        for name, (noun, steps) in STEPS.items()
        for step in steps
    }
