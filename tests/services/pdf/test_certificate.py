import os
import re
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
import zxingcpp

from services.pdf.certificate import RequirementNotMet, prepare
from services.pdf.font_store import MissingGlyph
from services.pdf.page import FOOTNOTE, SPECIMEN_CLOSING, SPECIMEN_LABEL, TITLE
from services.pdf.palette import PAGE_HEIGHT, PAGE_WIDTH
from services.pdf.statement import Hours, Statement
from services.pdf.typesetting import TextTooLong
from tests.services.pdf import naive, reading
from tests.services.pdf.signed import render
from tests.services.pdf.statements import BOUNDARIES, ISSUED, LATIN_NAME, LONG_EMPLOYER, LONG_NAME, PILOT

pytestmark = pytest.mark.no_database

FRAME = 19.0
RARE_NAMES = ("王㛃", "张䶮", "陶喆", "李堃", "赵镕", "欧阳𬭎", "王𠮷某", LONG_NAME, LATIN_NAME, "Zoë Ångström-O'Neill")
UNPRINTABLE_NAMES = (("王𬎆某", "𬎆"), ("王\U0003134a𬎆", "\U0003134a𬎆"), ("王\n某", "\n"), ("王\u200b某", "\u200b"))
OTHER_PROCESS = """
from hashlib import sha256
from tests.services.pdf.signed import render
from tests.services.pdf.statements import ISSUED, PILOT
print(sha256(render(PILOT) + render(ISSUED)).hexdigest())
"""


def test_the_page_says_everything_in_the_order_of_reading() -> None:
    text = reading.joined(render(ISSUED))
    said = [
        "南江省",
        TITLE,
        "2026年度",
        ISSUED.number,
        ISSUED.name,
        ISSUED.id_number_masked,
        ISSUED.employer,
        "公需科目30.032.0达到要求",
        "专业科目42.045.5达到要求",
        "选修科目18.018.0达到要求",
        "合计90.095.5达到要求",
        ISSUED.code,
        "https://hourbook.example.org/verify",
        "南江省人力资源和社会保障厅",
        "2026年11月23日",
        "".join(FOOTNOTE.split()),
    ]
    places = [text.find(one, 3 if one == said[0] and number else 0) for number, one in enumerate(said)]
    assert -1 not in places
    assert places == sorted(places)


def test_a_pilot_says_three_times_that_it_is_none_of_an_authority() -> None:
    text = reading.joined(render(PILOT))
    assert "".join(SPECIMEN_LABEL.split()) in text
    assert SPECIMEN_CLOSING in text
    assert "特发此证" not in text
    assert "印章：试点样章".encode("utf-16-be").hex().encode() in render(PILOT)


def test_a_pilot_has_no_red_seal() -> None:
    assert _red_pixels(render(ISSUED)) > 5 * _red_pixels(render(PILOT))


def test_an_issued_certificate_carries_no_word_of_the_pilot() -> None:
    assert "试点" not in reading.joined(render(ISSUED))


@pytest.mark.parametrize("dpi", [72, 110, 150, 300])
@pytest.mark.parametrize("name", ["pilot", "issued", "long address"])
def test_the_printed_qr_code_leads_to_the_verification(name: str, dpi: int) -> None:
    statement = BOUNDARIES[name]
    (code,) = zxingcpp.read_barcodes(reading.pixels(render(statement), dpi))
    assert code.text == statement.verify_url


def test_the_same_statement_gives_the_same_bytes_in_every_process() -> None:
    here = sha256(render(PILOT) + render(ISSUED)).hexdigest()
    for seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path.cwd())}
        there = subprocess.run(
            [sys.executable, "-c", OTHER_PROCESS], env=environment, capture_output=True, text=True, check=True
        )
        assert there.stdout.strip() == here


def test_preparing_changes_no_byte() -> None:
    before = render(ISSUED)
    prepare(ISSUED.division, ISSUED.issuer)
    assert render(ISSUED) == before


@pytest.mark.parametrize("statement", BOUNDARIES.values(), ids=BOUNDARIES.keys())
def test_no_letter_leaves_the_frame(statement: Statement) -> None:
    boxes = reading.letter_boxes(render(statement))
    assert min(left for left, _, _, _ in boxes) > FRAME
    assert min(top for _, top, _, _ in boxes) > FRAME
    assert max(right for _, _, right, _ in boxes) < PAGE_WIDTH - FRAME
    assert max(bottom for _, _, _, bottom in boxes) < PAGE_HEIGHT - FRAME


