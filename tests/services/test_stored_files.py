"""A stored file lives as long as a row names it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select

from db import Base, reading, transaction
from db.claims import Claim, Evidence
from db.files import DiscardedFile
from db.people import Person
from services import claims, evidence, storage, stored_files
from services.permissions import Actor
from services.storage import StorageUnavailable
from tests import factories
from tests.services.files import checked_file as file


@pytest.fixture
def owner() -> Actor:
    with transaction() as session:
        return factories.actor_for(session, factories.create_person(session))


def draft_with(owner: Actor, content: bytes) -> tuple[Claim, Evidence]:
    with transaction() as session:
        person = session.get_one(Person, owner.person_id)
        claim = factories.create_claim(session, person)
        return claim, evidence.attach(session, owner, claim.id, file(content))


def waiting() -> int | None:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(DiscardedFile))


def test_a_removed_attachment_is_gone_with_the_next_sweep(owner: Actor) -> None:
    _, attached = draft_with(owner, b"%PDF-only here")
    with transaction() as session:
        evidence.remove(session, owner, attached.id)
    assert storage.exists(attached.sha256)
    stored_files.remove_discarded(transaction)
    assert not storage.exists(attached.sha256)
    assert waiting() == 0


def test_so_are_those_of_a_deleted_draft(owner: Actor) -> None:
    claim, attached = draft_with(owner, b"%PDF-of a draft")
    with transaction() as session:
        claims.delete(session, owner, claim.id, seen=session.get_one(Claim, claim.id).version)
    stored_files.remove_discarded(transaction)
    assert not storage.exists(attached.sha256)


def test_the_same_content_stays_for_another_row(owner: Actor) -> None:
    _, attached = draft_with(owner, b"%PDF-twice")
    draft_with(owner, b"%PDF-twice")
    with transaction() as session:
        evidence.remove(session, owner, attached.id)
    stored_files.remove_discarded(transaction)
    assert storage.exists(attached.sha256)
    assert waiting() == 0


def test_what_is_attached_again_before_the_sweep_stays(owner: Actor) -> None:
    claim, attached = draft_with(owner, b"%PDF-back again")
    with transaction() as session:
        evidence.remove(session, owner, attached.id)
    with transaction() as session:
        evidence.attach(session, owner, claim.id, file(b"%PDF-back again"))
    stored_files.remove_discarded(transaction)
    assert storage.exists(attached.sha256)


def test_what_was_not_stored_after_all_removes_nothing(owner: Actor) -> None:
    _, attached = draft_with(owner, b"%PDF-kept")

    def remove_and_fail() -> None:
        with transaction() as session:
            evidence.remove(session, owner, attached.id)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        remove_and_fail()
    stored_files.remove_discarded(transaction)
    assert storage.exists(attached.sha256)


def test_a_file_that_is_missing_already_is_no_matter() -> None:
    with transaction() as session:
        stored_files.discard(session, [Evidence(sha256="0" * 64, original_sha256="1" * 64)])
        stored_files.discard(session, [Evidence(sha256="0" * 64, original_sha256="0" * 64)])
    assert waiting() == 2
    stored_files.remove_discarded(transaction)
    assert waiting() == 0


def test_what_cannot_be_removed_now_is_tried_again(owner: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    _, attached = draft_with(owner, b"%PDF-stubborn")
    with transaction() as session:
        evidence.remove(session, owner, attached.id)
    with monkeypatch.context() as broken:
        broken.setattr(Path, "unlink", fail)
        with pytest.raises(StorageUnavailable):
            stored_files.remove_discarded(transaction)
    assert waiting() == 1
    stored_files.remove_discarded(transaction)
    assert not storage.exists(attached.sha256)


def fail(*_: object, **__: object) -> None:
    raise PermissionError


def test_whatever_is_attached_while_the_sweep_runs_is_there_afterwards(owner: Actor) -> None:
    """The same bytes again and again: the row that names them must never stand without them."""
    claim, _ = draft_with(owner, b"%PDF-another")

    def attach_and_remove() -> None:
        for _ in range(15):
            with transaction() as session:
                attached = evidence.attach(session, owner, claim.id, file(b"%PDF-contended"))
            assert storage.exists(attached.sha256)
            with transaction() as session:
                evidence.remove(session, owner, attached.id)

    def sweep() -> None:
        for _ in range(30):
            stored_files.remove_discarded(transaction)

    with ThreadPoolExecutor(3) as threads:
        for each in [threads.submit(act) for act in (attach_and_remove, sweep, sweep)]:
            each.result()


def test_every_column_that_names_a_stored_file_is_known() -> None:
    columns = {
        column
        for table in Base.metadata.tables.values()
        for column in table.columns
        if "sha256" in column.name and table.name != DiscardedFile.__tablename__
    }
    assert {name.property.columns[0] for name in stored_files.NAMES} == columns
