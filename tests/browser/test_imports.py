"""An import with planted errors: exactly those are reported, and a second upload adds nothing."""

from pathlib import Path

from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from db import reading, transaction
from db.accounts import Role
from db.people import Binding, Person
from services import identity
from tests import factories
from tests import spreadsheet_files as files
from tests.browser.conftest import Open
from tests.browser.steps import change_password, choose_file, press, sees, settled, sign_in, title_is
from tests.services.importing import staff_list, staff_row
from tests.signing_in import create_account

NUMBERS = [factories.invented_id_number(20_000 + n) for n in range(6)]
ROWS = [
    staff_row("林知夏", NUMBERS[0], 到岗日期="2016.3.5", 职称级别="中级"),
    staff_row("陈望舒", NUMBERS[1], mobile="１３９００００００２０"),
    staff_row("苏<b>", NUMBERS[2]),
    staff_row("沈景行", float(NUMBERS[3][:17] + "0")),
    staff_row("温若谷", NUMBERS[4][:17] + ("1" if NUMBERS[4][17] != "1" else "2")),
    staff_row("杜清和", NUMBERS[5], mobile="12", 职称级别="大师", 到岗日期="昨天"),
    staff_row("林知夏", NUMBERS[0]),
]
# The row in the file, and the columns that are wrong in it.
PLANTED = {
    4: ["姓名："],
    5: ["证件号码："],
    6: ["证件号码："],
    7: ["手机号码：", "职称级别：", "到岗日期："],
    8: ["重复"],
}
EVERY_COMPLAINT = ["姓名：", "证件号码：", "手机号码：", "电子邮箱：", "职称级别：", "到岗日期：", "重复"]
NEW_PASSWORD = "Bamboo-Gate-77"


def prepare() -> None:
    account = create_account(username="danwei")
    with transaction() as session:
        employer = factories.create_employer(session, name="晴川批量导入设计院")
        factories.grant(session, account, Role.EMPLOYER, organisation=employer)


def upload(page: Page, file: Path) -> None:
    choose_file(page, file, taken_in_by="检查文件")
    press(page, "检查文件", then="检查完成，还没有导入。")


def counts_are(page: Page, *counts: str) -> None:
    expect(page.get_by_test_id("stMetricValue")).to_have_text(counts)


def download(page: Page, link: str, folder: Path) -> list[tuple[object, ...]]:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=link).click()
    waiting.value.save_as(folder / "downloaded.xlsx")
    return files.rows_of((folder / "downloaded.xlsx").read_bytes())


def people() -> int:
    with reading() as session:
        digests = [identity.digest(number) for number in NUMBERS]
        mine = select(func.count()).select_from(Binding).join(Person).where(Person.id_number_digest.in_(digests))
        return session.scalar(mine) or 0


def test_planted_errors_are_reported_and_the_second_upload_adds_nothing(open_browser: Open, tmp_path: Path) -> None:
    prepare()
    file = tmp_path / "人员名单.xlsx"
    file.write_bytes(staff_list(ROWS))
    page = open_browser()
    sign_in(page, "danwei", address="/employer-imports")
    title_is(page, "批量导入")

    upload(page, file)
    counts_are(page, "7", "2", "5", "0")
    assert people() == 0
    _, *errors = download(page, "下载错误行（5）", tmp_path)
    for row, wrong in zip(errors, PLANTED.values(), strict=True):
        assert [column for column in EVERY_COMPLAINT if column in str(row[-1])] == wrong

    press(page, "导入", then="导入完成。")
    counts_are(page, "7", "2", "5", "0")
    assert people() == 2

    enter_with_what_is_handed_out(open_browser(), download(page, "下载账号发放表", tmp_path)[1])

    upload(page, file)
    counts_are(page, "7", "0", "5", "2")
    assert people() == 2
    settled(page)
    expect(page.get_by_role("button", name="导入", exact=True)).to_have_count(0)


def enter_with_what_is_handed_out(page: Page, handed_out: tuple[object, ...]) -> None:
    name, _department, _mobile, username, password, _until = map(str, handed_out)
    sign_in(page, username, password)
    title_is(page, "修改密码")
    change_password(page, password, NEW_PASSWORD)
    title_is(page, "首页")
    sees(page, name)
