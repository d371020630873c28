"""What waits for whoever is signed in: on his home page each count is a link, in the menu it is a number."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import streamlit as st

from db.organisations import OrganisationStatus
from db.people import BindingStatus
from services import to_do
from services.permissions import Actor
from services.to_do import ToDo
from web import memory
from web.filters import STATUS, VIEW
from web.i18n import N_, _
from web.navigation import link

# Views of pages that have several.
CHANGES, IDENTITIES = "changes", "identities"


class Task(NamedTuple):
    """What to do, short enough for a link on a telephone; why or how; and the page to do it on."""

    icon: str
    link: str
    hint: str
    page: str
    view: Mapping[str, str] = {}


TASKS: Mapping[ToDo, Task] = {
    ToDo.EMPLOYER_TO_CHOOSE: Task(
        "domain_add",
        N_("选择工作单位"),
        N_("您还没有工作单位，学时无法送审。请选择单位并提交确认。"),
        "personal/profile",
    ),
    ToDo.PROFILE_TO_SUBMIT: Task(
        "edit_note",
        N_("资料变更未提交"),
        N_("提交并由单位确认后才生效。"),
        "personal/profile",
    ),
    ToDo.IDENTITY_RETURNED: Task(
        "assignment_return",
        N_("更正姓名或证件号码的申请被退回"),
        N_("请按退回原因补充后重新提交。"),
        "personal/profile",
    ),
    ToDo.MISCONDUCT_TO_ANSWER: Task(
        "gavel",
        N_("%(count)s 件失信事先告知等待您陈述申辩"),
        N_("请在期限内说明情况，并可附上材料。"),
        "personal/misconduct",
    ),
    ToDo.CERTIFICATES_ENDED: Task(
        "scan_delete",
        N_("%(count)s 份证书已失效"),
        N_("证书被撤销或需要换发，请查看原因。"),
        "personal/certificates",
    ),
    ToDo.CLAIMS_RETURNED: Task(
        "assignment_return",
        N_("%(count)s 条学时记录被退回"),
        N_("请按审核意见修改后重新送审。"),
        "personal/claims",
    ),
    ToDo.CLAIMS_UNSENT: Task(
        "outgoing_mail", N_("%(count)s 条学时记录未送审"), N_("送审并通过后才计入学时。"), "personal/claims"
    ),
    ToDo.SEATS_OFFERED: Task(
        "notification_important",
        N_("%(count)s 个培训班有名额了"),
        N_("名额只保留一段时间，请尽快接受或放弃。"),
        "personal/enrolments",
    ),
    ToDo.ENROLMENTS_DECIDED: Task(
        "mark_email_unread",
        N_("%(count)s 个培训班报名有新进展"),
        N_("请查看施教机构的审核意见、安排变更或结业结果。"),
        "personal/enrolments",
    ),
    ToDo.EXEMPTIONS_DECIDED: Task(
        "mark_email_unread",
        N_("%(count)s 项学时减免有新进展"),
        N_("请查看审批结果或主管部门为您提出的减免。"),
        "personal/exemptions",
    ),
    ToDo.MISSING_CERTIFICATES_ANSWERED: Task(
        "mark_email_unread",
        N_("%(count)s 项缺失证书的申报有答复"),
        N_("请查看数据分析员是否找到了您的历史证书。"),
        "personal/legacy_certificates",
    ),
    ToDo.MISSING_RECORDS_ANSWERED: Task(
        "mark_email_unread",
        N_("%(count)s 项缺失学时记录的申报有答复"),
        N_("请查看数据分析员是否找到了您的历史学时记录。"),
        "personal/legacy_records",
    ),
    ToDo.STAFF_TO_CONFIRM: Task(
        "how_to_reg",
        N_("%(count)s 人等待确认"),
        N_("确认为本单位人员后，他们才能送审学时。"),
        "employer/people",
        {STATUS: BindingStatus.REQUESTED},
    ),
    ToDo.PROFILES_TO_CONFIRM: Task(
        "edit_note",
        N_("%(count)s 人的资料变更等待确认"),
        N_("确认后，新的职称、学历、部门等才生效。"),
        "employer/people",
        {VIEW: CHANGES},
    ),
    ToDo.IDENTITIES_TO_ENDORSE: Task(
        "badge",
        N_("%(count)s 人的身份更正等待核实"),
        N_("核实后由主管部门批准。"),
        "employer/people",
        {VIEW: IDENTITIES},
    ),
    ToDo.CLAIMS_TO_REVIEW: Task(
        "fact_check", N_("%(count)s 条学时等待审核"), N_("等待最久、有系统提示的排在前面。"), "employer/claims"
    ),
    ToDo.ENROLMENTS_TO_REVIEW: Task(
        "how_to_reg",
        N_("%(count)s 人的报名等待审核"),
        N_("通过后，他们才能参加培训班。"),
        "provider/enrolments",
    ),
    ToDo.CLASSES_TO_COMPLETE: Task(
        "task_alt",
        N_("%(count)s 个培训班等待登记学时"),
        N_("课程已结束；登记出勤和考试结果后登记学时。"),
        "provider/completion",
    ),
    ToDo.ORGANISATIONS_TO_DECIDE: Task(
        "approval",
        N_("%(count)s 个单位或机构等待审核"),
        N_("通过后，它们才能使用系统。"),
        "authority/organisations",
        {STATUS: OrganisationStatus.APPLIED},
    ),
    ToDo.ORGANISATION_CHANGES_TO_DECIDE: Task(
        "edit_document",
        N_("%(count)s 项单位资料变更等待审核"),
        N_("通过后，新的名称、代码或行政区划才生效。"),
        "authority/organisations",
        {VIEW: CHANGES},
    ),
    ToDo.IDENTITIES_TO_APPROVE: Task(
        "badge",
        N_("%(count)s 人的身份更正等待批准"),
        N_("单位已核实，批准后立即更正。"),
        "authority/organisations",
        {VIEW: IDENTITIES},
    ),
    ToDo.CLAIMS_TO_RECOGNISE: Task(
        "verified_user",
        N_("%(count)s 条学时等待认定"),
        N_("单位已审核通过，认定后计入学时。"),
        "authority/claims",
        {VIEW: "recognition"},
    ),
    ToDo.CLAIMS_TO_AUDIT: Task(
        "casino",
        N_("%(count)s 条学时等待抽查"),
        N_("抽查样本中的学时请逐条核对。"),
        "authority/claims",
        {VIEW: "audits"},
    ),
    ToDo.EXEMPTIONS_TO_DECIDE: Task(
        "remove_done",
        N_("%(count)s 项学时减免等待审批"),
        N_("批准后，本人该年度的要求学时立即减少。"),
        "authority/requirements",
        {VIEW: "exemptions"},
    ),
    ToDo.STATISTICS_LATE: Task(
        "running_with_errors",
        N_("官方统计没有按时完成"),
        N_("页面上的官方学时可能不是最新的，系统管理员也会收到提示。"),
        "authority/requirements",
    ),
    ToDo.STATISTICS_TO_CHECK: Task(
        "running_with_errors",
        N_("官方统计没有按时完成"),
        N_("请查看统计记录和中断原因。"),
        "system/status",
    ),
    ToDo.MISCONDUCT_TO_HANDLE: Task(
        "gavel",
        N_("%(count)s 件失信线索等待办理"),
        N_("待核查、待告知，或已陈述申辩、待认定。"),
        "authority/misconduct",
        {STATUS: "open"},
    ),
    ToDo.MISCONDUCT_TO_REVIEW: Task(
        "balance",
        N_("%(count)s 件失信异议或修复申请等待决定"),
        N_("请在办理期限内决定。"),
        "authority/misconduct",
        {STATUS: "asked"},
    ),
    ToDo.LEGACY_TO_RECONCILE: Task(
        "join_inner",
        N_("%(count)s 行历史数据等待核对"),
        N_("系统找到了可能的人，请决定是不是本人。"),
        "analyst/reconciliation",
    ),
    ToDo.MISSING_TO_ANSWER: Task(
        "contact_support",
        N_("%(count)s 项缺失申报等待答复"),
        N_("请对照证明材料查找旧系统的数据，并答复本人。"),
        "analyst/reconciliation",
        {VIEW: "missing"},
    ),
}


def waiting(actor: Actor) -> Mapping[ToDo, int]:
    """Numbers that are at most a minute old, so that the menu does not cost every run a query."""
    return memory.remembered("to_do", actor, to_do.counts)


def numbers(actor: Actor) -> Mapping[str, int]:
    """How much waits on each page, by its path in the Screen table."""
    by_page = Counter[str]()
    for kind, count in waiting(actor).items():
        by_page[TASKS[kind].page] += count
    return by_page


def draw_to_do(actor: Actor, *more: Task, nothing: str) -> None:
    """The list of a home page; `more` are hints that are no work of the reader's and have no number in the menu."""
    st.header(_("待办事项"), anchor=False)
    counts = waiting(actor)
    _draw(counts, list(counts))
    for task in more:
        _draw_task(task)
    if not counts and not more:
        st.caption(nothing)


def draw_elsewhere(actor: Actor, here: str) -> None:
    """For a page of work that is somebody's first one: what waits on the others."""
    counts = waiting(actor)
    _draw(counts, [kind for kind in counts if TASKS[kind].page != here])


def _draw(counts: Mapping[ToDo, int], kinds: Sequence[ToDo]) -> None:
    for kind in kinds:
        _draw_task(TASKS[kind], counts[kind])


def _draw_task(task: Task, count: int = 1) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        label = _(task.link) % {"count": count}
        link(task.page, label=f":blue[**{label}**]", icon=task.icon, view=task.view)
        st.caption(_(task.hint), width="content")
