"""Renders a certificate: everything that two certificates share is serialised once per issuer and process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from services.pdf import embedding, metadata, qr, sheet, signature
from services.pdf.artwork import draw_artwork
from services.pdf.canvas import Canvas
from services.pdf.font_store import require_glyphs
from services.pdf.lettering import CONSTANT_FONT, EXTRA_FONT, Element, Lettering
from services.pdf.objects import Body, stream
from services.pdf.page import TITLE, compose, constant_text, corners
from services.pdf.seal import SEAL_BOX, draw_seal
from services.pdf.sheet import Parts
from services.pdf.signature import Sign
from services.pdf.statement import Hours, Statement
from services.pdf.tags import Tagged, tree_root

if TYPE_CHECKING:
    from hashlib import _Hash

ISSUERS_KEPT = 8
# The second may mix glyphs of every font of the chain
CONSTANT_NAME, EXTRA_NAME = "HBKBAS+NotoSerifSC-Regular", "HBKEXT+HourbookAdditions"
# Of compression: better levels cost more than the rest of a certificate and save a hundredth of its bytes
QUICK = 1
LINK_KEY, FIELD_KEY = 1, 2


class RequirementNotMet(ValueError):
    """A certificate is never printed for hours that do not meet each category."""


class Slot(IntEnum):
    """Object numbers: what differs from document to document comes first, then what never does."""

    PAGE = 1
    CONTENT = 2
    QR = 3
    METADATA = 4
    LINK = 5
    SIGNATURE = 6
    CATALOGUE = 7
    PAGES = 8
    PROFILE = 9
    ARTWORK = 10
    SEAL = 11
    FIELD = 12
    APPEARANCE = 13
    FONT = 14
    STRUCTURE = FONT + embedding.OBJECTS
    PARENTS = STRUCTURE + 1
    ELEMENTS = STRUCTURE + 2


@dataclass(frozen=True, slots=True)
class _Template:
    codes: Mapping[str, str]
    start: bytes
    offsets: Mapping[int, int]
    digest: _Hash

    @property
    def extra_font(self) -> int:
        return len(self.offsets) + Slot.CATALOGUE


def prepare(division: str | None = None, issuer: str | None = None) -> None:
    """Parses the fonts and draws what is constant, so that nobody waits for it at the first certificate."""
    render(_probe(division, issuer), _unsigned)


def _unsigned(_digest: bytes) -> bytes:
    return b""


def render(statement: Statement, sign: Sign) -> bytes:
    """The same statement gives the same bytes, if its signature does.

    Raises MissingGlyph, TextTooLong, RequirementNotMet.
    """
    require_printable(statement)
    template = _template(statement.division, statement.issuer)
    page = Lettering(template.codes)
    compose(page, statement)
    return _assemble(template, page, statement, sign)


def require_printable(statement: Statement) -> None:
    """Raises MissingGlyph, RequirementNotMet."""
    if not statement.met:
        raise RequirementNotMet(statement.number)
    require_glyphs(statement.text)


def _assemble(template: _Template, page: Lettering, statement: Statement, sign: Sign) -> bytes:
    content = page.content()
    description = metadata.packet(TITLE, statement.number, statement.issued_on)
    side, mask = qr.mask(statement.verify_url)
    body = Body(offsets=template.offsets, size=len(template.start))
    body.add(Slot.PAGE, _page(template.extra_font if page.extra else None))
    body.add(Slot.CONTENT, stream(content, level=QUICK))
    body.add(Slot.QR, stream(mask, sheet.image_mask(side), level=QUICK))
    body.add(Slot.METADATA, stream(description, "/Type /Metadata /Subtype /XML", level=0))
    body.add(Slot.LINK, sheet.link(statement.verify_url, LINK_KEY))
    if page.extra:
        extra = embedding.font_objects(EXTRA_NAME, page.extra, template.extra_font, level=QUICK)
        for number, value in enumerate(extra, start=template.extra_font):
            body.add(number, value)
    body.add(Slot.SIGNATURE, signature.dictionary(statement.issued_on))
    end = body.file(Slot.CATALOGUE, (content, mask, description))
    signed = signature.signed(end, sign, start=len(template.start), digest=template.digest)
    return template.start + signed


@lru_cache(maxsize=ISSUERS_KEPT)
def _template(division: str | None, issuer: str | None) -> _Template:
    codes = embedding.codes(sorted(set(constant_text(division, issuer))))
    body = Body()
    parts = Parts(Slot.PAGES, Slot.METADATA, Slot.STRUCTURE, Slot.PROFILE, Slot.SIGNATURE, Slot.FIELD)
    body.add(Slot.CATALOGUE, sheet.catalogue(parts))
    body.add(Slot.PAGES, f"<</Type /Pages /Kids [{Slot.PAGE} 0 R] /Count 1>>")
    body.add(Slot.PROFILE, sheet.profile())
    body.add(Slot.ARTWORK, sheet.form(artwork(issuer)))
    body.add(Slot.SEAL, sheet.form(seal(issuer)))
    constant = embedding.font_objects(CONSTANT_NAME, codes, Slot.FONT, level=9)
    for number, value in enumerate(constant, start=int(Slot.FONT)):
        body.add(number, value)
    tagged = _tagged(codes, division, issuer)
    body.add(Slot.FIELD, signature.field(Slot.SIGNATURE, Slot.APPEARANCE, Slot.PAGE, corners(SEAL_BOX), FIELD_KEY))
    body.add(Slot.APPEARANCE, stream(b"", signature.appearance(), level=0))
    body.add(Slot.STRUCTURE, tree_root(Slot.ELEMENTS, Slot.PARENTS, tagged.next_key))
    body.add(Slot.PARENTS, f"<</Nums [{tagged.entries()}]>>")
    for number, node in enumerate(tagged.nodes(parent=Slot.STRUCTURE), start=int(Slot.ELEMENTS)):
        body.add(number, node)
    start, offsets = body.frozen()
    return _Template(codes, start, offsets, sha256(start))


def _tagged(codes: Mapping[str, str], division: str | None, issuer: str | None) -> Tagged:
    """The tree depends on the issuer alone, so any statement shows it."""
    page = Lettering(codes)
    compose(page, _probe(division, issuer))
    page.root.kids.append(Element("Form"))
    return Tagged(page.root, Slot.ELEMENTS, Slot.PAGE, {"Link": Slot.LINK, "Form": Slot.FIELD})


def _probe(division: str | None, issuer: str | None) -> Statement:
    none = Hours(Decimal(0), Decimal(0))
    return Statement(
        number="0", code="0", year=2000, name="学", id_number_masked="0", employer="学",
        general=none, professional=none, elective=none,
        issued_on=date(2000, 1, 1), verify_url="https://localhost/", issuer=issuer, division=division,
    )  # fmt: skip


def artwork(issuer: str | None) -> Canvas:
    canvas = Canvas()
    draw_artwork(canvas, specimen=issuer is None)
    return canvas


def seal(issuer: str | None) -> Canvas:
    canvas = Canvas()
    draw_seal(canvas, issuer)
    return canvas


def _page(extra_font: int | None) -> str:
    extra = f" /{EXTRA_FONT} {extra_font} 0 R" if extra_font else ""
    return (
        f"<</Type /Page /Parent {Slot.PAGES} 0 R /MediaBox {sheet.MEDIA} /Contents {Slot.CONTENT} 0 R"
        f" /Resources <</Font <</{CONSTANT_FONT} {Slot.FONT} 0 R{extra}>>"
        f" /XObject <</Artwork {Slot.ARTWORK} 0 R /Seal {Slot.SEAL} 0 R /QR {Slot.QR} 0 R>>>>"
        f" /Annots [{Slot.LINK} 0 R {Slot.FIELD} 0 R] /StructParents 0 /Tabs /S>>"
    )
