"""The daily forecast beside its limit: `python -m tests.benchmarks.forecasts --people 100000 [--postgresql]`.

The limit is one sum over the claims' steps in the same database, which every forecast has to walk through. The people,
claims and official figures are those of `tests.benchmarks.statistics`; fifty people work for each employer. Five years
are looked at, four of them at two moments. 70 times the limit, 23 s of CPU, on SQLite for 100,000 people (26 November
2026, a shared AMD EPYC under load).
"""

import argparse
import shutil
import time

from sqlalchemy import text

from db import reading, session, transaction
from services import forecast_run, forecasts, statistics
from services.permissions import SYSTEM
from tests import factories, postgresql
from tests.benchmarks import statistics as years
from tests.benchmarks.statistics import FOLDER, NO_CHECKS, SERIES, cpu

STAFF = 50
LIMIT = "SELECT sum(hours) FROM claim_step"
EMPLOYERS = """
INSERT INTO organisation (id, uscc, name, kind, division, contact_name, contact_phone, status, opinion, applied_at,
                          version)
{series} SELECT n, 'code ' || n, '晴川设计院' || n, 'employer', '440104', '林知夏', '020-80000000', 'approved', '',
                '2022-01-01 00:00:00', 1 FROM employers
"""
BINDINGS = """
INSERT INTO binding (person_id, organisation_id, status, requested_at, reason, started_on, version)
SELECT id, 1 + id / {staff}, 'active', '2022-01-02 00:00:00', '', '2022-01-03', 1 FROM person
"""
# Each approved in some month of its year; a few only in the next one.
STEPS = """
INSERT INTO claim_step (claim_id, at, actor_name, action, to_status, opinion, hours)
SELECT id, {at}, '林知夏', 'approve', 'approved', '', hours_awarded FROM claim WHERE status = 'approved'
"""
AT = "(year + (id % 13) / 12) || '-' || substr('010203040506070809101112', (id % 12) * 2 + 1, 2) || '-15 04:00:00'"
MOMENTS = {"sqlite": f"{AT} || '.000000'", "postgresql": f"CAST({AT} AS timestamptz)"}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--people", type=int, default=100_000)
    asked.add_argument("--postgresql", action="store_true")
    arguments = asked.parse_args()
    kind = "postgresql" if arguments.postgresql else "sqlite"
    years.prepare(kind, arguments.people)
    try:
        employ(kind, arguments.people)
        measure(kind, arguments.people)
    finally:
        postgresql.stop(FOLDER)
        shutil.rmtree(FOLDER)


def employ(kind: str, people: int) -> None:
    series = SERIES[kind].format("employers", 1, people // STAFF + 1)
    with session.engine.connect() as connection:
        connection.connection.cursor().execute(NO_CHECKS[kind])
        for statement in (EMPLOYERS.format(series=series), BINDINGS.format(staff=STAFF)):
            connection.execute(text(statement))
        connection.execute(text(STEPS.format(at=MOMENTS[kind])))
        connection.commit()
    session.engine.dispose()
    with session.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql("ANALYZE" if kind == "sqlite" else "VACUUM ANALYZE")
    statistics.recompute(transaction, SYSTEM)


def measure(kind: str, people: int) -> None:
    limit = min(cpu(kind, sum_of_steps) for _ in range(3))
    print(f"{kind}, {people:,} people, {people // STAFF:,} employers; limit: {limit:.2f} s of CPU")
    began = time.perf_counter()
    spent = cpu(kind, lambda: forecast_run.make(reading, transaction))
    waited = time.perf_counter() - began
    print(f"forecast of two years: {spent:.1f} s, {spent / limit:.0f} times the limit, {waited:.0f} s")
    with transaction() as current:
        supervisor = factories.actor_of(current, factories.create_supervisor(current, "440000"))
    with reading() as current:
        began = time.perf_counter()
        forecasts.newest(current, supervisor)
        forecasts.list_employers(current, supervisor)
        print(f"a supervisor's page: {(time.perf_counter() - began) * 1000:.0f} ms")


def sum_of_steps() -> None:
    with reading() as current:
        current.connection().exec_driver_sql(LIMIT).scalar_one()


if __name__ == "__main__":
    main()
