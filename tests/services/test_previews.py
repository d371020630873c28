"""Evidence as pictures beside the decision."""

import io
from pathlib import Path

import pytest
from PIL import Image

from db.claims import Evidence
from services import previews, sandbox, storage
from services.errors import DomainError
from services.file_refusals import FileUnreadable, NoSuchPage
from tests import hostile_files

pytestmark = pytest.mark.no_database


def picture(file_format: str, size: tuple[int, int] = (3000, 2000)) -> bytes:
    output = io.BytesIO()
    Image.new("RGB", size, "white").save(output, file_format)
    return output.getvalue()


def size_of(png: bytes) -> tuple[int, int]:
    return Image.open(io.BytesIO(png), formats=["PNG"]).size


def test_every_page_of_a_pdf_is_drawn_at_a_width_fit_for_reading() -> None:
    content = hostile_files.pdf(pages=3)
    assert previews.page_count(content, "application/pdf") == 3
    assert {size_of(previews.page_image(content, "application/pdf", page))[0] for page in (1, 2, 3)} == {1200}


@pytest.mark.parametrize(("file_format", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png")])
def test_a_large_picture_is_reduced(file_format: str, media_type: str) -> None:
    content = picture(file_format)
    assert previews.page_count(content, media_type) == 1
    assert size_of(previews.page_image(content, media_type, 1)) == (1200, 800)


@pytest.mark.parametrize("page", [0, -1, 4, 10**6])
def test_a_page_that_is_not_there_is_refused(page: int) -> None:
    with pytest.raises(NoSuchPage):
        previews.page_image(hostile_files.pdf(pages=3), "application/pdf", page)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 and nothing else", b"\x89PNG\r\n\x1a\n"])
@pytest.mark.parametrize("media_type", ["application/pdf", "image/png"])
def test_what_cannot_be_read_is_refused(content: bytes, media_type: str) -> None:
    with pytest.raises(FileUnreadable):
        previews.page_image(content, media_type, 1)


@pytest.mark.parametrize("answer", [b"", b"<html>", b"-1"])
def test_the_confined_process_is_not_believed(monkeypatch: pytest.MonkeyPatch, answer: bytes) -> None:
    monkeypatch.setattr(sandbox, "run", lambda *_: answer)
    for ask in (lambda: previews.page_count(b"", "application/pdf"), lambda: previews.page_image(b"", "image/png", 1)):
        with pytest.raises(DomainError):
            ask()


def test_pages_of_a_stored_file_are_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    file = Evidence(media_type="application/pdf", sha256=storage.put(hostile_files.pdf(pages=2)))
    assert previews.pages_of(file) == 2
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("read again"))
    assert previews.pages_of(file) == 2
