"""Certificates in one file: every page as the certificate alone, whatever stands before it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import zxingcpp

from services import signing
from services.pdf.certificate import RequirementNotMet
from services.pdf.certificate_booklet import CertificateBooklet
from services.pdf.font_store import MissingGlyph
from services.pdf.statement import Statement
from tests.services.pdf import judging, reading
from tests.services.pdf.signed import render
from tests.services.pdf.statements import BOUNDARIES, ISSUED, PILOT

pytestmark = pytest.mark.no_database

ALL = list(BOUNDARIES.values())


def bound(statements: Iterable[Statement]) -> bytes:
    with BytesIO() as file:
        booklet = CertificateBooklet(file)
        for statement in statements:
            booklet.add(statement)
        booklet.close("0", date(2026, 11, 27), signing.sign_file)
        return file.getvalue()


def test_every_page_says_what_the_certificate_alone_says() -> None:
    alone = [reading.joined(render(statement)) for statement in ALL]
    assert reading.pages(bound(ALL)) == alone


@pytest.mark.parametrize("number", [0, 1, 5])
def test_every_page_looks_like_the_certificate_alone(number: int) -> None:
    page, alone = reading.pixels(bound(ALL), 72, number), reading.pixels(render(ALL[number]), 72)
    assert np.allclose(page.astype(int), alone.astype(int), atol=2)


def test_the_qr_code_of_every_page_leads_to_its_own_certificate() -> None:
    several = [replace(ISSUED, verify_url=f"{ISSUED.verify_url}{number}") for number in range(3)]
    content = bound(several)
    codes = [zxingcpp.read_barcodes(reading.pixels(content, 150, number))[0].text for number in range(3)]
    assert codes == [statement.verify_url for statement in several]


@pytest.mark.parametrize("statements", [[PILOT], [ISSUED, PILOT], ALL], ids=["one", "two issuers", "all"])
def test_the_file_is_sound_signed_as_a_whole_and_embeds_its_fonts(statements: list[Statement], tmp_path: Path) -> None:
    content = bound(statements)
    assert judging.faults(content) == []
    for number in range(len(statements)):
        assert all(reading.fonts(content, number).values())
    assert "Signature is Valid." in judging.pdfsig(content, tmp_path)
    assert judging.judged(content).coverage.name == "ENTIRE_FILE"


@pytest.mark.parametrize("where", [0.05, 0.5, 0.9])
def test_one_changed_byte_breaks_the_signature(where: float, tmp_path: Path) -> None:
    content = bytearray(bound(ALL * 4))
    content[int(len(content) * where)] ^= 1
    assert "Signature is Valid." not in judging.pdfsig(bytes(content), tmp_path)


def test_a_further_page_costs_a_twelfth_of_a_file_of_its_own() -> None:
    several = [
        replace(ISSUED, number=f"{number:017d}", verify_url=f"{ISSUED.verify_url}{number}") for number in range(200)
    ]
    further = (len(bound(several)) - len(bound(several[:100]))) / 100
    assert further < len(render(ISSUED)) / 12


def test_what_could_not_be_printed_alone_is_not_printed_among_others() -> None:
    with pytest.raises(MissingGlyph):
        bound([ISSUED, replace(ISSUED, name="王\U0003134a")])
    with pytest.raises(RequirementNotMet):
        bound([replace(ISSUED, general=replace(ISSUED.general, earned=ISSUED.general.required - 1))])
