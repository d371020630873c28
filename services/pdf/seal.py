"""The round mark beside the issuer's name: an emblem of this product, no copy of any authority's official seal.

The field of the digital signature lies over SEAL_BOX, so that a click on the seal opens the signature.
"""

from math import radians

from services.pdf.canvas import Canvas, circle, curved, line, polar
from services.pdf.outline import letter
from services.pdf.palette import CENTRE_X, SEAL_RED, SPECIMEN_BLUE, SPECIMEN_TINT

SEAL_CENTRE = (224.0, 167.4)
RADIUS = 19.5
SEAL_BOX = (SEAL_CENTRE[0] - RADIUS, SEAL_CENTRE[1] - RADIUS, 2 * RADIUS, 2 * RADIUS)

LETTER_SIZE, LETTER_NARROW, NARROWEST = 5.2, 0.76, 0.6
BASELINE = 13.0
ISSUER_ARC, LONG_ISSUER_ARC, SPECIMEN_ARC, WIDEST_STEP = 178.0, 224.0, 126.0, 24.0
LONG_ISSUER = 15

PURPOSE = "证书专用章"
SPECIMEN = "试点样章"
SPECIMEN_HEAD = "试点运行仅供演示"
SPECIMEN_FOOT = "SPECIMEN"
SPECIMEN_MARK = "试点样证"


def draw_seal(canvas: Canvas, issuer: str | None) -> None:
    if issuer is None:
        _draw_specimen_seal(canvas)
    else:
        _draw_issuer_seal(canvas, issuer)


def draw_specimen_mark(canvas: Canvas) -> None:
    """Across the whole sheet and under everything: a photocopy of a pilot's page still says what it is."""
    with canvas.placed(CENTRE_X + 3, 119, turn=-20):
        for number, character in enumerate(SPECIMEN_MARK):
            with canvas.placed((number - 1.5) * 49, 15):
                canvas.draw(letter(character, 42), fill=SPECIMEN_TINT, stroke=SPECIMEN_TINT, width=1.2)


def _draw_issuer_seal(canvas: Canvas, issuer: str) -> None:
    with canvas.placed(*SEAL_CENTRE):
        _draw_rings(canvas, SEAL_RED)
        _draw_arc(canvas, issuer, ISSUER_ARC if len(issuer) <= LONG_ISSUER else LONG_ISSUER_ARC, SEAL_RED)
        _draw_row(canvas, PURPOSE, size=3.5, step=3.8, y=15.6, colour=SEAL_RED)
        with canvas.placed(0, -5.1):
            _draw_book(canvas, SEAL_RED)


def _draw_specimen_seal(canvas: Canvas) -> None:
    with canvas.placed(*SEAL_CENTRE):
        _draw_rings(canvas, SPECIMEN_BLUE)
        _draw_arc(canvas, SPECIMEN_HEAD, SPECIMEN_ARC, SPECIMEN_BLUE)
        canvas.draw(line(((-15, -4.2), (15, -4.2))), line(((-15, 4.9), (15, 4.9))), stroke=SPECIMEN_BLUE, width=0.35)
        _draw_row(canvas, SPECIMEN, size=6.4, step=7.0, y=2.7, colour=SPECIMEN_BLUE)
        _draw_row(canvas, SPECIMEN_FOOT, size=2.6, step=2.2, y=15.4, colour=SPECIMEN_BLUE)


def _draw_rings(canvas: Canvas, colour: str) -> None:
    canvas.draw(circle(0, 0, RADIUS - 0.6), stroke=colour, width=1.1)
    canvas.draw(circle(0, 0, RADIUS - 1.8), stroke=colour, width=0.2)


def _draw_arc(canvas: Canvas, text: str, widest: float, colour: str) -> None:
    """Along the upper edge; a long name stands closer, then smaller, and never meets itself."""
    step = min(widest / max(len(text) - 1, 1), WIDEST_STEP)
    fit = BASELINE * radians(step) / LETTER_SIZE
    narrow = min(LETTER_NARROW, max(fit, NARROWEST))
    size = LETTER_SIZE * min(1.0, fit / NARROWEST)
    for number, character in enumerate(text):
        turn = (number - (len(text) - 1) / 2) * step
        with canvas.placed(*polar(BASELINE, turn), turn=turn):
            canvas.draw(letter(character, size, narrow), fill=colour, stroke=colour, width=0.12)


def _draw_row(canvas: Canvas, text: str, *, size: float, step: float, y: float, colour: str) -> None:
    for number, character in enumerate(text):
        with canvas.placed((number - (len(text) - 1) / 2) * step, y):
            canvas.draw(letter(character, size), fill=colour, stroke=colour, width=0.12)


def _draw_book(canvas: Canvas, colour: str) -> None:
    """An open book under the dial of a clock: hours of learning."""
    canvas.draw(circle(0, -2.6, 3.3), stroke=colour, width=0.45)
    with canvas.placed(0, -2.6):
        for hour in range(12):
            inner = 2.6 if hour % 3 else 2.2
            canvas.draw(line((polar(inner, hour * 30), polar(2.9, hour * 30))), stroke=colour, width=0.2)
        canvas.draw(line(((0, -1.9), (0, 0), (1.3, 0.9))), stroke=colour, width=0.4)
    for side in (1, -1):
        for depth in (0, 1.0):
            canvas.draw(_leaf(side, depth), stroke=colour, width=0.45)
    canvas.draw(line(((0, 2.8), (0, 4.6))), stroke=colour, width=0.35)


def _leaf(side: int, depth: float) -> str:
    return curved((0, 2.8 + depth), ((side * 1.7, 1.5 + depth), (side * 3.8, 1.3 + depth), (side * 5.6, 2.1 + depth)))
