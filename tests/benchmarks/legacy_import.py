"""What the export of an old system costs: read, tried out, imported, its errors written, and taken back.

`python -m tests.benchmarks.legacy_import [ROWS]`, on SQLite. The limit is the file read by csv alone, and the same rows
put into the same table with all its indexes by the bare driver, with nothing checked and no reference followed. CPU
seconds of this process, in which a small file was imported before; memory is the most that Python itself holds during
the import, beyond the file.
"""

import csv
import gc
import io
import sqlite3
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from db import migrate, reading, session, transaction
from db.legacy import LegacyImport, LegacyRow
from services import legacy_files, legacy_imports, legacy_reception, legacy_report, legacy_undo, workbooks
from services.legacy_reception import Delivery
from services.permissions import SYSTEM
from services.workbooks import Heading, Sheet
from tests import legacy_files as files

ROWS = 100_000
MEGABYTE = 1024 * 1024
ENCODING = "gb18030"
SMALL = 100
ONE_IN = 20  # rows has a fault
Result = TypeVar("Result")


def an_export(count: int) -> bytes:
    return files.text(_rows(count), encoding=ENCODING)


def _rows(count: int) -> Iterator[Sequence[object]]:
    yield files.RECORD_HEADER
    for number in range(count):
        yield files.record(number, 年度="16") if number % ONE_IN == 0 else files.record(number)


def measured(name: str, rows: int, work: Callable[[], Result]) -> tuple[Result, float]:
    start = time.process_time()
    result = work()
    seconds = time.process_time() - start
    print(f"{name:<42}{seconds:8.2f} s {rows / seconds:12,.0f} rows/s")
    return result, seconds


def read_only(content: io.BytesIO) -> None:
    content.seek(0)
    for _row in csv.reader(io.TextIOWrapper(io.BytesIO(content.read()), ENCODING, newline="")):
        pass


def warm_up() -> None:
    """As in the running application, which has looked through what stays in memory for the last time."""
    file = legacy_files.check("小.csv", io.BytesIO(an_export(SMALL)))
    kept = legacy_reception.receive(transaction, SYSTEM, Delivery("另一系统", file))
    legacy_imports.run(transaction, SYSTEM, kept.id)
    gc.collect()
    gc.freeze()


def bare_insert(path: Path, target: Path) -> float:
    """The rows that are there now, copied into an empty table of the same database schema; gives the CPU seconds."""
    columns = [column.name for column in LegacyRow.__table__.columns]
    names = ", ".join(columns)
    with sqlite3.connect(path) as source, sqlite3.connect(target) as copy:
        rows = source.execute(f"SELECT {names} FROM legacy_row ORDER BY id").fetchall()
        for (statement,) in source.execute("SELECT sql FROM sqlite_master WHERE tbl_name = 'legacy_row' AND sql > ''"):
            copy.execute(statement)
        copy.execute("PRAGMA journal_mode=WAL")
        places = ", ".join("?" * len(columns))
        start = time.process_time()
        copy.executemany(f"INSERT INTO legacy_row ({names}) VALUES ({places})", rows)
        copy.commit()
        return time.process_time() - start


def write_errors(importing: LegacyImport) -> bytes:
    def rows() -> Iterator[list[str]]:
        for number in range(importing.parts_done):
            with reading() as opened:
                for row in legacy_report.of_part(opened, SYSTEM, importing.id, number):
                    yield [*map(str, row.values), str(row.reasons)]

    return workbooks.workbook(Sheet("错误行", [Heading(title) for title in importing.header]), rows())


def main(count: int) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "legacy.db"
        session.bind(session.make_engine(f"sqlite:///{path}"))
        migrate.upgrade()
        warm_up()
        content = io.BytesIO(an_export(count))
        print(f"{count:,} rows, {len(content.getvalue()) / MEGABYTE:.0f} MB, one in {ONE_IN} with a fault\n")
        file, checking = measured("let in", count, lambda: legacy_files.check("旧数据.csv", content))
        delivery = Delivery("旧系统", file)
        kept, receiving = measured("received", count, lambda: legacy_reception.receive(transaction, SYSTEM, delivery))
        measured("tried out", count, lambda: legacy_imports.try_out(transaction, SYSTEM, kept.id))
        done, running = measured("imported", count, lambda: legacy_imports.run(transaction, SYSTEM, kept.id))
        _, writing = measured("errors written", count, lambda: write_errors(done))
        assert (done.accepted + done.rejected, done.duplicates) == (count, 0)
        session.engine.dispose()
        together = checking + receiving + running + writing
        print(f"{'file to table with the report of errors':<42}{together:8.2f} s {count / together:12,.0f} rows/s\n")
        _, parsing = measured("limit: read by csv", count, lambda: read_only(content))
        inserting = bare_insert(path, Path(folder) / "bare.db")
        print(f"{'limit: bare insert':<42}{inserting:8.2f} s {count / inserting:12,.0f} rows/s")
        print(f"file to table with the report of errors: {together / (parsing + inserting):.1f} times the limit\n")
        measured("taken back", count, lambda: legacy_undo.undo(transaction, SYSTEM, done.id))
        tracemalloc.start()
        again = legacy_reception.receive(transaction, SYSTEM, delivery)
        legacy_imports.run(transaction, SYSTEM, again.id)
        print(f"most memory during reception and import: {tracemalloc.get_traced_memory()[1] / MEGABYTE:.1f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
