"""Evidence page by page as pictures, so that a reviewer sees it beside the decision without opening a file."""

from functools import lru_cache

from db.files import StoredFile
from services import sandbox, storage
from services.file_refusals import FileUnreadable

PDF = "application/pdf"
PNG = b"\x89PNG\r\n\x1a\n"
# Contents are named by their hash, so a number once counted stays right.
KNOWN_COUNTS = 4096


def pages_of(file: StoredFile) -> int:
    """Raises FileUnreadable, CheckUnavailable, StorageDamaged or StorageUnavailable."""
    return _counted(file.sha256) if file.media_type == PDF else 1


@lru_cache(maxsize=KNOWN_COUNTS)
def _counted(sha256: str) -> int:
    return page_count(storage.get(sha256), PDF)


def page_count(content: bytes, media_type: str) -> int:
    answer = sandbox.run("count_pages", content, media_type)
    if not answer.isdigit():  # a process with a hostile file in it may say anything
        raise FileUnreadable
    return int(answer)


def page_image(content: bytes, media_type: str, page: int) -> bytes:
    """The page, counted from 1, as PNG at a width fit for reading. Raises NoSuchPage or FileUnreadable."""
    picture = sandbox.run("draw", content, media_type, page)
    if not picture.startswith(PNG):
        raise FileUnreadable
    return picture
