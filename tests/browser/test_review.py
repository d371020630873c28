"""The review queue as a reviewer works through it: with the evidence in view, by keys, and many at once."""

import hashlib
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from db import reading, transaction
from db.accounts import Account
from db.claims import Claim, ClaimAction, ClaimStatus, ReviewReason
from db.organisations import Organisation
from db.people import Person
from services import claims, clock
from services.demo.sample_files import certificate_scan
from tests import factories
from tests.browser.conftest import Server
from tests.browser.steps import button, choose, field, press, sees, settled
from tests.web.client import token_for
from web import pause

TYPED = "jxab kz"
# Repeated in the browser: on a busy machine a test would let go of the key between any two repetitions.
HOLD = """([key, title, beyond]) => new Promise(let_go => {
    let gone
    const about = heading => heading.textContent.includes(title)
    const repeating = setInterval(() => {
        const pressed = { key, code: `Key${key.toUpperCase()}`, bubbles: true, cancelable: true }
        document.body.dispatchEvent(new KeyboardEvent("keydown", pressed))
        if (![...document.querySelectorAll("h3")].some(about)) gone ??= performance.now()
        if (performance.now() - gone < beyond || gone === undefined) return
        clearInterval(repeating)
        document.body.dispatchEvent(new KeyboardEvent("keyup", pressed))
        let_go()
    }, 50)
})"""
BEYOND_THE_REST = 2 * pause.LENGTH // timedelta(milliseconds=1)
ROW, HEADER, BOX = 33, 36, 16  # pixels of the grid


@pytest.fixture
def employer() -> Organisation:
    with transaction() as session:
        return factories.create_employer(session)


@pytest.fixture
def reviewer(employer: Organisation) -> Account:
    with transaction() as session:
        return factories.create_reviewer(session, employer)


@pytest.fixture
def person(employer: Organisation) -> Person:
    with transaction() as session:
        return factories.create_person(session, name="林知夏", employer=employer)


def wait(person: Person, title: str, *, days: int) -> Claim:
    with transaction() as session, clock.at(clock.now() - timedelta(days=days)):
        return factories.create_claim(session, person, status=ClaimStatus.SUBMITTED, title=title)


def prove(server: Server, claim: Claim) -> None:
    """A certificate where the server keeps its evidence."""
    scan = certificate_scan(claim.title, "林知夏", "晴川继续教育中心", clock.today(), seed=7)
    digest = hashlib.sha256(scan).hexdigest()
    path = server.log.parent / "evidence" / digest[:2] / digest[2:4] / digest
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(scan)
    with transaction() as session:
        file = factories.create_evidence(session, claim)
        file.sha256 = file.original_sha256 = digest


def open_queue(page: Page, reviewer: Account) -> None:
    page.goto("/")
    page.context.add_cookies([{"name": "hourbook", "value": token_for(reviewer), "url": page.url}])
    page.goto("/employer-claims")
    expect(page.get_by_role("heading", level=1, name="学时审核", exact=True)).to_be_visible()
    settled(page)


def heading_is(page: Page, title: str) -> None:
    expect(page.get_by_role("heading", level=2).first).to_contain_text(title)


def hold(page: Page, key: str, *, over: str) -> None:
    """Until that claim is over and the buttons of the next one would have rested."""
    page.evaluate(HOLD, [key, over, BEYOND_THE_REST])


def tick(page: Page, row: int) -> None:
    """The grid is a picture, and lists its rows for screen readers once it is drawn."""
    settled(page)
    grid = page.get_by_test_id("stDataFrame").first
    expect(grid.locator("table[role=grid]")).to_be_attached()
    place = grid.bounding_box()
    assert place is not None
    page.mouse.click(place["x"] + BOX, place["y"] + HEADER + ROW * row + BOX)


def stored(claim: Claim) -> Claim:
    with reading() as session:
        return session.get_one(Claim, claim.id)


def test_a_claim_is_returned_with_its_evidence_in_view_and_the_decision_taken_back(
    page: Page, server: Server, reviewer: Account, person: Person
) -> None:
    claim, _next = wait(person, "先送审的培训", days=3), wait(person, "后送审的培训", days=1)
    prove(server, claim)
    open_queue(page, reviewer)
    heading_is(page, "先送审的培训")
    picture = page.get_by_alt_text("附件预览")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    choose(page, "退回/不通过原因", "附件材料不齐全")
    field(page, "审核意见").last.fill("请补充签到表")
    press(page, "退回")
    heading_is(page, "后送审的培训")
    kept = stored(claim)
    assert (kept.status, kept.reason, kept.opinion) == (
        ClaimStatus.RETURNED,
        ReviewReason.INCOMPLETE,
        "请补充签到表",
    )
    press(page, "查看刚审核的一条")
    heading_is(page, "先送审的培训")
    page.get_by_role("button", name="撤回审核").click()
    press(page, "确认撤回审核", then="已撤回审核")
    assert stored(claim).status is ClaimStatus.SUBMITTED


def test_keys_decide_one_claim_at_a_time_and_none_while_one_types(
    page: Page, reviewer: Account, person: Person
) -> None:
    waiting = [wait(person, title, days=days) for days, title in ((4, "甲课"), (3, "乙课"), (2, "丙课"), (1, "丁课"))]
    open_queue(page, reviewer)
    heading_is(page, "甲课")
    opinion = field(page, "审核意见").last
    opinion.click()
    page.keyboard.type(TYPED)
    expect(opinion).to_have_value(TYPED)
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("j")
    heading_is(page, "乙课")
    settled(page)
    page.keyboard.press("k")
    heading_is(page, "甲课")
    settled(page)
    hold(page, "a", over="甲课")
    heading_is(page, "乙课")
    settled(page)
    assert [stored(claim).status for claim in waiting] == [ClaimStatus.APPROVED, *[ClaimStatus.SUBMITTED] * 3]
    expect(button(page, "通过")).to_have_attribute("kind", "primaryFormSubmit")
    page.keyboard.press("a")
    heading_is(page, "丙课")
    assert stored(waiting[1]).status is ClaimStatus.APPROVED


def test_of_the_ticked_rows_the_one_that_a_colleague_was_faster_with_is_named(
    page: Page, employer: Organisation, reviewer: Account, person: Person
) -> None:
    first, second, third = (wait(person, title, days=days) for days, title in ((3, "甲课"), (2, "乙课"), (1, "丙课")))
    open_queue(page, reviewer)
    for row in range(2):
        tick(page, row)
        sees(page, f"已选 {row + 1} 条")
    with transaction() as session:
        colleague = factories.actor_of(session, factories.create_reviewer(session, employer))
    with transaction() as session:
        claims.act(session, colleague, second.id, ClaimAction.REJECT, seen=second.version, opinion="不属实")
    page.get_by_role("button", name="批量通过").first.click()
    press(page, "确认批量通过", then="已审核 1 条")
    sees(page, "林知夏《乙课》：内容已发生变化")
    assert [stored(claim).status for claim in (first, second, third)] == [
        ClaimStatus.APPROVED,
        ClaimStatus.REJECTED,
        ClaimStatus.SUBMITTED,
    ]
    heading_is(page, "丙课")
