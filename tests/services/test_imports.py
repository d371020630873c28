"""Imports as a whole: counted to the last row, carried out once, resumed where they stopped, seen by their employer."""

import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from db import reading, transaction
from db.accounts import Account
from db.events import Event
from db.imports import Import, ImportFile, ImportRow, ImportStatus, RowOutcome
from db.organisations import Organisation
from db.people import Person
from services import clock, housekeeping, imports
from services.clock import now
from services.errors import NotFound, WrongStatus
from services.imports import FileForgotten
from services.permissions import Actor
from tests import factories
from tests.services.importing import (
    carry_out,
    counts,
    how_many,
    keep,
    reasons,
    rows_of,
    run,
    staff_list,
    staff_row,
    staff_upload,
    stored,
)
from web.vocabulary import vocabulary

KNOWN_NUMBER = factories.invented_id_number(930)
STRANGERS_NUMBER = factories.invented_id_number(931)
CELLS = st.one_of(
    st.none(),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(),
)
NUMBERS = [KNOWN_NUMBER, STRANGERS_NUMBER, *(factories.invented_id_number(940 + n) for n in range(4))]
GOOD = st.builds(staff_row, st.sampled_from(["林知夏", "陈望舒"]), st.sampled_from(NUMBERS))
ROWS = st.lists(st.one_of(GOOD, st.lists(CELLS, min_size=1, max_size=9)), min_size=1, max_size=12)


def a_list(people: int, *, wrong: int = 0) -> bytes:
    return staff_list([staff_row(f"林{'知望若清怀'[n % 5]}") for n in range(people)] + [staff_row("<>")] * wrong)


def filled(rows: list[list[Any]]) -> int:
    """Rows in which something stands that can be seen."""
    return sum(any(cell is not None and str(cell).strip() for cell in row) for row in rows)


@example(rows=[[1.7976931348623155e308]])  # which comes back as infinity
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_whatever_the_rows_say_every_one_is_accepted_rejected_or_known(
    reviewer: Actor, employer: Organisation, rows: list[list[Any]]
) -> None:
    with transaction() as session:
        if session.scalar(select(Person.id).where(Person.name == "林知夏")) is None:
            factories.create_person(session, name="林知夏", id_number=KNOWN_NUMBER, employer=employer)
            factories.create_person(session, name="陈望舒", id_number=STRANGERS_NUMBER)
    upload = staff_upload(employer, staff_list([staff_row("<>"), *rows]))
    kept = keep(reviewer, upload)
    assert sum(counts(kept)) == kept.row_count == 1 + filled(rows)
    done = run(reviewer, kept)
    assert sum(counts(done)) == done.row_count
    assert len(rows_of(done, RowOutcome.ACCEPTED)) == done.accepted
    assert sorted(reasons(reviewer, done)) == [row.line for row in rows_of(done, RowOutcome.REJECTED)]
    again = carry_out(reviewer, upload)
    assert again.accepted == 0


def test_an_import_is_carried_out_once(reviewer: Actor, employer: Organisation) -> None:
    done = carry_out(reviewer, staff_upload(employer, a_list(3)))
    assert done.status is ImportStatus.IMPORTED
    with pytest.raises(WrongStatus):
        run(reviewer, done)


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "CHUNK", 2)


class PowerCut(BaseException):
    """What no service catches."""


