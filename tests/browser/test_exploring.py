"""Old rows explored in a browser: from a bar of a chart to the rows behind it, one level down in a map, and kept."""

import subprocess
import sys
from pathlib import Path

from playwright.sync_api import FloatRect, Locator, Page, expect

from db import transaction
from db.accounts import Role
from db.settings import PROJECT
from tests import factories
from tests import legacy_files as files
from tests.browser.conftest import Open, Server, environment
from tests.browser.steps import button, press, sees, settled, sign_in, title_is
from tests.services import exploring
from tests.signing_in import create_account

SYSTEM = "浏览器旧系统"
ROWS = 60


def prepare(server: Server, folder: Path) -> None:
    """Imported by the command, which also makes the snapshot."""
    account = create_account(username="fenxi")
    with transaction() as session:
        factories.grant(session, account, Role.ANALYST)
        factories.create_employer(session, name=files.EMPLOYERS[0], division="440103")
    file = folder / "旧数据.csv"
    file.write_bytes(files.text(exploring.records(ROWS)))
    command = [sys.executable, "-m", "services", "import-legacy", str(file), "--system", SYSTEM, "--kind", "record"]
    subprocess.run(command, cwd=PROJECT, env=environment(server), check=True, capture_output=True)


def rested(page: Page, drawn: Locator) -> FloatRect:
    """Where it is once it has come to rest: a chart is drawn twice, and what comes late above it moves it down."""
    expect(drawn).to_be_visible()
    settled(page)
    before, box = None, drawn.bounding_box()
    while box is None or box != before:
        page.wait_for_timeout(300)
        before, box = box, drawn.bounding_box()
    return box


def click_middle(page: Page, drawn: Locator) -> None:
    """Where the mouse would be: what is drawn lies under a layer that listens."""
    box = rested(page, drawn)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def counted(page: Page, rows: str) -> None:
    expect(page.get_by_test_id("stMetricValue").first).to_have_text(rows)


def test_a_click_leads_from_a_figure_to_its_rows(server: Server, open_browser: Open, tmp_path: Path) -> None:
    prepare(server, tmp_path)
    page = open_browser()
    sign_in(page, "fenxi", address=f"/analyst-explore?system={SYSTEM}")
    title_is(page, "历史数据分析")
    counted(page, str(ROWS))

    click_middle(page, page.locator(".bars .point path").nth(4))
    sees(page, "年度从：2016")
    counted(page, "20")

    page.get_by_text("按区划", exact=True).click()
    click_middle(page, page.locator(".treemaplayer .slice", has_text="广东省").last)
    sees(page, "行政区划：广东省")
    counted(page, "5")

    page.get_by_text("已保存的问题").click()
    page.get_by_label("问题名称").fill("广东 2016")
    press(page, "保存当前问题", then="已保存问题。")
    page.goto("/analyst-explore")
    page.get_by_text("已保存的问题").click()
    press(page, "广东 2016", then="现在完全相同")
    counted(page, "5")

    page.get_by_text("导出", exact=True).click()
    rested(page, button(page, "生成文件"))
    press(page, "生成文件", then="文件已生成，请下载。")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载 历史数据").first.click()
    assert waiting.value.suggested_filename.endswith(".xlsx")
