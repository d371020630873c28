"""What is the same on every certificate: frame, guilloche band, corners, rosette, title ornament and table rules."""

from math import cos, pi, sin

from services.pdf.canvas import Canvas, box, circle, closed, inset, line, polar, sampled
from services.pdf.palette import (
    GOLD,
    GROUND,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    PALE_GOLD,
    RED,
    TABLE_HEAD,
    TABLE_RULE,
    TINT,
)
from services.pdf.seal import draw_specimen_mark

OUTER, INNER, CORNER = 9.0, 16.5, 15.0
BAND_MIDDLE = (OUTER + INNER) / 2
AMPLITUDES = (2.75, 1.85, 0.95)
CENTRE = (PAGE_WIDTH / 2, 117.0)

TABLE_LEFT, TABLE_TOP, ROW_HEIGHT, ROWS = 38.0, 104.0, 8.4, 5
COLUMN_WIDTHS = (62.0, 53.0, 53.0, 53.0)
QR_LEFT, QR_TOP, QR_SIDE, QUIET_ZONE = TABLE_LEFT, 151.4, 31.0, 3.5

FRET = (
    (2.1, 12.9), (2.1, 2.1), (12.9, 2.1), (12.9, 10.5), (4.5, 10.5),
    (4.5, 4.5), (10.5, 4.5), (10.5, 8.1), (6.9, 8.1), (6.9, 6.6),
)  # fmt: skip
FRET_FOOT = ((4.5, 12.9), (12.9, 12.9))


def draw_artwork(canvas: Canvas, *, specimen: bool) -> None:
    canvas.draw(box(0, 0, PAGE_WIDTH, PAGE_HEIGHT), fill=GROUND)
    if specimen:
        draw_specimen_mark(canvas)
    _draw_rosette(canvas)
    _draw_frame(canvas)
    _draw_title_ornament(canvas)
    _draw_table(canvas)
    _draw_quiet_zone(canvas)


def _draw_frame(canvas: Canvas) -> None:
    canvas.draw(inset(7.4, PAGE_WIDTH, PAGE_HEIGHT), stroke=GOLD, width=0.3)
    canvas.draw(inset(OUTER, PAGE_WIDTH, PAGE_HEIGHT), stroke=RED, width=0.85)
    canvas.draw(inset(INNER, PAGE_WIDTH, PAGE_HEIGHT), stroke=RED, width=0.45)
    canvas.draw(inset(17.8, PAGE_WIDTH, PAGE_HEIGHT), stroke=GOLD, width=0.18)
    _draw_band(canvas, PAGE_WIDTH, waves=43, turn=0)
    _draw_band(canvas, PAGE_HEIGHT, waves=29, turn=90)
    for across in (1, -1):
        for down in (1, -1):
            _draw_corner(canvas, across, down)


def _draw_band(canvas: Canvas, side: float, *, waves: int, turn: int) -> None:
    """One side and the side opposite to it, of a whole number of waves between the corners."""
    start = OUTER + CORNER
    wave = (side - 2 * start) / waves
    strands = [_strand_of_wave(wave, sign * amplitude) for amplitude in AMPLITUDES for sign in (1, -1)]
    for at in (start + wave * number for number in range(waves)):
        for across in (BAND_MIDDLE, (PAGE_HEIGHT if turn == 0 else PAGE_WIDTH) - BAND_MIDDLE):
            x, y = (at, across) if turn == 0 else (across, at)
            with canvas.placed(x, y, turn=turn):
                canvas.draw(*strands, stroke=PALE_GOLD, width=0.16)
                canvas.draw(circle(wave / 2, 0, 0.33), circle(wave, 0, 0.33), fill=GOLD)


def _strand_of_wave(length: float, amplitude: float) -> str:
    return sampled(lambda t: (t * length, amplitude * sin(2 * pi * t)), 0, 1, 24)


