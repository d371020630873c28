"""The machine dies while a file is received and imported: the same command goes on, and every row is counted once."""

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from db import reading
from db.legacy import LegacyImport, LegacyImportStatus, LegacyPart, LegacyRow
from services import events, legacy_parts
from tests import legacy_files as files
from tests.services.dying_process import PART_ROWS, die
from tests.services.legacy import counts, imported, stored

ROWS = [*files.certificates(9), files.certificate(3), files.certificate(20, 年度="?")]


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
        die("import", commit, file)
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
