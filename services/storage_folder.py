"""Files in a folder of the machine, or of a file server that all machines share."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote

from services.unfinished_files import PREFIX, remove_older, unfinished_file

_in_bulk: ContextVar[bool] = ContextVar("files put in bulk", default=False)


class Folder:
    """Readable by its owner only; `address` is the path of a file:// address."""

    def __init__(self, address: str) -> None:
        self._root = Path(unquote(address))

    def put(self, sha256: str, content: bytes) -> None:
        """Of two processes with the same content either may win."""
        path = self._path(sha256)
        _make_folders(path.parent)
        if not _holds(path, content):
            _write(path, content)
        if not _in_bulk.get():
            # Also when another process has just written it and not come this far.
            _sync_folders(path.parent)

    def get(self, sha256: str) -> bytes:
        return self._path(sha256).read_bytes()

    @contextmanager
    def being_written(self) -> Iterator[Path]:
        folder = self._root / "00" / "00"
        _make_folders(folder)
        with unfinished_file(folder) as written:
            yield written

    def take(self, sha256: str, written: Path) -> None:
        path = self._path(sha256)
        _sync(written)
        _make_folders(path.parent)
        written.replace(path)
        _sync_folders(path.parent)

    def path(self, sha256: str) -> Path:
        path = self._path(sha256)
        path.stat()  # raises where there is none
        return path

    def drop_copy(self, sha256: str) -> None:
        """There is nothing but the file itself."""

    def exists(self, sha256: str) -> bool:
        return self._path(sha256).is_file()

    def remove(self, sha256: str) -> None:
        self._path(sha256).unlink(missing_ok=True)

    def free_space(self) -> int:
        folder = next(folder for folder in (self._root, *self._root.parents) if folder.is_dir())
        return shutil.disk_usage(folder).free

    def remove_unfinished(self, before: datetime) -> None:
        remove_older(self._root.glob(f"*/*/{PREFIX}*"), before)

    @contextmanager
    def in_bulk(self) -> Iterator[None]:
        token = _in_bulk.set(True)
        try:
            yield
            os.sync()
        finally:
            _in_bulk.reset(token)

    def _path(self, sha256: str) -> Path:
        return self._root / sha256[:2] / sha256[2:4] / sha256


def _folders(folder: Path) -> tuple[Path, Path, Path]:
    return folder.parents[1], folder.parent, folder


def _make_folders(folder: Path) -> None:
    folder.parents[1].parent.mkdir(parents=True, exist_ok=True)
    for each in _folders(folder):
        each.mkdir(mode=0o700, exist_ok=True)


def _holds(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


def _write(path: Path, content: bytes) -> None:
    with unfinished_file(path.parent) as written:
        written.write_bytes(content)
        if not _in_bulk.get():
            _sync(written)
        written.replace(path)


def _sync_folders(folder: Path) -> None:
    for each in _folders(folder):
        _sync(each)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
