"""What more people cost: `python -m tests.benchmarks.growth [--people 1000 10000 100000 1000000] [--postgresql]`.

One installation grows from size to size: fifty people to an employer, eight claims each over two years. What every
page reads is timed as the page reads it, and so are the runs; the table has one column for each size. A person's pages
and all lists should cost the same at every size, the runs as much for each person (performance.md).
"""

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

os.environ["HOURBOOK_DATA_DIR"] = tempfile.mkdtemp(prefix="hourbook-")
os.environ["XDG_RUNTIME_DIR"] = os.environ["HOURBOOK_DATA_DIR"]
os.environ["HOURBOOK_SECRET_KEY"] = "a key that only benchmarks ever use"

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from db import Base, migrate, reading, session, transaction
from db.accounts import Role
from db.claims import ClaimStatus
from db.organisations import OrganisationStatus
from db.people import BindingStatus
from services import (
    accounts,
    certificates,
    claims,
    dashboard_run,
    dashboards,
    organisations,
    people,
    progress,
    review_queue,
    staff,
    standing,
    statistics,
    to_do,
)
from services.clock import today
from services.permissions import SYSTEM, Actor, Scope
from services.progress import Wanted
from tests import factories, postgresql

FOLDER = Path(os.environ["HOURBOOK_DATA_DIR"])
SIZES = (1_000, 10_000, 100_000, 1_000_000)
STAFF, CLAIMS_EACH, TIMES = 50, 8, 15
DIVISION, PROVINCE = factories.DIVISION, f"{factories.DIVISION[:2]}0000"
SERIES = {
    "sqlite": "WITH RECURSIVE numbers(n) AS (SELECT {0} UNION ALL SELECT n + 1 FROM numbers WHERE n < {1})",
    "postgresql": "WITH numbers(n) AS (SELECT generate_series({0}, {1}))",
}
# Columns that differ from the first row of the table, as expressions of the number of the row. The last two of
# somebody's claims wait and were returned, the others are approved, half of them for last year.
K = f"(n - 1) % {CLAIMS_EACH}"
CHANGED = {
    "organisation": {"uscc": "'U' || n", "name": "'第二设计院' || n"},
    "account": {"username": "'reader' || n"},
    "account_grant": {"account_id": "n"},
    "person": {"account_id": "n", "id_number_digest": "'digest ' || n"},
    "binding": {"person_id": "n", "organisation_id": f"(n - 1) / {STAFF} + 1"},
    "claim": {
        "person_id": f"(n - 1) / {CLAIMS_EACH} + 1",
        "employer_id": f"(n - 1) / {CLAIMS_EACH * STAFF} + 1",
        "year": f"{today().year} - ({K}) / 4",
        "category": f"CASE ({K}) % 3 WHEN 0 THEN 'general' WHEN 1 THEN 'professional' ELSE 'elective' END",
        "status": f"CASE {K} WHEN 6 THEN 'submitted' WHEN 7 THEN 'returned' ELSE 'approved' END",
        "hours_awarded": f"CASE WHEN ({K}) < 6 THEN 10 + n % 70 END",
        "hours_claimed": "80",
    },
    "claim_step": {"claim_id": "n", "hours": "10 + n % 70"},
}
ROWS_EACH = {"organisation": 1 / STAFF, "claim": CLAIMS_EACH, "claim_step": CLAIMS_EACH}
Column = dict[str, str]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--people", type=int, nargs="+", default=list(SIZES))
    asked.add_argument("--postgresql", action="store_true")
    arguments = asked.parse_args()
    try:
        session.bind(session.make_engine(address("postgresql" if arguments.postgresql else "sqlite")))
        migrate.upgrade()
        create_first_rows()
        columns, there = {}, 1
        for size in sorted(arguments.people):
            grow(there, size)
            columns[size], there = measure(size), size
        report(columns)
    finally:
        postgresql.stop(FOLDER)
        shutil.rmtree(FOLDER)


def address(kind: str) -> str:
    if kind == "sqlite":
        return f"sqlite:///{FOLDER / 'growth.db'}"
    return postgresql.create_database(postgresql.server_url(FOLDER), "growth")


def create_first_rows() -> None:
    """One of each table, which all others are made like."""
    with transaction() as current:
        person = factories.create_person(current, employer=factories.create_employer(current))
        claim = factories.create_claim(current, person, status=ClaimStatus.APPROVED)
        factories.create_step(current, claim, ClaimStatus.APPROVED)