@pytest.mark.parametrize("statement", BOUNDARIES.values(), ids=BOUNDARIES.keys())
def test_every_boundary_keeps_its_words_whole(statement: Statement) -> None:
    text = reading.joined(render(statement))
    assert "".join(statement.name.split()) in text
    assert "".join(statement.employer.split()) in text


@pytest.mark.parametrize("statement", BOUNDARIES.values(), ids=BOUNDARIES.keys())
def test_the_sentence_stays_above_the_table(statement: Statement) -> None:
    with reading.opened(render(statement)) as page:
        letters = page.get_textpage()
        lines = {round(letters.get_charbox(at)[1]) for at in range(letters.count_chars())}
        text = letters.get_text_range()
    assert len(lines) > 10
    assert text.index("兹证明") < text.index("科目类别")
    assert _gap_above_table(render(statement)) > 0.5


def test_a_text_beyond_all_measure_is_refused() -> None:
    with pytest.raises(TextTooLong):
        render(replace(ISSUED, employer=LONG_EMPLOYER * 20))


@pytest.mark.parametrize("name", RARE_NAMES)
def test_rare_and_foreign_names_are_printed_and_can_be_copied(name: str) -> None:
    assert "".join(name.split()) in reading.joined(render(replace(ISSUED, name=name)))


@pytest.mark.parametrize(("name", "missing"), UNPRINTABLE_NAMES)
def test_a_character_that_no_font_has_is_refused_by_name(name: str, missing: str) -> None:
    with pytest.raises(MissingGlyph) as refusal:
        render(replace(ISSUED, name=name))
    assert refusal.value.characters == missing
    assert f"U+{ord(missing[0]):04X}" in str(refusal.value)


SHORT = Hours(Decimal("30.0"), Decimal("29.9"))


@pytest.mark.parametrize(
    "lacking",
    [replace(ISSUED, general=SHORT), replace(ISSUED, professional=SHORT), replace(ISSUED, elective=SHORT)],
    ids=["general", "professional", "elective"],
)
def test_hours_that_fall_short_in_one_category_print_nothing(lacking: Statement) -> None:
    with pytest.raises(RequirementNotMet):
        render(lacking)


def test_every_font_is_embedded() -> None:
    embedded = reading.fonts(render(ISSUED))
    assert len(embedded) == 2
    assert all(embedded.values())


def test_the_file_is_tagged_for_screen_readers() -> None:
    content = render(ISSUED)
    roles = re.findall(rb"/S /([A-Z][A-Za-z0-9]*) /P", content)
    counts = {role.decode(): roles.count(role) for role in set(roles)}
    assert (counts["H1"], counts["Table"], counts["TR"], counts["TH"], counts["TD"]) == (1, 1, 5, 8, 12)
    assert counts["Figure"] == content.count(b"/Alt <feff") == 2
    for mark in (b"/Lang (zh-CN)", b"/MarkInfo <</Marked true>>", b"<pdfaid:part>2</pdfaid:part>", TITLE.encode()):
        assert mark in content


@pytest.mark.parametrize("statement", BOUNDARIES.values(), ids=BOUNDARIES.keys())
def test_every_mark_on_the_page_has_its_place_in_the_structure(statement: Statement) -> None:
    content = render(statement)
    places = re.search(rb"/Nums \[0 \[(.*?)\]", content)
    assert places
    assert places[1].count(b" R") == reading.page_operators(content).count(b"/MCID")


@pytest.mark.parametrize("statement", [PILOT, ISSUED], ids=["pilot", "issued"])
def test_the_textbook_renderer_says_the_same(statement: Statement) -> None:
    ours, textbook = reading.text(render(statement)), reading.text(naive.render(statement))
    assert ours.splitlines() == textbook.splitlines()[-len(ours.splitlines()) :]


def test_the_textbook_renderer_puts_the_same_ink_on_the_sentence_and_the_table() -> None:
    ours, textbook = (
        reading.pixels(content, 100)[290:580, 140:1030] < 110 for content in (render(ISSUED), naive.render(ISSUED))
    )
    assert ours.sum() > 5000
    assert np.logical_xor(ours, textbook).sum() < 0.08 * ours.sum()


def _red_pixels(content: bytes) -> int:
    with reading.opened(content) as page:
        red, green, blue = np.moveaxis(np.array(page.render(scale=1).to_pil().convert("RGB")).astype(int), 2, 0)
    seal_corner = red[420:540, 570:710], green[420:540, 570:710], blue[420:540, 570:710]
    return int(((seal_corner[0] > 160) & (seal_corner[1] < 90) & (seal_corner[2] < 90)).sum())


def _gap_above_table(content: bytes) -> float:
    boxes = reading.letter_boxes(content)
    return min(104.0 - bottom for _, top, _, bottom in boxes if top < 103.0)
