"""Snapshots of the old systems' rows: made when something has changed, the same for the same rows, without numbers."""

import threading

import pyarrow.parquet as pq  # type: ignore[import-untyped]  # comes without types
import pytest
from sqlalchemy import Engine, func, select

from db import reading, transaction
from db.accounts import Role
from db.events import Event
from db.files import DiscardedFile
from db.legacy import LegacyImport, LegacyImportStatus, LegacyRow
from db.settings import settings
from db.snapshots import Snapshot
from services import (
    events,
    identity,
    leases,
    legacy_parts,
    legacy_undo,
    snapshot_rows,
    snapshots,
    storage,
    stored_files,
)
from services.errors import PermissionDenied
from services.permissions import Actor
from services.questions import EVERYTHING
from services.snapshots import SnapshotBeingMade
from services.storage import StorageDamaged
from tests import factories
from tests import legacy_files as files
from tests.services import exploring
from tests.services.exploring import everything, records


@pytest.fixture
def analyst(database: Engine) -> Actor:
    return exploring.analyst()


def kept() -> list[Snapshot]:
    with reading() as session:
        return list(session.scalars(select(Snapshot).order_by(Snapshot.id)))


def test_a_snapshot_is_made_when_something_has_changed_and_not_before(analyst: Actor) -> None:
    snapshots.make_due(reading, transaction)
    assert kept() == []
    exploring.imported(records(5))
    snapshots.make_due(reading, transaction)
    snapshots.make_due(reading, transaction)
    (made,) = kept()
    assert made.row_count == 5
    with reading() as session:
        assert not snapshots.is_outdated(session, made)
        legacy = session.scalars(select(LegacyImport)).one()
    legacy_undo.undo(transaction, analyst, legacy.id)
    snapshots.make_due(reading, transaction)
    assert kept()[-1].row_count == 0


def test_the_same_rows_make_the_same_file(analyst: Actor) -> None:
    exploring.imported(records(5))
    first, second = exploring.snapshot(analyst), exploring.snapshot(analyst)
    assert (first.sha256, first.row_count) == (second.sha256, second.row_count)
    exploring.imported(records(6), name="又.csv")
    assert exploring.snapshot(analyst).sha256 != first.sha256


def test_rows_are_written_in_batches_and_all_are_there(analyst: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot_rows, "BATCH", 4)
    exploring.imported(records(10))
    told: list[tuple[int, int]] = []
    made = snapshots.make(reading, transaction, analyst, on_progress=lambda *done: told.append(done))
    assert told == [(4, 10), (8, 10), (10, 10)]
    with reading() as session:
        wanted = session.scalars(select(LegacyRow.id).order_by(LegacyRow.id)).all()
    assert [row.id for row in everything(analyst, made, EVERYTHING)] == list(wanted)


def test_no_id_number_and_nothing_that_leads_to_one_is_in_the_file(analyst: Actor) -> None:
    exploring.imported(records(30))
    made = exploring.snapshot(analyst)
    written = pq.read_table(storage.checked_path(made.sha256))
    with reading() as session:
        digests = set(session.scalars(select(LegacyRow.id_number_digest)))
    said = {str(value) for column in written.columns for value in column.to_pylist()}
    numbers = {factories.invented_id_number(100_000 + number) for number in range(10)}
    assert not said & (numbers | digests)
    assert not any(number[6:14] in each for each in said for number in numbers)


def test_a_number_that_stands_in_another_column_is_masked_as_well(analyst: Actor) -> None:
    number = factories.invented_id_number(7)
    told = files.record(1, 课程名称=f"{number}的课程", 单位名称=f"单位{number}")
    exploring.imported([files.RECORD_HEADER, told], name=f"{number}.csv", system=f"系统{number}")
    (row,) = everything(analyst, exploring.snapshot(analyst), EVERYTHING)
    assert number[6:14] not in str(row)
    assert row.title == f"{identity.mask(number)}的课程"


