"""What supervisors and administrators read in a grown installation."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta

from sqlalchemy.orm import Session

from db.accounts import Role
from db.claims import ClaimStatus
from db.exemptions import ExemptionStatus
from db.organisations import OrganisationStatus
from services import (
    accounts,
    audits,
    certificate_revocation,
    class_supervision,
    dashboards,
    event_log,
    exemptions,
    holding_employers,
    job_runs,
    organisations,
    page_times,
    recognition,
    statistics_state,
    supervised_people,
    system_state,
    to_do,
)
from services.certificate_revocation import NotIssuedHere
from services.clock import today
from services.event_log import Wanted as WantedEvents
from services.permissions import Actor, Scope
from services.recognition import Wanted as WantedClaims
from tests.benchmarks.grown import ID_NUMBER
from tests.benchmarks.grown_columns import PROVINCE, QUIET

NOBODY = "没有这个人"
Reading = Callable[[Session], object]


def actor(account: int, *scopes: Scope, person_id: int | None = None) -> Actor:
    return Actor(account_id=account, name="林知夏", scopes=scopes, person_id=person_id)


def last_of(page: object) -> int:
    return int(page[-1].id) if page else 0  # type: ignore[index]


SUPERVISOR = actor(0, Scope(Role.SUPERVISOR, division=PROVINCE))
OF_QUIET = actor(0, Scope(Role.SUPERVISOR, division=QUIET))
KEEPER = actor(0, Scope(Role.ADMINISTRATOR))


def of_supervisor(name: str, me: Actor, place: str) -> Mapping[str, Reading]:
    """Of the whole province, or of the county with one small employer."""
    year = today().year
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
        **_recognised(me),
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


def _recognised(me: Actor) -> Mapping[str, Reading]:
    approved = WantedClaims(status=ClaimStatus.APPROVED)
    return {
        "学时认定": lambda s: recognition.queue(s, me, WantedClaims()),
        "学时认定, approved": lambda s: recognition.queue(s, me, approved),
        "学时认定, approved, next": lambda s: recognition.queue(
            s, me, approved, after_id=last_of(recognition.queue(s, me, approved))
        ),
        "学时认定, revoked": lambda s: recognition.queue(s, me, WantedClaims(status=ClaimStatus.REVOKED)),
        "学时认定, approved, an employer": lambda s: recognition.queue(
            s, me, WantedClaims(status=ClaimStatus.APPROVED, employer="第9设计院")
        ),
        "学时认定, approved, nobody": lambda s: recognition.queue(
            s, me, WantedClaims(status=ClaimStatus.APPROVED, text=NOBODY)
        ),
    }


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
