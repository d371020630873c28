"""A storage of its own for each test, and an empty database beside the one under test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from db import session
from db.settings import settings
from tests import object_storage
from tests.database import bound


def use_folder(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setenv("HOURBOOK_STORAGE_URL", folder.as_uri())
    settings.cache_clear()


def use_bucket(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    for variable, value in object_storage.environment(name).items():
        monkeypatch.setenv(variable, value)
    settings.cache_clear()
    object_storage.make_bucket(name)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    use_folder(monkeypatch, tmp_path / "storage")
    yield
    settings.cache_clear()


@pytest.fixture
def elsewhere(
    database: Engine, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[None]:
    """An empty database, and an empty storage."""
    copy = shutil.copyfile(sqlite_template, tmp_path / "another.db")
    use_folder(monkeypatch, tmp_path / "another storage")
    with bound(session.make_engine(f"sqlite:///{copy}")):
        yield


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "all.tar"
