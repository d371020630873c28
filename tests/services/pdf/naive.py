"""The same certificate the textbook way, with fpdf2: the oracle of the tests and the yardstick of the benchmark."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO
from math import cos, pi, sin
from typing import Unpack

import pylopdf_fonts_zh_cn as packaged
import zxingcpp
from fpdf import FPDF
from PIL import Image

from services.pdf import artwork, palette
from services.pdf.canvas import POINTS, Point, polar
from services.pdf.lettering import Lettering, Style
from services.pdf.page import LABEL_BOX, QR_BOX, compose
from services.pdf.seal import PURPOSE, RADIUS, SEAL_CENTRE, SPECIMEN_HEAD
from services.pdf.statement import Statement
from services.pdf.typesetting import measure

FONT = "serif"


def render(*statements: Statement) -> bytes:
    """Each on a page of its own."""
    pdf = FPDF(orientation="L", unit="mm", format="A4")
    pdf.set_creation_date(datetime(2026, 1, 1, tzinfo=UTC))
    pdf.add_font(FONT, fname=packaged.serif_path())
    for statement in statements:
        pdf.add_page()
        pdf.set_font(FONT)
        _draw_artwork(pdf)
        _draw_seal(pdf, statement.issuer or SPECIMEN_HEAD)
        if statement.issuer is None:
            pdf.rect(*LABEL_BOX)
        _draw_qr(pdf, statement.verify_url)
        compose(_NaiveLettering(pdf), statement)
    return bytes(pdf.output())


class _NaiveLettering(Lettering):
    """Hands each text to fpdf2 in place of encoding it."""

    def __init__(self, pdf: FPDF) -> None:
        super().__init__({})
        self._pdf = pdf

    def show(self, text: str, x: float, y: float, size: float, **style: Unpack[Style]) -> float:
        pdf, bold, spacing = self._pdf, style.get("bold", 0.0), style.get("spacing", 0.0)
        pdf.set_font_size(size)
        pdf.set_char_spacing(spacing * POINTS)
        pdf.set_text_color(style.get("ink", palette.INK))
        mode = "FILL_STROKE" if bold else "FILL"
        # text() writes this width in points, whatever the unit of the document
        with pdf.local_context(text_mode=mode, line_width=bold * POINTS, draw_color=pdf.text_color):
            pdf.text(x, y, text)
        return x + measure(text, size) + spacing * len(text)


def _draw_artwork(pdf: FPDF) -> None:
    width, height = palette.PAGE_WIDTH, palette.PAGE_HEIGHT
    pdf.set_fill_color(palette.GROUND)
    pdf.rect(0, 0, width, height, style="F")
    _draw_rosette(pdf)
    for margin, line, colour in (
        (7.4, 0.3, palette.GOLD),
        (artwork.OUTER, 0.85, palette.RED),
        (artwork.INNER, 0.45, palette.RED),
        (17.8, 0.18, palette.GOLD),
    ):
        _pen(pdf, colour, line)
        pdf.rect(margin, margin, width - 2 * margin, height - 2 * margin)
    _draw_bands(pdf)
    _draw_table(pdf)


def _draw_bands(pdf: FPDF) -> None:
    _pen(pdf, palette.PALE_GOLD, 0.16)
    start, end = artwork.OUTER + artwork.CORNER, palette.PAGE_WIDTH - artwork.OUTER - artwork.CORNER
    bottom, right = palette.PAGE_HEIGHT - artwork.BAND_MIDDLE, palette.PAGE_WIDTH - artwork.BAND_MIDDLE
    for amplitude in (*artwork.AMPLITUDES, *(-one for one in artwork.AMPLITUDES)):
        for middle in (artwork.BAND_MIDDLE, bottom):
            pdf.polyline([(x, middle + y) for x, y in _wave(start, end, amplitude, 43)])
        for middle in (artwork.BAND_MIDDLE, right):
            side = _wave(start, palette.PAGE_HEIGHT - start, amplitude, 29)
            pdf.polyline([(middle + y, x) for x, y in side])


def _wave(start: float, end: float, amplitude: float, waves: int) -> list[Point]:
    steps = waves * 24
    return [
        (start + (end - start) * step / steps, amplitude * sin(2 * pi * step * waves / steps))
        for step in range(steps + 1)
    ]


def _draw_rosette(pdf: FPDF) -> None:
    _pen(pdf, palette.TINT, 0.28)
    for radius, swing, lobes, strands in ((47.0, 0.105, 18, 6), (30.0, 0.16, 12, 5)):
        for strand in range(strands):
            pdf.polyline(_moved(_ring(radius, swing, lobes, 2 * pi * strand / strands), artwork.CENTRE))
    for radius in (53.5, 38.3, 22.5):
        pdf.circle(*artwork.CENTRE, radius)


def _ring(radius: float, swing: float, lobes: int, phase: float) -> Iterable[Point]:
    for step in range(lobes * 20 + 1):
        yield polar(radius * (1 + swing * cos(2 * pi * step / 20 + phase)), step * 18 / lobes)


def _moved(points: Iterable[Point], to: Point) -> list[Point]:
    return [(x + to[0], y + to[1]) for x, y in points]


def _draw_table(pdf: FPDF) -> None:
    left, width = artwork.TABLE_LEFT, sum(artwork.COLUMN_WIDTHS)
    _draw_cells(pdf)
    _pen(pdf, palette.RED, 0.5)
    for row in (0, artwork.ROWS):
        y = artwork.TABLE_TOP + row * artwork.ROW_HEIGHT
        pdf.line(left, y, left + width, y)


def _draw_cells(pdf: FPDF) -> None:
    _pen(pdf, palette.TABLE_RULE, 0.2)
    pdf.set_fill_color(palette.TABLE_HEAD)
    for row in range(artwork.ROWS):
        y = artwork.TABLE_TOP + row * artwork.ROW_HEIGHT
        for column, width in enumerate(artwork.COLUMN_WIDTHS):
            x = artwork.TABLE_LEFT + sum(artwork.COLUMN_WIDTHS[:column])
            pdf.rect(x, y, width, artwork.ROW_HEIGHT, style="D" if row else "DF")


def _draw_seal(pdf: FPDF, name: str) -> None:
    x, y = SEAL_CENTRE
    _pen(pdf, palette.SEAL_RED, 1.1)
    pdf.circle(x, y, RADIUS - 0.6)
    pdf.set_text_color(palette.SEAL_RED)
    pdf.set_font_size(10)
    for number, character in enumerate(name):
        with pdf.rotation((len(name) - 1 - 2 * number) * 7, x, y):
            pdf.text(x - 1.8, y - 13, character)
    pdf.text(x - 9, y + 15.6, PURPOSE)


def _draw_qr(pdf: FPDF, address: str) -> None:
    code = zxingcpp.create_barcode(address, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    with BytesIO() as image:
        Image.fromarray(code.to_image(scale=8, add_quiet_zones=False)).save(image, "PNG")
        pdf.image(image, *QR_BOX)


def _pen(pdf: FPDF, colour: str, width: float) -> None:
    pdf.set_draw_color(colour)
    pdf.set_line_width(width)
