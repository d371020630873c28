"""A bucket that cannot be reached, answers slowly or lets nobody in is said to be unavailable, and soon."""

import os
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from db.settings import SettingsError, settings
from services import storage, storage_s3
from services.clock import now
from services.storage import StorageUnavailable
from tests import object_storage

pytestmark = pytest.mark.no_database

CONTENT = b"what a claim rests on" * 1000
SHA256 = storage.digest(CONTENT)
Use = Callable[..., str]


@pytest.fixture
def use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Use]:
    """Set the installation to a bucket of its own, which is made unless another endpoint is to be asked."""

    def begin(**changed: str) -> str:
        name = f"bucket-{uuid4()}"
        if not changed:
            object_storage.make_bucket(name)
        environment = {**object_storage.environment(name), "HOURBOOK_DATA_DIR": str(tmp_path), **changed}
        for variable, value in environment.items():
            monkeypatch.setenv(variable, value)
        settings.cache_clear()
        return name

    yield begin
    settings.cache_clear()


@pytest.fixture
def silent() -> Iterator[str]:
    """Somebody who takes calls and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def refuses_everything() -> None:
    for ask in (storage.get, storage.exists, storage.remove, storage.checked_path):
        with pytest.raises(StorageUnavailable, match="请稍后再试"):
            ask(SHA256)
    with pytest.raises(StorageUnavailable):
        storage.put(CONTENT)
    with pytest.raises(StorageUnavailable):
        storage.put_written(Path.touch)


def test_where_nobody_listens_nothing_is_available_and_nothing_said_to_be_lost(use: Use) -> None:
    use(HOURBOOK_STORAGE_ENDPOINT="http://127.0.0.1:9")
    refuses_everything()


def test_whoever_does_not_answer_is_not_waited_for(use: Use, silent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage_s3, "ANSWERING", timedelta(seconds=0.1))
    use(HOURBOOK_STORAGE_ENDPOINT=silent)
    refuses_everything()


def test_a_bucket_that_is_not_there_takes_nothing(use: Use) -> None:
    use(HOURBOOK_STORAGE_URL="s3://never-made")
    with pytest.raises(StorageUnavailable):
        storage.put(CONTENT)


def test_a_plain_connection_stays_on_the_machine(use: Use) -> None:
    use(HOURBOOK_STORAGE_ENDPOINT="http://files.example")
    with pytest.raises(SettingsError, match="https://"):
        storage.put(CONTENT)


def test_nothing_is_known_of_free_space(use: Use) -> None:
    use()
    assert storage.free_space() is None


def test_a_copy_for_a_program_is_fetched_once_and_goes_a_day_after_it_was_last_wanted(use: Use, tmp_path: Path) -> None:
    use()
    old, wanted, new = (storage.put(content) for content in (b"old", b"wanted", b"new"))
    copies = {sha256: storage.checked_path(sha256) for sha256 in (old, wanted)}
    two_days_ago = (now() - timedelta(days=2)).timestamp()
    for copy in copies.values():
        os.utime(copy, (two_days_ago, two_days_ago))
    number = copies[wanted].stat().st_ino
    assert storage.checked_path(wanted).stat().st_ino == number
    storage.checked_path(new)
    assert {path.name for path in (tmp_path / "copies").iterdir()} == {wanted, new}
    assert storage.checked_path(old).read_bytes() == b"old"


def test_a_copy_that_was_damaged_is_fetched_anew(use: Use) -> None:
    use()
    copy = storage.checked_path(storage.put(CONTENT))
    copy.write_bytes(b"damaged on this machine")
    storage._check_once.cache_clear()  # another process
    with pytest.raises(storage.StorageDamaged):
        storage.checked_path(SHA256)
    assert storage.checked_path(SHA256).read_bytes() == CONTENT


def test_copies_are_readable_by_the_server_only(use: Use, tmp_path: Path) -> None:
    use()
    copy = storage.checked_path(storage.put(CONTENT))
    assert (copy.stat().st_mode & 0o777, copy.parent.stat().st_mode & 0o777) == (0o600, 0o700)
