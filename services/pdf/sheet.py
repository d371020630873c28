"""The objects around what is printed, the same for one certificate and for a file of many pages."""

from typing import NamedTuple

from services.pdf import metadata, signature
from services.pdf.canvas import POINTS, Canvas
from services.pdf.objects import stream, text_string
from services.pdf.page import LINK_AREA, QR_ALT, corners
from services.pdf.palette import PAGE_HEIGHT, PAGE_WIDTH

MEDIA = f"[0 0 {PAGE_WIDTH * POINTS:.2f} {PAGE_HEIGHT * POINTS:.2f}]"


class Parts(NamedTuple):
    """The numbers of what the catalogue names."""

    pages: int
    metadata: int
    structure: int
    profile: int
    signature: int
    field: int


def catalogue(parts: Parts) -> str:
    return (
        f"<</Type /Catalog /Pages {parts.pages} 0 R /Metadata {parts.metadata} 0 R /Lang (zh-CN)"
        f" /MarkInfo <</Marked true>> /StructTreeRoot {parts.structure} 0 R"
        " /ViewerPreferences <</DisplayDocTitle true>>"
        f" /OutputIntents [<</Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB)"
        f" /DestOutputProfile {parts.profile} 0 R>>]"
        f" {signature.catalogue_entries(parts.signature, parts.field)}>>"
    )


def profile() -> bytes:
    return stream(metadata.colour_profile(), "/N 3")


def form(canvas: Canvas) -> bytes:
    area = f"[0 {-PAGE_HEIGHT * POINTS:.2f} {PAGE_WIDTH * POINTS:.2f} 0]"
    return stream(canvas.content(), f"/Type /XObject /Subtype /Form /BBox {area} /Resources <<>>")


def image_mask(side: int) -> str:
    return f"/Type /XObject /Subtype /Image /ImageMask true /BitsPerComponent 1 /Width {side} /Height {side}"


def link(address: str, key: int) -> str:
    """Over the printed address of a certificate's verification; `key` is its place in the parent tree."""
    return (
        f"<</Type /Annot /Subtype /Link /Rect [{corners(LINK_AREA)}] /Border [0 0 0] /F 4 /StructParent {key}"
        f" /Contents {text_string(QR_ALT)} /A <</S /URI /URI <{address.encode().hex()}>>>>>"
    )
