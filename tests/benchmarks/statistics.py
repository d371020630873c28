"""The 24-hour statistics beside their limit: `python -m tests.benchmarks.statistics --people 100000 [--postgresql]`.

The limit is one sum over the covering index in the same database; targets in CPU of the database and this process
(performance.md, section 2): a full run at most 6.5 times the limit on SQLite and 5 times on PostgreSQL; a run over
what has changed in proportion to it, a thousand people in under 0.1 s; one person's live figure in at most 1 ms.
"""

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

os.environ["HOURBOOK_DATA_DIR"] = tempfile.mkdtemp(prefix="hourbook-")
os.environ["XDG_RUNTIME_DIR"] = os.environ["HOURBOOK_DATA_DIR"]
os.environ["HOURBOOK_SECRET_KEY"] = "a key that only benchmarks ever use"

from sqlalchemy import Connection, event, inspect, text

from db import migrate, reading, session, transaction
from db.accounts import Role
from db.claims import Category, Claim
from services import clock, requirement_editions, requirement_trials, standing, statistics
from services.clock import now, today
from services.permissions import SYSTEM, Actor, Scope
from services.requirement_editions import EditionForm
from tests import factories, postgresql

FOLDER = Path(os.environ["HOURBOOK_DATA_DIR"])
YEARS, CLAIMS_A_YEAR, FIRST_YEAR = 5, 8, 2022
TARGETS = {"sqlite": 6.5, "postgresql": 5.0}
LIMIT = "SELECT sum(hours_awarded) FROM claim"
SERIES = {
    "sqlite": "WITH RECURSIVE {0}(n) AS (SELECT {1} UNION ALL SELECT n + 1 FROM {0} WHERE n < {2}) ",
    "postgresql": "WITH {0}(n) AS (SELECT generate_series({1}, {2})) ",
}
NO_CHECKS = {"sqlite": "PRAGMA foreign_keys=OFF", "postgresql": "SET session_replication_role = replica"}
BYTES = {"sqlite": "zeroblob(46)", "postgresql": "'\\x00'::bytea"}
PEOPLE = """
INSERT INTO person (id, account_id, name, id_number, id_number_digest, id_number_masked, birth_date, sex, mobile, email,
                    department, position, native_place, honours, title_level, title_name, registered_at, version)
{series} SELECT n, n, '林知夏', {bytes}, 'digest ' || n, '440***********1234', '1985-03-17', 'female', '12000000000',
                'a@example.com', '', '', '', '', 'none', '', '2022-01-01 00:00:00', 1 FROM people
"""
# Nine of ten are approved; every person has some in each category.
CLAIMS = """
INSERT INTO claim (person_id, employer_id, year, category, activity_type, title, organiser, place, start_on, end_on,
                   certificate_number, details, hours_claimed, hours_awarded, source, status, second_level, opinion,
                   submitted_at, queued_at, created_at, version)
{series} SELECT people.n, {employer}, {first_year} + k.n / {a_year},
       CASE k.n % 3 WHEN 0 THEN 'general' WHEN 1 THEN 'professional' ELSE 'elective' END, {activity},
       '城市桥梁检测与加固技术研修班', '灯塔继续教育学院', '肇庆市', {start_on}, {end_on}, '', '{{}}', 240,
       CASE WHEN (people.n + k.n) % 10 = 0 THEN NULL ELSE 40 + (people.n * 7 + k.n) % 200 END, 'person',
       CASE WHEN (people.n + k.n) % 10 = 0 THEN 'submitted' ELSE 'approved' END, false, '',
       '2024-03-04 00:00:00', '2024-03-04 00:00:00', '2024-03-04 00:00:00', 1
FROM people CROSS JOIN ({numbers}) AS k
"""
# What the statistics do not look at; another benchmark has it vary from claim to claim.
SAME = {"employer": "1", "activity": "'training'", "start_on": "'2024-03-01'", "end_on": "'2024-03-03'"}
# Somebody decided about a claim of every so-many-th person.
DECIDED = "UPDATE claim SET hours_awarded = 240 - hours_awarded WHERE id IN ({})"
STEPS = """
INSERT INTO claim_step (claim_id, at, actor_name, action, to_status, opinion, hours)
SELECT id, '{at}', '林知夏', 'approve', 'approved', '', hours_awarded FROM claim WHERE id IN ({ids})
"""
OF_EVERY = "SELECT min(id) FROM claim WHERE person_id % {} = 0 AND status = 'approved' GROUP BY person_id"
# What fills the table fast; the application's own settings come back with its next connection.
UNSAFE = ("PRAGMA synchronous=OFF", "PRAGMA cache_size=-400000")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--people", type=int, default=100_000)
    asked.add_argument("--postgresql", action="store_true")
    arguments = asked.parse_args()
    kind = "postgresql" if arguments.postgresql else "sqlite"
    prepare(kind, arguments.people)
    try:
        measure(kind, arguments.people)
    finally:
        postgresql.stop(FOLDER)
        shutil.rmtree(FOLDER)


def prepare(kind: str, people: int, columns: Mapping[str, str] = SAME) -> None:
    url = f"sqlite:///{FOLDER / 'statistics.db'}"
    if kind == "postgresql":
        url = postgresql.create_database(postgresql.server_url(FOLDER), "statistics")
    session.bind(session.make_engine(url))
    migrate.upgrade()
    drop_indexes()
    fill(kind, people, columns)


