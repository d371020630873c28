"""An old system's file is imported, one row is matched by an analyst, and its owner finds and prints it."""

from pathlib import Path

from playwright.sync_api import Page, expect
from sqlalchemy import select

from db import reading, transaction
from db.accounts import Account, Role
from db.legacy import LegacyMatch, LegacyRow, LegacySystem
from tests import factories, legacy_rows
from tests import legacy_files as files
from tests.browser.conftest import Open
from tests.browser.steps import button, choose, choose_file, press, sees, settled, sign_in, title_is
from tests.services.reconciling import BORN, HEADER, certificate
from tests.signing_in import create_account

NAME, EMPLOYER = "欧阳知秋", "晴川旧档设计院"
ROWS = [
    certificate(901, name=NAME, born=BORN, employer=EMPLOYER),
    certificate(902, name=NAME, born=BORN, employer=EMPLOYER, year=2017),
    certificate(903, name="无人知晓", employer=EMPLOYER),
    certificate(904, name=NAME, employer=EMPLOYER, year=16),
]


def prepare() -> None:
    create_account(Role.ANALYST, username="hedui")
    account = create_account(username="zhiqiu")
    with transaction() as session:
        session.add(LegacySystem(name=legacy_rows.OLD))
        employer = factories.create_employer(session, name=EMPLOYER)
        owner = session.get_one(Account, account.id)
        owner.display_name = NAME
        factories.create_person(session, account=owner, employer=employer)


def import_file(page: Page, file: Path) -> None:
    choose(page, "来源系统", legacy_rows.OLD)
    page.get_by_role("radio", name="历史证书").click()
    choose_file(page, file, taken_in_by="上传文件")
    press(page, "上传文件", then="已上传 4 行，还没有导入。")
    press(page, "试算", then="试算完成，还没有导入。")
    press(page, "导入", then="导入完成。")
    expect(page.get_by_test_id("stMetricValue")).to_have_text(["4", "3", "1", "0"])


def standing() -> list[LegacyMatch | None]:
    with reading() as session:
        rows = select(LegacyRow.matching).where(LegacyRow.employer == EMPLOYER).order_by(LegacyRow.line)
        return list(session.scalars(rows))


def test_a_row_is_imported_matched_taken_back_matched_again_and_printed_by_its_owner(
    open_browser: Open, tmp_path: Path
) -> None:
    prepare()
    file = tmp_path / "历史证书.csv"
    file.write_bytes(files.text([HEADER, *ROWS], encoding="gb18030"))
    page = open_browser()
    sign_in(page, "hedui", address="/analyst-imports")
    title_is(page, "历史数据导入")
    import_file(page, file)
    assert standing() == [LegacyMatch.AMBIGUOUS, LegacyMatch.AMBIGUOUS, LegacyMatch.ORPHAN]

    page.goto(f"/analyst-reconciliation?text={NAME}")
    title_is(page, "历史数据核对")
    sees(page, "可信度高")
    settled(page)
    page.keyboard.press("1")
    sees(page, "已决定：匹配到人")
    sees(page, "没有找到符合条件的行")
    assert standing()[:2] == [LegacyMatch.MATCHED, LegacyMatch.MATCHED]
    settled(page)
    page.keyboard.press("z")
    sees(page, "现匹配到")
    expect(button(page, "撤销决定")).to_have_attribute("kind", "secondaryFormSubmit")  # it has rested
    press(page, "撤销决定", then="已撤销决定。")
    assert standing()[:2] == [LegacyMatch.AMBIGUOUS, LegacyMatch.AMBIGUOUS]
    page.goto(f"/analyst-reconciliation?text={NAME}")
    sees(page, "可信度高")
    settled(page)
    page.keyboard.press("1")
    sees(page, "已决定：匹配到人")

    owner = open_browser()
    sign_in(owner, "zhiqiu", address="/personal-legacy_certificates")
    title_is(owner, "历史查询/打印")
    sees(owner, "证书编号：旧901")
    with owner.expect_download() as waiting:
        owner.locator("a[href*='legacy-certificate']").first.click()
    waiting.value.save_as(tmp_path / "copy.pdf")
    assert (tmp_path / "copy.pdf").read_bytes().startswith(b"%PDF")
