"""Questions over the old systems' rows: `python -m tests.benchmarks.legacy_queries [ROWS]`, on SQLite.

The peer is Datasette on the same database file, asked through its JSON API for the same figures. The limit is what
DuckDB needs to add up one column of the snapshot. Seconds on the wall, the best of several; the first line of the
table says how fast the snapshot itself is written.
"""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from sqlalchemy import text

from db import migrate, reading, session, transaction
from db.accounts import Role
from db.snapshots import Snapshot
from services import (
    explored_rows,
    flat_files,
    legacy_completion,
    pivots,
    questions,
    snapshot_queries,
    snapshots,
)
from services.permissions import Actor
from services.questions import EVERYTHING, Chart, Dimension, Measure
from tests import factories
from web import explore_rows

ROWS, PER_IMPORT, EMPLOYERS, KNOWN = 1_000_000, 1_000_000, 20_000, 300
BEST_OF, PATIENCE = 5, 900
SURNAMES = "王李张刘陈杨黄赵周吴徐孙马胡朱郭何林高罗郑梁谢宋唐许邓韩冯曹"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红建国海燕志文斌晓东梅婷雪颖"
PART = "秀英"
HASH = "((:first + i) * 2654435761 % 4294967296)"
# Ten rows a person, in an order that has nothing to do with time, place or person.
FILL = f"""
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :count),
     r(i, h) AS (SELECT i, {HASH} FROM n),
     p(i, h, person) AS (SELECT i, h, h % :people FROM r)
INSERT INTO legacy_row (import_id, line, kind, outcome, matching, row_digest, "key", content, organisation_id, name,
    id_number_digest, id_number_masked, employer, employer_core, year, category, hours, general, professional, elective,
    number, title, result)
SELECT :import, i + 2, 'record', 'accepted', 'orphan', printf('%064x', :first + i), printf('%032x', :first + i),
    printf('%032x', :first + i),
    CASE WHEN person * 7 % {EMPLOYERS} < {KNOWN} THEN :employer + person * 7 % {EMPLOYERS} END,
    substr('{SURNAMES}', 1 + person % 30, 1) || substr('{GIVEN}', 1 + person / 30 % 40, 1)
        || substr('{GIVEN}', 1 + person / 1200 % 45, 1),
    printf('%064x', person), '440***********' || printf('%04d', person % 10000),
    '晴川市第' || (person * 7 % {EMPLOYERS}) || '医院', '晴川市第' || (person * 7 % {EMPLOYERS}) || '医院',
    2005 + h / 7 % 16, CASE h / 3 % 3 WHEN 0 THEN 'general' WHEN 1 THEN 'professional' ELSE 'elective' END,
    10 + h / 11 % 140 * 5, CASE h / 3 % 3 WHEN 0 THEN 10 + h / 11 % 140 * 5 END,
    CASE h / 3 % 3 WHEN 1 THEN 10 + h / 11 % 140 * 5 END, CASE h / 3 % 3 WHEN 2 THEN 10 + h / 11 % 140 * 5 END,
    '', '课程' || (h % 5000), ''
FROM p
"""
IMPORT = """
INSERT INTO legacy_import (id, system_id, kind, status, file_name, content_digest, header, places, row_count, accepted,
    rejected, duplicates, parts_done, uploaded_at, uploaded_by_name)
VALUES (:import, 1, 'record', 'imported', :name, :name, '[]', '{}', :count, :count, 0, 0, 1, '2026-01-01', '')
"""
Ask = Callable[[], object]


