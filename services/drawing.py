"""Draws evidence as pictures that a browser can show beside a decision.

Like `services.rewriting` it runs only in the limited processes of `services.sandbox`: PDFium is a large parser, and
what it reads came from somebody's computer.
"""

import io

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # comes without types
from PIL import Image

from services.file_refusals import FileUnreadable, NoSuchPage

Image.preinit()  # the formats, while files can still be opened
# Wide enough to read small print at the width of a column on a fine screen.
WIDTH, TALLEST = 1200, 2400
LARGEST = 4.0  # a stamp-sized page is not blown up beyond this


def count_pages(content: bytes, media_type: str) -> bytes:
    """The number in digits; a picture is one page."""
    return str(len(_opened(content)) if media_type == "application/pdf" else 1).encode()


def draw(content: bytes, media_type: str, page: str) -> bytes:
    """The page, counted from 1, as PNG. Raises NoSuchPage or FileUnreadable."""
    picture = _pdf_page(content, int(page)) if media_type == "application/pdf" else _picture(content, int(page))
    output = io.BytesIO()
    picture.save(output, "PNG")
    return output.getvalue()


def _opened(content: bytes) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(content)
    except pdfium.PdfiumError:
        raise FileUnreadable from None


def _pdf_page(content: bytes, number: int) -> Image.Image:
    document = _opened(content)
    if not 1 <= number <= len(document):
        raise NoSuchPage
    page = document[number - 1]
    width, height = page.get_size()
    scale = min(WIDTH / width, TALLEST / height, LARGEST)
    picture: Image.Image = page.render(scale=scale, rev_byteorder=True).to_pil()
    return picture.convert("RGB")


def _picture(content: bytes, number: int) -> Image.Image:
    if number != 1:
        raise NoSuchPage
    picture = Image.open(io.BytesIO(content), formats=["JPEG", "PNG"])
    picture.draft("RGB", (WIDTH, WIDTH))  # a JPEG is read at about the size that is wanted
    picture.thumbnail((WIDTH, TALLEST))
    return picture if picture.mode in ("L", "RGB", "RGBA") else picture.convert("RGBA")
