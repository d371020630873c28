"""What more people cost: `python -m tests.benchmarks.growth [--people 1000 10000 100000 1000000] [--postgresql]`.

The same installation at each size (tests/benchmarks/grown.py), one column each: what is stored, the runs in seconds of
CPU, and for what every page and list reads the milliseconds of CPU with the number of queries. A person's pages and all
lists should cost the same at every size, the runs as much for each person, and one person's live figure at most 1 ms
(performance.md). With `--folder` SQLite's files are kept there and found again; a million people take about 18 GB.
"""

import argparse
import shutil
import time
from collections.abc import Callable
from pathlib import Path

# Before everything that reads the settings.
from tests.benchmarks.statistics import FOLDER, a_day_later, cpu, live  # isort: split

from sqlalchemy import text
from sqlalchemy.orm import Session

from db import migrate, reading, session, transaction
from services import dashboard_run, statistics
from services.clock import now
from services.dashboards import NoDashboard
from services.permissions import SYSTEM
from tests import postgresql
from tests.benchmarks import grown
from tests.benchmarks.grown_columns import CLAIMS_EACH, Sizes
from tests.benchmarks.grown_pages import all_of
from tests.counting import counted

SIZES = (1_000, 10_000, 100_000, 1_000_000)
MOST_TIMES, LONG_ENOUGH = 50, 0.5
# One claim of every hundredth person is decided once more.
CHANGED = f"SELECT id * {CLAIMS_EACH} - {CLAIMS_EACH - 1} FROM person WHERE id % 100 = 0"
DECIDED = f"""
UPDATE claim SET hours_awarded = CASE hours_awarded WHEN hours_claimed THEN hours_claimed - 10 ELSE hours_claimed END
WHERE id IN ({CHANGED})
"""
STEPS = f"""
INSERT INTO claim_step (claim_id, at, actor_name, action, to_status, opinion, hours)
SELECT id, '{{at}}', '林知夏', 'approve', 'approved', '', hours_awarded FROM claim WHERE id IN ({CHANGED})
"""
Column = dict[str, str]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--people", type=int, nargs="+", default=list(SIZES))
    asked.add_argument("--postgresql", action="store_true")
    asked.add_argument("--folder", type=Path, default=FOLDER)
    asked.add_argument("--pages", default="", help="only those whose name holds this, and no runs")
    asked.add_argument("--without-dashboards", action="store_true", help="whose run takes longer than all the rest")
    arguments = asked.parse_args()
    kind = "postgresql" if arguments.postgresql else "sqlite"
    columns: dict[int, Column] = {}
    try:
        for people in sorted(arguments.people):
            columns[people] = prepare(kind, arguments.folder, people)
            if not arguments.pages:
                columns[people] |= measure_runs(kind, people, with_dashboards=not arguments.without_dashboards)
            columns[people] |= measure_pages(kind, people, arguments.pages)
    finally:
        report(kind, columns)
        postgresql.stop(FOLDER)
        shutil.rmtree(FOLDER)


def prepare(kind: str, folder: Path, people: int) -> Column:
    """The database of so many people, made unless it is there."""
    file = folder / f"growth-{people}.db"
    url = f"sqlite:///{file}"
    if kind == "postgresql":
        url = postgresql.create_database(postgresql.server_url(FOLDER), f"growth-{people}")
    is_there = kind == "sqlite" and file.exists()
    session.bind(session.make_engine(url))
    began = time.perf_counter()
    spent = cpu(kind, migrate.upgrade if is_there else lambda: grown.fill(kind, people))
    took = "—" if is_there else f"{time.perf_counter() - began:,.0f} ({spent:,.0f} of CPU)"
    return {"made in, s": took, "database, MB": f"{database_size(kind, file) / 1e6:,.0f}"}


def database_size(kind: str, file: Path) -> int:
    if kind == "sqlite":
        return file.stat().st_size
    with session.engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())


def measure_runs(kind: str, people: int, *, with_dashboards: bool) -> Column:
    full = cpu(kind, lambda: statistics.recompute(transaction, SYSTEM))
    decide_again()
    with a_day_later(2):
        of_changes = cpu(kind, lambda: statistics.run_due(transaction, SYSTEM))
    boards = cpu(kind, lambda: dashboard_run.make(reading, transaction, SYSTEM)) if with_dashboards else 0.0
    return {
        "statistics, everybody, s": f"{full:.2f}",
        "statistics, changes of 1 % of the people, s": f"{of_changes:.2f}",
        "dashboards, s": f"{boards:.1f}" if with_dashboards else "—",
        "live figure of one person, ms of the database": f"{live(people) * 1000:.2f}",
    }


def decide_again() -> None:
    with session.engine.begin() as connection:
        connection.execute(text(DECIDED))
        connection.execute(text(STEPS.format(at=f"{now():%Y-%m-%d %H:%M:%S.%f}")))


def measure_pages(kind: str, people: int, wanted: str) -> Column:
    looks = all_of(Sizes(people, kind)).items()
    return {name: cost(kind, look) for name, look in looks if wanted in name}


def cost(kind: str, look: Callable[[Session], object]) -> str:
    """Milliseconds of CPU and the number of queries, once everything is warm."""

    def ask() -> None:
        with reading() as current:
            look(current)

    try:
        with counted() as queries:
            ask()
    except NoDashboard:
        return "—"
    spent, times = 0.0, 0
    while spent < LONG_ENOUGH and times < MOST_TIMES:
        spent += cpu(kind, ask)
        times += 1
    return f"{spent / times * 1000:.1f} ({len(queries)})"


def report(kind: str, columns: dict[int, Column]) -> None:
    print(f"| {kind} | " + " | ".join(f"{people:,}" for people in columns) + " |")
    print("|---" * (len(columns) + 1) + "|")
    for name in next(iter(columns.values()), ()):
        print(f"| {name} | " + " | ".join(column.get(name, "") for column in columns.values()) + " |")


if __name__ == "__main__":
    main()
