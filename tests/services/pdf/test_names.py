"""Every character that a name may hold is printed, measured and copied from the PDF as what it is."""

import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from services.pdf import font_store
from tests.services.pdf import reading
from tests.services.pdf.signed import render
from tests.services.pdf.statements import ISSUED, LATIN_NAME, LONG_NAME

pytestmark = pytest.mark.no_database

OF_ONE_NAME = 100
# All pairs of bytes among which the two-byte codes are
CODES = [bytes((high, low)) for high in range(0x81, 0xFF) for low in range(0x40, 0xFF)]


def characters_of(encoding: str) -> str:
    decoded = (code.decode(encoding, "ignore") for code in CODES)
    return "".join(each for each in decoded if len(each) == 1 and each > "\x7f")


SETS = {
    "GB 2312": characters_of("gb2312"),
    "GBK": characters_of("gbk"),
    "extension A": "".join(map(chr, range(0x3400, 0x4DC0))),
    "the rest of the first plane": "".join(map(chr, range(0x9FA6, 0x9FF0))),
}


def names_of(characters: str) -> list[str]:
    """In names of the greatest length; blanks are left out, which no name consists of."""
    kept = "".join(character for character in characters if not character.isspace())
    return [kept[at : at + OF_ONE_NAME] for at in range(0, len(kept), OF_ONE_NAME)]


@pytest.mark.parametrize("characters", SETS.values(), ids=SETS.keys())
def test_no_character_of_the_set_is_missing(characters: str) -> None:
    assert font_store.missing_glyphs(characters) == ""
    assert len(characters) > 50


@pytest.mark.parametrize("characters", SETS.values(), ids=SETS.keys())
def test_what_is_printed_can_be_copied_as_the_same_characters(characters: str) -> None:
    for name in names_of(characters):
        assert name in reading.joined(render(replace(ISSUED, name=name)))


@pytest.mark.parametrize("name", ["㛃䶮𬭎喆堃镕𠮷", LONG_NAME, LATIN_NAME, "阿卜杜拉·买买提"])
def test_poppler_finds_the_name_too(name: str, tmp_path: Path) -> None:
    path = tmp_path / "certificate.pdf"
    path.write_bytes(render(replace(ISSUED, name=name)))
    said = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True).stdout
    assert "".join(name.split()) in "".join(said.split())


def test_no_two_characters_of_a_name_look_the_same() -> None:
    """A box in place of a missing glyph would be the same box each time."""
    boxes = {_ink(character) for character in "㛃䶮𬭎喆堃镕𠮷𡋾"}
    assert len(boxes) == 8


def _ink(character: str) -> bytes:
    """The first letters of the sentence, where the name stands."""
    pixels = reading.pixels(render(replace(ISSUED, name=character)), 150)
    return bytes(np.packbits(pixels[430:480, 380:475] < 128))


def test_a_substitute_spelling_is_noted_where_it_can_be_copied() -> None:
    note = "用字 U+2C386 以“王允”代替，因暂无字形，经持有人确认。"
    text = reading.joined(render(replace(ISSUED, name="王王允", note=note)))
    assert f"备注{''.join(note.split())}" in text


def test_the_longest_note_stays_beside_the_code_and_left_of_the_seal() -> None:
    note = (
        "用字 "
        + "，".join(f"U+2C38{number} 以“八个字的替代写法”代替" for number in range(4))
        + "，因暂无字形，经持有人确认。"
    )
    boxes = reading.letter_boxes(render(replace(ISSUED, note=note)))
    beside = [box for box in boxes if box[1] > 180.9 and box[3] < 185.5 and box[0] < 200]
    assert len(beside) > 80
    assert max(right for _, _, right, _ in beside) < 187
