"""Files stay as they were put, or it is noticed, wherever they lie."""

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import obstore
import pytest

from db.settings import SettingsError, settings
from services import storage
from services.storage import StorageDamaged
from tests import object_storage

pytestmark = pytest.mark.no_database

CONTENT = b"what a claim rests on" * 1000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Place:
    """Where the files lie, seen by another program."""

    def __init__(self, write: Callable[[str, bytes], object], remove: Callable[[str], None]) -> None:
        self.write, self.remove = write, remove


def use(monkeypatch: pytest.MonkeyPatch, **environment: str) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()


@pytest.fixture(autouse=True)
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    make = {"folder": in_a_folder, "s3": in_a_bucket}[request.param]
    yield make(tmp_path, monkeypatch)
    settings.cache_clear()


def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    use(monkeypatch, HOURBOOK_STORAGE_URL=tmp_path.as_uri())

    def path(sha256: str) -> Path:
        return tmp_path / sha256[:2] / sha256[2:4] / sha256

    return Place(lambda sha256, content: path(sha256).write_bytes(content), lambda sha256: path(sha256).unlink())


def in_a_bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    name = f"bucket-{uuid4()}"
    use(monkeypatch, HOURBOOK_DATA_DIR=str(tmp_path), **object_storage.environment(f"{name}/evidence"))
    bucket = object_storage.make_bucket(name)

    def key(sha256: str) -> str:
        return f"evidence/{sha256[:2]}/{sha256}"

    return Place(
        lambda sha256, content: obstore.put(bucket, key(sha256), content),
        lambda sha256: obstore.delete(bucket, key(sha256)),
    )


def writing(content: bytes) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_bytes(content)

    return write


KINDS = pytest.mark.parametrize("place", ["folder", "s3"], indirect=True)


@KINDS
def test_what_was_put_is_got_by_its_hash() -> None:
    assert storage.put(CONTENT) == SHA256
    assert storage.put(CONTENT) == SHA256
    assert storage.get(SHA256) == CONTENT


@KINDS
def test_nothing_is_a_content_too() -> None:
    assert storage.get(storage.put(b"")) == b""


@KINDS
def test_existence_is_known_until_it_is_removed() -> None:
    assert not storage.exists(SHA256)
    storage.put(CONTENT)
    assert storage.exists(SHA256)
    storage.remove(SHA256)
    assert not storage.exists(SHA256)
    storage.remove(SHA256)  # by another process at the same time


@KINDS
def test_a_changed_file_is_noticed_and_putting_it_again_repairs_it(place: Place) -> None:
    storage.put(CONTENT)
    place.write(SHA256, CONTENT[:-1])
    with pytest.raises(StorageDamaged):
        storage.get(SHA256)
    storage.put(CONTENT)
    assert storage.get(SHA256) == CONTENT


@KINDS
def test_a_lost_file_is_noticed(place: Place) -> None:
    storage.put(CONTENT)
    place.remove(SHA256)
    for read in (storage.get, storage.checked_path):
        with pytest.raises(StorageDamaged):
            read(SHA256)


@KINDS
def test_threads_with_the_same_content_do_not_disturb_each_other() -> None:
    contents = [b"%d" % (number % 5) * 100_000 for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        names = list(pool.map(storage.put, contents))
    assert [storage.get(name) for name in names] == contents


@KINDS
def test_a_large_file_is_written_by_whoever_makes_it_and_read_by_a_program() -> None:
    large = CONTENT * 900  # more than two parts of an upload
    sha256 = storage.put_written(writing(large))
    assert storage.checked_path(sha256).read_bytes() == large
    assert storage.checked_path(sha256).read_bytes() == large
    assert storage.get(sha256) == large


@KINDS
def test_a_large_file_that_was_changed_is_not_given_to_a_program(place: Place) -> None:
    sha256 = storage.put_written(writing(CONTENT))
    place.write(sha256, CONTENT[:-1])
    for _ in range(2):
        with pytest.raises(StorageDamaged):
            storage.checked_path(sha256)
    place.write(sha256, CONTENT)
    assert storage.checked_path(sha256).read_bytes() == CONTENT


@KINDS
def test_a_file_whose_making_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    def fail(path: Path) -> None:
        path.write_bytes(CONTENT)
        raise KeyError("a fault in the maker")

    with pytest.raises(KeyError):
        storage.put_written(fail)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@KINDS
def test_what_is_put_in_bulk_is_there_as_well() -> None:
    with storage.in_bulk():
        storage.put(CONTENT)
    assert storage.get(SHA256) == CONTENT


@KINDS
@pytest.mark.parametrize("name", ["", "../../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\n", "g" * 64])
def test_only_a_hash_is_a_name(name: str) -> None:
    for use_of_name in (storage.get, storage.exists, storage.remove, storage.checked_path):
        with pytest.raises(ValueError, match="not a SHA-256"):
            use_of_name(name)


@pytest.mark.parametrize("place", ["folder"], indirect=True)
@pytest.mark.parametrize(
    "url", ["s3:///evidence", "http://bucket", "/srv/evidence", "file://", "file://there/evidence"]
)
def test_an_address_it_cannot_use_is_told_to_the_administrator(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    use(monkeypatch, HOURBOOK_STORAGE_URL=url)
    with pytest.raises(SettingsError, match="HOURBOOK_STORAGE_URL"):
        storage.put(CONTENT)
