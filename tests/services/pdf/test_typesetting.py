import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.pdf.page import BODY_BOTTOM, BODY_STEPS, BODY_TOP
from services.pdf.typesetting import (
    NEVER_FIRST,
    NEVER_LAST,
    Line,
    Paragraph,
    Piece,
    fitting_size,
    measure,
    set_paragraph,
)

pytestmark = pytest.mark.no_database

ROOM = 221.0
CHARACTERS = st.text(alphabet="测绘研究院（）《》、，。·A b1-", min_size=1, max_size=160)


def _set(text: str) -> Paragraph:
    return set_paragraph([Piece(text)], BODY_STEPS, room=ROOM, top=BODY_TOP, bottom=BODY_BOTTOM)


def _text(line: Line) -> str:
    return "".join(piece.text for piece in line.pieces)


@given(CHARACTERS)
def test_no_character_but_spaces_is_lost_at_a_line_end(text: str) -> None:
    assert "".join("".join(map(_text, _set(text).lines)).split()) == "".join(text.split())


@given(st.text(alphabet="测绘研究院（）、，。", min_size=1, max_size=160).filter(lambda text: "，，" not in text))
def test_a_set_line_is_never_wider_than_its_room(text: str) -> None:
    paragraph = _set(_tame(text))
    for line in paragraph.lines:
        width = line.indent + measure(_text(line), paragraph.step.size) + line.spacing * (len(_text(line)) - 1)
        assert width <= ROOM + 0.01


@given(st.text(alphabet="测绘研究院（）、，。", min_size=1, max_size=160))
def test_punctuation_keeps_to_its_side_of_the_line(text: str) -> None:
    lines = [_text(line) for line in _set(_tame(text)).lines]
    assert all(line[0] not in NEVER_FIRST for line in lines[1:])
    assert all(line[-1] not in NEVER_LAST for line in lines[:-1])


def test_latin_words_stay_whole() -> None:
    name = "Christopher-Wolfeschlegelstein"
    assert any(name in _text(line) for line in _set("测" * 36 + name + "测" * 20).lines)


def test_a_long_text_gets_smaller_letters_and_a_short_one_does_not() -> None:
    assert _set("测绘" * 20).step.size == 15
    assert _set("测绘" * 90).step.size < 15


def test_a_text_shrinks_only_as_far_as_it_must() -> None:
    assert fitting_size("测绘", 12, 100) == 12
    assert measure("测绘" * 20, fitting_size("测绘" * 20, 12, 70)) == pytest.approx(70)


def _tame(text: str) -> str:
    """Like real names: marks of punctuation stand between words, not in rows."""
    return "".join(f"测{character}绘" if character in NEVER_FIRST | NEVER_LAST else character for character in text)
