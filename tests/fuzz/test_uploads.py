"""Whatever is uploaded is let in clean or refused with a reason, in bounded time, and leaves nothing behind."""

import io
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.settings import settings
from services import evidence_files, legacy_files, sandbox, spreadsheets
from services.errors import DomainError
from services.evidence_files import CheckedFile
from tests.fuzz.files import EVERY, EVIDENCE, EXPORTS, LISTS, File, damaged
from tests.fuzz.strength import examples

pytestmark = pytest.mark.no_database
# The confined process is ended before; a busy machine may take longer to notice.
BOUND = 2 * sandbox.ANSWER_SECONDS
BEGINNINGS = [b"", b"%PDF-1.7\n", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"]


def outcome(door: Callable[[str, bytes], object], name: str, content: bytes) -> object:
    """What comes of it: any error but a refusal that says something would be an incident."""
    try:
        return door(name, content)
    except DomainError as refusal:
        return str(refusal) or pytest.fail("a refusal without a reason")


@examples(100)
@given(damaged(EVIDENCE))
def test_evidence_is_let_in_clean_or_refused(file: File) -> None:
    began = time.monotonic()
    first = outcome(evidence_files.check, *file)
    assert time.monotonic() - began < BOUND
    if isinstance(first, CheckedFile):
        again = outcome(evidence_files.check, first.file_name, first.clean)
        assert isinstance(again, CheckedFile), "what was let in is itself a file that is let in"


@examples(60)
@given(damaged(EVERY))
def test_every_file_is_refused_or_let_in_through_every_door(file: File) -> None:
    before = stored()
    for door in DOORS:
        outcome(door, *file)
    assert stored() == before, "nothing is stored before it is asked for"


@examples(60)
@given(
    st.text(max_size=20), st.sampled_from([".pdf", ".jpg", ".png", ".xlsx", ".xls", ".csv"]), st.binary(max_size=300)
)
def test_any_bytes_under_any_name_are_refused_or_let_in(stem: str, ending: str, content: bytes) -> None:
    for beginning in BEGINNINGS:
        for door in DOORS:
            outcome(door, stem + ending, beginning + content)


@examples(60)
@given(damaged(LISTS))
def test_the_rows_of_a_list_are_read_to_the_end_or_it_is_refused(file: File) -> None:
    outcome(read_list, "人员.xlsx", file.content)


@examples(100)
@given(damaged(EXPORTS))
def test_the_rows_of_an_old_system_are_read_to_the_end_or_it_is_refused(file: File) -> None:
    outcome(read_export, *file)


def stored() -> set[Path]:
    """Other tests of this process have stored files, too."""
    return set(settings().data_dir.glob("evidence/**/*"))


def read_list(name: str, content: bytes) -> None:
    assert all(row.number > 0 for row in spreadsheets.check(name, content).rows())


def read_export(name: str, content: bytes) -> None:
    """Twice, because it is read again for every step of an import."""
    let_in = legacy_files.check(name, io.BytesIO(content))
    assert list(let_in.lines()) == list(let_in.lines())


DOORS: list[Callable[[str, bytes], object]] = [evidence_files.check, spreadsheets.check, read_export]
