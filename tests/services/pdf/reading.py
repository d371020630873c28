"""Reads a finished certificate back with PDFium, which shares no code with the writer."""

import re
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from ctypes import create_string_buffer
from typing import Any

import numpy as np
import pypdfium2 as pdfium  # type: ignore[import-untyped]  # has no types
import pypdfium2.raw as raw  # type: ignore[import-untyped]  # has no types

Box = tuple[float, float, float, float]
POINTS = 72 / 25.4


@contextmanager
def opened(content: bytes, number: int = 0) -> Iterator[Any]:
    with closing(pdfium.PdfDocument(content)) as document:
        yield document[number]


def text(content: bytes) -> str:
    with opened(content) as page:
        return str(page.get_textpage().get_text_range()).replace("\r\n", "\n")


def pages(content: bytes) -> list[str]:
    """The text of each page without spaces and line ends."""
    with closing(pdfium.PdfDocument(content)) as document:
        return ["".join(str(page.get_textpage().get_text_range()).split()) for page in document]


def joined(content: bytes) -> str:
    """Without spaces and line ends, so that a wrapped name is found."""
    return "".join(text(content).split())


def pixels(content: bytes, dpi: int, number: int = 0) -> Any:
    """Grey levels, one row a line."""
    with opened(content, number) as page:
        return np.array(page.render(scale=dpi / 72, grayscale=True).to_pil())


def letter_boxes(content: bytes, number: int = 0) -> list[Box]:
    """Left, top, right and bottom of every visible letter in millimetres from the sheet's upper left corner."""
    with opened(content, number) as page:
        letters, height = page.get_textpage(), page.get_height()
        boxes = (letters.get_charbox(number) for number in range(letters.count_chars()))
        return [
            (left / POINTS, (height - top) / POINTS, right / POINTS, (height - bottom) / POINTS)
            for left, bottom, right, top in boxes
            if right > left
        ]


def page_operators(content: bytes) -> bytes:
    """The page's own stream, unpacked."""
    start = re.search(rb"\n2 0 obj\n.*?/Length (\d+)>>\nstream\n", content, re.DOTALL)
    if start is None:
        raise ValueError("no page stream")
    return zlib.decompress(content[start.end() : start.end() + int(start[1])])


def fonts(content: bytes, number: int = 0) -> dict[str, bool]:
    """Name of every font of the page, and whether the file carries it."""
    with opened(content, number) as page:
        handles = [raw.FPDFTextObj_GetFont(one.raw) for one in page.get_objects([raw.FPDF_PAGEOBJ_TEXT])]
        return {_font_name(handle): bool(raw.FPDFFont_GetIsEmbedded(handle)) for handle in handles}


def _font_name(handle: Any) -> str:
    size = raw.FPDFFont_GetBaseFontName(handle, None, 0)
    name = create_string_buffer(size)
    raw.FPDFFont_GetBaseFontName(handle, name, size)
    return name.value.decode()