def grow(there: int, size: int) -> None:
    """From so many people to so many."""
    with session.engine.begin() as connection:
        for table, changed in CHANGED.items():
            each = ROWS_EACH.get(table, 1)
            multiply(connection, table, int(there * each) + 1, int(size * each), changed)
    with session.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql("VACUUM ANALYZE" if connection.dialect.name == "postgresql" else "ANALYZE")


def multiply(connection: Connection, table: str, first: int, last: int, changed: dict[str, str]) -> None:
    """Rows with these numbers, like the first one of the table."""
    wanted = {"id": "n", **changed}
    names = [column.name for column in Base.metadata.tables[table].columns]
    values = [wanted.get(name, f"pattern.{name}") for name in names]
    series = SERIES[connection.dialect.name].format(max(first, 2), last)
    source = f"{series} SELECT {', '.join(values)} FROM numbers CROSS JOIN {table} AS pattern WHERE pattern.id = 1"
    connection.execute(text(f"INSERT INTO {table} ({', '.join(names)}) {source}"))


def measure(size: int) -> Column:
    column = {"database, MB": f"{database_size() / 1e6:,.0f}"}
    began = time.perf_counter()
    statistics.recompute(transaction, SYSTEM)
    column["official statistics, s"] = f"{time.perf_counter() - began:.2f}"
    began = time.perf_counter()
    dashboard_run.make(reading, transaction, SYSTEM)
    column["dashboards, s"] = f"{time.perf_counter() - began:.2f}"
    return column | {f"{name}, ms": f"{milliseconds(look):.1f}" for name, look in pages(size).items()}


def database_size() -> int:
    if session.engine.dialect.name == "sqlite":
        return (FOLDER / "growth.db").stat().st_size
    with session.engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())


def pages(size: int) -> dict[str, Callable[[Session], object]]:
    """What is read to draw each of them; of the person and the employer in the middle."""
    middle = size // 2
    person = actor(middle, Scope(Role.PROFESSIONAL), person_id=middle)
    reviewer = actor(0, Scope(Role.EMPLOYER, organisation_id=(middle - 1) // STAFF + 1))
    supervisor, keeper = actor(0, Scope(Role.SUPERVISOR, division=PROVINCE)), actor(0, Scope(Role.ADMINISTRATOR))
    year = today().year
    return {
        "首页": lambda s: (standing.overview(s, person), to_do.counts(s, person)),
        "继续教育记录": lambda s: (claims.list_my_years(s, person), claims.list_mine(s, person)),
        "人员基本信息维护": lambda s: people.own_profile(s, person),
        "继续教育证书打印": lambda s: (standing.overview(s, person), certificates.list_mine(s, person)),
        "学时审核": lambda s: (review_queue.counts(s, reviewer), review_queue.queue(s, reviewer)),
        "人员管理": lambda s: (staff.counts(s, reviewer), staff.roster(s, reviewer, status=BindingStatus.ACTIVE)),
        "完成情况": lambda s: (progress.totals(s, reviewer, year), progress.roster(s, reviewer, Wanted(year))),
        "单位与机构审核": lambda s: (
            organisations.counts(s, supervisor),
            organisations.queue(s, supervisor, status=OrganisationStatus.APPROVED),
        ),
        "主管部门待办": lambda s: to_do.counts(s, supervisor),
        "学时看板": lambda s: (
            dashboards.overview(s, supervisor, year),
            dashboards.children(s, supervisor, year, PROVINCE),
            dashboards.months(s, supervisor, year, PROVINCE),
            dashboards.activities(s, supervisor, year, PROVINCE),
        ),
        "账号管理": lambda s: accounts.search(s, keeper, f"reader{middle}"),
    }


def actor(account: int, *scopes: Scope, person_id: int | None = None) -> Actor:
    return Actor(account_id=account, name="林知夏", scopes=scopes, person_id=person_id)


def milliseconds(look: Callable[[Session], object]) -> float:
    """The median of several, the first one left out."""
    taken = []
    for _ in range(TIMES + 1):
        began = time.perf_counter()
        with reading() as current:
            look(current)
        taken.append((time.perf_counter() - began) * 1000)
    return median(taken[1:])


def report(columns: dict[int, Column]) -> None:
    print("| " + session.engine.dialect.name + " | " + " | ".join(f"{size:,}" for size in columns) + " |")
    print("|---" * (len(columns) + 1) + "|")
    for name in next(iter(columns.values())):
        print(f"| {name} | " + " | ".join(column[name] for column in columns.values()) + " |")


if __name__ == "__main__":
    main()
