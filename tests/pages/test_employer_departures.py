"""Who comes from another employer, who leaves, and what the employer still sees of him."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from sqlalchemy import select

from db import reading, transaction
from db.accounts import Account, Grant
from db.claims import ClaimStatus
from db.events import Event
from db.organisations import Organisation
from db.people import Binding, BindingStatus, EndReason, Person
from services import bindings
from services.clock import today
from tests import factories
from tests import spreadsheet_files as files
from tests.counting import CountQueries
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, said
from tests.web.client import new_client, token_for

PAGE = "employer/people"
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
def person(here: Organisation) -> Person:
    with transaction() as session:
        return factories.create_person(session, name="苏清和", employer=here)


@pytest.fixture
def asked(person: Person, there: Organisation) -> Binding:
    with transaction() as session:
        mover = factories.actor_for(session, person)
        return bindings.request_transfer(session, mover, there.id, wished_on=TOMORROW)


def reviewer_of(employer: Organisation) -> Account:
    with transaction() as session:
        return factories.create_reviewer(session, employer)


def of_person(person: Person) -> list[Binding]:
    """Oldest first."""
    with reading() as session:
        mine = select(Binding).where(Binding.person_id == person.id).order_by(Binding.id)
        return list(session.scalars(mine))


def claim_of(person: Person, status: ClaimStatus) -> None:
    with transaction() as session:
        factories.create_claim(session, session.get_one(Person, person.id), status=status)


def test_a_transfer_is_confirmed_for_the_wished_day_unless_another_is_chosen(
    open_page: OpenPage, there: Organisation, person: Person, asked: Binding
) -> None:
    app = open_page(PAGE, reviewer_of(there))
    assert list(app.dataframe[0].value["备注"]) == ["申请调入"]
    assert app.date_input[0].value == TOMORROW
    app.date_input[0].set_value(TOMORROW + timedelta(days=7))
    button(app, "确认").click().run()
    old, new = of_person(person)
    assert (old.status, new.status) == (BindingStatus.ACTIVE, BindingStatus.SCHEDULED)
    assert new.started_on == TOMORROW + timedelta(days=7)
    assert "没有待确认的人员" in said(app)


def test_a_cleared_day_is_asked_for_and_the_reason_stays(
    open_page: OpenPage, there: Organisation, person: Person, asked: Binding
) -> None:
    app = open_page(PAGE, reviewer_of(there))
    app.date_input[0].set_value(None)
    app.text_area[0].set_value("编制已满")
    button(app, "确认").click().run()
    assert [error.value for error in app.error] == ["生效日期：请填写。"]
    assert app.text_area[0].value == "编制已满"
    assert of_person(person)[1].status is BindingStatus.REQUESTED


def test_a_claim_sent_meanwhile_is_told_to_the_receiving_employer_and_nothing_is_half_done(
    open_page: OpenPage, there: Organisation, person: Person, asked: Binding
) -> None:
    claim_of(person, ClaimStatus.SUBMITTED)
    app = open_page(PAGE, reviewer_of(there))
    button(app, "确认").click().run()
    assert "请本人先撤回" in app.error[0].value
    assert [binding.status for binding in of_person(person)] == [BindingStatus.ACTIVE, BindingStatus.REQUESTED]


def test_both_employers_see_a_coming_transfer_and_the_receiving_one_may_still_send_it_back(
    open_page: OpenPage, here: Organisation, there: Organisation, person: Person, asked: Binding
) -> None:
    button(open_page(PAGE, reviewer_of(there)), "确认").click().run()
    leaving = open_page(PAGE, reviewer_of(here), status="active")
    assert list(leaving.dataframe[0].value["备注"]) == [f"{TOMORROW} 调往 晴川水务有限公司"]
    coming = open_page(PAGE, reviewer_of(there), status="scheduled")
    assert f"{TOMORROW} 起自动成为本单位人员" in coming.info[0].value
    assert "确认" not in buttons(coming)
    coming.text_area[0].set_value("编制已满")
    button(coming, "退回").click().run()
    old, new = of_person(person)
    assert (old.status, old.successor_id, new.status) == (BindingStatus.ACTIVE, None, BindingStatus.REFUSED)


def test_a_reviewer_moved_while_the_queue_was_open_decides_nothing_there(
    open_page: OpenPage, here: Organisation, there: Organisation, person: Person, asked: Binding
) -> None:
    account = reviewer_of(there)
    app = open_page(PAGE, account)
    with transaction() as session:
        grant = session.scalars(select(Grant).where(Grant.account_id == account.id)).one()
        grant.organisation_id = here.id
    button(app, "确认").click().run()
    assert of_person(person)[1].status is BindingStatus.REQUESTED
    assert "没有待确认的人员" in said(app)


def test_the_end_is_entered_with_reason_and_day(open_page: OpenPage, here: Organisation, person: Person) -> None:
    app = open_page(PAGE, reviewer_of(here), status="active")
    button(app, "离职").click().run()
    assert [error.value for error in app.error] == ["离职原因：请选择。"]
    app.radio[0].set_value(EndReason.RETIRED)
    button(app, "离职").click().run()
    (binding,) = of_person(person)
    assert (binding.status, binding.end_reason, binding.ended_on) == (BindingStatus.ENDED, EndReason.RETIRED, today())


def test_who_has_claims_waiting_is_not_let_go_and_the_employer_sees_how_many(
    open_page: OpenPage, here: Organisation, person: Person
) -> None:
    claim_of(person, ClaimStatus.SUBMITTED)
    claim_of(person, ClaimStatus.APPROVED)
    app = open_page(PAGE, reviewer_of(here), status="active")
    assert "还有 1 条学时待本单位审核" in app.warning[0].value
    assert "离职" not in buttons(app)


def test_of_who_is_gone_the_employer_sees_the_name_and_the_time_and_no_way_to_reach_him(
    open_page: OpenPage, here: Organisation, person: Person
) -> None:
    reviewer = reviewer_of(here)
    with transaction() as session:
        actor, number = factories.actor_of(session, reviewer), of_person(person)[0].id
        bindings.end(session, actor, number, reason=EndReason.LEFT, on=today())
    app = open_page(PAGE, reviewer, status="ended")
    assert list(app.dataframe[0].value["在职时间"]) == [f"{today()} 至 {today()} · 离职"]
    assert person.mobile not in repr(app.main)
    assert person.email not in repr(app.main)
    assert not {"确认", "退回", "离职", "确定重置"} & set(buttons(app))
    assert person.mobile not in str(list(files.rows_of(exported(reviewer, status="ended"))))


def exported(account: Account, **narrowed: str) -> bytes:
    answer = new_client(token=token_for(account)).get("/exports/staff", params=narrowed)
    assert answer.status_code == HTTPStatus.OK
    return answer.content


def test_the_list_is_exported_as_it_is_narrowed_down_with_masked_numbers_and_no_formulas(
    here: Organisation, person: Person
) -> None:
    with transaction() as session:
        factories.create_person(session, name="=HYPERLINK(1)", employer=here)
    account = reviewer_of(here)
    header, *rows = files.rows_of(exported(account, status="active"))
    assert header[:3] == ("姓名", "证件号码", "单位名称")
    assert [row[0] for row in rows] == ["苏清和", "=HYPERLINK(1)"]
    assert all("*" in row[1] for row in rows)
    cell = files.first_sheet(exported(account, status="active"))["A3"]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert [row[0] for row in files.rows_of(exported(account, status="active", text="清和"))][1:] == ["苏清和"]
    with reading() as session:
        assert session.scalars(select(Event.after).where(Event.action == "staff_export")).first() == {
            "status": "active"
        }


def test_nobody_exports_the_staff_of_others(here: Organisation, there: Organisation, person: Person) -> None:
    assert [row[0] for row in files.rows_of(exported(reviewer_of(there), status="active"))] == ["姓名"]
    with transaction() as session:
        account = session.get_one(Account, person.account_id)
    answer = new_client(token=token_for(account)).get("/exports/staff")
    assert answer.status_code == HTTPStatus.NOT_FOUND


def test_the_export_asks_the_same_for_more_people(here: Organisation, count_queries: CountQueries) -> None:
    account = reviewer_of(here)
    counted = []
    for more in (1, 30):
        with transaction() as session:
            for _ in range(more):
                factories.create_person(session, employer=here)
        with count_queries() as queries:
            exported(account, status="active")
        counted.append(len(queries))
    assert counted[0] == counted[1]
