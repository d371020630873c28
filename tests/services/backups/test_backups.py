"""What a backup holds is restored whole, on either database."""

import os
import shutil
import stat
import tarfile
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import NoReturn
from uuid import uuid4

import pyrage
import pytest
from sqlalchemy import Engine, func, select

from db import reading, session, transaction
from db.accounts import AuthSession, Ticket
from db.backups import BackupKind, BackupRun
from db.claims import Claim, Evidence
from db.people import Person
from db.restoring import TABLES
from db.settings import settings
from services import backup_archive, backups, events, evidence, leases, storage, stored_files, unfinished_files
from services.backup_archive import BackupDamaged, KeyNeeded, NotABackupKey
from services.backups import BackupRunning
from services.clock import now
from services.errors import DomainError
from tests import factories
from tests.database import KINDS, bound, new_migrated
from tests.services.backups.conftest import use_bucket, use_folder
from tests.services.backups.copies import live, make, refused, restore, rewrite, without
from tests.services.files import checked_file

# Who was signed in, who had a job, and what the restore itself notes.
CHANGED = {"auth_session", "ticket", "lease", "backup_run", "event", "event_head"}


def everything() -> dict[str, list[tuple[object, ...]]]:
    with reading() as opened:
        return {
            name: [tuple(row) for row in opened.execute(select(table).order_by(*table.primary_key.columns))]
            for name, table in TABLES.items()
            if name not in CHANGED
        }


