"""Files in a bucket of Amazon S3 or of whatever speaks its protocol: MinIO, Ceph, the clouds' object storages.

Who may enter comes from the standard variables AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION, or from the
role of the machine. Every request carries the SHA-256 of its body, so what was changed on its way is not taken.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from db.settings import SettingsError
from services.clock import now
from services.unfinished_files import remove_older, unfinished_file

# Somebody waits for the answer in front of a screen.
CONNECTING, ANSWERING = timedelta(seconds=5), timedelta(seconds=15)
RETRIES, RETRYING = 2, timedelta(seconds=15)
# What a request carries at most: larger files go in parts, each of which may be tried again.
PART = 8 * 1024 * 1024
PARTS_AT_ONCE = 4
COPIES_KEPT = timedelta(days=1)
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class Bucket:
    """`copies` is a folder for the files that a program reads by itself.

    Putting is always a whole PUT: it repairs, and of two processes with the same content either may win.
    """

    def __init__(self, name: str, *, prefix: str, endpoint: str, copies: Path) -> None:
        self._store = S3Store(
            name,
            prefix=prefix or None,
            # Only single deletion is known to all who speak the protocol.
            config={"disable_bulk_delete": True, **({"endpoint": endpoint} if endpoint else {})},
            client_options={
                "allow_http": _may_be_plain(endpoint),
                "connect_timeout": CONNECTING,
                "timeout": ANSWERING,
            },
            retry_config={"max_retries": RETRIES, "retry_timeout": RETRYING},
        )
        self._copies = copies

    def put(self, sha256: str, content: bytes) -> None:
        with _answering():
            obstore.put(self._store, _key(sha256), content, chunk_size=PART, max_concurrency=PARTS_AT_ONCE)

    def get(self, sha256: str) -> bytes:
        with _answering():
            return bytes(obstore.get(self._store, _key(sha256)).bytes())

    @contextmanager
    def being_written(self) -> Iterator[Path]:
        self._copies.mkdir(mode=0o700, parents=True, exist_ok=True)
        with unfinished_file(self._copies) as written:
            yield written

    def take(self, sha256: str, written: Path) -> None:
        with _answering():
            obstore.put(self._store, _key(sha256), written, chunk_size=PART, max_concurrency=PARTS_AT_ONCE)

    def path(self, sha256: str) -> Path:
        """A copy that goes when nobody has asked for it for a day."""
        copy = self._copies / sha256
        if copy.is_file():
            os.utime(copy)
            return copy
        self.remove_unfinished(now() - COPIES_KEPT)
        with self.being_written() as written:
            self._fetch(_key(sha256), written)
            written.replace(copy)
        return copy

    def drop_copy(self, sha256: str) -> None:
        (self._copies / sha256).unlink(missing_ok=True)

    def exists(self, sha256: str) -> bool:
        try:
            with _answering():
                obstore.head(self._store, _key(sha256))
        except FileNotFoundError:
            return False
        return True

    def remove(self, sha256: str) -> None:
        with _answering():
            obstore.delete(self._store, _key(sha256))

    def free_space(self) -> None:
        """S3 does not say."""

    def remove_unfinished(self, before: datetime) -> None:
        """And copies nobody asked for since. Parts of an upload that was cut off go by the bucket's lifecycle rule."""
        remove_older(self._copies.glob("*"), before)

    def in_bulk(self) -> nullcontext[None]:
        return nullcontext()

    def _fetch(self, key: str, target: Path) -> None:
        """In parts, so that no request takes long and the memory does not grow with the file."""
        with _answering(), target.open("wb") as file:
            size = obstore.head(self._store, key)["size"]
            for start in range(0, size, PART):
                file.write(obstore.get_range(self._store, key, start=start, length=min(PART, size - start)))


def _key(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"


def _may_be_plain(endpoint: str) -> bool:
    parts = urlsplit(endpoint)
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise SettingsError("HOURBOOK_STORAGE_ENDPOINT must begin with https:// unless it is on this very machine")
    return parts.scheme == "http"


@contextmanager
def _answering() -> Iterator[None]:
    """Whatever keeps the bucket from answering is an OSError, as with a disk."""
    try:
        yield
    except BaseError as error:
        raise OSError(f"{type(error).__name__}: {error}") from error