@contextmanager
def _failing_at(turn: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """In the middle of the transaction that deals with that chunk."""
    turns = iter(range(100))
    take = imports._store

    def cut(*arguments: Any) -> None:
        take(*arguments)
        if next(turns) == turn:
            raise PowerCut

    with monkeypatch.context() as patched:
        patched.setattr(imports, "_store", cut)
        yield


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("turn", [0, 1, 2])
def test_after_a_crash_it_goes_on_where_it_stopped(
    reviewer: Actor, employer: Organisation, monkeypatch: pytest.MonkeyPatch, turn: int
) -> None:
    kept = keep(reviewer, staff_upload(employer, a_list(5, wrong=1)))
    with _failing_at(turn, monkeypatch), pytest.raises(PowerCut):
        run(reviewer, kept)
    halfway = stored(kept)
    assert (halfway.status, sum(counts(halfway))) == (ImportStatus.RUNNING, 2 * turn)
    assert how_many(Person) == 2 * turn
    assert counts(run(reviewer, kept)) == (5, 1, 0)
    assert how_many(Person) == 5


@pytest.mark.usefixtures("small_chunks")
def test_two_browsers_that_import_the_same_look_at_once_share_the_work(reviewer: Actor, employer: Organisation) -> None:
    kept = keep(reviewer, staff_upload(employer, a_list(9, wrong=2)))
    assert _at_once(reviewer, [kept, kept]) <= {None, WrongStatus}  # who comes late finds it finished
    assert counts(stored(kept)) == (9, 2, 0)
    assert how_many(Person) == 9


@pytest.mark.usefixtures("small_chunks")
def test_two_uploads_of_one_file_at_once_add_nothing_twice(reviewer: Actor, employer: Organisation) -> None:
    content = a_list(7)
    uploads = [keep(reviewer, staff_upload(employer, content)) for _ in range(2)]
    assert _at_once(reviewer, uploads) == {None}
    together = [counts(stored(kept)) for kept in uploads]
    assert sum(accepted for accepted, _, _ in together) == 7
    assert sum(known for _, _, known in together) == 7
    assert how_many(Person) == 7


def _at_once(reviewer: Actor, uploads: list[Import]) -> set[type[Exception] | None]:
    def click(kept: Import) -> type[Exception] | None:
        try:
            imports.run(transaction, reviewer, kept.id, vocabulary())
        except WrongStatus as refusal:
            return type(refusal)
        return None

    with ThreadPoolExecutor(len(uploads)) as pool:
        return set(pool.map(click, uploads))


def test_another_employer_sees_none_of_it(reviewer: Actor, employer: Organisation) -> None:
    kept = keep(reviewer, staff_upload(employer, a_list(1, wrong=1)))
    with transaction() as session:
        stranger = factories.actor_of(session, factories.create_reviewer(session, factories.create_employer(session)))
    with reading() as session:
        assert imports.list_(session, stranger) == []
        assert imports.find(session, stranger, kept.id) is None
        for look in (imports.rejections, imports.file_of):
            with pytest.raises(NotFound):
                look(session, stranger, kept.id)
    with pytest.raises(NotFound):
        run(stranger, kept)


def test_the_uploaded_file_is_kept_encrypted(reviewer: Actor, employer: Organisation) -> None:
    upload = staff_upload(employer, a_list(1))
    kept = keep(reviewer, upload)
    with reading() as session:
        assert upload.file.content[:60] not in session.get_one(ImportFile, kept.id).content
        assert imports.file_of(session, reviewer, kept.id)[1] == upload.file.content


def test_no_event_quotes_a_row(reviewer: Actor, employer: Organisation) -> None:
    number = factories.invented_id_number(955)
    carry_out(reviewer, staff_upload(employer, staff_list([staff_row("林知夏", number)])))
    with reading() as session:
        events = session.scalars(select(Event)).all()
    assert {"import_check", "account_import", "binding_enter", "import_finish"} <= {event.action for event in events}
    assert number not in repr([(event.before, event.after) for event in events])


def test_uploads_are_forgotten_in_time(reviewer: Actor, employer: Organisation) -> None:
    unused = keep(reviewer, staff_upload(employer, a_list(1, wrong=1)))
    used = carry_out(reviewer, staff_upload(employer, a_list(1)))
    with clock.at(now() + timedelta(days=8)):
        housekeeping.run_due(transaction)
    with reading() as session:
        assert session.get(Import, unused.id) is None
        assert imports.file_of(session, reviewer, used.id)
        assert session.scalars(select(ImportRow).where(ImportRow.import_id == unused.id)).all() == []
    with clock.at(now() + timedelta(days=31)):
        housekeeping.run_due(transaction)
    with reading() as session, pytest.raises(FileForgotten):
        imports.file_of(session, reviewer, used.id)


def test_a_list_of_imports_is_paged(reviewer: Actor, employer: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "PAGE_SIZE", 2)
    kept = [keep(reviewer, staff_upload(employer, a_list(1))).id for _ in range(3)]
    with reading() as session:
        first = imports.list_(session, reviewer)
        second = imports.list_(session, reviewer, after_id=first[-1].id)
    assert [each.id for each in (*first, *second)] == kept[::-1]


def test_user_names_are_never_given_twice(
    reviewer: Actor, employer: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even if chance gave the same name again and again."""
    rolls = iter([0] * 16 + list(range(10_000)))
    monkeypatch.setattr(secrets, "choice", lambda letters: letters[next(rolls) % len(letters)])
    carry_out(reviewer, staff_upload(employer, a_list(3)))
    with reading() as session:
        names = session.scalars(select(Account.username).join(Person)).all()
    assert len(set(names)) == 3
