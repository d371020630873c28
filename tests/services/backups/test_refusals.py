"""What does not fit is not restored, and leaves nothing behind."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from services import backups
from services.backup_archive import BackupDamaged
from services.errors import DomainError
from services.restoring import AnotherRelease, AnotherSecretKey, NotEmpty
from tests.services.backups.copies import Change, live, make, manifest_with, refused, rewrite, spoiled, without

CHANGES: dict[str, tuple[Change, type[DomainError]]] = {
    "of another release": (manifest_with(revision="0123456789ab"), AnotherRelease),
    "under another secret key": (manifest_with(key_check="00"), AnotherSecretKey),
    "with another end of the log": (manifest_with(events_hash="0" * 64), BackupDamaged),
    "with a manifest of somebody else": (manifest_with(colour="red"), BackupDamaged),
    "without a manifest": (without(backups.MANIFEST), BackupDamaged),
    "without the claims": (without("rows/claim/"), BackupDamaged),
    "without the accounts": (without("rows/account/"), BackupDamaged),
    "without the files": (without(backups.FILES), BackupDamaged),
    "with spoiled rows": (spoiled("rows/person/"), BackupDamaged),
    "with spoiled files": (spoiled(backups.FILES), BackupDamaged),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_does_not_fit_is_refused_and_leaves_nothing(
    path: Path, what: str, request: pytest.FixtureRequest, database: Engine
) -> None:
    change, reason = CHANGES[what]
    live()
    make(path)
    rewrite(path, change)
    request.getfixturevalue("elsewhere")
    assert refused(path) is reason


@pytest.mark.parametrize("length", [0, 100, 5000, -2000])
def test_what_was_cut_off_is_refused(path: Path, length: int, request: pytest.FixtureRequest, database: Engine) -> None:
    live()
    make(path)
    content = path.read_bytes()
    path.write_bytes(content[: length or 0] if length >= 0 else content[: len(content) + length - 10_240])
    request.getfixturevalue("elsewhere")
    assert refused(path) is BackupDamaged


@pytest.mark.usefixtures("database")
def test_nothing_is_restored_over_something(path: Path) -> None:
    make(path)
    live()
    assert refused(path) is NotEmpty
