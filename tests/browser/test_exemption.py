"""A year that was meant to be full: asked for with proof, granted by the authority, and printed as what it is."""

from decimal import Decimal
from pathlib import Path

from playwright.sync_api import Page, expect
from sqlalchemy import select

from db import reading, transaction
from db.accounts import Account
from db.certificates import Certificate
from db.claims import Category, ClaimStatus
from db.exemptions import ExemptionReason
from tests import factories, hostile_files
from tests.browser.conftest import Open, Server
from tests.browser.steps import button, choose, fill, follow, press, sees, title_is
from tests.browser.test_main_job import print_certificate, recompute
from tests.browser.test_recognition import enter
from web.labels import word

# Where no other test leaves anything, so that the queue holds this story alone.
DIVISION = "440403"
ALREADY = {Category.PROFESSIONAL: Decimal("21.5"), Category.ELECTIVE: Decimal(18)}


def stage() -> tuple[Account, Account]:
    """Somebody who has learned in the half of the year that she worked, and the supervisor."""
    with transaction() as session:
        employer = factories.create_employer(session, name="云上桥市政工程设计院", division=DIVISION)
        person = factories.create_person(session, name="许南枝", employer=employer)
        for category, hours in ALREADY.items():
            factories.create_claim(session, person, status=ClaimStatus.APPROVED, category=category, hours=hours)
        return session.get_one(Account, person.account_id), factories.create_supervisor(session, DIVISION)


def ask(page: Page, folder: Path) -> None:
    follow(page, "学时减免")
    title_is(page, "学时减免")
    choose(page, "减免事由", word(ExemptionReason.MATERNITY))
    page.get_by_text("全部减免", exact=True).first.click()
    part = page.get_by_label("或减免部分学时").nth(list(Category).index(Category.PROFESSIONAL))
    part.fill("20.5")
    part.press("Tab")
    fill(page, 情况说明="三月至九月休产假。")
    press(page, "提交申请", then="请上传证明材料")
    proof = folder / "出生证明.pdf"
    proof.write_bytes(hostile_files.pdf())
    page.locator("input[type=file]").set_input_files(proof)
    sees(page, "出生证明.pdf")
    press(page, "提交申请", then="待审批")
    sees(page, "公需科目全部减免、专业科目减免 20.5 学时")


def grant(page: Page) -> None:
    page.goto("/authority-requirements?view=exemptions")
    title_is(page, "学时要求")
    sees(page, "三月至九月休产假。")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="出生证明.pdf").click()
    assert "/files/exemptions/" in opened.value.url
    opened.value.close()
    press(page, "批准减免", then="这里没有减免")


def test_who_is_exempted_prints_what_was_asked_of_her(server: Server, open_browser: Open, tmp_path: Path) -> None:
    account, authority = stage()
    owner, supervisor = enter(open_browser(), account), enter(open_browser(), authority)
    ask(owner, tmp_path)
    grant(supervisor)
    recompute(server)
    owner.goto("/")
    sees(owner, "年度要求 42 学时，已批准减免 20.5 学时。")
    print_certificate(owner)
    with reading() as session:
        certificate = session.scalars(select(Certificate).order_by(Certificate.id.desc()).limit(1)).one()
    assert certificate.statement["note"] == "规定学时经批准减免：公需 30、专业 20.5。"
    owner.goto("/personal-exemptions")
    press(owner, "知道了", then="已标记为知道")
    expect(button(owner, "知道了")).to_have_count(0)
