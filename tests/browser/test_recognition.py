"""A teacher's hours: endorsed by the school, recognised by the supervisor, revoked in an audit with the certificate."""

from decimal import Decimal
from pathlib import Path

from playwright.sync_api import Page, expect
from sqlalchemy import select

from db import reading, transaction
from db.accounts import Account
from db.audits import AuditItem
from db.certificates import Certificate
from db.claims import Category, Claim, ClaimStatus
from db.people import TitleSeries
from tests import factories
from tests.browser.conftest import Open, Server
from tests.browser.steps import choose, field, follow, press, sees, settled, title_is
from tests.browser.test_main_job import Claiming, declare, print_certificate, recompute
from tests.web.client import token_for
from web.labels import word

# Where no other test leaves anything, so that each queue holds this story alone.
DIVISION = "440402"
TITLE = "教师信息技术能力提升"
ALREADY = {Category.GENERAL: Decimal(30), Category.PROFESSIONAL: Decimal(42)}


def stage() -> tuple[Account, Account, Account]:
    """A teacher who lacks the elective hours, the school's reviewer, and the supervisor."""
    with transaction() as session:
        school = factories.create_employer(session, name="云麓中学", division=DIVISION)
        teacher = factories.create_person(session, name="沈若溪", employer=school)
        teacher.title_series = TitleSeries.TEACHING
        for category, hours in ALREADY.items():
            factories.create_claim(session, teacher, status=ClaimStatus.APPROVED, category=category, hours=hours)
        account = session.get_one(Account, teacher.account_id)
        return account, factories.create_reviewer(session, school), factories.create_supervisor(session, DIVISION)


def enter(page: Page, account: Account) -> Page:
    page.goto("/verify")
    page.context.add_cookies([{"name": "hourbook", "value": token_for(account), "url": page.url}])
    page.goto("/")
    settled(page)
    return page


def shows_evidence(page: Page) -> None:
    picture = page.locator("img[alt='附件预览']")
    expect(picture).to_be_visible()
    page.wait_for_function("picture => picture.complete && picture.naturalWidth > 0", arg=picture.element_handle())


def recognise(page: Page) -> None:
    follow(page, "学时认定与抽查")
    title_is(page, "学时认定与抽查")
    sees(page, "单位审核通过")
    sees(page, "沈若溪")
    shows_evidence(page)
    press(page, "通过", then="没有待认定的学时")


def draw_sample(page: Page) -> None:
    page.goto("/authority-claims?view=audits")
    field(page, "每个单位至少（条）").fill("3")
    field(page, "每个单位至少（条）").press("Tab")
    sees(page, "将抽取 3 条")
    press(page, "抽取")
    press(page, "打开", then="各单位抽查结果")


def revoke(page: Page, number: str) -> None:
    with reading() as session:
        drawn = select(AuditItem).join(AuditItem.claim).where(Claim.title == TITLE).order_by(AuditItem.id.desc())
        item = session.scalars(drawn).first()
    assert item is not None
    page.goto(f"/authority-claims?view=audits&audit={item.audit_id}&id={item.id}")
    expect(page.get_by_role("heading", level=2).filter(has_text=TITLE)).to_be_visible()
    shows_evidence(page)
    press(page, "撤销学时", then="的官方学时立即由 18 变为 0（要求 18）")
    sees(page, f"证书 {number} 将标记为“已撤销”")
    choose(page, "原因", "材料不真实")
    press(page, "确认撤销学时", then="撤销 1 条，待抽查 2 条")


def test_hours_are_recognised_and_later_revoked_with_the_certificate(
    open_browser: Open, server: Server, tmp_path: Path
) -> None:
    teacher, reviewer, supervisor = stage()
    person, school, office, public = (open_browser() for _ in range(4))
    enter(person, teacher)
    declare(person, Claiming(word(Category.ELECTIVE), TITLE, 18), tmp_path)
    enter(school, reviewer)
    follow(school, "学时审核")
    title_is(school, "学时审核")
    sees(school, TITLE)
    press(school, "通过", then="没有待审核的学时")
    recognise(enter(office, supervisor))
    recompute(server)
    print_certificate(person)
    with reading() as session:
        certificate = session.scalars(select(Certificate).order_by(Certificate.id.desc())).first()
    assert certificate is not None
    public.goto(f"/verify?code={certificate.code}")
    sees(public, "证书有效")

    draw_sample(office)
    revoke(office, certificate.number)
    public.reload()
    sees(public, "证书已撤销，无效")
    follow(person, "继续教育记录")
    sees(person, "主管部门已于")
    sees(person, "材料不真实")
    follow(person, "继续教育证书打印")
    sees(person, "签发后有学时被撤销")
    expect(person.get_by_role("button", name="打印证书")).to_have_count(0)
