"""Keeps files by the hash of their content: written once, never changed, checked whenever they are read."""

import hashlib
import logging
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from db.settings import SettingsError, settings
from services.errors import N_, DomainError

_HASH = re.compile("[0-9a-f]{64}")
_UNFINISHED = ".incoming-"
_in_bulk: ContextVar[bool] = ContextVar("files put in bulk", default=False)

logger = logging.getLogger("hourbook.storage")


class StorageUnavailable(DomainError):
    message = N_("文件暂时无法保存或读取，请稍后再试；如仍失败，请告知系统管理员检查存储空间。")


class StorageDamaged(DomainError):
    message = N_("该文件已损坏或丢失，请告知系统管理员从备份中恢复。")


def digest(content: bytes) -> str:
    """The SHA-256 that names a content."""
    return hashlib.sha256(content).hexdigest()


def put(content: bytes) -> str:
    """The SHA-256 under which the content is kept from now on, power failure included. Raises StorageUnavailable."""
    sha256 = digest(content)
    path = _path(sha256)
    try:
        _make_folders(path.parent)
        if not _holds(path, sha256):
            _write(path, content)
        if not _in_bulk.get():
            # Also when another process has just written it and not come this far.
            for folder in _folders(path.parent):
                _sync(folder)
    except OSError as error:
        logger.error("cannot store %s: %s", path, error)
        raise StorageUnavailable from error
    return sha256


@contextmanager
def in_bulk() -> Iterator[None]:
    """What is put inside is safe from a power failure when the block has ended, all at once instead of file by file."""
    token = _in_bulk.set(True)
    try:
        yield
        os.sync()
    finally:
        _in_bulk.reset(token)


def get(sha256: str) -> bytes:
    """Raises StorageDamaged when what is there is not what was put, StorageUnavailable when it cannot be read."""
    path = _path(sha256)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        logger.error("%s is missing", path)
        raise StorageDamaged from None
    except OSError as error:
        logger.error("cannot read %s: %s", path, error)
        raise StorageUnavailable from error
    if digest(content) != sha256:
        logger.error("%s is damaged", path)
        raise StorageDamaged
    return content


def put_written(write: Callable[[Path], None]) -> str:
    """Like `put`, for a file that is too large for the memory: `write` is given the place where to write it."""
    try:
        folder = _root() / "00" / "00"
        _make_folders(folder)
        descriptor, name = tempfile.mkstemp(prefix=_UNFINISHED, dir=folder)
        written = Path(name)
        try:
            write(written)
            os.fsync(descriptor)
            sha256 = digest_of(written)
            _make_folders(_path(sha256).parent)
            written.replace(_path(sha256))
        finally:
            os.close(descriptor)
            written.unlink(missing_ok=True)
        for each in _folders(_path(sha256).parent):
            _sync(each)
    except OSError as error:
        logger.error("cannot store a large file: %s", error)
        raise StorageUnavailable from error
    return sha256


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def checked_path(sha256: str) -> Path:
    """Where a program finds the file that has to read it by itself; raises like `get`.

    The content is checked once in each process: such files are large and asked for again and again.
    """
    path = _path(sha256)
    if not path.is_file():
        logger.error("%s is missing", path)
        raise StorageDamaged
    _check_once(path, sha256)
    return path


@cache
def _check_once(path: Path, sha256: str) -> None:
    try:
        found = digest_of(path)
    except OSError as error:
        logger.error("cannot read %s: %s", path, error)
        raise StorageUnavailable from error
    if found != sha256:
        logger.error("%s is damaged", path)
        raise StorageDamaged


def exists(sha256: str) -> bool:
    return _path(sha256).is_file()


def remove(sha256: str) -> None:
    """For good, if it is there at all. Raises StorageUnavailable."""
    path = _path(sha256)
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        logger.error("cannot remove %s: %s", path, error)
        raise StorageUnavailable from error


def free_space() -> int:
    """In bytes. Raises StorageUnavailable."""
    folder = next(folder for folder in (_root(), *_root().parents) if folder.is_dir())
    try:
        return shutil.disk_usage(folder).free
    except OSError as error:
        raise StorageUnavailable from error


def remove_unfinished(*, before: datetime) -> None:
    """What processes left behind that died while they were writing."""
    for path in _root().glob(f"*/*/{_UNFINISHED}*"):
        with suppress(FileNotFoundError):  # just finished
            if path.stat().st_mtime < before.timestamp():
                path.unlink()


def _root() -> Path:
    """Another kind of storage would begin here, with its own way to put, get and look."""
    url = urlsplit(settings().storage_url)
    if url.scheme != "file" or url.netloc not in ("", "localhost") or not url.path:
        raise SettingsError("HOURBOOK_STORAGE_URL must be the address of a local folder, such as file:///srv/evidence")
    return Path(unquote(url.path))


def _path(sha256: str) -> Path:
    if not _HASH.fullmatch(sha256):
        raise ValueError("not a SHA-256 in hexadecimal")
    return _root() / sha256[:2] / sha256[2:4] / sha256


def _folders(folder: Path) -> tuple[Path, Path, Path]:
    return folder.parents[1], folder.parent, folder


def _make_folders(folder: Path) -> None:
    folder.parents[1].parent.mkdir(parents=True, exist_ok=True)
    for each in _folders(folder):
        each.mkdir(mode=0o700, exist_ok=True)


def _holds(path: Path, sha256: str) -> bool:
    """A damaged file does not count, so that putting its content again repairs it."""
    return path.is_file() and digest(path.read_bytes()) == sha256


def _write(path: Path, content: bytes) -> None:
    """Complete or not at all; of two processes with the same content either may win. mkstemp gives mode 0600."""
    descriptor, name = tempfile.mkstemp(prefix=_UNFINISHED, dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            if not _in_bulk.get():
                os.fsync(descriptor)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
