"""Files in a folder survive full disks, other processes and those that died."""

import hashlib
import os
import resource
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from db.settings import PROJECT, settings
from services import storage
from services.storage import StorageUnavailable

pytestmark = pytest.mark.no_database

CONTENT = b"what a claim rests on" * 1000
NOW = datetime(2026, 6, 15, tzinfo=UTC)
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that does not exist yet, with a name that an address has to quote."""
    root = tmp_path / "证据 files"
    monkeypatch.setenv("HOURBOOK_STORAGE_URL", root.as_uri())
    settings.cache_clear()
    yield root
    settings.cache_clear()


def stored(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_lies_where_its_hash_says(folder: Path) -> None:
    storage.put(CONTENT)
    assert stored(folder) == [folder / SHA256[:2] / SHA256[2:4] / SHA256]


def test_only_the_server_itself_can_read_it(folder: Path) -> None:
    storage.put(CONTENT)
    modes = {path.is_dir(): stat.S_IMODE(path.stat().st_mode) for path in [folder, *folder.rglob("*")]}
    assert modes == {True: 0o700, False: 0o600}


def test_putting_twice_writes_once(folder: Path) -> None:
    storage.put(CONTENT)
    before = stored(folder)[0].stat()
    storage.put(CONTENT)
    after = stored(folder)[0].stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@contextmanager
def full_disk() -> Iterator[None]:
    """No file may grow beyond a page, and writing fails as it does on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_refuses_leaves_nothing_behind_and_tells_what_to_do(folder: Path) -> None:
    with full_disk(), pytest.raises(StorageUnavailable, match="请稍后再试"):
        storage.put(CONTENT)
    assert stored(folder) == []
    assert not storage.exists(SHA256)
    assert storage.put(CONTENT) == SHA256


def test_a_folder_that_cannot_be_made_refuses(folder: Path) -> None:
    folder.write_text("a file where the folder should be")
    with pytest.raises(StorageUnavailable):
        storage.put(CONTENT)
    with pytest.raises(StorageUnavailable):
        storage.get(SHA256)


def test_processes_with_the_same_content_do_not_disturb_each_other(folder: Path) -> None:
    script = "from services import storage\nfor n in range(100): print(storage.put(b'%d' % n * 5000))"
    running = [
        subprocess.Popen([sys.executable, "-c", script], cwd=PROJECT, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    answers = {process.communicate()[0] for process in running}
    assert [process.returncode for process in running] == [0, 0, 0]
    assert len(answers) == 1
    names = answers.pop().split()
    assert sorted(path.name for path in stored(folder)) == sorted(names)
    assert [storage.get(name) for name in names] == [b"%d" % n * 5000 for n in range(100)]


def test_files_that_were_never_finished_are_removed_and_no_others(folder: Path) -> None:
    kept = folder / storage.put(CONTENT)[:2] / SHA256[2:4] / SHA256
    for name, minutes in ((".incoming-dead", 61), (".incoming-alive", 59)):
        (kept.parent / name).touch()
        os.utime(kept.parent / name, (NOW.timestamp() - 60 * minutes,) * 2)
    os.utime(kept, (0, 0))
    storage.remove_unfinished(before=NOW - timedelta(hours=1))
    assert sorted(path.name for path in stored(folder)) == [".incoming-alive", SHA256]


def test_where_nothing_was_ever_put_nothing_is_left(folder: Path) -> None:
    storage.remove_unfinished(before=NOW)
    assert not folder.exists()
