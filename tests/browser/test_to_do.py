"""The number in the menu, as a reviewer sees it."""

from playwright.sync_api import Page, expect

from db import transaction
from db.people import BindingStatus
from tests import factories
from tests.browser.steps import follow, press, settled, title_is
from tests.web.client import token_for


def test_the_menu_counts_what_waits_and_neither_title_nor_address_changes_with_it(page: Page) -> None:
    with transaction() as session:
        employer = factories.create_employer(session)
        for _ in range(2):
            person = factories.create_person(session)
            factories.create_binding(session, person, employer, status=BindingStatus.REQUESTED)
        reviewer = factories.create_reviewer(session, employer)
    page.goto("/")
    page.context.add_cookies([{"name": "hourbook", "value": token_for(reviewer), "url": page.url}])
    page.goto("/")
    follow(page, "2 人等待确认")
    title_is(page, "人员管理")
    for left in ("人员管理 (1)", "人员管理"):
        press(page, "确认")
        expect(page.get_by_role("link", name=left, exact=True)).to_be_visible()
        title_is(page, "人员管理")
        expect(page).to_have_title("人员管理 · 学时簿")
    assert page.url.split("?")[0].endswith("/employer-people")
    follow(page, "单位首页")
    settled(page)
    expect(page.get_by_text("没有待办事项")).to_be_visible()
