"""Page operators from millimetres: origin top left, x to the right, y down, angles clockwise in degrees."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from math import cos, radians, sin

POINTS = 72 / 25.4
# A quarter of a circle as one Bézier curve
KAPPA = 0.5522848

Point = tuple[float, float]


def point(x: float, y: float) -> str:
    return f"{x * POINTS:.2f} {-y * POINTS:.2f}"


def line(points: Iterable[Point]) -> str:
    first, *others = (point(x, y) for x, y in points)
    return f"{first} m " + " ".join(f"{other} l" for other in others)


def closed(points: Iterable[Point]) -> str:
    return line(points) + " h"


def box(x: float, y: float, width: float, height: float) -> str:
    return f"{point(x, y + height)} {width * POINTS:.2f} {height * POINTS:.2f} re"


def inset(margin: float, width: float, height: float) -> str:
    return box(margin, margin, width - 2 * margin, height - 2 * margin)


def circle(x: float, y: float, radius: float) -> str:
    near, far = KAPPA * radius, radius
    return " ".join(
        (
            f"{point(x + far, y)} m",
            _curve((x + far, y + near), (x + near, y + far), (x, y + far)),
            _curve((x - near, y + far), (x - far, y + near), (x - far, y)),
            _curve((x - far, y - near), (x - near, y - far), (x, y - far)),
            _curve((x + near, y - far), (x + far, y - near), (x + far, y)),
            "h",
        )
    )


def curved(start: Point, *curves: tuple[Point, Point, Point]) -> str:
    return f"{point(*start)} m " + " ".join(_curve(*curve) for curve in curves)


def sampled(curve: Callable[[float], Point], start: float, end: float, steps: int) -> str:
    return line(curve(start + (end - start) * step / steps) for step in range(steps + 1))


def polar(radius: float, angle: float) -> Point:
    """Angle 0 points up."""
    return radius * sin(radians(angle)), -radius * cos(radians(angle))


def _curve(first: Point, second: Point, end: Point) -> str:
    return f"{point(*first)} {point(*second)} {point(*end)} c"


@cache
def colour(web: str) -> str:
    return " ".join(f"{int(web[at : at + 2], 16) / 255:.3f}" for at in (1, 3, 5))


class Canvas:
    """Collects operators; what is drawn later lies on top."""

    def __init__(self) -> None:
        self._operators = ["1 J 1 j"]

    def draw(self, *paths: str, stroke: str | None = None, fill: str | None = None, width: float = 0.2) -> None:
        if fill:
            self._operators.append(f"{colour(fill)} rg")
        if stroke:
            self._operators.append(f"{colour(stroke)} RG {width * POINTS:.2f} w")
        paint = "B" if fill and stroke else "f" if fill else "S"
        self._operators += [*paths, paint]

    @contextmanager
    def placed(self, x: float = 0, y: float = 0, *, turn: float = 0, flip: tuple[int, int] = (1, 1)) -> Iterator[None]:
        """Draws a motif from its own origin, flipped first, then turned, then moved."""
        across, down = flip
        c, s = cos(radians(turn)), sin(radians(turn))
        self._operators.append(f"q {across * c:.5f} {-across * s:.5f} {down * s:.5f} {down * c:.5f} {point(x, y)} cm")
        yield
        self._operators.append("Q")

    def content(self) -> bytes:
        return "\n".join(self._operators).encode("ascii")
