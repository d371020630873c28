"""The reviewer's queue: what comes up, what can be decided, and what is said when it cannot."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from streamlit.testing.v1 import AppTest

from db import reading, transaction
from db.accounts import Account, Role
from db.claims import Claim, ClaimAction, ClaimStatus
from db.organisations import Organisation
from db.people import Person
from services import claims, clock, review_queue
from tests import factories
from tests.counting import CountQueries
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, said
from web import pause

PAGE = "employer/claims"
MONDAY = datetime(2026, 6, 15, 2, tzinfo=UTC)


@pytest.fixture
def person(employer: Organisation) -> Person:
    with transaction() as session:
        return factories.create_person(session, name="林知夏", employer=employer)


def wait(person: Person, title: str, *, days: int = 0) -> Claim:
    with transaction() as session, clock.at(MONDAY - timedelta(days=days)):
        return factories.create_claim(session, person, status=ClaimStatus.SUBMITTED, title=title)


def stored(claim: Claim) -> Claim:
    with reading() as session:
        return session.get_one(Claim, claim.id)


def rested(app: AppTest) -> None:
    """As when the browser has woken the buttons up."""
    del app.session_state[pause.RESTING]
    app.run()


def test_approving_brings_up_the_next_claim_that_has_waited_longest(
    open_page: OpenPage, reviewer: Account, person: Person
) -> None:
    second, first = wait(person, "后送审的培训", days=2), wait(person, "先送审的培训", days=9)
    app = open_page(PAGE, reviewer)
    assert "先送审的培训" in app.header[0].value
    button(app, "通过").click().run()
    assert "后送审的培训" in app.header[0].value
    assert (stored(first).status, stored(second).status) == (ClaimStatus.APPROVED, ClaimStatus.SUBMITTED)
    rested(app)
    button(app, "通过").click().run()
    assert "没有待审核的学时" in said(app)


def test_a_second_click_or_a_key_held_down_decides_nothing_unread(
    open_page: OpenPage, reviewer: Account, person: Person
) -> None:
    second, _first = wait(person, "后送审的培训", days=2), wait(person, "先送审的培训", days=9)
    app = open_page(PAGE, reviewer)
    button(app, "通过").click().run()
    for _repetition in range(3):
        rested_since = app.session_state[pause.RESTING]
        button(app, "通过").click().run()
        assert stored(second).status is ClaimStatus.SUBMITTED
        assert app.session_state[pause.RESTING] > rested_since
    rested(app)
    button(app, "通过").click().run()
    assert stored(second).status is ClaimStatus.APPROVED


def test_a_next_claim_that_took_long_to_draw_is_not_decided_unread(
    open_page: OpenPage, reviewer: Account, person: Person
) -> None:
    second, _first = wait(person, "后送审的培训", days=2), wait(person, "先送审的培训", days=9)
    app = open_page(PAGE, reviewer)
    button(app, "通过").click().run()
    app.session_state[pause.RESTING] -= 60 * pause.LENGTH.total_seconds()
    button(app.run(), "通过").click().run()
    assert stored(second).status is ClaimStatus.SUBMITTED


def test_a_press_on_a_button_that_rested_never_decides(open_page: OpenPage, reviewer: Account, person: Person) -> None:
    second, _first = wait(person, "后送审的培训", days=2), wait(person, "先送审的培训", days=9)
    app = open_page(PAGE, reviewer)
    resting = button(button(app, "通过").click().run(), "通过")
    rested(app)
    resting.click().run()
    assert stored(second).status is ClaimStatus.SUBMITTED


def test_fewer_hours_are_awarded_with_an_opinion(open_page: OpenPage, reviewer: Account, person: Person) -> None:
    claim = wait(person, "数字化转型")
    app = open_page(PAGE, reviewer)
    app.number_input[0].set_value(4.5)
    app.text_area[-1].set_value("其余学时与公需课重复")
    button(app, "通过").click().run()
    assert (stored(claim).hours_awarded, stored(claim).opinion) == (Decimal("4.5"), "其余学时与公需课重复")


@pytest.mark.parametrize("label", ["退回", "不通过"])
def test_sending_back_needs_an_opinion_and_keeps_what_was_typed(
    open_page: OpenPage, reviewer: Account, person: Person, label: str
) -> None:
    claim = wait(person, "数字化转型")
    app = open_page(PAGE, reviewer)
    app.number_input[0].set_value(3.0)
    button(app, label).click().run()
    assert [error.value for error in app.error] == ["审核意见：请选择原因，或写明意见。"]
    assert (app.number_input[0].value, stored(claim).status) == (3.0, ClaimStatus.SUBMITTED)


def test_more_than_was_claimed_is_refused(open_page: OpenPage, reviewer: Account, person: Person) -> None:
    claim = wait(person, "数字化转型")
    app = open_page(PAGE, reviewer)
    app.number_input[0].set_value(8.5)
    button(app, "通过").click().run()
    assert "不能超过申报的 8 学时" in said(app)
    assert stored(claim).status is ClaimStatus.SUBMITTED


def test_a_click_on_what_a_colleague_has_decided_says_who_did(
    open_page: OpenPage, employer: Organisation, reviewer: Account, person: Person
) -> None:
    claim, _next = wait(person, "先送审的培训", days=9), wait(person, "后送审的培训")
    app = open_page(PAGE, reviewer)
    with transaction() as session:
        colleague = factories.actor_of(session, factories.create_reviewer(session, employer))
    with transaction() as session:
        claims.act(session, colleague, claim.id, ClaimAction.APPROVE, seen=claim.version)
    app.text_area[-1].set_value("材料不清")
    button(app, "不通过").click().run()
    assert "先送审的培训" in app.header[0].value
    assert f"{colleague.name} 已于" in app.info[0].value
    assert "通过" not in buttons(app)
    assert stored(claim).status is ClaimStatus.APPROVED


def test_ones_own_claim_says_why_it_cannot_be_decided(
    open_page: OpenPage, employer: Organisation, reviewer: Account
) -> None:
    with transaction() as session:
        person = factories.create_person(session, employer=employer, account=reviewer)
    wait(person, "本人的培训")
    app = open_page(PAGE, reviewer)
    assert "不能审核自己的学时" in app.info[0].value
    assert not {"通过", "退回", "不通过", "撤回"} & set(buttons(app))


def test_the_address_names_the_claim_and_the_status(open_page: OpenPage, reviewer: Account, person: Person) -> None:
    wait(person, "待审核的培训")
    with transaction() as session:
        returned = factories.create_claim(session, person, status=ClaimStatus.RETURNED, title="退回的培训")
        factories.create_claim(session, person, status=ClaimStatus.RETURNED, title="另一个退回的培训")
    app = open_page(PAGE, reviewer, status="returned", id=str(returned.id))
    assert "退回的培训" in app.header[0].value
    assert len(app.dataframe[0].value) == 2


@pytest.mark.parametrize("address", [{"id": "999999"}, {"status": "nonsense"}, {"id": "x", "after": "-1"}])
def test_a_made_up_address_leads_to_the_queue(
    open_page: OpenPage, reviewer: Account, person: Person, address: dict[str, str]
) -> None:
    wait(person, "待审核的培训")
    assert "待审核的培训" in open_page(PAGE, reviewer, **address).header[0].value


def test_evidence_is_shown_by_its_number_and_its_name_stays_text(
    open_page: OpenPage, reviewer: Account, person: Person
) -> None:
    claim = wait(person, "数字化转型")
    with transaction() as session:
        evidence = factories.create_evidence(session, claim, file_name="<img src=x>.png")
        evidence.media_type = "image/png"
    app = open_page(PAGE, reviewer)
    picture = app.get("html")[0].proto.body
    assert f'src="/files/{evidence.id}/pages/1"' in picture
    assert "<img src=x>" not in picture
    assert "<img src=x>.png" in said(app)


@pytest.mark.parametrize("waiting", [10, review_queue.PAGE_SIZE + 10])
def test_the_number_of_queries_does_not_grow_with_the_queue(
    open_page: OpenPage, reviewer: Account, person: Person, count_queries: CountQueries, waiting: int
) -> None:
    with transaction() as session:
        for _ in range(waiting):
            factories.create_evidence(session, factories.create_claim(session, person, status=ClaimStatus.SUBMITTED))
    app = open_page(PAGE, reviewer)
    with count_queries() as queries:
        app.run()
    assert len(app.dataframe[0].value) == min(waiting, review_queue.PAGE_SIZE)
    assert len(queries) <= 11, queries


def test_nobody_else_has_this_page(open_page: OpenPage) -> None:
    with transaction() as session:
        analyst = factories.create_account(session, Role.ANALYST)
    with pytest.raises(ValueError, match="claims"):
        open_page(PAGE, analyst)


def test_the_reviewer_reads_the_sum_that_limits_the_hours(
    open_page: OpenPage, reviewer: Account, person: Person
) -> None:
    wait(person, "研修班")
    assert "1 天 × 每天最多 8 学时 = 8 学时。最多可申报 8 学时" in said(open_page(PAGE, reviewer))
