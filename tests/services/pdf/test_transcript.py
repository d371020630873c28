"""The printed transcript, read back: every record whole, on pages that say which of how many they are."""

import re
from io import BytesIO
from pathlib import Path

import pytest

from services import signing
from services.pdf import transcript_page
from services.pdf.page import SPECIMEN_LABEL
from services.pdf.palette import PAGE_HEIGHT, PAGE_WIDTH
from services.pdf.transcript import Transcript
from tests.services.pdf import judging, reading
from tests.services.pdf.statements import LATIN_EMPLOYER, LATIN_NAME, LONG_EMPLOYER, LONG_NAME
from tests.services.pdf.transcripts import chapter, entries, transcript

pytestmark = pytest.mark.no_database

MARGIN = 18.0
LONG_TITLE = "面向新质生产力的专业技术人员知识更新工程高级研修项目（Advanced Seminar on New Quality Productive Forces）"
BOUNDARIES = {
    "one record": transcript(chapter(2026, entries(1))),
    "no record": transcript(chapter(2026, [])),
    "many pages": transcript(chapter(2026, entries(120))),
    "several years": transcript(*(chapter(year, entries(9)) for year in range(2026, 2015, -1))),
    "long names": transcript(
        chapter(2026, entries(30, LONG_TITLE * 2, LONG_EMPLOYER)), name=LONG_NAME, employer=LONG_EMPLOYER * 2
    ),
    "latin": transcript(chapter(2026, entries(4, "A" * 120, LATIN_EMPLOYER)), name=LATIN_NAME, employer=LATIN_EMPLOYER),
    "rare": transcript(chapter(2026, entries(4, "王〔U+1F393〕㛃䶮𠮷")), name="欧阳𬭎"),
    "no employer": transcript(chapter(2026, entries(2)), employer=""),
}
every_boundary = pytest.mark.parametrize("said", BOUNDARIES.values(), ids=BOUNDARIES.keys())


def render(said: Transcript) -> bytes:
    with BytesIO() as file:
        transcript_page.write(file, said, signing.sign_file)
        return file.getvalue()


def squeezed(text: str) -> str:
    return "".join(text.split())


@every_boundary
def test_every_record_is_printed_whole_under_its_year(said: Transcript) -> None:
    """A record is never cut by the end of a page."""
    pages = reading.pages(render(said))
    text = "".join(pages)
    for of_year in said.chapters:
        assert f"{of_year.year}年度" in text
        for number, entry in enumerate(of_year.entries, start=1):
            days = f"{entry.start_on}" + ("" if entry.start_on == entry.end_on else f"至{entry.end_on}")
            row = f"{number}{days}{entry.title}{entry.kind}{entry.category}{entry.hours}{entry.confirmed_by}"
            assert any(squeezed(row) in page for page in pages), row


@every_boundary
def test_every_page_says_which_it_is_and_whose_and_repeats_the_headings(said: Transcript) -> None:
    pages = reading.pages(render(said))
    for number, page in enumerate(pages, start=1):
        assert page.endswith(f"{squeezed(said.name)}第{number}页共{len(pages)}页")
        assert page.count("活动名称") >= 1 or not re.search(r"\d{4}-\d\d-\d\d", page)


def test_the_head_says_who_and_as_of_which_run() -> None:
    text = reading.pages(render(transcript(chapter(2026, entries(1)), issuer="南江省人力资源和社会保障厅")))[0]
    assert "姓名：林知远证件号码：110101********0015工作单位：青禾市测绘设计研究院" in text
    assert "第12次官方统计（2026年11月26日11:46）打印日期：2026年11月27日出具单位：南江省" in text
    assert squeezed(SPECIMEN_LABEL) not in text


@every_boundary
def test_a_pilots_pages_say_each_that_they_are_specimens(said: Transcript) -> None:
    assert all(squeezed(SPECIMEN_LABEL) in page for page in reading.pages(render(said)))


def test_the_sums_stand_below_the_records_of_each_year() -> None:
    text = "".join(reading.pages(render(transcript(chapter(2026, entries(40)), chapter(2025, entries(2))))))
    assert "公需科目18.021.0达到要求专业科目18.019.5达到要求选修科目18.019.5达到要求合计54.060.0达到要求" in text
    assert "公需科目18.01.5未达要求专业科目18.01.5未达要求选修科目18.00.0未达要求合计54.03.0未达要求" in text


def test_a_surplus_makes_the_whole_year_no_better() -> None:
    one_sided = [entry._replace(category="公需科目") for entry in entries(90)]
    text = "".join(reading.pages(render(transcript(chapter(2026, one_sided)))))
    assert "合计54.0135.0未达要求" in text


@every_boundary
def test_no_letter_leaves_the_sheet_and_none_lies_on_the_foot(said: Transcript) -> None:
    content = render(said)
    for number in range(len(reading.pages(content))):
        boxes = reading.letter_boxes(content, number)
        assert min(left for left, _, _, _ in boxes) > MARGIN
        assert max(right for _, _, right, _ in boxes) < PAGE_WIDTH - MARGIN
        assert max(bottom for _, _, _, bottom in boxes) < PAGE_HEIGHT - 10
        assert not any(190.5 < bottom < 193.5 for _, _, _, bottom in boxes)


@every_boundary
def test_the_file_is_sound_signed_as_a_whole_and_embeds_its_fonts(said: Transcript, tmp_path: Path) -> None:
    content = render(said)
    assert judging.faults(content) == []
    assert all(reading.fonts(content).values())
    assert "Signature is Valid." in judging.pdfsig(content, tmp_path)
    status = judging.judged(content)
    assert status.bottom_line
    assert status.coverage.name == "ENTIRE_FILE"


@pytest.mark.parametrize("where", [0.1, 0.5, 0.85])
def test_one_changed_byte_breaks_the_signature(where: float, tmp_path: Path) -> None:
    content = bytearray(render(BOUNDARIES["many pages"]))
    content[int(len(content) * where)] ^= 1
    assert "Signature is Valid." not in judging.pdfsig(bytes(content), tmp_path)


def test_the_same_transcript_gives_the_same_bytes() -> None:
    assert render(BOUNDARIES["several years"]) == render(BOUNDARIES["several years"])
