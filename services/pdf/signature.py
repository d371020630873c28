"""The digital signature of the file (ISO 32000-1, 12.8): one that certifies it and forbids every later change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING

from services.pdf.canvas import POINTS
from services.pdf.objects import text_string
from services.pdf.seal import SEAL_BOX

if TYPE_CHECKING:
    from hashlib import _Hash

# From the SHA-256 of all that is signed to the CMS message.
Sign = Callable[[bytes], bytes]

# Bytes for the CMS message with its two certificates, which come to some 1,300.
RESERVED = 3072
EMPTY = f"/Contents <{'0' * 2 * RESERVED}>"
OPENING = b"/Contents <"
UNKNOWN_RANGE, RANGE = "/ByteRange [0 0000000000 0000000000 0000000000]", b"/ByteRange [0 %010d %010d %010d]"
FIELD_NAME = "证书电子签章"
FIELD_ALT = "电子签章：点击查看签名信息"


class SignatureTooLong(ValueError):
    """The chain of certificates does not fit into what is reserved for it."""


def dictionary(day: date) -> str:
    """The signature's place in the file, empty. The file is signed on the day of issue, so its reprint is the same."""
    parameters = "<</Type /TransformParams /V /1.2 /P 1>>"
    return (
        f"<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M (D:{day:%Y%m%d}000000Z)"
        f" /Reference [<</Type /SigRef /TransformMethod /DocMDP /TransformParams {parameters}>>]"
        f" {UNKNOWN_RANGE} {EMPTY}>>"
    )


def field(signature: int, appearance: int, page: int, corners: str, parent_key: int) -> str:
    """A click on the printed seal opens what the reader's program has to say of the signature."""
    return (
        f"<</Type /Annot /Subtype /Widget /FT /Sig /T {text_string(FIELD_NAME)} /TU {text_string(FIELD_ALT)}"
        f" /V {signature} 0 R /P {page} 0 R /Rect [{corners}] /F 132 /StructParent {parent_key}"
        f" /AP <</N {appearance} 0 R>>>>"
    )


def appearance() -> str:
    """Nothing: the seal is drawn on the page itself."""
    side = f"{SEAL_BOX[2] * POINTS:.2f}"
    return f"/Type /XObject /Subtype /Form /BBox [0 0 {side} {side}] /Resources <<>>"


def catalogue_entries(signature: int, widget: int) -> str:
    return f"/AcroForm <</SigFlags 3 /Fields [{widget} 0 R]>> /Perms <</DocMDP {signature} 0 R>>"


def signed(end: bytes, sign: Sign, *, start: int = 0, digest: _Hash | None = None) -> bytes:
    """The end of a file with its empty signature filled in; `start` bytes with this digest came before.

    Raises SignatureTooLong.
    """
    opening = end.index(OPENING, end.index(UNKNOWN_RANGE.encode())) + len(OPENING) - 1
    closing = opening + 2 * RESERVED + 2
    known = RANGE % (start + opening, start + closing, len(end) - closing)
    before = end[:opening].replace(UNKNOWN_RANGE.encode(), known)
    whole = digest.copy() if digest else sha256()
    whole.update(before)
    whole.update(end[closing:])
    message = sign(whole.digest()).hex().encode()
    if len(message) > 2 * RESERVED:
        raise SignatureTooLong(len(message) // 2)
    return b"".join((before, b"<", message.ljust(2 * RESERVED, b"0"), b">", end[closing:]))
