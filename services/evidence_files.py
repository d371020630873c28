"""Lets an uploaded file in, or says why not: by its size, name, kind and content, and never by what it claims to be."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass

from db.settings import settings
from services import sandbox
from services.file_refusals import ContentMismatch, FileEmpty, FileTooLarge, FileTypeNotAllowed, FileUnreadable
from services.scanning import scan

MEGABYTE = 1024 * 1024
MOST_BYTES = 5 * MEGABYTE
MOST_BYTES_TOGETHER = 20 * MEGABYTE
MOST_FILES = 10
LONGEST_NAME = 80
UNNAMED = "附件"


@dataclass(frozen=True, slots=True)
class Kind:
    """What the user calls it, what the browser calls it, and how it begins."""

    label: str
    media_type: str
    signature: bytes


_JPEG = Kind("JPG", "image/jpeg", b"\xff\xd8\xff")
KINDS = {
    "pdf": Kind("PDF", "application/pdf", b"%PDF-"),
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "png": Kind("PNG", "image/png", b"\x89PNG\r\n\x1a\n"),
}


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that was let in: the copy that is shown, and the original, whose signatures rewriting would break."""

    file_name: str
    media_type: str
    clean: bytes
    original: bytes
    sha256: str
    original_sha256: str


def check(file_name: str, content: bytes) -> CheckedFile:
    """Raises one of `services.file_refusals`."""
    _require_size(content)
    name = clean_name(file_name)
    kind = _kind(name, content)
    if address := settings().clamd_address:
        scan(address, content)
    clean = _rewritten(kind, content)
    return CheckedFile(name, kind.media_type, clean, content, _sha256(clean), _sha256(content))


def _require_size(content: bytes) -> None:
    if not content:
        raise FileEmpty
    if len(content) > MOST_BYTES:
        raise FileTooLarge(megabytes=MOST_BYTES // MEGABYTE)


def clean_name(file_name: str) -> str:
    """The last part of a path, without what is invisible or means something to a system; never empty."""
    last = re.split(r"[/\\]", file_name)[-1]
    visible = "".join(c for c in last if unicodedata.category(c)[0] != "C" or c.isspace())
    plain = re.sub(r'[<>:"|?*]', "_", " ".join(visible.split()))
    return _shortened(unicodedata.normalize("NFC", plain).rstrip(" ."))


def _shortened(name: str) -> str:
    """The ending is worth more than what stands before it."""
    stem, dot, ending = name.rpartition(".") if "." in name else (name, "", "")
    ending = dot + ending[: LONGEST_NAME // 2]
    return (stem.strip(" .") or UNNAMED)[: LONGEST_NAME - len(ending)] + ending


def _kind(name: str, content: bytes) -> Kind:
    kind = KINDS.get(name.rpartition(".")[2].lower()) if "." in name else None
    if kind is None:
        raise FileTypeNotAllowed
    if not content.startswith(kind.signature):
        raise ContentMismatch(kind=kind.label)
    return kind


def _rewritten(kind: Kind, content: bytes) -> bytes:
    clean = sandbox.rewritten(kind.media_type, content)
    if not clean.startswith(kind.signature):
        raise FileUnreadable
    return clean


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
