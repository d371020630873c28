"""A transfer in the screens' own words: from what is in its way to the day on which it takes effect."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from db import reading, transaction
from db.accounts import Account
from db.claims import Claim, ClaimStatus
from db.organisations import Organisation
from services import clock, transfers
from tests import factories
from tests.browser.conftest import Open
from tests.browser.steps import choose, enter_date, field, follow, press, sees, settled, title_is
from tests.web.client import token_for

HERE, THERE = "晴川桥隧设计有限公司", "晴川水务有限公司"
WAITING = "桥梁检测培训"


@dataclass(frozen=True)
class Cast:
    mover: Account
    leaving: Account
    receiving: Account
    there: Organisation


@pytest.fixture
def cast() -> Cast:
    """Somebody whose claim waits at his employer, and a reviewer of this employer and of another one."""
    with transaction() as session:
        here, there = (factories.create_employer(session, name=name) for name in (HERE, THERE))
        mover = factories.create_account(session)
        person = factories.create_person(session, account=mover, employer=here)
        factories.create_evidence(
            session, factories.create_claim(session, person, status=ClaimStatus.SUBMITTED, title=WAITING)
        )
        leaving, receiving = (factories.create_reviewer(session, employer) for employer in (here, there))
    return Cast(mover, leaving, receiving, there)


def open_as(page: Page, account: Account, address: str) -> Page:
    """Signed in already: how that is done is another test's business."""
    page.goto("/verify")
    page.context.add_cookies([{"name": "hourbook", "value": token_for(account), "url": page.url}])
    page.goto(address)
    return page


def ask(page: Page) -> None:
    """What is in the way is cleared by its button, and nothing filled in before is lost."""
    settled(page)
    page.get_by_text("调转到其他单位").click()
    sees(page, WAITING)
    choose(page, "省级", "广东省")
    field(page, "单位名称").fill("水务")
    page.get_by_text(THERE, exact=True).click()
    settled(page)
    expect(page.get_by_role("button", name="申请调转")).to_be_disabled()
    press(page, "全部撤回", then="已全部撤回")
    expect(page.get_by_role("button", name="全部撤回")).to_have_count(0)
    enter_date(page, "希望的生效日期", clock.today() + timedelta(days=3))
    press(page, "申请调转", then="待确认")


def confirm_for_tomorrow(page: Page, name: str) -> None:
    title_is(page, "人员管理")
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    enter_date(page, "生效日期", clock.today() + timedelta(days=1))
    press(page, "确认", then="没有待确认的人员")


def sees_where_he_goes(page: Page, words: str) -> None:
    """In the details; the list keeps its words in a canvas."""
    expect(page.get_by_test_id("stTable").get_by_text(words)).to_be_visible()


def send_again(page: Page) -> None:
    follow(page, "继续教育记录")
    press(page, "继续填写")
    page.get_by_text("我承诺以上内容").click()
    press(page, "确认送审", then="已送审，请等待单位审核")


def test_a_transfer_from_the_request_to_its_effect(open_browser: Open, cast: Cast) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    person = open_as(open_browser(), cast.mover, "/personal-profile")
    ask(person)
    receiving = open_as(open_browser(), cast.receiving, "/employer-people")
    confirm_for_tomorrow(receiving, cast.mover.display_name)
    leaving = open_as(open_browser(), cast.leaving, "/employer-people?status=active")
    sees_where_he_goes(leaving, f"{tomorrow} 调往 {THERE}")
    person.reload()
    sees(person, f"{tomorrow} 起自动生效")

    with clock.at(clock.now() + timedelta(days=1)):
        assert transfers.start_due(transaction) == 1

    person.reload()
    sees(person, f"自 {tomorrow} 起")
    expect(person.get_by_text("起自动生效")).to_have_count(0)
    person.get_by_text("单位变动记录").click()
    for words in (HERE, "调出", "申请调转"):
        sees(person, words)
    send_again(person)
    with reading() as session:
        sent = session.scalars(select(Claim).where(Claim.title == WAITING)).one()
        assert (sent.status, sent.employer_id) == (ClaimStatus.SUBMITTED, cast.there.id)
    leaving.goto("/employer-people?status=ended")
    sees_where_he_goes(leaving, f"{tomorrow} 调往 {THERE}")
    receiving.goto("/employer-people?status=active")
    expect(receiving.get_by_role("heading", name=cast.mover.display_name)).to_be_visible()
