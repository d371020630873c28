"""The professional's side of a transfer: what is in the way, the request, and what becomes of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from db import reading, transaction
from db.accounts import Account
from db.claims import Claim, ClaimStatus
from db.organisations import Organisation
from db.people import Binding, BindingStatus
from db.profile_changes import ProfileChange, ProfileChangeItem, ProfileChangeStatus, ProfilePart
from services import bindings
from services.clock import now, today
from tests import factories
from tests.counting import CountQueries
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, said

PAGE = "personal/profile"
TOMORROW = today() + timedelta(days=1)


@pytest.fixture
def here() -> Organisation:
    with transaction() as session:
        return factories.create_employer(session, name="晴川市政工程设计院")


@pytest.fixture
def there() -> Organisation:
    with transaction() as session:
        return factories.create_employer(session, name="晴川水务有限公司")


@pytest.fixture
def account(here: Organisation) -> Account:
    with transaction() as session:
        person = factories.create_person(session, employer=here)
        return session.get_one(Account, person.account_id)


def choose_province(app: AppTest) -> AppTest:
    return next(found for found in app.selectbox if found.label == "省级").select("440000").run()


def statuses() -> list[BindingStatus]:
    with reading() as session:
        return list(session.scalars(select(Binding.status).order_by(Binding.id)))


def send_claims(account: Account, *titles: str) -> None:
    with transaction() as session:
        person = factories.person_of(session, account)
        for title in titles:
            factories.create_claim(session, person, status=ClaimStatus.SUBMITTED, title=title)


def ask(account: Account, there: Organisation) -> Binding:
    with transaction() as session:
        actor = factories.actor_of(session, account)
        return bindings.request_transfer(session, actor, there.id, wished_on=TOMORROW)


def confirm(there: Organisation, asked: Binding) -> None:
    with transaction() as session:
        receiving = factories.actor_of(session, factories.create_reviewer(session, there))
        bindings.confirm(session, receiving, asked.id, starts_on=TOMORROW)


def test_a_transfer_is_asked_for_with_employer_and_day(
    open_page: OpenPage, account: Account, there: Organisation
) -> None:
    app = choose_province(open_page(PAGE, account, transfer="true"))
    assert button(app, "申请调转").disabled
    app.radio(key="employer").set_value(there.id).run()
    app.date_input(key="wished_on").set_value(TOMORROW).run()
    button(app, "申请调转").click().run()
    assert "晴川水务有限公司" in said(app)
    assert f"希望 {TOMORROW} 起生效" in said(app)
    assert "申请调转" not in buttons(app)
    with reading() as session:
        assert session.scalars(select(Binding.wished_on).order_by(Binding.id)).all() == [None, TOMORROW]


def test_what_is_in_the_way_is_named_with_the_button_that_clears_it(
    open_page: OpenPage, account: Account, there: Organisation
) -> None:
    send_claims(account, "桥梁检测培训", "隧道*施工*培训")
    app = open_page(PAGE, account, transfer="true")
    assert button(app, "申请调转").disabled
    assert "桥梁检测培训" in said(app)
    assert r"隧道\*施工\*培训" in said(app)
    button(app, "全部撤回").click().run()
    with reading() as session:
        assert set(session.scalars(select(Claim.status))) == {ClaimStatus.DRAFT}
    assert "全部撤回" not in buttons(app)


def test_a_claim_sent_in_another_window_keeps_what_was_filled_in(
    open_page: OpenPage, account: Account, there: Organisation
) -> None:
    app = choose_province(open_page(PAGE, account, transfer="true"))
    app.radio(key="employer").set_value(there.id).run()
    send_claims(account, "桥梁检测培训")
    button(app, "申请调转").click().run()
    assert statuses() == [BindingStatus.ACTIVE]
    assert "桥梁检测培训" in said(app)
    button(app, "全部撤回").click().run()
    assert app.radio(key="employer").value == there.id
    button(app, "申请调转").click().run()
    assert statuses() == [BindingStatus.ACTIVE, BindingStatus.REQUESTED]


def test_nothing_is_asked_while_the_box_is_closed(
    open_page: OpenPage, account: Account, count_queries: CountQueries
) -> None:
    send_claims(account, "桥梁检测培训")
    app = open_page(PAGE, account)
    with count_queries() as queries:
        app.run()
    assert "全部撤回" not in buttons(app)
    assert not [query for query in queries if "FROM claim " in query]


@pytest.mark.parametrize("confirmed", [False, True])
def test_a_transfer_is_taken_back_until_its_day(
    open_page: OpenPage, account: Account, there: Organisation, confirmed: bool
) -> None:
    asked = ask(account, there)
    if confirmed:
        confirm(there, asked)
    app = open_page(PAGE, account)
    assert ("起自动生效" in said(app)) == confirmed
    button(app, "撤回").click().run()
    assert statuses() == [BindingStatus.ACTIVE, BindingStatus.WITHDRAWN]
    assert "调转到其他单位" in [box.label for box in app.expander]


def test_every_employer_and_every_step_stand_in_the_history(
    open_page: OpenPage, account: Account, there: Organisation
) -> None:
    asked = ask(account, there)
    with transaction() as session:
        receiving = factories.actor_of(session, factories.create_reviewer(session, there))
        bindings.confirm(session, receiving, asked.id, starts_on=today())
    text = said(open_page(PAGE, account))
    for words in ("晴川市政工程设计院", "晴川水务有限公司", f"{today()} 至 {today()} · 调出", f"自 {today()} 起"):
        assert words in text
    for step in ("申请调转", "确认", "调出", "生效"):
        assert f"**{step}**" in text
    assert receiving.name in text


def test_a_change_of_the_profile_that_has_the_same_number_can_wait_beside_it(
    open_page: OpenPage, account: Account, there: Organisation
) -> None:
    asked = ask(account, there)
    with transaction() as session:
        person = factories.person_of(session, account)
        work = {"part": ProfilePart.WORK, "entry_id": person.id, "before": {"department": ""}}
        item = ProfileChangeItem(**work, after={"department": "设计一所"})
        waiting = {"status": ProfileChangeStatus.REQUESTED, "requested_at": now(), "items": [item]}
        session.add(ProfileChange(id=asked.id, person_id=person.id, **waiting))
    app = open_page(PAGE, account)
    app.button(key=f"withdraw_binding_{asked.id}").click().run()
    assert statuses() == [BindingStatus.ACTIVE, BindingStatus.WITHDRAWN]


@pytest.mark.parametrize(("days", "shown"), [(29, True), (31, False)])
def test_a_refused_transfer_is_told_for_a_month_and_kept_in_the_history(
    open_page: OpenPage, account: Account, there: Organisation, days: int, shown: bool
) -> None:
    asked = ask(account, there)
    with transaction() as session:
        receiving = factories.actor_of(session, factories.create_reviewer(session, there))
        bindings.refuse(session, receiving, asked.id, reason="编制已满")
        session.get_one(Binding, asked.id).decided_at = now() - timedelta(days=days)
    app = open_page(PAGE, account)
    assert bool(app.error) == shown
    assert "编制已满" in said(app)