def fill(rows: int) -> Actor:
    with transaction() as current:
        current.execute(text("INSERT INTO legacy_system (id, name) VALUES (1, '旧系统')"))
        employers = [factories.create_employer(current, division=f"4401{3 + n % 4:02d}").id for n in range(KNOWN)]
        analyst = factories.actor_of(current, factories.create_account(current, Role.ANALYST))
    for number, first in enumerate(range(0, rows, PER_IMPORT), 1):
        given = {"import": number, "first": first, "count": min(PER_IMPORT, rows - first), "employer": employers[0]}
        with transaction() as current:
            current.execute(text(IMPORT), {**given, "name": f"{number}.csv"})
            current.execute(text(FILL), {**given, "people": max(rows // 10, 1)})
    with session.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql("ANALYZE")
    return analyst


def seconds(ask: Ask, times: int = BEST_OF) -> float:
    found = []
    for _ in range(times):
        start = time.perf_counter()
        ask()
        found.append(time.perf_counter() - start)
    return min(found)


@contextmanager
def datasette(file: Path) -> Iterator[Callable[[str], bytes]]:
    """Asks by SQL over HTTP, as its own pages do."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ("--setting", "sql_time_limit_ms", str(PATIENCE * 1000), "--setting", "max_returned_rows", "200000")
    command = [sys.executable, "-m", "datasette", "serve", str(file), "--port", str(port), *options]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        address = f"http://127.0.0.1:{port}/{file.stem}"

        def ask(sql: str) -> bytes:
            query = urllib.parse.urlencode({"sql": sql, "_shape": "arrays"})
            with urllib.request.urlopen(f"{address}.json?{query}", timeout=PATIENCE) as answer:  # noqa: S310
                content: bytes = answer.read()
                return content

        for _ in range(100):
            with suppress(urllib.error.URLError):
                ask("SELECT 1")
                break
            time.sleep(0.2)
        try:
            yield ask
        finally:
            server.terminate()


def export(actor: Actor, made: Snapshot) -> bytes:
    """As many rows as one file may hold."""
    most, cells = explored_rows.MOST_ROWS, explore_rows.cells()
    with patch.object(explored_rows, "MOST_ROWS", made.row_count):
        found = islice(explored_rows.everything(actor, made, EVERYTHING), most)
        return flat_files.as_csv(explore_rows.titles(), map(cells, found))


PIVOT = replace(EVERYTHING, chart=Chart.PIVOT, rows=Dimension.YEAR, columns=Dimension.CATEGORY)


def asking(actor: Actor, made: Snapshot, chart: Chart, part: str = "") -> Ask:
    question = questions.charted(replace(EVERYTHING, chart=chart, text=part))
    return lambda: pivots.ask(actor, made, question)


def compare(actor: Actor, made: Snapshot, ask_datasette: Callable[[str], bytes]) -> None:
    accepted = "FROM legacy_row WHERE outcome = 'accepted'"
    compared: dict[str, tuple[Ask, str]] = {
        "two dimensions": (
            lambda: pivots.ask(actor, made, PIVOT),
            f"SELECT year, category, count(*), sum(hours) {accepted} GROUP BY 1, 2",
        ),
        "distribution of hours": (
            asking(actor, made, Chart.DISTRIBUTION),
            f"SELECT hours / 80, count(*), sum(hours) {accepted} GROUP BY 1",
        ),
        "top employers": (
            asking(actor, made, Chart.EMPLOYERS),
            f"SELECT employer_core, count(*) {accepted} GROUP BY 1 ORDER BY 2 DESC LIMIT 100",
        ),
        "part of a name: figures": (
            asking(actor, made, Chart.TIME, PART),
            f"SELECT year, count(*) {accepted} AND name LIKE '%{PART}%' GROUP BY 1",
        ),
    }
    for name, (ours, theirs) in compared.items():
        own, other = seconds(ours), seconds(partial(ask_datasette, theirs), times=1)
        print(f"{name:<46}{own * 1000:9.0f} ms {other * 1000:11.0f} ms {other / own:8.1f} ×")


def measure(actor: Actor, made: Snapshot) -> None:
    def completion() -> object:
        with reading() as current:
            return legacy_completion.by_year(current, actor, made, EVERYTHING)

    alone: dict[str, Ask] = {
        "limit: one column added up by DuckDB": lambda: snapshot_queries.ask(
            made.sha256, EVERYTHING, "SELECT sum(hours) FROM asked"
        ),
        "part of a name: its first fifty rows": lambda: explored_rows.page(actor, made, replace(EVERYTHING, text=PART)),
        "fifty rows in the middle": lambda: explored_rows.page(actor, made, EVERYTHING, after_id=made.row_count // 2),
        "divisions": asking(actor, made, Chart.DIVISIONS),
        "two dimensions, people counted": lambda: pivots.ask(actor, made, replace(PIVOT, measure=Measure.PEOPLE)),
        "completion of every year": completion,
        f"{explored_rows.MOST_ROWS:,} rows as CSV": lambda: export(actor, made),
    }
    for name, ours in alone.items():
        print(f"{name:<46}{seconds(ours) * 1000:9.0f} ms")


def main(rows: int) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "legacy.db"
        session.bind(session.make_engine(f"sqlite:///{file}"))
        migrate.upgrade()
        actor = fill(rows)
        start = time.perf_counter()
        made = snapshots.make(reading, transaction, actor)
        spent = time.perf_counter() - start
        print(f"{rows:,} rows; snapshot written in {spent:.1f} s, {rows / spent:,.0f} rows/s\n")
        print(f"{'':<46}{'Hourbook':>12} {'Datasette':>14}")
        with datasette(file) as ask_datasette:
            compare(actor, made, ask_datasette)
        measure(actor, made)
        session.engine.dispose()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
