"""What every page and list of a grown installation reads: of somebody in the middle, and of whoever has most rows.

A list is read as it opens, narrowed by a text that nobody has, and after its first page.
"""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.accounts import Role
from db.certificates import Certificate
from db.claims import ClaimStatus
from db.enrolments import EnrolmentStatus
from db.legacy import LegacyKind
from db.people import BindingStatus
from services import (
    attendance,
    certificates,
    claims,
    class_choice,
    class_selection,
    classes,
    closing,
    completion,
    employer_choice,
    enrolling,
    enrolment_review,
    enrolments,
    exemption_form,
    exemptions,
    hour_limits,
    identity_changes,
    imports,
    misconduct,
    missing_records,
    notice_board,
    organisation_changes,
    organisation_history,
    organisations,
    own_legacy,
    people,
    profile_changes,
    progress,
    qualifications,
    review_queue,
    reviewers,
    reviewing,
    sessions,
    staff,
    standing,
    to_do,
    verification,
    waiting_list,
    workload,
)
from services.clock import today
from services.permissions import Actor, Scope
from services.progress import Reached, Wanted
from services.review_queue import QueueView
from tests.benchmarks.grown_columns import LARGEST, LARGEST_PROVIDER, PROVINCE, QUIET, Sizes
from tests.benchmarks.grown_offices import (
    NOBODY,
    OF_QUIET,
    SUPERVISOR,
    Reading,
    actor,
    last_of,
    of_administrator,
    of_supervisor,
)

OPEN, LARGEST_CLASS = 1, 2
REVIEWER = actor(0, Scope(Role.EMPLOYER, organisation_id=LARGEST))
TRAINER = actor(0, Scope(Role.PROVIDER, organisation_id=LARGEST_PROVIDER))


def of_person(number: int) -> Mapping[str, Reading]:
    """Everything that a professional can open."""
    me = actor(number, Scope(Role.PROFESSIONAL), person_id=number)
    return {**_own_work(me, number), **_own_proofs(me, number)}


def _own_work(me: Actor, number: int) -> Mapping[str, Reading]:
    year, claim = today().year, 12 * number
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
    }


def _own_proofs(me: Actor, number: int) -> Mapping[str, Reading]:
    return {
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
        "学时审核, next": lambda s: review_queue.queue(s, REVIEWER, after_id=last_of(review_queue.queue(s, REVIEWER))),
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
            s, REVIEWER, status=BindingStatus.ACTIVE, after_id=last_of(_active_staff(s))
        ),
        "人员管理, nobody": lambda s: staff.roster(s, REVIEWER, status=BindingStatus.ACTIVE, text=NOBODY),
        "人员管理, left": lambda s: staff.roster(s, REVIEWER, status=BindingStatus.ENDED),
        "完成情况": lambda s: (progress.totals(s, REVIEWER, year), progress.roster(s, REVIEWER, Wanted(year))),
        "完成情况, next": lambda s: progress.roster(s, REVIEWER, Wanted(year), after_id=last_of(_active_staff(s))),
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
        "培训班管理, next": lambda s: classes.list_own(s, TRAINER, after_id=last_of(classes.list_own(s, TRAINER))),
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
