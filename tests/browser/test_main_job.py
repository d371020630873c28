"""The main job in the screens' own words: from the registration to a certificate that anybody can verify."""

import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # comes without types
import zxingcpp
from playwright.sync_api import Page, expect

from db import transaction
from db.accounts import Role
from db.claims import Category
from db.settings import PROJECT
from services import clock
from services.demo.sample_files import certificate_scan
from tests import factories
from tests.browser.conftest import CAPTCHA, Open, Server, environment
from tests.browser.steps import (
    button,
    change_password,
    choose,
    choose_file,
    enter_date,
    field,
    fill,
    follow,
    press,
    sees,
    settled,
    sign_in,
    title_is,
)
from tests.signing_in import create_account
from web.labels import LABELS

FIRST, SECOND = "River-2031-sky", "Bamboo-Gate-77"
EMPLOYER = "晴川桥隧设计有限公司"
# Where no other test leaves anything, so that each queue holds this job alone.
CITY, PLACES = "440300", {"省级": "广东省", "市级": "深圳市", "县级": "罗湖区"}
HOURS = {Category.GENERAL: 30, Category.PROFESSIONAL: 42, Category.ELECTIVE: 18}
RENDER_SCALE = 200 / 72


@dataclass(frozen=True)
class Claiming:
    """What the professional types for one claim."""

    category: str
    title: str
    hours: int

    @property
    def days(self) -> int:
        return -(-self.hours // 8)

    def file(self, folder: Path) -> Path:
        path = folder / f"{self.title}.pdf"
        path.write_bytes(certificate_scan(self.title, "林知夏", "晴川继续教育中心", clock.today(), seed=self.hours))
        return path


CLAIMS = [
    Claiming(LABELS[Category][category].word, f"{LABELS[Category][category].word}培训", hours)
    for category, hours in HOURS.items()
]


def choose_division(page: Page) -> None:
    for level, place in PLACES.items():
        choose(page, level, place)


def register_employer(page: Page) -> None:
    page.goto("/")
    follow(page, "单位/机构注册")
    title_is(page, "单位/机构注册")
    fill(page, 统一社会信用代码=factories.invented_uscc(), 单位名称=EMPLOYER, 联系人="陈景行", 联系电话="020-00000000")
    choose_division(page)
    page.get_by_text("法人单位", exact=True).first.click()
    fill(page, 用户名="qingchuan", 密码=FIRST, 确认密码=FIRST, 验证码=CAPTCHA)
    press(page, "提交注册", then="的注册申请已提交，等待")


def register_professional(page: Page) -> None:
    page.goto("/")
    follow(page, "个人注册")
    title_is(page, "个人注册")
    fill(page, 用户名="zhixia", 密码=FIRST, 确认密码=FIRST, 姓名="林知夏", 证件号码=factories.invented_id_number())
    fill(page, 手机号码="13800000000", 电子邮箱="zhixia@example.com", 验证码=CAPTCHA)
    press(page, "注册", then="注册成功")


def enter_first_time(page: Page, username: str) -> None:
    """The password of the registration opens nothing but the page that changes it."""
    sign_in(page, username, FIRST, address="/personal-claims")
    title_is(page, "修改密码")
    expect(page.get_by_role("link", name="继续教育记录")).to_have_count(0)
    change_password(page, FIRST, SECOND)


def approve_employer(page: Page) -> None:
    """Begun where a supervisor lands, and what waits is a link."""
    title_is(page, "学时看板")
    follow(page, "1 个单位或机构等待审核")
    title_is(page, "单位与机构审核")
    sees(page, EMPLOYER)
    press(page, "通过", then="没有待审核的单位")


def ask_to_be_confirmed(page: Page) -> None:
    follow(page, "人员基本信息维护")
    title_is(page, "人员基本信息维护")
    choose_division(page)
    page.get_by_text(EMPLOYER, exact=True).click()
    press(page, "提交", then="待单位确认")


def confirm_professional(page: Page) -> None:
    follow(page, "人员管理")
    title_is(page, "人员管理")
    sees(page, "林知夏")
    press(page, "确认", then="没有待确认的人员")


def declare(page: Page, claim: Claiming, folder: Path) -> None:
    follow(page, "继续教育记录")
    press(page, "学时记录添加", then="填写基本信息")
    settled(page)
    year = clock.today().year
    if not page.get_by_label("年度").input_value():
        choose(page, "年度", str(year))
    choose(page, "学时类别", claim.category)
    choose(page, "活动类型", "参加培训班、研修班")
    fill(page, 活动名称=claim.title, 主办单位="晴川继续教育中心")
    first = clock.today() - timedelta(days=claim.days - 1)
    enter_date(page, "开始日期", first)
    sees(page, "1 天 × 每天最多 8 学时")  # the end follows the start, until it is typed itself
    enter_date(page, "结束日期", clock.today())
    sees(page, f"{claim.days} 天 × 每天最多 8 学时 = {claim.days * 8} 学时")
    field(page, "申报学时").fill(str(claim.hours))
    field(page, "申报学时").press("Tab")
    press(page, "保存基本信息", then="基本信息已保存")
    choose_file(page, claim.file(folder), taken_in_by="附件材料上传")
    sees(page, "有 1 个附件已选择但还没有上传")
    press(page, "附件材料上传", then="新窗口打开")
    page.get_by_text("我承诺以上内容").click()
    press(page, "确认送审", then="已送审，请等待单位审核")
    expect(button(page, "学时记录添加")).to_be_visible()


def approve_all(page: Page) -> None:
    follow(page, "学时审核")
    title_is(page, "学时审核")
    for _ in CLAIMS:
        opened = page.get_by_role("heading", level=2).filter(has_text="培训")
        title = opened.inner_text()
        expect(button(page, "通过")).to_have_attribute("kind", "primaryFormSubmit")  # it has rested
        press(page, "通过")
        expect(page.get_by_role("heading", level=2).filter(has_text=title)).to_have_count(0)
    sees(page, "没有待审核的学时")


def recompute(server: Server) -> None:
    command = [sys.executable, "-m", "services", "recompute"]
    subprocess.run(command, cwd=PROJECT, env=environment(server), check=True, capture_output=True, timeout=120)


def print_certificate(page: Page) -> bytes:
    follow(page, "继续教育证书打印")
    title_is(page, "继续教育证书打印")
    press(page, "查询")
    press(page, "打印证书")
    opened = page.get_by_role("link", name="打开证书（PDF）")
    expect(opened).to_be_visible()
    response = page.context.request.get(opened.get_attribute("href") or "")
    assert response.headers["content-type"] == "application/pdf"
    return response.body()


def text_of(pdf: bytes) -> str:
    page = pdfium.PdfDocument(pdf)[0]
    return str(page.get_textpage().get_text_range())


def code_on(pdf: bytes) -> str:
    """What a telephone reads from the printed page."""
    picture = pdfium.PdfDocument(pdf)[0].render(scale=RENDER_SCALE).to_pil()
    codes = zxingcpp.read_barcodes(picture)
    assert len(codes) == 1
    return codes[0].text


def test_from_the_registration_to_a_verified_certificate(open_browser: Open, server: Server, tmp_path: Path) -> None:
    supervisor = create_account(username="jianguan")
    with transaction() as session:
        factories.grant(session, supervisor, Role.SUPERVISOR, division=CITY)
    office, employer, person, public = (open_browser() for _ in range(4))

    register_employer(employer)
    enter_first_time_after_approval(office, employer, supervisor.username)
    register_professional(person)
    enter_first_time(person, "zhixia")
    ask_to_be_confirmed(person)
    confirm_professional(employer)
    for claim in CLAIMS:
        declare(person, claim, tmp_path)
    approve_all(employer)
    follow(person, "首页")
    title_is(person, "首页")
    sees(person, "30")
    follow(person, "继续教育证书打印")
    title_is(person, "继续教育证书打印")
    settled(person)
    expect(person.get_by_role("button", name="打印证书")).to_have_count(0)
    recompute(server)
    person.reload()
    pdf = print_certificate(person)

    said = text_of(pdf)
    for words in ("专业技术人员继续教育证书", "林知夏", EMPLOYER, f"{clock.today().year}", "42.0", "试点样证"):
        assert words in said.replace("\r\n", "").replace(" ", "")
    verify(public, server, pdf)
    assert print_again(person) == pdf


def enter_first_time_after_approval(office: Page, employer: Page, supervisor: str) -> None:
    enter_first_time(employer, "qingchuan")
    sees(employer, "待审核")
    sign_in(office, supervisor)
    approve_employer(office)
    employer.reload()


def print_again(page: Page) -> bytes:
    page.reload()
    address = page.get_by_role("link", name="打开证书（PDF）").get_attribute("href") or ""
    return page.context.request.get(address).body()


def verify(page: Page, server: Server, pdf: bytes) -> None:
    address = code_on(pdf)
    assert address.startswith(f"{server.url}/verify?code=")
    page.goto(address)
    sees(page, "证书有效")
    sees(page, "林*夏")
    sees(page, EMPLOYER)
    expect(page.get_by_text("林知夏")).to_have_count(0)
    code = address.rsplit("=", 1)[1]
    answer = page.context.request.get(f"/verify.json?code={code}").json()
    assert answer["status"] == "issued"
    assert answer["employer"] == EMPLOYER
    page.goto("/verify")
    field(page, "证书编号或验证码").fill("0000-0000-0000-0000")
    press(page, "验证", then="没有找到该编号或验证码对应的证书")
