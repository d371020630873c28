"""A dashboard in a browser: down by clicks into charts and back by links, each place with an address of its own."""

import io
import re

from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from db import transaction
from db.organisations import Organisation
from tests import dashboards
from tests.browser.conftest import Open, Server
from tests.browser.steps import button, sees, settled, title_is
from tests.browser.test_exploring import click_middle
from tests.browser.test_hostile_texts import EVIL
from tests.browser.test_main_job import recompute
from tests.browser.test_recognition import enter
from tests.dashboards import CITY, DISTRICT, HOSPITAL, OTHER_CITY, OTHER_DISTRICT, OTHER_NEIGHBOUR


def click_bar(page: Page, name: str, number: int) -> None:
    """The bar with this number, from above, of the chart that names the place."""
    chart = page.get_by_test_id("stPlotlyChart").filter(has_text=name)
    bars = chart.locator(".bars .point path")
    bars.nth(number).scroll_into_view_if_needed()
    click_middle(page, bars.nth(number))


def is_at(page: Page, place: str, staff: str) -> None:
    """What the page shows is what its address says: it shows it again when it is opened anew."""
    shows(page, place, staff)
    page.reload()
    shows(page, place, staff)


def shows(page: Page, place: str, staff: str) -> None:
    expect(page.locator("strong", has_text=re.compile(f"^{place}$"))).to_be_visible()
    expect(page.get_by_test_id("stMetricValue").nth(1)).to_have_text(staff)
    settled(page)


def test_a_supervisor_goes_down_to_an_employer_and_back(server: Server, open_browser: Open) -> None:
    city = dashboards.create_city()
    recompute(server)
    page = enter(open_browser(), city.supervisor)
    title_is(page, "学时看板")
    is_at(page, "肇庆市", "4")

    click_bar(page, "端州区", 0)
    page.wait_for_url(f"**division={DISTRICT}*")
    is_at(page, "端州区", "3")

    click_bar(page, HOSPITAL, 1)
    page.wait_for_url(f"**employer={city.hospital.id}*")
    is_at(page, HOSPITAL, "2")

    button(page, "端州区").click()
    page.wait_for_url(f"**division={DISTRICT}*")
    is_at(page, "端州区", "3")
    page.go_back()
    page.wait_for_url(f"**employer={city.hospital.id}*")
    is_at(page, HOSPITAL, "2")
    button(page, "肇庆市").click()
    page.wait_for_url(f"**division={CITY}*")
    is_at(page, "肇庆市", "4")


def test_the_keyboard_leads_down_too_and_the_figures_are_taken_along(server: Server, open_browser: Open) -> None:
    city = dashboards.create_city(OTHER_CITY, OTHER_DISTRICT, OTHER_NEIGHBOUR)
    with transaction() as session:
        session.get_one(Organisation, city.school.id).name = EVIL[:100]
    recompute(server)
    page = enter(open_browser(), city.supervisor)
    settled(page)
    button(page, "榕城区 33.3%").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**division={OTHER_DISTRICT}*")
    is_at(page, "榕城区", "3")
    assert page.locator("a[href*='elsewhere'], img[src*='elsewhere'], [onerror]").count() == 0
    with page.expect_download() as waiting:
        page.get_by_role("link", name="导出 Excel").click()
    book = load_workbook(io.BytesIO(waiting.value.path().read_bytes()))
    names = [row[0] for row in book["下级地区和单位"].iter_rows(values_only=True)]
    assert names[1:] == [EVIL[:100], HOSPITAL]
    with page.expect_download() as waiting:
        page.get_by_role("link", name="导出 PDF 报告").click()
    assert waiting.value.path().read_bytes().startswith(b"%PDF")
    sees(page, "榕城区")
