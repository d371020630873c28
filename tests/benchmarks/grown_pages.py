"""What every page and list of a grown installation reads: of somebody in the middle, and of whoever has most rows.

A list is read as it opens, narrowed by a text that nobody has, and after its first page.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.accounts import Role
from db.certificates import Certificate
from db.claims import ClaimStatus
from db.enrolments import EnrolmentStatus
from db.exemptions import ExemptionStatus
from db.legacy import LegacyKind
from db.organisations import OrganisationStatus
from db.people import BindingStatus
from services import (
    accounts,
    attendance,
    audits,
    certificate_revocation,
    certificates,
    claims,
    class_choice,
    class_selection,
    class_supervision,
    classes,
    closing,
    completion,
    dashboards,
    employer_choice,
    enrolling,
    enrolment_review,
    enrolments,
    event_log,
    exemption_form,
    exemptions,
    holding_employers,
    hour_limits,
    identity_changes,
    imports,
    job_runs,
    misconduct,
    missing_records,
    notice_board,
    organisation_changes,
    organisation_history,
    organisations,
    own_legacy,
    page_times,
    people,
    profile_changes,
    progress,
    qualifications,
    recognition,
    review_queue,
    reviewers,
    reviewing,
    sessions,
    staff,
    standing,
    statistics_state,
    supervised_people,
    system_state,
    to_do,
    verification,
    waiting_list,
    workload,
)
from services.certificate_revocation import NotIssuedHere
from services.clock import today
from services.event_log import Wanted as WantedEvents
from services.permissions import Actor, Scope
from services.progress import Reached, Wanted
from services.recognition import Wanted as WantedClaims
from services.review_queue import QueueView
from tests.benchmarks.grown import ID_NUMBER
from tests.benchmarks.grown_columns import LARGEST, LARGEST_PROVIDER, PROVINCE, QUIET, Sizes

NOBODY = "没有这个人"
OPEN, LARGEST_CLASS = 1, 2
Reading = Callable[[Session], object]


def actor(account: int, *scopes: Scope, person_id: int | None = None) -> Actor:
    return Actor(account_id=account, name="林知夏", scopes=scopes, person_id=person_id)


REVIEWER = actor(0, Scope(Role.EMPLOYER, organisation_id=LARGEST))
TRAINER = actor(0, Scope(Role.PROVIDER, organisation_id=LARGEST_PROVIDER))
SUPERVISOR = actor(0, Scope(Role.SUPERVISOR, division=PROVINCE))
OF_QUIET = actor(0, Scope(Role.SUPERVISOR, division=QUIET))
KEEPER = actor(0, Scope(Role.ADMINISTRATOR))


def of_person(number: int) -> Mapping[str, Reading]:
    """Everything that a professional can open."""
    me, year = actor(number, Scope(Role.PROFESSIONAL), person_id=number), today().year
    claim = 12 * number
    return {
        "首页": lambda s: (standing.overview(s, me), to_do.counts(s, me), notice_board.read(s, me)),
        "继续教育记录": lambda s: (
            people.confirmed_employer(s, number),
            claims.list_my_years(s, me),
            claims.list_mine(s, me, year=year),
        ),
        "继续教育记录, a claim": lambda s: (
            people.confirmed_employer(s, number),
            claims.get_own(s, me, claim),
            hour_limits.basis(s, me, claim),
        ),
        "人员基本信息维护": lambda s: (
            people.own_profile(s, me),
            identity_changes.own_changes(s, me),
            profile_changes.own_change(s, me),
            qualifications.list_entries(s, me, number),
        ),
        "选择单位": lambda s: employer_choice.list_registered(s, me, division=PROVINCE, text="第9"),
        "培训班报名申请": lambda s: enrolling.prospects(s, me, list(class_choice.list_open(s, me))),
        "培训班情况查看": lambda s: _own_classes(s, me),
        "继续教育证书打印": lambda s: (standing.overview(s, me), certificates.list_mine(s, me)),
        "学时减免": lambda s: (exemptions.list_own(s, me), exemption_form.own_years(s, me)),
        "失信信息查看": lambda s: misconduct.list_own(s, me),
        "继续教育记录查询": lambda s: (
            own_legacy.is_confirmed(s, me),
            own_legacy.periods(s, me),
            missing_records.list_own(s, me, LegacyKind.RECORD),
        ),
        "历史查询/打印": lambda s: (
            own_legacy.is_confirmed(s, me),
            own_legacy.certificates(s, me),
            missing_records.list_own(s, me, LegacyKind.CERTIFICATE),
        ),
        "账号安全": lambda s: (sessions.list_sessions(s, me), closing.outlook(s, me)),
        "证书验证": lambda s: s.scalar(select(Certificate).where(verification.named(f"N{number}"))),
    }


def _own_classes(session: Session, me: Actor) -> None:
    mine = list(enrolments.list_mine(session, me))
    waiting_list.places(session, mine)
    enrolments.posted_claims(session, me, mine)


def of_largest_employer() -> Mapping[str, Reading]:
    """Its work; one of twenty people is its staff."""
    year = today().year
    approved = QueueView(status=ClaimStatus.APPROVED)
    return {
        "单位首页": lambda s: (
            organisations.list_own(s, REVIEWER),
            workload.of_employer(s, REVIEWER),
            to_do.counts(s, REVIEWER),
        ),
        "学时审核": lambda s: _review(s, QueueView()),
        "学时审核, next": lambda s: review_queue.queue(s, REVIEWER, after_id=_last(review_queue.queue(s, REVIEWER))),
        "学时审核, nobody": lambda s: review_queue.queue(s, REVIEWER, QueueView(text=NOBODY)),
        "学时审核, approved": lambda s: _review(s, approved),
        "学时审核, approved, nobody": lambda s: review_queue.queue(
            s, REVIEWER, QueueView(status=ClaimStatus.APPROVED, text=NOBODY)
        ),
        "人员管理": lambda s: (
            staff.counts(s, REVIEWER),
            staff.roster(s, REVIEWER, status=BindingStatus.ACTIVE),
        ),
        "人员管理, next": lambda s: staff.roster(
            s, REVIEWER, status=BindingStatus.ACTIVE, after_id=_last(_active_staff(s))
        ),
        "人员管理, nobody": lambda s: staff.roster(s, REVIEWER, status=BindingStatus.ACTIVE, text=NOBODY),
        "人员管理, left": lambda s: staff.roster(s, REVIEWER, status=BindingStatus.ENDED),
        "完成情况": lambda s: (progress.totals(s, REVIEWER, year), progress.roster(s, REVIEWER, Wanted(year))),
        "完成情况, next": lambda s: progress.roster(s, REVIEWER, Wanted(year), after_id=_last(_active_staff(s))),
        "完成情况, met": lambda s: progress.roster(s, REVIEWER, Wanted(year, Reached.MET)),
        "完成情况, nobody": lambda s: progress.roster(s, REVIEWER, Wanted(year, text=NOBODY)),
        "批量导入": lambda s: imports.list_(s, REVIEWER),
        "单位信息": lambda s: (
            reviewers.of(s, REVIEWER, LARGEST),
            organisation_changes.list_own(s, REVIEWER, LARGEST),
            [organisation_history.of(s, each) for each in organisations.list_own(s, REVIEWER)],
        ),
    }


def _active_staff(session: Session) -> object:
    return staff.roster(session, REVIEWER, status=BindingStatus.ACTIVE)


def _last(page: object) -> int:
    return int(page[-1].id) if page else 0  # type: ignore[index]


def _review(session: Session, view: QueueView) -> None:
    review_queue.counts(session, REVIEWER)
    queue = review_queue.queue(session, REVIEWER, view)
    claim = reviewing.open_claim(session, REVIEWER, queue, view=view, named=None).claim
    if claim:
        reviewing.background(session, REVIEWER, claim)


def of_largest_provider() -> Mapping[str, Reading]:
    """A tenth of all classes are its own, and the largest of all."""
    return {
        "培训班管理": lambda s: (classes.counts_own(s, TRAINER), classes.list_own(s, TRAINER)),
        "培训班管理, next": lambda s: classes.list_own(s, TRAINER, after_id=_last(classes.list_own(s, TRAINER))),
        "培训班管理, nothing": lambda s: classes.list_own(s, TRAINER, text=NOBODY),
        "报名审核": lambda s: (
            class_selection.to_review(s, TRAINER),
            enrolment_review.counts(s, TRAINER, OPEN),
            enrolment_review.queue(s, TRAINER, OPEN, status=EnrolmentStatus.APPLIED),
        ),
        "报名审核, nobody": lambda s: enrolment_review.queue(
            s, TRAINER, OPEN, status=EnrolmentStatus.APPLIED, text=NOBODY
        ),
        "结业登记": lambda s: (
            class_selection.to_complete(s, TRAINER),
            attendance.roster(s, TRAINER, LARGEST_CLASS, posted=True),
            completion.outlook(s, TRAINER, LARGEST_CLASS),
            completion.count_posted(s, attendance.of_class(s, TRAINER, LARGEST_CLASS)),
        ),
        "结业登记, nobody": lambda s: attendance.roster(s, TRAINER, LARGEST_CLASS, posted=True, text=NOBODY),
        "施教机构待办": lambda s: to_do.counts(s, TRAINER),
    }


def of_supervisor(name: str, me: Actor, place: str) -> Mapping[str, Reading]:
    """Of the whole province, or of the county with one small employer."""
    year = today().year
    approved = WantedClaims(status=ClaimStatus.APPROVED)
    pages: Mapping[str, Reading] = {
        "待办": lambda s: to_do.counts(s, me),
        "单位与机构审核": lambda s: (
            organisations.counts(s, me),
            organisations.queue(s, me, status=OrganisationStatus.APPROVED),
        ),
        "单位与机构审核, nothing": lambda s: organisations.queue(
            s, me, status=OrganisationStatus.APPROVED, text=NOBODY
        ),
        "代管单位": lambda s: holding_employers.list_all(s, me),
        "学时认定": lambda s: recognition.queue(s, me, WantedClaims()),
        "学时认定, approved": lambda s: recognition.queue(s, me, approved),
        "学时认定, approved, next": lambda s: recognition.queue(
            s, me, approved, after_id=_last(recognition.queue(s, me, approved))
        ),
        "学时认定, revoked": lambda s: recognition.queue(s, me, WantedClaims(status=ClaimStatus.REVOKED)),
        "学时认定, approved, an employer": lambda s: recognition.queue(
            s, me, WantedClaims(status=ClaimStatus.APPROVED, employer="第9设计院")
        ),
        "学时认定, approved, nobody": lambda s: recognition.queue(
            s, me, WantedClaims(status=ClaimStatus.APPROVED, text=NOBODY)
        ),
        "抽查": lambda s: audits.list_drawn(s, me),
        "证书查找": lambda s: _certificate(s, me),
        "查找人员, by name": lambda s: supervised_people.find(s, me, "林一鸣"),
        "查找人员, nobody": lambda s: supervised_people.find(s, me, NOBODY),
        "查找人员, by ID number": lambda s: supervised_people.find(s, me, ID_NUMBER),
        "学时减免审批": lambda s: (
            exemptions.counts(s, me),
            exemptions.queue(s, me, status=ExemptionStatus.GRANTED),
        ),
        "培训班监管": lambda s: (class_supervision.years(s, me), class_supervision.list_classes(s, me)),
        "培训班监管, marked": lambda s: class_supervision.list_classes(s, me, marked=True),
        "培训班监管, providers": lambda s: class_supervision.list_providers(s, me, year=year),
        "学时看板": lambda s: (
            dashboards.overview(s, me, year),
            dashboards.children(s, me, year, place),
            dashboards.months(s, me, year, place),
            dashboards.activities(s, me, year, place),
            dashboards.return_rates(s, me, year, place),
        ),
    }
    return {f"{name}: {page}": reading for page, reading in pages.items()}


def _certificate(session: Session, me: Actor) -> None:
    with suppress(NotIssuedHere):
        certificate_revocation.find(session, me, "N1000")


def of_administrator(middle: int) -> Mapping[str, Reading]:
    week_ago = today() - timedelta(days=7)
    return {
        "账号管理": lambda s: accounts.search(s, KEEPER),
        "账号管理, by user name": lambda s: accounts.search(s, KEEPER, f"reader{middle}"),
        "账号管理, by name": lambda s: accounts.search(s, KEEPER, "林一鸣"),
        "账号管理, nobody": lambda s: accounts.search(s, KEEPER, NOBODY),
        "操作日志": lambda s: event_log.search(s, KEEPER, event_log.EVERYTHING),
        "操作日志, of somebody": lambda s: event_log.search(s, KEEPER, WantedEvents(who=f"reader{middle}")),
        "操作日志, of nobody": lambda s: event_log.search(s, KEEPER, WantedEvents(who=NOBODY)),
        "操作日志, an action": lambda s: event_log.search(s, KEEPER, WantedEvents(action="claim_approve")),
        "操作日志, one object": lambda s: event_log.search(s, KEEPER, WantedEvents(object_type="claim", object_id=9)),
        "操作日志, a kind of object": lambda s: event_log.search(s, KEEPER, WantedEvents(object_type="claim")),
        "操作日志, a week": lambda s: event_log.search(s, KEEPER, WantedEvents(since=week_ago)),
        "操作日志, months long ago": lambda s: event_log.search(
            s, KEEPER, WantedEvents(until=today() - timedelta(days=700))
        ),
        "运行状态": lambda s: (
            statistics_state.state(s),
            statistics_state.list_runs(s, KEEPER),
            system_state.state(s, KEEPER),
            job_runs.list_runs(s, KEEPER),
            page_times.slowest(s, KEEPER),
        ),
    }


def all_of(sizes: Sizes) -> Mapping[str, Reading]:
    middle = sizes.people // 2
    return {
        **of_person(middle),
        **of_largest_employer(),
        **of_largest_provider(),
        **of_supervisor("province", SUPERVISOR, PROVINCE),
        **of_supervisor("small county", OF_QUIET, QUIET),
        **of_administrator(middle),
    }
