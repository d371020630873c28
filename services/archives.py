"""Whether a zip file is what it says, found out before any parser of what is inside sees it.

Runs only in the limited processes of `services.sandbox`.
"""

import io
import stat
import zipfile
import zlib

from services.spreadsheet_refusals import SpreadsheetUnreadable, SuspiciousArchive

MOST_MEMBERS = 200
MOST_BYTES = 128 * 1024 * 1024
# What a member may unpack to for each of its bytes: rows that all say the same come to 20, bombs to 1,000.
MOST_RATIO = 250
RATIO_MATTERS_FROM = 1024 * 1024
CHUNK = 1 << 18
_ENCRYPTED = 0x1
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


def opened(content: bytes, most_bytes: int = MOST_BYTES) -> zipfile.ZipFile:
    """Every member was unpacked once to count its bytes. Raises SuspiciousArchive, SpreadsheetUnreadable."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        _require_plain(archive.infolist())
        _count_bytes(archive, most_bytes)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError):
        raise SpreadsheetUnreadable from None
    return archive


def _require_plain(members: list[zipfile.ZipInfo]) -> None:
    names = {member.filename.lower() for member in members}
    if len(members) > MOST_MEMBERS or len(names) < len(members) or not all(map(_is_plain, members)):
        raise SuspiciousArchive


def _is_plain(member: zipfile.ZipInfo) -> bool:
    """A file or folder below the archive's own top, neither encrypted nor a link."""
    parts = member.filename.split("/")
    mode = member.external_attr >> 16
    return (
        ".." not in parts
        and not member.filename.startswith("/")
        and not set(member.filename) & set("\\:\0")
        and not stat.S_ISLNK(mode)
        and not member.flag_bits & _ENCRYPTED
        and member.compress_type in _METHODS
    )


def _count_bytes(archive: zipfile.ZipFile, most_bytes: int) -> None:
    """The sizes in the archive's own list may be a lie, so what counts is what comes out."""
    together = 0
    for member in archive.infolist():
        size = 0
        with archive.open(member) as file:
            while part := file.read(CHUNK):
                size += len(part)
                together += len(part)
                if together > most_bytes or _is_bomb(size, member.compress_size):
                    raise SuspiciousArchive


def _is_bomb(size: int, packed: int) -> bool:
    return size > RATIO_MATTERS_FROM and size > MOST_RATIO * packed
