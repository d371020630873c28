"""An employer prints the certificates of the staff at once, and one of them finds his own and takes the transcript."""

import zipfile
from decimal import Decimal
from pathlib import Path

from playwright.sync_api import Page, expect

from db import transaction
from db.accounts import Account
from db.claims import Category, ClaimStatus
from services.clock import today
from tests import factories
from tests.browser.conftest import Open, Server
from tests.browser.steps import follow, press, sees, settled, title_is
from tests.browser.test_main_job import recompute
from tests.browser.test_recognition import enter
from tests.services.pdf import reading

DIVISION = "440403"
FULL = {Category.GENERAL: Decimal(30), Category.PROFESSIONAL: Decimal(42), Category.ELECTIVE: Decimal(18)}
NAMES = ("林知夏", "阿卜杜拉·买买提", "王\U0003134a")


def stage() -> tuple[Account, Account]:
    """A reviewer with three people who have met the year, and the first of them."""
    with transaction() as session:
        employer = factories.create_employer(session, name="云麓桥隧设计院", division=DIVISION)
        people = [factories.create_person(session, name=name, employer=employer) for name in NAMES]
        for person in people:
            for category, hours in FULL.items():
                factories.create_claim(session, person, status=ClaimStatus.APPROVED, category=category, hours=hours)
        return factories.create_reviewer(session, employer), session.get_one(Account, people[0].account_id)


def download(page: Page, link: str, folder: Path) -> Path:
    settled(page)
    with page.expect_download() as waiting:
        page.get_by_role("link", name=link).click()
    waiting.value.save_as(folder / waiting.value.suggested_filename)
    return folder / waiting.value.suggested_filename


def test_the_staff_is_printed_at_once_and_everybody_has_his_own(
    open_browser: Open, server: Server, tmp_path: Path
) -> None:
    reviewer, professional = stage()
    recompute(server)
    page = enter(open_browser(), reviewer)
    follow(page, "完成情况")
    title_is(page, "完成情况")
    press(page, "批量打印证书", then="已打印 2 份证书，可以下载。")
    sees(page, "U+3134A")
    pages = reading.pages(download(page, "下载合并的 PDF（2 份）", tmp_path).read_bytes())
    assert len(pages) == 2
    with zipfile.ZipFile(download(page, "下载压缩包（2 份", tmp_path)) as archive:
        assert sorted(name.partition("_")[0] for name in archive.namelist()) == sorted(NAMES[:2])

    own = enter(open_browser(), professional)
    follow(own, "继续教育证书打印")
    title_is(own, "继续教育证书打印")
    expect(own.get_by_role("link", name="打开证书（PDF）")).to_be_visible()
    transcript = download(own, "打开学时明细（PDF）", tmp_path)
    assert transcript.name == f"学时明细_{today().year}.pdf"
    assert "合计90.090.0达到要求" in "".join(reading.pages(transcript.read_bytes()))
