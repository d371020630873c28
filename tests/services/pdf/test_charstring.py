import random
from io import BytesIO
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn as packaged
import pytest
from fontTools.cffLib import CFFFontSet  # type: ignore[import-untyped]  # has no types
from fontTools.pens.recordingPen import RecordingPen  # type: ignore[import-untyped]  # has no types
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # has no types

from services.pdf import cff
from services.pdf.charstring import UnsupportedCharstring, encode_number, flatten
from services.pdf.typeface import PackagedFace

pytestmark = pytest.mark.no_database


@pytest.mark.parametrize("path", [packaged.serif_path(), packaged.sans_path()], ids=["serif", "sans"])
def test_embedded_outlines_and_widths_are_those_of_the_font(path: Path) -> None:
    source = TTFont(path)
    names, outlines = source.getBestCmap(), source.getGlyphSet()
    characters = [chr(code) for code in random.Random(2026).sample(sorted(names), 400)]
    face = PackagedFace(path.read_bytes())
    embedded = _read(cff.build("TEST+Font", [face.glyph(character).charstring for character in characters]))
    for number, character in enumerate(characters, start=1):
        original, copy = outlines[names[ord(character)]], embedded[f"cid{number:05d}"]
        assert _drawn(copy) == _drawn(original), character
        assert copy.width == original.width == face.glyph(character).advance


def test_numbers_are_encoded_in_the_shortest_form_that_dicts_share() -> None:
    assert [encode_number(value) for value in (-107, 107, 108, -1000)] == [
        b"\x20",
        b"\xf6",
        b"\x1c\x00\x6c",
        b"\x1c\xfc\x18",
    ]


def test_arithmetic_in_a_charstring_is_refused() -> None:
    with pytest.raises(UnsupportedCharstring):
        flatten(b"\x8b\x8b\x0c\x0a\x0e", [], [])


def _read(font: bytes) -> dict[str, Any]:
    fonts = CFFFontSet()
    fonts.decompile(BytesIO(font), None)
    return fonts[0].CharStrings  # type: ignore[no-any-return]  # has no types


def _drawn(glyph: Any) -> list[object]:
    pen = RecordingPen()
    glyph.draw(pen)
    return list(pen.value)
