"""Backups made and restored by tests, and copies of them that were tampered with."""

import json
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import func, select

from db import Base, reading, transaction
from db.accounts import Account
from services import backup_archive, backups, restoring
from services.backups import Made
from services.errors import DomainError
from services.restoring import Restored
from tests import whole_life

Change = Callable[[str, bytes], bytes | None]


def quiet(_done: int, _total: int) -> None:
    """No progress."""


def make(path: Path) -> Made:
    return backups.make(transaction, reading, path, quiet)


def restore(path: Path, key: Path | None = None) -> Restored:
    return restoring.restore(transaction, path, key, quiet)


def live() -> None:
    """Two people with rows in all tables that tell of a user, and one file that is really there."""
    whole_life.begin()
    whole_life.begin("another")


def refused(path: Path, key: Path | None = None) -> type[DomainError] | None:
    """Why it is, and that nothing is left behind."""
    with reading() as opened:
        before = opened.scalar(select(func.count()).select_from(Account))
    try:
        restore(path, key)
    except DomainError as refusal:
        with reading() as opened:
            assert opened.scalar(select(func.count()).select_from(Account)) == before
            assert opened.scalar(select(func.count()).select_from(Base.metadata.tables["requirement"]))
        return type(refusal)
    return None


def rewrite(path: Path, change: Change) -> None:
    """The same archive with some members changed, or without them."""
    members = list(backup_archive.read(path, None))
    path.unlink()
    with backup_archive.create(path, "") as archive:
        for name, content in members:
            if (changed := change(name, content)) is not None:
                backup_archive.add(archive, name, changed)


def manifest_with(**values: object) -> Change:
    def change(name: str, content: bytes) -> bytes:
        return json.dumps({**json.loads(content), **values}).encode() if name == backups.MANIFEST else content

    return change


def without(beginning: str) -> Change:
    return lambda name, content: None if name.startswith(beginning) else content


def spoiled(beginning: str) -> Change:
    return lambda name, content: b"spoiled" + content[7:] if name.startswith(beginning) else content
