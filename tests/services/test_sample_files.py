"""The demo's evidence is like evidence."""

import io
from datetime import date

import pikepdf
import pytest

from services.demo.sample_files import certificate_scan
from services.evidence_files import check

pytestmark = pytest.mark.no_database

COURSE = ("护理质量管理专题研修班", "陈嘉", "端州市专业技术人员继续教育基地", date(2025, 6, 18))


def test_a_sample_is_one_lying_page_that_is_let_in() -> None:
    with pikepdf.open(io.BytesIO(check("证书.pdf", certificate_scan(*COURSE, seed=1)).clean)) as document:
        (page,) = document.pages
        width, height = (float(page.mediabox[2]), float(page.mediabox[3]))
    assert (round(width), round(height)) == (842, 595)


def test_the_same_seed_gives_the_same_file_and_another_seed_another_one() -> None:
    assert certificate_scan(*COURSE, seed=1) == certificate_scan(*COURSE, seed=1)
    assert len({certificate_scan(*COURSE, seed=seed) for seed in range(5)}) == 5


@pytest.mark.parametrize("words", ["短", "A", "很长的名称" * 20, ""])
def test_words_of_any_length_are_drawn(words: str) -> None:
    assert certificate_scan(words, words, words, date(2025, 1, 1), seed=2).startswith(b"%PDF-")
