"""Letters as paths, for the seal and the specimen mark: drawn shapes are never copied as stray text."""

from __future__ import annotations

from functools import lru_cache

from fontTools.misc.psCharStrings import T2CharString, T2OutlineExtractor  # type: ignore[import-untyped]  # has no types
from fontTools.pens.basePen import BasePen  # type: ignore[import-untyped]  # has no types

from services.pdf.canvas import POINTS
from services.pdf.cff import EM
from services.pdf.font_store import glyph

LETTERS_KEPT = 256


@lru_cache(maxsize=LETTERS_KEPT)
def letter(character: str, size: float, narrow: float = 1.0) -> str:
    """Path of a character of this height in millimetres, its baseline centred on the origin."""
    source = glyph(character)
    pen = _PathPen(source.advance / 2, size * POINTS / EM, narrow)
    T2OutlineExtractor(pen, [], [], 0, EM).execute(T2CharString(bytecode=source.charstring))
    return " ".join(pen.operators)


class _PathPen(BasePen):  # type: ignore[misc]  # fontTools carries no types
    def __init__(self, middle: float, scale: float, narrow: float) -> None:
        super().__init__(None)
        self.operators: list[str] = []
        self._middle, self._scale, self._narrow = middle, scale, narrow

    def _point(self, at: tuple[float, float]) -> str:
        x, y = at
        return f"{(x - self._middle) * self._scale * self._narrow:.2f} {y * self._scale:.2f}"

    def _moveTo(self, to: tuple[float, float]) -> None:
        self.operators.append(f"{self._point(to)} m")

    def _lineTo(self, to: tuple[float, float]) -> None:
        self.operators.append(f"{self._point(to)} l")

    def _curveToOne(self, one: tuple[float, float], two: tuple[float, float], to: tuple[float, float]) -> None:
        self.operators.append(f"{self._point(one)} {self._point(two)} {self._point(to)} c")

    def _closePath(self) -> None:
        self.operators.append("h")
