"""The digital signature of the file, judged by two programs that share no code with ours: poppler and pyHanko."""

from collections.abc import Iterable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from services.pdf import certificate
from services.pdf.signature import RESERVED, SignatureTooLong
from tests.services.pdf.judging import judged, pdfsig
from tests.services.pdf.signed import render
from tests.services.pdf.statements import BOUNDARIES, ISSUED, PILOT

pytestmark = pytest.mark.no_database


@pytest.mark.parametrize("statement", [PILOT, ISSUED, BOUNDARIES["long everything"]], ids=["pilot", "issued", "long"])
def test_poppler_says_that_the_signature_is_valid_and_covers_the_whole_file(statement: Any, tmp_path: Path) -> None:
    said = pdfsig(render(statement), tmp_path)
    assert "Signature is Valid." in said
    assert "Total document signed" in said


def test_pyhanko_trusts_it_by_the_authority_and_allows_no_change() -> None:
    status = judged(render(ISSUED))
    assert status.bottom_line
    assert status.trusted
    assert status.docmdp_ok
    assert status.coverage.name == "ENTIRE_FILE"


@pytest.mark.parametrize("where", [0.1, 0.5, 0.9, 0.999])
def test_one_changed_byte_breaks_it(where: float, tmp_path: Path) -> None:
    content = bytearray(render(ISSUED))
    content[_outside_signature(content, int(len(content) * where))] ^= 1
    assert "Signature is Valid." not in pdfsig(bytes(content), tmp_path)


def _outside_signature(content: bytearray, at: int) -> int:
    """The bytes of the signature itself are not signed."""
    opening = content.index(b"/Contents <30")
    return at if not opening <= at <= opening + 2 * RESERVED else opening - 10


def test_a_page_laid_over_it_later_is_seen() -> None:
    writer = IncrementalPdfFileWriter(BytesIO(render(ISSUED)))
    writer.root["/PageLayout"] = writer.root["/Type"]
    writer.update_root()  # type: ignore[no-untyped-call]  # likewise
    changed = BytesIO()
    writer.write(changed)  # type: ignore[no-untyped-call]  # likewise
    status = judged(changed.getvalue())
    assert not status.bottom_line
    assert status.coverage.name != "ENTIRE_FILE"


def test_every_certificate_has_its_own_signature() -> None:
    signatures = {_contents(render(one)) for one in (ISSUED, replace(ISSUED, name="林知夏"), PILOT)}
    assert len(signatures) == 3


def _contents(content: bytes) -> bytes:
    start = content.index(b"/Contents <30")
    return content[start : start + 2 * RESERVED]


def test_a_chain_that_does_not_fit_is_no_certificate_without_a_signature() -> None:
    with pytest.raises(SignatureTooLong):
        certificate.render(ISSUED, lambda _digest: bytes(RESERVED + 1))


def test_the_field_lies_over_the_printed_seal_and_is_tagged(tmp_path: Path) -> None:
    content = render(ISSUED)
    assert content.count(b"/FT /Sig") == content.count(b"/S /Form ") == 1
    assert _rectangles(content, b"/Subtype /Widget") == _rectangles(content, b"/Alt <feff53707ae0")


def _rectangles(content: bytes, mark: bytes) -> Iterable[bytes]:
    start = content.index(mark)
    opening = min(at for name in (b"/Rect [", b"/BBox [") if (at := content.find(name, start)) > 0)
    return content[opening + 7 : content.index(b"]", opening)].split()