def drop_indexes() -> None:
    """Those of the claims, which take most of the time to fill."""
    with session.engine.connect() as connection:
        for index in inspect(connection).get_indexes("claim"):
            connection.exec_driver_sql(f"DROP INDEX {index['name']}")
        connection.commit()


def fill(kind: str, people: int, columns: Mapping[str, str]) -> None:
    numbers = " UNION ALL ".join(f"SELECT {n} AS n" for n in range(YEARS * CLAIMS_A_YEAR))
    series = SERIES[kind].format("people", 1, people)
    years = {"first_year": FIRST_YEAR, "a_year": CLAIMS_A_YEAR, "numbers": numbers}
    claims = CLAIMS.format(series=series, **years, **columns)
    with session.engine.connect() as connection:
        # Before the transaction begins, inside of which SQLite does not listen to it.
        connection.connection.cursor().execute(NO_CHECKS[kind])
        for setting in UNSAFE if kind == "sqlite" else ():
            connection.connection.cursor().execute(setting)
        connection.execute(text(PEOPLE.format(series=series, bytes=BYTES[kind])))
        connection.execute(text(claims))
        for index in Claim.metadata.tables[Claim.__tablename__].indexes:  # all: the database may take a wrong one
            index.create(connection, checkfirst=True)
        connection.commit()
    analyse(kind)


def analyse(kind: str) -> None:
    """As PostgreSQL does by itself in time, and SQLite never does."""
    session.engine.dispose()
    if kind == "postgresql":
        with session.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def measure(kind: str, people: int) -> None:
    claims = people * YEARS * CLAIMS_A_YEAR
    limit = min(cpu(kind, sum_everything) for _ in range(3))
    print(f"{kind}, {people:,} people, {claims:,} claims, {people * YEARS:,} person-years")
    print(f"limit: {limit:.2f} s of CPU, {claims / limit / 1e6:.1f} million rows a second")
    for name in ("into an empty summary", "nothing changed"):
        spent = cpu(kind, lambda: statistics.recompute(transaction, SYSTEM))
        print(f"{name}: {spent:.2f} s, {spent / limit:.1f} times the limit (target {TARGETS[kind]})")
    for days, every in enumerate((100, 1000, 0), 2):
        changed = change(kind, every) if every else 0
        with a_day_later(days):
            spent = cpu(kind, lambda: statistics.run_due(transaction, SYSTEM))
        print(f"{changed:,} people changed: {spent:.3f} s, {spent / limit:.4f} times the limit")
    spent = trial(kind)
    print(f"dry run of a requirement: {spent:.2f} s, {spent / limit:.2f} times the limit")
    print(f"live figure of one person: {live(people) * 1000:.2f} ms (target 1.00)")


def change(kind: str, every: int) -> int:
    """Decide about one claim of each so-many-th person; how many they are."""
    ids = OF_EVERY.format(every)
    with session.engine.connect() as connection:
        connection.execute(text(DECIDED.format(ids)))
        made = connection.execute(text(STEPS.format(at=f"{now():%Y-%m-%d %H:%M:%S}", ids=ids))).rowcount
        connection.commit()
    analyse(kind)
    return int(made)


def a_day_later(days: int) -> AbstractContextManager[None]:
    """When the next run is due; the last full one is less than a week old."""
    return clock.at(now() + timedelta(days=days))


def trial(kind: str) -> float:
    """A requirement that everybody's year is compared with."""
    with transaction() as current:
        actor = factories.actor_of(current, factories.create_supervisor(current, "440000"))
        hours = dict.fromkeys(Category, 40)
        draft = requirement_editions.draft(current, actor, EditionForm(today().year, hours, today(), "示范文件"))
    return cpu(kind, lambda: requirement_trials.run(reading, transaction, actor, draft.id, seen=draft.version))


def sum_everything() -> None:
    with reading() as current:
        current.connection().exec_driver_sql(LIMIT).scalar_one()


def cpu(kind: str, work: Callable[[], object]) -> float:
    before = time.process_time() + server_cpu(kind)
    work()
    return time.process_time() + server_cpu(kind) - before


def server_cpu(kind: str) -> float:
    """Seconds of the server, the processes it started and those that have ended."""
    if kind == "sqlite":
        return 0.0
    server = int((FOLDER / "postgresql" / "postmaster.pid").read_text().split()[0])
    children = [int(pid) for pid in (Path(f"/proc/{server}/task/{server}/children").read_text().split())]
    return sum(seconds(process) for process in (server, *children))


def seconds(process: int) -> float:
    """User and system time, own and of children that were waited for; proc(5), fields 14 to 17."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def live(people: int) -> float:
    """Median seconds that the database needs for one person's live hours, over people chosen at random."""
    statement, parameters = live_statement()
    dice, times = Random(1), []
    with session.engine.execution_options(reads_only=True).connect() as connection:
        for _ in range(300):
            person = dice.randrange(1, people + 1)
            asked = dict.fromkeys(parameters, person) if isinstance(parameters, dict) else (person,)
            start = time.perf_counter()
            connection.exec_driver_sql(statement, asked).all()
            times.append(time.perf_counter() - start)
    return median(times)


def live_statement() -> tuple[str, Any]:
    """What the home page sends for it; its one parameter is the person."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Connection, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        sent.append((statement, parameters))

    event.listen(session.engine, "before_cursor_execute", note)
    with reading() as current:
        standing.overview(current, Actor(1, "林知夏", scopes=(Scope(Role.PROFESSIONAL),), person_id=1))
    event.remove(session.engine, "before_cursor_execute", note)
    return next(found for found in sent if "FROM claim" in found[0])


if __name__ == "__main__":
    main()
