"""Files that analysts take along: everybody's own, each an event, gone with the next sweep, and never too large."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, select

from db import reading, transaction
from db.accounts import Role
from db.events import Event
from db.snapshots import Snapshot
from services import exploration_files, explored_rows, stored_files
from services.errors import NotFound, PermissionDenied
from services.exploration_files import KeptFile, MadeFile
from services.explored_rows import TooManyRows
from services.permissions import Actor
from services.questions import EVERYTHING
from services.storage import StorageDamaged
from tests.services import exploring

FILE = MadeFile("历史数据.csv", "text/csv", b"content", 3)
ASKED = replace(EVERYTHING, text="林晓", year_from=2016)


@pytest.fixture
def analyst(database: Engine) -> Actor:
    return exploring.analyst()


@pytest.fixture
def made(analyst: Actor) -> Snapshot:
    exploring.imported(exploring.records(7))
    return exploring.snapshot(analyst)


def keep(actor: Actor, made: Snapshot) -> None:
    with transaction() as session:
        exploration_files.keep(session, actor, made, ASKED, FILE)


def kept(actor: Actor) -> list[KeptFile]:
    with reading() as session:
        return list(exploration_files.list_own(session, actor))


def test_a_file_is_for_whoever_made_it_alone(analyst: Actor, made: Snapshot) -> None:
    keep(analyst, made)
    (file,) = kept(analyst)
    with reading() as session:
        assert exploration_files.read(session, analyst, file.id) == (file, FILE.content)
    other = exploring.analyst()
    assert kept(other) == []
    with reading() as session, pytest.raises(NotFound):
        exploration_files.read(session, other, file.id)


def test_no_other_event_leads_to_a_file(analyst: Actor, made: Snapshot) -> None:
    with reading() as session:
        (making,) = session.scalars(select(Event).where(Event.action == "snapshot_make"))
        with pytest.raises(NotFound):
            exploration_files.read(session, analyst, making.id)


def test_it_is_gone_with_the_next_sweep(analyst: Actor, made: Snapshot) -> None:
    keep(analyst, made)
    (file,) = kept(analyst)
    stored_files.remove_discarded(transaction)
    assert kept(analyst) == []
    with reading() as session, pytest.raises(StorageDamaged):
        exploration_files.read(session, analyst, file.id)


def test_the_event_says_what_was_taken_and_not_whom_somebody_looked_for(analyst: Actor, made: Snapshot) -> None:
    keep(analyst, made)
    with reading() as session:
        event = session.scalars(select(Event).where(Event.action == exploration_files.ACTION)).one()
    assert (event.object_type, event.object_id) == ("snapshot", made.id)
    assert event.after["rows"] == 3
    assert event.after["snapshot"] == made.sha256
    assert (event.after["question"], event.after["searched"]) == ({"year_from": "2016"}, True)
    assert "林晓" not in str(event.after)


def test_all_rows_come_in_batches_and_progress_is_told(
    analyst: Actor, made: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explored_rows, "BATCH", 3)
    told: list[tuple[int, int]] = []
    found = list(explored_rows.everything(analyst, made, EVERYTHING, on_progress=lambda *done: told.append(done)))
    assert found == exploring.everything(analyst, made, EVERYTHING)
    assert told == [(3, 7), (6, 7), (7, 7)]


def test_more_rows_than_one_file_holds_are_refused_before_anything_is_read(
    analyst: Actor, made: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explored_rows, "MOST_ROWS", 6)
    with pytest.raises(TooManyRows) as refused:
        explored_rows.everything(analyst, made, EVERYTHING)
    assert refused.value.params == {"rows": 7, "most": 6}


def test_nobody_but_an_analyst_takes_anything(analyst: Actor, made: Snapshot) -> None:
    other = exploring.somebody(Role.SUPERVISOR)
    with transaction() as session:
        for act in (
            lambda: exploration_files.keep(session, other, made, EVERYTHING, FILE),
            lambda: exploration_files.list_own(session, other),
            lambda: exploration_files.read(session, other, 1),
            lambda: explored_rows.everything(other, made, EVERYTHING),
        ):
            with pytest.raises(PermissionDenied):
                act()
