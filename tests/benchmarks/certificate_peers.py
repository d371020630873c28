"""The same certificate through other engines: each gets its fonts and its artwork once, as its manual advises."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Unpack

import pylopdf_fonts_zh_cn as packaged
import zxingcpp
from PIL import Image

from services.pdf import palette
from services.pdf.artwork import QR_LEFT, QR_SIDE, QR_TOP, draw_artwork
from services.pdf.canvas import POINTS, Canvas
from services.pdf.lettering import Lettering, Style
from services.pdf.page import compose
from services.pdf.seal import draw_seal
from services.pdf.statement import Statement
from services.pdf.typesetting import measure

Engine = Callable[[Statement], bytes]
SVG = {"m": "M", "l": "L", "c": "C", "h": "Z"}
PAGE = (palette.PAGE_WIDTH * POINTS, palette.PAGE_HEIGHT * POINTS)

TYPST_SOURCE = """
#set page(width: 297mm, height: 210mm, margin: 0mm, background: image("artwork.svg", width: 297mm))
#set text(font: "Noto Serif SC", fallback: false, top-edge: "baseline")
#for one in json(bytes(sys.inputs.texts)) {
  place(dx: one.x * 1mm, dy: one.y * 1mm, text(
    size: one.size * 1pt, fill: rgb(one.ink), tracking: one.spacing * 1mm,
    stroke: if one.bold > 0 { one.bold * 1mm + rgb(one.ink) } else { none },
  )[#one.text])
}
#place(dx: QR_LEFT * 1mm, dy: QR_TOP * 1mm, image(bytes(sys.inputs.qr), width: QR_SIDE * 1mm))
"""

HTML_STYLE = """
@font-face { font-family: certificate; src: url(FONT) }
@page { size: 297mm 210mm; margin: 0; background: url(ARTWORK) 0 0 / 297mm 210mm }
body { margin: 0; font-family: certificate }
svg { position: absolute; width: 297mm; height: 210mm; font-family: certificate }
img { position: absolute }
"""


@dataclass(frozen=True)
class Text:
    text: str
    x: float
    y: float
    size: float
    ink: str
    bold: float
    spacing: float


class _Recording(Lettering):
    def __init__(self) -> None:
        super().__init__({})
        self.texts: list[Text] = []

    def show(self, text: str, x: float, y: float, size: float, **style: Unpack[Style]) -> float:
        spacing = style.get("spacing", 0.0)
        self.texts.append(Text(text, x, y, size, style.get("ink", palette.INK), style.get("bold", 0.0), spacing))
        return x + measure(text, size) + spacing * len(text)


def installed(issuer: str) -> dict[str, Engine]:
    makers = {"typst": _typst, "reportlab": reportlab_pages, "weasyprint": _weasyprint}
    return {name: make(issuer) for name, make in makers.items() if find_spec(name)}


def _texts(statement: Statement) -> list[Text]:
    recording = _Recording()
    compose(recording, statement)
    return recording.texts


def _artwork(issuer: str) -> str:
    canvas = Canvas()
    draw_artwork(canvas, specimen=False)
    draw_seal(canvas, issuer)
    return canvas.content().decode()


def _typst(issuer: str) -> Engine:
    import typst

    folder = Path(mkdtemp())
    (folder / "artwork.svg").write_text(_svg(_artwork(issuer)))
    source = TYPST_SOURCE
    for name, value in (("QR_LEFT", QR_LEFT), ("QR_TOP", QR_TOP), ("QR_SIDE", QR_SIDE)):
        source = source.replace(name, str(value))
    (folder / "certificate.typ").write_text(source)
    compiler = typst.Compiler(
        folder / "certificate.typ", font_paths=[packaged.serif_path().parent], ignore_system_fonts=True
    )

    def render(statement: Statement) -> bytes:
        texts = json.dumps([vars(one) for one in _texts(statement)])
        code = zxingcpp.create_barcode(statement.verify_url, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
        inputs = {"texts": texts, "qr": code.to_svg(add_quiet_zones=False)}
        content = compiler.compile(format="pdf", sys_inputs=inputs)
        if not isinstance(content, bytes):
            raise TypeError("typst wrote no single file")
        return content

    return render


def _weasyprint(issuer: str) -> Engine:
    """Texts as an SVG picture of the page, whose coordinates are those of the other engines."""
    from weasyprint import CSS, HTML  # type: ignore[import-untyped]  # has no types
    from weasyprint.text.fonts import FontConfiguration  # type: ignore[import-untyped]  # has no types

    fonts = FontConfiguration()
    artwork = _data("image/svg+xml", _svg(_artwork(issuer)))
    source = HTML_STYLE.replace("FONT", packaged.serif_path().as_uri()).replace("ARTWORK", artwork)
    style = CSS(string=source, font_config=fonts)

    def render(statement: Statement) -> bytes:
        code = zxingcpp.create_barcode(statement.verify_url, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
        qr = _data("image/svg+xml", code.to_svg(add_quiet_zones=False))
        place = f"left: {QR_LEFT}mm; top: {QR_TOP}mm; width: {QR_SIDE}mm"
        texts = "".join(map(_svg_text, _texts(statement)))
        body = f'<svg viewBox="0 0 {palette.PAGE_WIDTH} {palette.PAGE_HEIGHT}">{texts}</svg>'
        document = HTML(string=f'{body}<img src="{qr}" style="{place}">')
        content: bytes = document.write_pdf(stylesheets=[style], font_config=fonts)
        return content

    return render


def _data(media_type: str, content: str) -> str:
    return f"data:{media_type};base64,{b64encode(content.encode()).decode()}"


def _svg_text(one: Text) -> str:
    size, outline = one.size / POINTS, f' stroke="{one.ink}" stroke-width="{one.bold}"' if one.bold else ""
    placed = f'x="{one.x}" y="{one.y}" font-size="{size}" fill="{one.ink}" letter-spacing="{one.spacing}"'
    return f"<text {placed}{outline}>{escape(one.text)}</text>"


def reportlab_pages(issuer: str) -> Callable[..., bytes]:
    """Of any number of certificates.

    It cannot read CFF fonts; its own Chinese font is not embedded, which is the least work it can have.
    """
    from reportlab.lib.utils import ImageReader  # type: ignore[import-untyped]  # has no types
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # type: ignore[import-untyped]  # has no types
    from reportlab.pdfbase.pdfmetrics import registerFont  # type: ignore[import-untyped]  # has no types
    from reportlab.pdfgen.canvas import Canvas as Page  # type: ignore[import-untyped]  # has no types

    registerFont(UnicodeCIDFont("STSong-Light"))
    artwork = f"q 1 0 0 1 0 {PAGE[1]:.2f} cm\n{_artwork(issuer)}\nQ"

    def render(*statements: Statement) -> bytes:
        output = BytesIO()
        page = Page(output, pagesize=PAGE, pageCompression=1, invariant=1)
        for statement in statements:
            page._code.append(artwork)
            for one in _texts(statement):
                _show(page, one)
            code = zxingcpp.create_barcode(statement.verify_url, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
            picture = ImageReader(Image.fromarray(code.to_image(scale=8, add_quiet_zones=False)))
            side = QR_SIDE * POINTS
            page.drawImage(picture, QR_LEFT * POINTS, PAGE[1] - QR_TOP * POINTS - side, side, side)
            page.showPage()
        page.save()
        return output.getvalue()

    return render


def _show(page: Any, one: Text) -> None:
    line = page.beginText(one.x * POINTS, PAGE[1] - one.y * POINTS)
    line.setFont("STSong-Light", one.size)
    line.setFillColor(one.ink)
    line.setStrokeColor(one.ink)
    line.setCharSpace(one.spacing * POINTS)
    line.setTextRenderMode(2 if one.bold else 0)
    line.textOut(one.text)
    page.setLineWidth(one.bold * POINTS)
    page.drawText(line)


def _svg(operators: str) -> str:
    """The operators that services.pdf.canvas writes, and no others."""
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {PAGE[0]:.2f} {PAGE[1]:.2f}"><g transform="scale(1,-1)">'
    ]
    paths: list[str] = []
    stroke = fill = width = ""
    for line in operators.splitlines():
        *numbers, kind = line.split(" ") if line.endswith(("cm", "rg", "w", "j")) else [line]
        match kind:
            case "j":
                continue
            case "cm":
                out.append(f'<g transform="matrix({",".join(numbers[1:])})">')
            case "Q":
                out.append("</g>")
            case "rg":
                fill = _web(numbers)
            case "w":
                stroke, width = _web(numbers[:3]), numbers[4]
            case "S" | "f" | "B":
                out.append(_drawn(" ".join(paths), "" if kind == "f" else stroke, "" if kind == "S" else fill, width))
                paths = []
            case _:
                paths.append(_path(line))
    return "\n".join((*out, "</g></svg>"))


def _drawn(path: str, stroke: str, fill: str, width: str) -> str:
    style = f'stroke="{stroke or "none"}" fill="{fill or "none"}" stroke-width="{width or 1}"'
    return f'<path d="{path}" {style} stroke-linecap="round"/>'


def _web(parts: list[str]) -> str:
    return "#" + "".join(f"{round(float(part) * 255):02x}" for part in parts)


def _path(line: str) -> str:
    """PDF writes the operator after its numbers, SVG before them."""
    if line.endswith("re"):
        x, y, width, height, _ = line.split()
        return f"M{x} {y} h{width} v{height} h-{width} Z"
    return re.sub(r"((?:-?[\d.]+ )*)([mlch])(?= |$)", lambda found: f"{SVG[found[2]]}{found[1]}", line)
