"""The text of one page in reading order, and the tags that say what each part of it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from typing import TypedDict, Unpack

from services.pdf.canvas import POINTS, colour, point
from services.pdf.palette import INK
from services.pdf.typesetting import measure

CONSTANT_FONT, EXTRA_FONT = "F1", "F2"


class Style(TypedDict, total=False):
    """Bold is the width of the letters' own outline, spacing what is added after each, both in millimetres."""

    ink: str
    bold: float
    spacing: float


@dataclass(slots=True)
class Element:
    """A node of the structure tree; its kids are elements or numbers of marked content."""

    role: str
    attributes: str = ""
    kids: list[Element | int] = field(default_factory=list)


class Lettering:
    """Characters outside the constant font go into a second one that only this document carries.

    `extra` are those which earlier pages of the document have met.
    """

    def __init__(self, constant: Mapping[str, str], extra: dict[str, str] | None = None) -> None:
        self.extra = {} if extra is None else extra
        self.root = Element("Document")
        self._constant = constant
        self._open = [self.root]
        self._marks = 0
        self._operators: list[str] = []

    @contextmanager
    def element(self, role: str, attributes: str = "") -> Iterator[None]:
        """A node that only holds others."""
        node = Element(role, attributes)
        self._open[-1].kids.append(node)
        self._open.append(node)
        yield
        self._open.pop()

    @contextmanager
    def marked(self, role: str, attributes: str = "") -> Iterator[None]:
        """A node whose content is what is drawn inside."""
        self._open[-1].kids.append(Element(role, attributes, [self._marks]))
        self._operators.append(f"/{role} <</MCID {self._marks}>> BDC")
        self._marks += 1
        yield
        self._operators.append("EMC")

    def write(self, operators: str) -> None:
        self._operators.append(operators)

    def show(self, text: str, x: float, y: float, size: float, **style: Unpack[Style]) -> float:
        """Baseline at y, size in points; returns where the next letter would begin."""
        ink, spacing = colour(style.get("ink", INK)), style.get("spacing", 0.0)
        paint = f"{ink} rg"
        if bold := style.get("bold"):
            paint += f" {ink} RG {bold * POINTS:.2f} w 2 Tr"
        self._operators.append(
            f"BT {paint} {spacing * POINTS:.3f} Tc 1 0 0 1 {point(x, y)} Tm {self._strings(text, size)} ET"
        )
        if bold:
            self._operators.append("0 Tr")
        return x + measure(text, size) + spacing * len(text)

    def centred(self, text: str, x: float, y: float, size: float, **style: Unpack[Style]) -> None:
        extent = measure(text, size) + style.get("spacing", 0.0) * (len(text) - 1)
        self.show(text, x - extent / 2, y, size, **style)

    def right(self, text: str, x: float, y: float, size: float) -> None:
        self.show(text, x - measure(text, size), y, size)

    def content(self) -> bytes:
        return "\n".join(self._operators).encode("ascii")

    def _strings(self, text: str, size: float) -> str:
        return " ".join(f"/{font} {size:.2f} Tf <{codes}> Tj" for font, codes in self._runs(text))

    def _runs(self, text: str) -> Iterator[tuple[str, str]]:
        """Most texts are one run of the constant font, which is worth a short way."""
        if self._constant.keys() >= set(text):
            yield CONSTANT_FONT, "".join(map(self._constant.__getitem__, text))
            return
        for is_constant, run in groupby(text, self._constant.__contains__):
            code = self._constant.__getitem__ if is_constant else self._extra_code
            yield CONSTANT_FONT if is_constant else EXTRA_FONT, "".join(map(code, run))

    def _extra_code(self, character: str) -> str:
        if character not in self.extra:
            self.extra[character] = f"{len(self.extra) + 1:04X}"
        return self.extra[character]
