"""Installations of their own for commands that are to be killed: a database, and a folder for files."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import inspect

from db import session
from db.settings import settings
from tests import database
from tests.faults import children
from tests.faults.killing import build_world


@dataclass
class Place:
    """An installation of its own: `folder` for its files, and the database."""

    kind: str
    folder: Path
    url: str
    more: dict[str, str] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "HOURBOOK_DATABASE_URL": self.url, "HOURBOOK_DATA_DIR": str(self.data), **self.more}

    def path(self, name: str) -> Path:
        return self.folder / name

    @contextmanager
    def entered(self) -> Iterator[None]:
        """This process is in it."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("HOURBOOK_DATA_DIR", str(self.data))
            settings.cache_clear()
            with database.bound(session.make_engine(self.url)):
                yield
        settings.cache_clear()


def nothing(_kind: str, _folder: Path) -> None:
    """Where the command makes the tables, too."""


def new_empty(kind: str, folder: Path) -> Place:
    """One to be copied, with nothing but tables in it."""
    empty = Place(kind, folder, database.new_migrated(kind))
    empty.data.mkdir(parents=True)
    return empty


def new_world(kind: str, folder: Path) -> Place:
    """One to be copied."""
    world = new_empty(kind, folder)
    with world.entered():
        build_world()
    return world


def new_place(kind: str, folder: Path, world: Place | None) -> Place:
    """A copy of the world, or one without even tables."""
    folder.mkdir(parents=True)
    if world is None:
        return Place(kind, folder, database.new(kind))
    place = Place(kind, folder, database.copy_of(world.url))
    shutil.copytree(world.data, place.data)
    return place


def run(place: Place, arguments: Sequence[str]) -> tuple[int | None, str]:
    """A command to its end: its exit code, and what it said at last."""
    with TemporaryDirectory() as folder:
        output = Path(folder) / "output"
        process = children.start(children.command, arguments, place.environment, output)
        process.join(children.PATIENCE)
        return process.exitcode, output.read_text()[-500:]


def has_tables() -> bool:
    """A process that died while it made the first tables has left none, or all."""
    return inspect(session.engine).has_table("event")
