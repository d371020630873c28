"""What a list of 50,000 people costs: to read it, to look through it, to import it, and to write as many rows.

`python -m tests.benchmarks.imports [ROWS]`. The peer that reads is openpyxl's read-only mode; the limit of an import is
the same number of rows inserted into one table. CPU seconds of this process; memory is what Python itself allocates
beyond the file, and the most that this process ever held.
"""

import io
import resource
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import load_workbook
from sqlalchemy import insert

from db import migrate, reading, session, transaction
from db.accounts import Attempt, AttemptKind
from db.organisations import Organisation
from services import imports, spreadsheets, workbooks
from services.clock import now
from services.permissions import Actor
from services.workbooks import Heading, Sheet
from tests import factories
from tests.services.importing import STAFF_HEADER, staff_upload
from web.vocabulary import vocabulary

ROWS = 50_000
MEGABYTE = 1024 * 1024


def a_list(rows: int) -> bytes:
    sheet = Sheet("人员名单", [Heading(title) for title in STAFF_HEADER])
    return workbooks.workbook(sheet, _people(rows))


def _people(rows: int) -> Iterator[list[str]]:
    for number in range(rows):
        yield [
            factories.invented_name(number),
            factories.invented_id_number(100_000 + number),
            f"139{number:08d}",
            f"u{number}@example.com",
            "设计一部",
            "工程技术",
            "中级",
            "工程师",
            "2016.3.5",
        ]


def timed(what: str, work: Callable[[], object], rows: int) -> float:
    began = time.process_time()
    work()
    seconds = time.process_time() - began
    print(f"{what:<44}{seconds:8.2f} s{rows / seconds:12,.0f} rows/s")
    return seconds


def allocated(work: Callable[[], object]) -> float:
    """Megabytes at the highest point."""
    tracemalloc.start()
    work()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / MEGABYTE


def read_with_the_peer(content: bytes) -> None:
    sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
    for _row in sheet.iter_rows(values_only=True):
        pass


def drain(rows: Iterator[object]) -> None:
    for _row in rows:
        pass


def insert_as_many(rows: int) -> None:
    for start in range(0, rows, imports.CHUNK):
        with transaction() as current:
            row = {"kind": AttemptKind.SIGN_IN, "key": "k", "address": "", "at": now(), "succeeded": True}
            current.execute(insert(Attempt), [row] * min(imports.CHUNK, rows - start))


def main(rows: int) -> None:
    with TemporaryDirectory() as folder:
        session.bind(session.make_engine(f"sqlite:///{Path(folder) / 'imports.db'}"))
        migrate.upgrade()
        with transaction() as current:
            employer = factories.create_employer(current)
            actor = factories.actor_of(current, factories.create_reviewer(current, employer))
        content = a_list(rows)
        print(f"{rows:,} rows, {len(content) / MEGABYTE:.1f} MB; PostgreSQL is not measured here")
        timed("write the list", lambda: a_list(rows), rows)
        peer = timed("peer: read with openpyxl", lambda: read_with_the_peer(content), rows)
        ours = timed("read in the confined process, lines here", lambda: drain(read(content)), rows)
        print(f"{'  of this, beside openpyxl (other process not counted)':<56}{peer / ours:6.1f} times")
        print(f"{'  Python allocates while it reads':<56}{allocated(lambda: drain(read(content))):6.0f} MB")
        _import(actor, employer, content, rows)
        print(f"most memory ever held: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def read(content: bytes) -> Iterator[object]:
    return spreadsheets.check("list.xlsx", content).rows()


def _import(actor: Actor, employer: Organisation, content: bytes, rows: int) -> None:
    upload = staff_upload(employer, content)
    with reading() as current:
        timed("look through", lambda: imports.examine(current, actor, upload, vocabulary()), rows)
        examined = imports.examine(current, actor, upload, vocabulary())
    with transaction() as current:
        kept = imports.keep(current, actor, examined)
    limit = timed("limit: insert as many rows", lambda: insert_as_many(rows), rows)
    cost = timed("import", lambda: imports.run(transaction, actor, kept.id, vocabulary()), rows)
    print(f"{'  beside the limit':<56}{cost / limit:6.1f} times")
    timed("the same list again", lambda: imports.examine(current, actor, upload, vocabulary()), rows)


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else ROWS)
