"""The dashboards of a province: `python -m tests.benchmarks.dashboards --people 100000 [--postgresql]`.

Any page is to take at most 0.3 s of the server with a million people, and the same at every level (performance.md,
section 4). The limit is one count over the people in the same database. What the pages rest on is made once a day: the
time of that run stands beside the limit of the statistics, one sum over the claims.
"""

import argparse
import shutil
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

# Before everything that reads the settings.
from tests.benchmarks.statistics import (  # isort: split
    CLAIMS_A_YEAR,
    FIRST_YEAR,
    FOLDER,
    NO_CHECKS,
    SERIES,
    analyse,
    cpu,
    prepare,
    sum_everything,
)

from sqlalchemy import func, insert, select, text

from db import reading, session, transaction
from db.accounts import Role
from db.dashboards import DashboardRun
from db.organisations import Organisation, OrganisationKind, OrganisationStatus
from db.people import Person
from services import dashboard_run, dashboards, divisions, statistics
from services.clock import now, today
from services.permissions import SYSTEM, Actor, Scope
from tests import factories, postgresql

PROVINCE, CITY, COUNTY = "440000", "440100", "440104"
PEOPLE_EACH, TIMES, TARGET = 50, 25, 0.3
SUPERVISOR = Actor(1, "林知夏", scopes=(Scope(Role.SUPERVISOR, division=PROVINCE),))
MONTH = "1 + (people.n / 7 + k.n) % 12"
YEAR = f"{FIRST_YEAR} + k.n / {CLAIMS_A_YEAR}"
DAY = {"sqlite": f"printf('%d-%02d-05', {YEAR}, {MONTH})", "postgresql": f"make_date({YEAR}, {MONTH}, 5)"}
ACTIVITY = "CASE (people.n + k.n) % 4 WHEN 0 THEN 'training' WHEN 1 THEN 'paper' WHEN 2 THEN 'lecture' ELSE 'exam' END"
ACCOUNTS = """
INSERT INTO account (id, username, display_name, password_hash, must_change_password, status, language, created_at)
{series} SELECT n, 'u' || n, '林知夏', '', false, 'active', 'zh_CN', '2022-01-01 00:00:00' FROM people
"""
BINDINGS = """
INSERT INTO binding (person_id, organisation_id, status, requested_at, started_on, reason, version)
{series} SELECT n, 1 + n % {employers}, 'active', '2022-01-01 00:00:00', '2022-01-01', '', 1 FROM people
"""
# Every claim was sent in its March, and most were approved between April and September.
SENT = """
INSERT INTO claim_step (claim_id, at, actor_name, action, from_status, to_status, opinion, hours)
SELECT id, {march}, '林知夏', 'submit', 'draft', 'submitted', '', hours_claimed FROM claim
"""
DECIDED = """
INSERT INTO claim_step (claim_id, at, actor_name, action, from_status, to_status, opinion, hours)
SELECT id, {later}, '林知夏', 'approve', 'submitted', 'approved', '', hours_awarded FROM claim WHERE status = 'approved'
"""
MOMENTS = {"march": "year || '-03-04 00:00:00'", "later": "year || '-0' || (4 + person_id % 6) || '-05 00:00:00'"}
TYPED = {"sqlite": "{}", "postgresql": "CAST({} AS timestamptz)"}
PAGES: dict[str, Callable[..., object]] = {
    "overview": dashboards.overview,
    "children": dashboards.children,
    "months": dashboards.months,
    "activities": dashboards.activities,
    "return rates": dashboards.return_rates,
}
LEVELS: dict[str, dict[str, object]] = {
    "province": {"code": PROVINCE},
    "city": {"code": CITY},
    "county": {"code": COUNTY},
    "employer": {"organisation_id": 1},
}
OF_DIVISIONS = {"children", "return rates"}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--people", type=int, default=100_000)
    asked.add_argument("--postgresql", action="store_true")
    arguments = asked.parse_args()
    kind = "postgresql" if arguments.postgresql else "sqlite"
    try:
        fill(kind, arguments.people)
        make(kind, arguments.people)
        measure(kind)
    finally:
        postgresql.stop(FOLDER)
        shutil.rmtree(FOLDER)


def fill(kind: str, people: int) -> None:
    """Everybody employed in some county of the province, claims of five years, and the steps of each."""
    employers = people // PEOPLE_EACH
    employer = f"1 + people.n % {employers}"
    prepare(kind, people, {"employer": employer, "activity": ACTIVITY, "start_on": DAY[kind], "end_on": DAY[kind]})
    with transaction() as current:
        current.execute(insert(Organisation), list(organisations(employers)))
    series = SERIES[kind].format("people", 1, people)
    moments = {name: TYPED[kind].format(moment) for name, moment in MOMENTS.items()}
    with session.engine.connect() as connection:
        connection.connection.cursor().execute(NO_CHECKS[kind])
        for statement in (ACCOUNTS, BINDINGS, SENT, DECIDED):
            connection.execute(text(statement.format(series=series, employers=employers, **moments)))
        connection.commit()
    analyse(kind)


def organisations(employers: int) -> Iterator[dict[str, Any]]:
    counties = [COUNTY, *(each.code for each in divisions.subtree(PROVINCE) if each.level > 2 and each.code != COUNTY)]
    for number in range(employers):
        yield {
            "id": number + 1,
            "uscc": factories.invented_uscc(number),
            "name": f"示范单位{number}",
            "kind": OrganisationKind.EMPLOYER,
            "division": counties[number % len(counties)],
            "contact_name": "",
            "contact_phone": "",
            "status": OrganisationStatus.APPROVED,
            "applied_at": now(),
            "version": 1,
        }


def make(kind: str, people: int) -> None:
    statistics.recompute(transaction, SYSTEM)
    limit = min(cpu(kind, sum_everything) for _ in range(2))
    began = time.perf_counter()
    spent = cpu(kind, lambda: dashboard_run.make(reading, transaction, SYSTEM))
    lasted = time.perf_counter() - began
    with reading() as current:
        run = current.scalars(select(DashboardRun)).one()
    print(f"{kind}, {people:,} people, {run.places:,} places of {len(run.years)} years")
    print(f"a run: {spent:.1f} s of CPU in {lasted:.0f} s, {spent / limit:.1f} times one sum over the claims")


def measure(kind: str) -> None:
    limit = median(cpu(kind, count_people) for _ in range(5))
    print(f"limit: {limit * 1000:.1f} ms of CPU for one count over the people; of each page the mean of {TIMES}:")
    for name, page in PAGES.items():
        for level, place in LEVELS.items():
            if level != "employer" or name not in OF_DIVISIONS:
                spent, lasted = cost(kind, page, place)
                ratio = f"{spent / limit:.2f} times the limit"
                print(f"{name:<12} {level:<9} {lasted * 1000:6.1f} ms, {spent * 1000:6.1f} ms of CPU, {ratio}")
    print(f"target: {TARGET * 1000:.0f} ms for any page, the same at every level")


def count_people() -> None:
    with reading() as current:
        current.scalar(select(func.count()).select_from(Person))


def cost(kind: str, page: Callable[..., object], place: dict[str, object]) -> tuple[float, float]:
    """Seconds of CPU and by the clock."""

    def ask(times: int) -> None:
        for _ in range(times):
            with reading() as current:
                page(current, SUPERVISOR, today().year, **place)

    ask(1)
    began = time.perf_counter()
    spent = cpu(kind, lambda: ask(TIMES))
    return spent / TIMES, (time.perf_counter() - began) / TIMES


if __name__ == "__main__":
    main()
