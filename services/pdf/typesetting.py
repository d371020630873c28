"""Breaks a Chinese paragraph into lines that fit, by the rules for punctuation at either end of a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from services.pdf.canvas import POINTS
from services.pdf.cff import EM
from services.pdf.font_store import advance

NEVER_FIRST = frozenset("，。、；：？！）》」』”’·%…,.;:?!)")
NEVER_LAST = frozenset("（《「『“‘(")
UNIT = re.compile(r"[A-Za-z0-9\u00C0-\u024F'*@&./_-]+|.", re.DOTALL)
CLOSEST, WIDEST = -0.3, 0.6
ASCENT = 0.88


class TextTooLong(ValueError):
    """Even the smallest letters would not fit."""


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    emphasised: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """Letters in points, leading in millimetres."""

    size: float
    leading: float

    @property
    def em(self) -> float:
        return self.size / POINTS

    def height(self, lines: int) -> float:
        return self.em + (lines - 1) * self.leading


@dataclass(frozen=True, slots=True)
class Line:
    pieces: tuple[Piece, ...]
    indent: float
    spacing: float


class Paragraph(NamedTuple):
    step: Step
    lines: Sequence[Line]
    first: float


def measure(text: str, size: float) -> float:
    """Millimetres of a text set in letters of this many points."""
    return advance(text) * size / (EM * POINTS)


def fitting_size(text: str, size: float, room: float) -> float:
    """The size, or less where the text would run over."""
    return min(size, size * room / max(measure(text, size), room))


def set_paragraph(
    pieces: Sequence[Piece], steps: Sequence[Step], *, room: float, top: float, bottom: float
) -> Paragraph:
    """With the largest letters that leave space for one closing line, in the middle of the height.

    The first is the baseline of the first line. Raises TextTooLong.
    """
    for step in steps:
        lines = _break(pieces, step.size, room, indent=_indent(step.size))
        spare = bottom - top - step.height(len(lines) + 1)
        if spare >= 0:
            set_lines = [_justified(number, lines, step.size, room) for number in range(len(lines))]
            return Paragraph(step, set_lines, top + spare / 2 + ASCENT * step.em)
    raise TextTooLong("".join(piece.text for piece in pieces))


def wrapped(text: str, size: float, room: float) -> list[str]:
    """The lines of a text without an indent, as in the cell of a table."""
    return ["".join(piece.text for piece in line) for line in _break([Piece(text)], size, room, indent=0)]


def _break(pieces: Sequence[Piece], size: float, room: float, *, indent: float) -> list[list[Piece]]:
    lines: list[list[Piece]] = [[]]
    used = indent
    for unit in _units(pieces, size, room - indent):
        extent = measure(unit.text, size)
        if used + extent > room and unit.text not in NEVER_FIRST and lines[-1]:
            carried = _carried(lines[-1])
            lines.append(carried)
            used = sum(measure(piece.text, size) for piece in carried)
        if unit.text == " " and not lines[-1]:
            continue
        lines[-1].append(unit)
        used += extent
    return lines


def _units(pieces: Sequence[Piece], size: float, room: float) -> Iterator[Piece]:
    """Words of letters and digits stay whole unless they are wider than a line."""
    for piece in pieces:
        for text in UNIT.findall(piece.text):
            whole = len(text) == 1 or measure(text, size) <= room
            yield from (Piece(part, piece.emphasised) for part in ([text] if whole else text))


def _carried(line: list[Piece]) -> list[Piece]:
    """An opening bracket goes over to the next line, a space at the end goes away."""
    carried = [line.pop()] if line[-1].text in NEVER_LAST else []
    if line and line[-1].text == " ":
        line.pop()
    return carried


def _indent(size: float) -> float:
    return 2 * size / POINTS


def _justified(number: int, lines: list[list[Piece]], size: float, room: float) -> Line:
    line = lines[number]
    indent = _indent(size) if number == 0 else 0.0
    text = "".join(piece.text for piece in line)
    slack = room - indent - measure(text, size)
    spacing = slack / max(len(text) - 1, 1)
    is_last = number == len(lines) - 1
    return Line(_joined(line), indent, min(spacing, 0.0) if is_last else min(max(spacing, CLOSEST), WIDEST))


def _joined(line: list[Piece]) -> tuple[Piece, ...]:
    """Neighbours of the same weight as one piece."""
    joined: list[Piece] = []
    for piece in line:
        if joined and joined[-1].emphasised == piece.emphasised:
            joined[-1] = Piece(joined[-1].text + piece.text, piece.emphasised)
        else:
            joined.append(piece)
    return tuple(joined)