def test_a_file_that_is_being_imported_is_not_part_of_it(analyst: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legacy_parts, "PART_ROWS", 3)
    exploring.imported(records(9))
    with transaction() as session:
        importing = session.scalars(select(LegacyImport)).one()
        importing.status, importing.accepted = LegacyImportStatus.RUNNING, 6
    assert exploring.snapshot(analyst).row_count == 0


def test_only_the_newest_two_are_kept(analyst: Actor) -> None:
    made = []
    for number in range(1, 5):
        exploring.imported(records(number), name=f"{number}.csv")
        made.append(exploring.snapshot(analyst))
    stored_files.remove_discarded(transaction)
    assert [each.id for each in kept()] == [each.id for each in made[2:]]
    assert [storage.exists(each.sha256) for each in made] == [False, False, True, True]


def test_a_file_that_an_older_snapshot_names_too_is_kept(analyst: Actor) -> None:
    exploring.imported(records(3))
    made = [exploring.snapshot(analyst) for _ in range(3)]
    stored_files.remove_discarded(transaction)
    assert storage.exists(made[0].sha256)
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(DiscardedFile)) == 0


def test_a_damaged_file_answers_nothing(analyst: Actor) -> None:
    exploring.imported(records(11))
    made = exploring.snapshot(analyst)
    storage.checked_path(made.sha256).write_bytes(b"PAR1 nonsense")
    storage._check_once.cache_clear()
    with pytest.raises(StorageDamaged):
        everything(analyst, made, EVERYTHING)
    storage.remove(made.sha256)
    with pytest.raises(StorageDamaged):
        everything(analyst, made, EVERYTHING)


def test_one_process_makes_it_at_a_time(analyst: Actor) -> None:
    with transaction() as session:
        assert leases.acquire(session, snapshots.LEASE, leases.new_holder(), snapshots.LEASE_TIME)
    with pytest.raises(SnapshotBeingMade):
        exploring.snapshot(analyst)


def test_others_write_while_it_is_made(analyst: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    exploring.imported(records(5))
    monkeypatch.setattr(snapshot_rows, "BATCH", 2)
    written = threading.Event()

    def write_meanwhile(_done: int, _total: int) -> None:
        if not written.is_set():
            with transaction() as session:
                factories.create_account(session)
            written.set()

    snapshots.make(reading, transaction, analyst, on_progress=write_meanwhile)
    assert written.is_set()


def test_whoever_makes_one_is_recorded_and_only_analysts_may(analyst: Actor) -> None:
    made = exploring.snapshot(analyst)
    supervisor = exploring.somebody(Role.SUPERVISOR)
    with pytest.raises(PermissionDenied):
        exploring.snapshot(supervisor)
    with reading() as session, pytest.raises(PermissionDenied):
        snapshots.newest(session, supervisor)
    with reading() as session:
        event = session.scalars(select(Event).where(Event.action == "snapshot_make")).one()
        assert (event.object_id, event.after) == (made.id, {"rows": 0, "sha256": made.sha256})
        assert events.check_chain(session).intact


def test_one_person_is_counted_once_and_another_of_the_same_name_again(analyst: Actor) -> None:
    same = {"姓名": "林晓", "身份证号": "", "单位名称": "甲单位"}
    rows = [files.record(1, **same), files.record(2, **same), files.record(3, **{**same, "单位名称": "乙单位"})]
    exploring.imported([files.RECORD_HEADER, *rows])
    made = exploring.snapshot(analyst)
    keys = pq.read_table(storage.checked_path(made.sha256), columns=["person"]).column("person").to_pylist()
    assert keys[0] == keys[1] != keys[2]


def test_nothing_is_left_behind_when_writing_breaks_off(analyst: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    exploring.imported(records(3))

    def break_off(*_given: object) -> int:
        raise OSError("disk full")

    monkeypatch.setattr(snapshot_rows, "write", break_off)
    with pytest.raises(storage.StorageUnavailable):
        exploring.snapshot(analyst)
    assert kept() == []
    assert not list(settings().data_dir.rglob(".incoming-*"))
    monkeypatch.undo()
    assert exploring.snapshot(analyst).row_count == 3