@pytest.mark.parametrize("target", KINDS)
def test_all_rows_and_files_come_back_on_either_database(
    database: Engine, path: Path, target: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    live()
    before = everything()
    assert make(path).missing == []
    with reading() as opened:
        files = opened.scalars(select(Evidence.sha256)).all()
    contents = {sha256: storage.get(sha256) for sha256 in files}
    use_folder(monkeypatch, tmp_path / "another storage")
    with bound(session.make_engine(new_migrated(target))):
        assert spoil_and_restore(path) is BackupDamaged
        restored = restore(path)
        assert everything() == before
        assert {sha256: storage.get(sha256) for sha256 in files} == contents
        with reading() as opened:
            check = events.check_chain(opened)
        assert (check.intact, check.events) == (True, restored.events + 1)


def test_files_come_back_into_a_bucket_and_from_there(
    path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    live()
    make(path)
    with reading() as opened:
        contents = {sha256: storage.get(sha256) for sha256 in opened.scalars(select(Evidence.sha256))}
    request.getfixturevalue("elsewhere")
    use_bucket(monkeypatch, f"bucket-{uuid4()}")
    restore(path)
    assert {sha256: storage.get(sha256) for sha256 in contents} == contents
    assert make(path.with_name("again.tar")).missing == []


def test_no_number_is_given_a_second_time(database: Engine, path: Path, request: pytest.FixtureRequest) -> None:
    with transaction() as opened:
        person = factories.create_person(opened)
        kept, deleted = factories.create_claim(opened, person), factories.create_claim(opened, person)
        owner, numbers = person.id, (kept.id, deleted.id)
    with transaction() as opened:
        opened.delete(opened.get_one(Claim, numbers[1]))
    make(path)
    request.getfixturevalue("elsewhere")
    restore(path)
    with transaction() as opened:
        person = opened.get_one(Person, owner)
        assert factories.create_claim(opened, person).id > numbers[1]


def test_everybody_has_to_sign_in_again(path: Path, request: pytest.FixtureRequest) -> None:
    live()
    make(path)
    request.getfixturevalue("elsewhere")
    restore(path)
    with reading() as opened:
        assert opened.scalar(select(func.count()).select_from(AuthSession)) == 2
        assert not opened.scalars(select(AuthSession.id).where(AuthSession.revoked_at.is_(None))).all()
        assert not opened.scalars(select(Ticket.id).where(Ticket.used_at.is_(None))).all()


def test_what_was_done_with_a_backup_is_kept(path: Path, request: pytest.FixtureRequest) -> None:
    live()
    made = make(path).run
    with reading() as opened:
        assert opened.scalars(select(BackupRun.kind)).all() == [BackupKind.MADE]
    assert (made.size, made.encrypted, made.file_name) == (path.stat().st_size, False, "all.tar")
    request.getfixturevalue("elsewhere")
    run = restore(path).run
    assert (run.kind, run.rows, run.files) == (BackupKind.RESTORED, made.rows, made.files)
    assert run.taken_at == made.taken_at


@pytest.mark.usefixtures("database")
def test_only_its_owner_can_read_the_file(path: Path) -> None:
    make(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.usefixtures("database")
def test_the_secret_key_is_not_in_it(path: Path) -> None:
    live()
    make(path)
    assert settings().secret_key.encode() not in b"".join(content for _, content in backup_archive.read(path, None))


class TestEncryption:
    @pytest.fixture
    def key(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        private = tmp_path / "key"
        monkeypatch.setenv("HOURBOOK_BACKUP_KEY", backup_archive.create_key(private))
        settings.cache_clear()
        return private

    def test_nothing_of_it_can_be_read_without_the_private_key(
        self, key: Path, path: Path, tmp_path: Path, request: pytest.FixtureRequest
    ) -> None:
        live()
        assert make(path).run.encrypted
        assert b"manifest" not in path.read_bytes()
        request.getfixturevalue("elsewhere")
        backup_archive.create_key(other := tmp_path / "other")
        assert refused(path) is KeyNeeded
        assert refused(path, other) is BackupDamaged
        assert restore(path, key).events

    def test_any_other_program_for_age_reads_it(self, key: Path, path: Path, database: Engine) -> None:
        make(path)
        identity = pyrage.x25519.Identity.from_str(key.read_text().splitlines()[1])
        with tarfile.open(fileobj=BytesIO(pyrage.decrypt(path.read_bytes(), [identity]))) as archive:
            assert archive.getnames()[0] == backups.MANIFEST

    @pytest.mark.parametrize("place", [-1, -5000, 300])
    def test_one_changed_byte_is_noticed(
        self, key: Path, path: Path, place: int, request: pytest.FixtureRequest
    ) -> None:
        live()
        make(path)
        content = bytearray(path.read_bytes())
        content[place] ^= 1
        path.write_bytes(content)
        request.getfixturevalue("elsewhere")
        assert refused(path, key) is BackupDamaged

    def test_a_key_is_written_once_and_for_its_owner_only(self, key: Path, database: Engine) -> None:
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        with pytest.raises(FileExistsError):
            backup_archive.create_key(key)

    def test_what_is_no_key_is_refused(
        self, database: Engine, path: Path, monkeypatch: pytest.MonkeyPatch, key: Path
    ) -> None:
        make(path)
        key.write_text("what is this\n")
        assert refused(path, key) is NotABackupKey
        monkeypatch.setenv("HOURBOOK_BACKUP_KEY", "age1nothing")
        settings.cache_clear()
        with pytest.raises(NotABackupKey):
            make(path.with_name("another"))


def spoil_and_restore(path: Path) -> type[DomainError] | None:
    """A copy without the accounts, to which all the other rows refer."""
    copy = shutil.copyfile(path, path.with_name("spoiled"))
    rewrite(copy, without("rows/account/"))
    return refused(copy)


@pytest.mark.usefixtures("database")
def test_a_file_that_is_missing_is_named_and_the_rest_is_kept(path: Path, request: pytest.FixtureRequest) -> None:
    live()
    with reading() as opened:
        lost = opened.scalars(select(Evidence.sha256).order_by(Evidence.id)).first()
    assert lost
    storage.remove(lost)
    assert make(path).missing == [lost]
    request.getfixturevalue("elsewhere")
    assert restore(path).missing == [lost]


@pytest.mark.usefixtures("database")
def test_what_somebody_discards_meanwhile_is_in_it_and_goes_afterwards(path: Path) -> None:
    with transaction() as opened:
        person = factories.create_person(opened)
        owner, claim = factories.actor_for(opened, person), factories.create_claim(opened, person)
        attached = evidence.attach(opened, owner, claim.id, checked_file(b"%PDF-to be discarded"))

    def discard(_done: int, _total: int) -> None:
        if storage.exists(attached.sha256) and not discarded:
            with transaction() as opened:
                evidence.remove(opened, owner, attached.id)
            stored_files.remove_discarded(transaction)
            discarded.append(attached.sha256)

    discarded: list[str] = []
    made = backups.make(transaction, reading, path, discard)
    assert (discarded, made.missing) == ([attached.sha256], [])
    stored_files.remove_discarded(transaction)
    assert not storage.exists(attached.sha256)


@pytest.mark.usefixtures("database")
def test_two_backups_do_not_run_at_once(path: Path) -> None:
    with transaction() as opened:
        leases.acquire(opened, stored_files.STAY, "another", backups.LONGEST)
    with pytest.raises(BackupRunning):
        make(path)


@pytest.mark.usefixtures("database")
def test_what_breaks_off_leaves_no_file_and_can_be_done_again(path: Path) -> None:
    def break_off(_done: int, _total: int) -> None:
        raise OSError(28, os.strerror(28))

    with pytest.raises(OSError, match="No space"):
        backups.make(transaction, reading, path, break_off)
    assert list(path.parent.iterdir()) == []
    assert make(path).run.id


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("write", [make, backup_archive.create_key])
def test_what_a_dead_process_left_goes_when_the_next_one_writes(write: Callable[[Path], object], path: Path) -> None:
    dead, alive = (path.parent / f"{unfinished_files.PREFIX}{name}" for name in ("dead", "alive"))
    for file, hours in ((dead, 25), (alive, 23)):
        file.touch()
        os.utime(file, ((now() - timedelta(hours=hours)).timestamp(),) * 2)
    write(path)
    assert {each for each in path.parent.iterdir() if each.is_file()} == {path, alive}


def test_a_key_appears_whole_and_never_in_place_of_another(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    public = backup_archive.create_key(path)
    key = path.read_text()
    assert public in key.splitlines()[0]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        backup_archive.create_key(path)
    assert path.read_text() == key

    def die(source: Path, target: Path) -> NoReturn:
        raise KeyboardInterrupt(source, target)

    monkeypatch.setattr(os, "link", die)
    with pytest.raises(KeyboardInterrupt):
        backup_archive.create_key(path.with_name("another"))
    assert list(path.parent.iterdir()) == [path]
