"""The machine dies while a file is received and imported: the same command goes on, and every row is counted once."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from db import reading, session
from db.legacy import LegacyImport, LegacyImportStatus, LegacyPart, LegacyRow
from db.settings import PROJECT
from services import events, legacy_parts
from tests import legacy_files as files
from tests.services.dying_import import PART_ROWS
from tests.services.dying_process import WAITS
from tests.services.legacy import counts, imported, stored

LIMIT = 60
ROWS = [*files.certificates(9), files.certificate(3), files.certificate(20, 年度="?")]


def import_and_die(file: Path, commit: int) -> None:
    """Killed with signal 9 when everything of a transaction is done but its commit."""
    url = session.engine.url.render_as_string(hide_password=False)
    with subprocess.Popen(
        [sys.executable, "-m", "tests.services.dying_import", str(file), str(commit)],
        cwd=PROJECT,
        env={**os.environ, "HOURBOOK_DATABASE_URL": url},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        told = process.stdout.readline().strip()
        process.kill()
        process.wait(LIMIT)
    assert (told, process.returncode) == (WAITS, -9)


def reached() -> tuple[str, int, int]:
    """The status, the rows received and the rows dealt with."""
    with reading() as opened:
        (importing,) = opened.scalars(select(LegacyImport))
        return importing.status, importing.row_count, importing.done


def test_every_row_is_counted_once_however_often_the_machine_dies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "旧数据.csv"
    file.write_bytes(files.text(ROWS))
    # The file is noted in one transaction, kept in three and called received in one; then it is looked up again,
    # the import begins, and each of its parts is one more transaction. What was kept is passed over in its own.
    seen = []
    for commit in (3, 4, 6, 4, 5):
        import_and_die(file, commit)
        seen.append(reached())
    assert seen == [
        ("receiving", 4, 0),
        ("receiving", 8, 0),
        ("received", 11, 0),
        ("running", 11, 0),
        ("running", 11, 4),
    ]
    monkeypatch.setattr(legacy_parts, "PART_ROWS", PART_ROWS)
    done = imported(ROWS)
    assert (done.status, counts(done), done.row_count) == (LegacyImportStatus.IMPORTED, (9, 1, 1), 11)
    with reading() as opened:
        lines = Counter(opened.scalars(select(LegacyRow.line).where(LegacyRow.import_id == done.id)))
        assert lines == Counter(range(2, 13))
        assert len(opened.scalars(select(LegacyPart.number)).all()) == 3
        assert events.check_chain(opened).intact
    assert stored(done).parts_done == 3
