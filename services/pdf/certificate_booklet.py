"""Certificates bound together: each page is what the certificate alone shows, and one signature covers them all."""

from datetime import date
from functools import partial

from services.pdf import certificate, qr, sheet
from services.pdf.booklet import About, Booklet
from services.pdf.certificate import QUICK
from services.pdf.long_file import Sink
from services.pdf.objects import stream
from services.pdf.page import TITLE, compose, constant_text
from services.pdf.seal import SEAL_BOX
from services.pdf.signature import Sign
from services.pdf.statement import Statement


class CertificateBooklet:
    """Statements of any issuer, written to the file as they are added; at least one."""

    def __init__(self, file: Sink) -> None:
        self._booklet = Booklet(file, constant_text(None, None), SEAL_BOX)

    def add(self, statement: Statement) -> None:
        """Raises MissingGlyph, TextTooLong, RequirementNotMet."""
        certificate.require_printable(statement)
        text, issuer = self._booklet.lettering(), statement.issuer
        compose(text, statement)
        side, mask = qr.mask(statement.verify_url)
        drawings = {
            "Artwork": self._booklet.drawn(f"artwork {issuer is None}", partial(certificate.artwork, issuer)),
            "Seal": self._booklet.drawn(f"seal {issuer}", partial(certificate.seal, issuer)),
            "QR": self._booklet.stream(stream(mask, sheet.image_mask(side), level=QUICK)),
        }
        self._booklet.add(text, drawings, {"Link": partial(sheet.link, statement.verify_url)})

    def close(self, identifier: str, day: date, sign: Sign) -> None:
        self._booklet.close(About(TITLE, identifier, day), sign)
