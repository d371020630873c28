"""The typefaces of this process, parsed once: measuring, finding what is missing, and subsets to embed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from threading import Lock

import pylopdf_fonts_zh_cn as packaged

from services.pdf.typeface import AnyFace, Glyph, PackagedFace, Typeface

CHARACTERS_KEPT, TEXTS_KEPT = 1 << 15, 1 << 12
# Faces read from one place of their file after another, and requests come in threads
READING = Lock()
EXTRA_FONT = "HOURBOOK_CERTIFICATE_FONT"
# Noto Serif SC 2.003 and Noto Sans SC 2.004, SIL Open Font License 1.1
SERIF_SHA256 = "e8f396decc1f0963a016a989c3d8852e863d1350996f573860a80767c83a1cd3"
SANS_SHA256 = "faa6c9df652116dde789d351359f3d7e5d2285a2b2a1f04a2d7244df706d5ea9"
# Rare ideographs of names, beside this module: its README says where they come from
RARE = Path(__file__).parent / "fonts" / "HourbookRareSerif-Regular.otf"
RARE_SHA256 = "8041cec9f1ceabe6e814ae68af2a3374ae69ef760c1d82041bb9eb1576b0e46b"


class MissingGlyph(Exception):
    """No font on this system can print these characters; a certificate without them would name somebody else."""

    def __init__(self, characters: str) -> None:
        super().__init__(f"No font has {', '.join(f'{one} (U+{ord(one):04X})' for one in characters)}")
        self.characters = characters


class UnexpectedFont(Exception):
    """The packaged font file is not the one this release was checked with."""


def missing_glyphs(text: str) -> str:
    """The characters that cannot be printed, each once, in order of appearance."""
    return "".join(dict.fromkeys(character for character in text if _face_of(character) is None))


def require_glyphs(text: str) -> None:
    """Raises MissingGlyph."""
    if missing := missing_glyphs(text):
        raise MissingGlyph(missing)


@lru_cache(maxsize=CHARACTERS_KEPT)
def glyph(character: str) -> Glyph:
    """Raises MissingGlyph."""
    face = _face_of(character)
    if face is None:
        raise MissingGlyph(character)
    with READING:
        return face.glyph(character)


@lru_cache(maxsize=TEXTS_KEPT)
def advance(text: str) -> int:
    """In thousandths of the em. Raises MissingGlyph."""
    return sum(glyph(character).advance for character in text)


@lru_cache(maxsize=CHARACTERS_KEPT)
def _face_of(character: str) -> Typeface | None:
    return next((face for face in _chain() if face.has(character)), None)


def _chain() -> Iterator[Typeface]:
    yield _serif()
    yield _rare()
    yield _sans()
    if path := os.environ.get(EXTRA_FONT):
        yield _extra(Path(path))


@cache
def _serif() -> Typeface:
    return _checked(packaged.serif_path(), SERIF_SHA256)


@cache
def _rare() -> Typeface:
    return _checked(RARE, RARE_SHA256)


@cache
def _sans() -> Typeface:
    return _checked(packaged.sans_path(), SANS_SHA256)


@cache
def _extra(path: Path) -> Typeface:
    return AnyFace(path)


def _checked(path: Path, expected: str) -> Typeface:
    content = path.read_bytes()
    if (found := sha256(content).hexdigest()) != expected:
        raise UnexpectedFont(f"{path.name}: SHA-256 {found}, expected {expected}")
    return PackagedFace(content)
