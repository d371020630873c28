"""Keeps files by the hash of their content: written once, never changed, checked whenever they are read."""

import hashlib
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from db.settings import SettingsError, settings
from services.errors import N_, DomainError
from services.storage_folder import Folder
from services.storage_s3 import Bucket

_HASH = re.compile("[0-9a-f]{64}")

logger = logging.getLogger("hourbook.storage")


class StorageUnavailable(DomainError):
    message = N_("文件暂时无法保存或读取，请稍后再试；如仍失败，请告知系统管理员检查存储空间。")


class StorageDamaged(DomainError):
    message = N_("该文件已损坏或丢失，请告知系统管理员从备份中恢复。")


class Kind(Protocol):
    """Where files lie. A name is a SHA-256; FileNotFoundError means that there is none, any other OSError try again."""

    def put(self, sha256: str, content: bytes) -> None:
        """Complete or not at all, and a damaged file of this name is repaired."""

    def get(self, sha256: str) -> bytes: ...

    def being_written(self) -> AbstractContextManager[Path]:
        """A place for a large file; what `take` did not take from there is gone afterwards."""

    def take(self, sha256: str, written: Path) -> None: ...

    def path(self, sha256: str) -> Path:
        """A file on this machine."""

    def drop_copy(self, sha256: str) -> None:
        """If what `path` gave is a mere copy it is fetched anew the next time."""

    def exists(self, sha256: str) -> bool: ...

    def remove(self, sha256: str) -> None:
        """If it is there at all."""

    def free_space(self) -> int | None: ...

    def remove_unfinished(self, before: datetime) -> None: ...

    def in_bulk(self) -> AbstractContextManager[None]: ...


def digest(content: bytes) -> str:
    """The SHA-256 that names a content."""
    return hashlib.sha256(content).hexdigest()


def put(content: bytes) -> str:
    """The SHA-256 under which the content is kept from now on, power failure included. Raises StorageUnavailable."""
    sha256 = digest(content)
    with _available(f"store {sha256}"):
        _kept().put(sha256, content)
    return sha256


@contextmanager
def in_bulk() -> Iterator[None]:
    """What is put inside is safe from a power failure when the block has ended, all at once instead of file by file."""
    with _kept().in_bulk():
        yield


def get(sha256: str) -> bytes:
    """Raises StorageDamaged when what is there is not what was put, StorageUnavailable when it cannot be read."""
    with _available(f"read {_name(sha256)}", missing=StorageDamaged):
        content = _kept().get(sha256)
    if digest(content) != sha256:
        raise _damaged(sha256)
    return content


def put_written(write: Callable[[Path], None]) -> str:
    """Like `put`, for a file that is too large for the memory: `write` is given the place where to write it."""
    with _available("store a large file"), _kept().being_written() as written:
        write(written)
        sha256 = digest_of(written)
        _kept().take(sha256, written)
    return sha256


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def checked_path(sha256: str) -> Path:
    """Where a program finds the file that has to read it by itself; raises like `get`.

    The content is checked once in each process: such files are large and asked for again and again.
    """
    with _available(f"read {_name(sha256)}", missing=StorageDamaged):
        path = _kept().path(sha256)
        _check_once(path, sha256)
    return path


@cache
def _check_once(path: Path, sha256: str) -> None:
    if digest_of(path) != sha256:
        _kept().drop_copy(sha256)
        raise _damaged(sha256)


def exists(sha256: str) -> bool:
    """Raises StorageUnavailable."""
    with _available(f"look for {_name(sha256)}"):
        return _kept().exists(sha256)


def remove(sha256: str) -> None:
    """For good, if it is there at all. Raises StorageUnavailable."""
    with _available(f"remove {_name(sha256)}"):
        _kept().remove(sha256)


def free_space() -> int | None:
    """In bytes, None where the storage does not say. Raises StorageUnavailable."""
    with _available("ask for the free space"):
        return _kept().free_space()


def remove_unfinished(*, before: datetime) -> None:
    """What processes left behind that died while they were writing. Raises StorageUnavailable."""
    with _available("remove what was never finished"):
        _kept().remove_unfinished(before)


def _kept() -> Kind:
    return _kind(settings().storage_url, settings().storage_endpoint, settings().data_dir)


@cache
def _kind(url: str, endpoint: str, data_dir: Path) -> Kind:
    """Another kind of storage begins here."""
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.netloc in ("", "localhost") and parts.path:
        return Folder(parts.path)
    if parts.scheme == "s3" and parts.netloc:
        return Bucket(parts.netloc, prefix=parts.path.strip("/"), endpoint=endpoint, copies=data_dir / "copies")
    raise SettingsError(
        "HOURBOOK_STORAGE_URL must be the address of a local folder, such as file:///srv/evidence, or of a place in "
        "an S3 bucket, such as s3://hourbook/evidence"
    )


def _name(sha256: str) -> str:
    if not _HASH.fullmatch(sha256):
        raise ValueError("not a SHA-256 in hexadecimal")
    return sha256


@contextmanager
def _available(what: str, *, missing: type[DomainError] = StorageUnavailable) -> Iterator[None]:
    """The log says what the user need not know."""
    try:
        yield
    except FileNotFoundError as error:
        logger.error("cannot %s, nothing is there: %s", what, error)
        raise missing from error
    except OSError as error:
        logger.error("cannot %s: %s", what, error)
        raise StorageUnavailable from error


def _damaged(sha256: str) -> StorageDamaged:
    logger.error("%s is damaged", sha256)
    return StorageDamaged()