def _draw_corner(canvas: Canvas, across: int, down: int) -> None:
    x = OUTER if across == 1 else PAGE_WIDTH - OUTER
    y = OUTER if down == 1 else PAGE_HEIGHT - OUTER
    with canvas.placed(x, y, flip=(across, down)):
        canvas.draw(box(0, 0, CORNER, CORNER), fill=GROUND, stroke=RED, width=0.45)
        canvas.draw(line(FRET), line(FRET_FOOT), stroke=RED, width=0.95)


def _draw_rosette(canvas: Canvas) -> None:
    _draw_strands(canvas, radius=47, swing=0.105, lobes=18, strands=6)
    _draw_strands(canvas, radius=30, swing=0.16, lobes=12, strands=5)
    for radius in (53.5, 38.3, 22.5):
        canvas.draw(circle(*CENTRE, radius), stroke=TINT, width=0.45)
    for petal in range(12):
        with canvas.placed(*CENTRE, turn=petal * 30):
            canvas.draw(sampled(_petal, 0, 1, 32), stroke=TINT, width=0.3)


def _draw_strands(canvas: Canvas, *, radius: float, swing: float, lobes: int, strands: int) -> None:
    """One lobe turned about the centre: the whole ring would be as many times as large in the file."""
    lobe = 360 / lobes
    paths = [_strand(radius, swing, lobe, 2 * pi * strand / strands) for strand in range(strands)]
    for number in range(lobes):
        with canvas.placed(*CENTRE, turn=number * lobe):
            canvas.draw(*paths, stroke=TINT, width=0.28)


def _strand(radius: float, swing: float, lobe: float, phase: float) -> str:
    return sampled(lambda t: polar(radius * (1 + swing * cos(2 * pi * t + phase)), t * lobe), 0, 1, 20)


def _petal(t: float) -> tuple[float, float]:
    return polar(3.2 + 15.3 * sin(pi * t), 14 * sin(2 * pi * t))


def _draw_title_ornament(canvas: Canvas) -> None:
    middle, y = PAGE_WIDTH / 2, 53.2
    for side in (1, -1):
        canvas.draw(line(((middle + side * 5.5, y), (middle + side * 62, y))), stroke=GOLD, width=0.35)
        canvas.draw(line(((middle + side * 5.5, y + 0.9), (middle + side * 46, y + 0.9))), stroke=GOLD, width=0.14)
        canvas.draw(_diamond(middle + side * 3.6, y + 0.2, 0.7), fill=GOLD)
    canvas.draw(_diamond(middle, y + 0.2, 1.7), fill=RED)


def _diamond(x: float, y: float, radius: float) -> str:
    return closed(((x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)))


def _draw_table(canvas: Canvas) -> None:
    width, height = sum(COLUMN_WIDTHS), ROWS * ROW_HEIGHT
    canvas.draw(box(TABLE_LEFT, TABLE_TOP, width, ROW_HEIGHT), fill=TABLE_HEAD)
    for row in range(1, ROWS):
        _draw_rule(canvas, TABLE_TOP + row * ROW_HEIGHT, width)
    x = TABLE_LEFT
    for column in COLUMN_WIDTHS[:-1]:
        x += column
        canvas.draw(line(((x, TABLE_TOP), (x, TABLE_TOP + height))), stroke=TABLE_RULE, width=0.2)
    for y in (TABLE_TOP, TABLE_TOP + height):
        canvas.draw(line(((TABLE_LEFT, y), (TABLE_LEFT + width, y))), stroke=RED, width=0.5)


def _draw_rule(canvas: Canvas, y: float, width: float) -> None:
    canvas.draw(line(((TABLE_LEFT, y), (TABLE_LEFT + width, y))), stroke=TABLE_RULE, width=0.2)


def _draw_quiet_zone(canvas: Canvas) -> None:
    """Nothing but paper around the QR code, or cameras do not find it."""
    side = QR_SIDE + 2 * QUIET_ZONE
    canvas.draw(box(QR_LEFT - QUIET_ZONE, QR_TOP - QUIET_ZONE, side, side), fill=GROUND)
