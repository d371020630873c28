"""The supervisor's page about hours that count: sampling, checking, revoking."""

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from db import reading, transaction
from db.accounts import Account
from db.audits import Audit, AuditItem
from db.claims import Claim, ClaimAction, ClaimStatus, ReviewReason
from db.organisations import Organisation
from db.people import Person
from services import claims
from tests import factories
from tests.counting import CountQueries
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, said
from tests.samples import create_audit

PAGE = "authority/claims"


@pytest.fixture
def employer() -> Organisation:
    with transaction() as session:
        return factories.create_employer(session, name="晴川中学")


@pytest.fixture
def person(employer: Organisation) -> Person:
    with transaction() as session:
        return factories.create_person(session, name="林知夏", employer=employer)


@pytest.fixture
def supervisor() -> Account:
    with transaction() as session:
        return factories.create_supervisor(session, "440100")


def approve(person: Person, title: str) -> Claim:
    with transaction() as session:
        return factories.create_claim(session, person, status=ClaimStatus.APPROVED, title=title)


def stored(claim: Claim) -> Claim:
    with reading() as session:
        return session.get_one(Claim, claim.id)


def press(app: AppTest, label: str) -> AppTest:
    return button(app, label).click().run()


@pytest.mark.parametrize("address", [{"audit": "999999"}, {"audit": "x"}, {"audit": "1", "id": "7", "status": "x"}])
def test_a_made_up_sample_is_not_found(open_page: OpenPage, supervisor: Account, address: dict[str, str]) -> None:
    app = open_page(PAGE, supervisor, view="audits", **address)
    assert ("没有找到该内容" in said(app)) is (address["audit"] != "x")


def test_a_sample_is_drawn_and_checked(open_page: OpenPage, supervisor: Account, person: Person) -> None:
    good, bad = approve(person, "合格的培训"), approve(person, "虚假的培训")
    app = open_page(PAGE, supervisor, view="audits")
    next(box for box in app.number_input if "比例" in box.label).set_value(100).run()
    assert "将抽取 **2** 条" in said(app)
    press(app, "抽取")
    with reading() as session:
        audit = session.scalars(select(Audit)).one()
        items = {item.claim_id: item.id for item in session.scalars(select(AuditItem))}
    assert "待抽查 2 条" in app.get("progress")[0].proto.text
    view = {"view": "audits", "audit": str(audit.id)}
    app = open_page(PAGE, supervisor, **view, id=str(items[good.id]))
    press(app, "合格")
    assert "虚假的培训" in app.header[0].value
    app = open_page(PAGE, supervisor, **view, id=str(items[bad.id]))
    next(box for box in app.selectbox if box.label == "原因").set_value(ReviewReason.UNTRUE)
    press(app, "确认撤销学时")
    assert "这次抽查已全部核对" in said(app)
    assert (stored(good).status, stored(bad).status) == (ClaimStatus.APPROVED, ClaimStatus.REVOKED)
    results = app.dataframe[0].value.to_dict("records")
    assert [(row["抽取"], row["已核对"], row["已撤销"], row["不合格率"]) for row in results] == [(2, 2, 1, "50.0%")]


def test_a_revocation_needs_a_reason_and_keeps_what_was_typed(
    open_page: OpenPage, supervisor: Account, person: Person
) -> None:
    claim = approve(person, "虚假的培训")
    app = open_page(PAGE, supervisor, status="approved")
    press(app, "确认撤销学时")
    assert [error.value for error in app.error] == ["审核意见：请选择原因，或写明意见。"]
    app.text_area[0].set_value("**没有**这个活动")
    press(app, "确认撤销学时")
    assert stored(claim).status is ClaimStatus.REVOKED
    app = open_page(PAGE, supervisor, status="revoked")
    assert r"\*\*没有\*\*这个活动" in said(app)
    with transaction() as session:  # the claim was made without the step that a real approval leaves
        factories.create_step(session, claim, ClaimStatus.APPROVED)
    press(open_page(PAGE, supervisor, status="revoked"), "确认撤回撤销")
    assert stored(claim).status is ClaimStatus.APPROVED


def test_who_and_why_is_told_to_the_owner(open_page: OpenPage, supervisor: Account, person: Person) -> None:
    claim = approve(person, "虚假的培训")
    with transaction() as session:
        actor = factories.actor_of(session, session.get_one(Account, supervisor.id))
        claims.act(
            session,
            actor,
            claim.id,
            ClaimAction.REVOKE,
            seen=claim.version,
            reason=ReviewReason.UNTRUE,
            opinion="查无此班",
        )
        owner = session.get_one(Account, person.account_id)
    app = open_page("personal/claims", owner)
    assert "主管部门已于" in said(app)
    assert "材料不真实；查无此班" in said(app)
    assert supervisor.display_name in said(open_page("personal/claims", owner, id=str(claim.id)))


def test_a_sample_is_discarded_before_anything_is_checked(
    open_page: OpenPage, supervisor: Account, person: Person
) -> None:
    claim = approve(person, "教师培训")
    with transaction() as session:
        audit = create_audit(session, session.get_one(Account, supervisor.id), claim, division="440100")
    app = press(open_page(PAGE, supervisor, view="audits", audit=str(audit.id)), "确认作废")
    assert "已作废" in said(app)
    assert "合格" not in buttons(app)


def test_the_number_of_queries_does_not_grow_with_the_sample(
    open_page: OpenPage, supervisor: Account, person: Person, count_queries: CountQueries
) -> None:
    made = [approve(person, f"第{number}次培训") for number in range(12)]
    with transaction() as session:
        account = session.get_one(Account, supervisor.id)
        audits = [create_audit(session, account, *made, division="440100") for _ in range(8)]
    app = open_page(PAGE, supervisor, view="audits")
    with count_queries() as queries:
        app.run()
    assert len(queries) <= 6, queries
    app = open_page(PAGE, supervisor, view="audits", audit=str(audits[0].id))
    with count_queries() as queries:
        app.run()
    assert len(queries) <= 14, queries
