"""Reads one font file: which characters it has, how wide they are, and their outlines."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from struct import iter_unpack, unpack_from
from typing import Any, Protocol

from fontTools.cffLib import FDSelect, Index  # type: ignore[import-untyped]  # has no types
from fontTools.pens.t2CharStringPen import T2CharStringPen  # type: ignore[import-untyped]  # has no types
from fontTools.pens.transformPen import TransformPen  # type: ignore[import-untyped]  # has no types
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # has no types

from services.pdf.cff import EM
from services.pdf.charstring import encode_number, flatten

UNICODE_FULL = (3, 10)


@dataclass(frozen=True, slots=True)
class Glyph:
    """Advance in thousandths of the em; the charstring stands alone, its width in front."""

    advance: int
    charstring: bytes


class Typeface(Protocol):
    def has(self, character: str) -> bool: ...

    def glyph(self, character: str) -> Glyph: ...


class PackagedFace:
    """A CID-keyed CFF font of 1000 units, read where it is needed: unpacking all 31,000 glyphs would take a second."""

    def __init__(self, content: bytes) -> None:
        font = TTFont(BytesIO(content), lazy=True)
        self._cmap = _Cmap(font.reader["cmap"])
        self._metrics = font.reader["hmtx"]
        self._full_metrics = font["hhea"].numberOfHMetrics
        cff = font["CFF "].cff
        top = cff.topDictIndex[0]
        table = BytesIO(font.reader["CFF "])
        table.seek(top.rawDict["CharStrings"])
        self._charstrings = Index(table)
        table.seek(top.rawDict["FDSelect"])
        self._part_of_glyph = FDSelect(table, len(self._charstrings)).gidArray
        self._local_subrs = [_Bytecodes(getattr(part.Private, "Subrs", ())) for part in top.FDArray]
        self._global_subrs = _Bytecodes(cff.GlobalSubrs)

    def has(self, character: str) -> bool:
        return self._cmap.glyph_id(character) != 0

    def glyph(self, character: str) -> Glyph:
        glyph_id = self._cmap.glyph_id(character)
        (advance,) = unpack_from(">H", self._metrics, 4 * min(glyph_id, self._full_metrics - 1))
        subrs = self._local_subrs[self._part_of_glyph[glyph_id]]
        outline = flatten(self._charstrings[glyph_id], subrs, self._global_subrs)
        return Glyph(advance, encode_number(advance) + outline)


class AnyFace:
    """Whatever else fontTools reads (TrueType, CFF2, any em): the administrator's own font."""

    def __init__(self, path: Path) -> None:
        font = TTFont(BytesIO(path.read_bytes()), lazy=True, fontNumber=0)
        self._cmap: dict[int, str] = font.getBestCmap()
        self._glyphs = font.getGlyphSet()
        self._scale = EM / font["head"].unitsPerEm

    def has(self, character: str) -> bool:
        return ord(character) in self._cmap

    def glyph(self, character: str) -> Glyph:
        source = self._glyphs[self._cmap[ord(character)]]
        pen = T2CharStringPen(None, self._glyphs)
        source.draw(TransformPen(pen, (self._scale, 0, 0, self._scale, 0, 0)))
        charstring = pen.getCharString()
        charstring.compile()
        advance = round(source.width * self._scale)
        return Glyph(advance, encode_number(advance) + charstring.bytecode)


class _Cmap:
    """Format 12 searched in place of unpacking it."""

    def __init__(self, table: bytes) -> None:
        (count,) = unpack_from(">H", table, 2)
        records = {(platform, kind): at for platform, kind, at in iter_unpack(">HHL", table[4 : 4 + 8 * count])}
        start = records[UNICODE_FULL]
        (groups,) = unpack_from(">L", table, start + 12)
        self._groups = list(iter_unpack(">LLL", table[start + 16 : start + 16 + 12 * groups]))
        self._starts = [first for first, _, _ in self._groups]

    def glyph_id(self, character: str) -> int:
        """0 where the font has none."""
        code = ord(character)
        first, last, glyph_id = self._groups[bisect_right(self._starts, code) - 1]
        return glyph_id + code - first if first <= code <= last else 0


class _Bytecodes(Sequence[bytes]):
    """The subroutines of a CFF index, each read when it is called."""

    def __init__(self, subrs: Any) -> None:
        self._subrs = subrs

    def __len__(self) -> int:
        return len(self._subrs)

    def __getitem__(self, at: Any) -> Any:
        return self._subrs[at].bytecode
