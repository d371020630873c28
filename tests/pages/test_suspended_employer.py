"""What the staff of a suspended employer read, and what they can still do."""

import pytest

from db import reading, transaction
from db.accounts import Account
from db.claims import Claim, ClaimStatus
from db.organisations import Organisation, OrganisationStatus
from db.people import BindingStatus
from tests import factories
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, said


@pytest.fixture
def employer() -> Organisation:
    with transaction() as session:
        return factories.create_organisation(session, name="晴川设计院", status=OrganisationStatus.SUSPENDED)


@pytest.fixture
def account(employer: Organisation) -> Account:
    with transaction() as session:
        return session.get_one(Account, factories.create_person(session, employer=employer).account_id)


def test_what_waits_there_says_whom_to_ask_and_can_be_withdrawn(
    open_page: OpenPage, employer: Organisation, account: Account
) -> None:
    with transaction() as session:
        person = factories.person_of(session, account)
        claim = factories.create_claim(session, person, status=ClaimStatus.SUBMITTED)
    app = open_page("personal/claims", account)
    assert "晴川设计院已停用" in app.warning[0].value
    assert "请咨询广东省广州市越秀区主管部门" in app.warning[0].value
    assert said(app).count("晴川设计院已停用") == 2
    assert employer.contact_phone not in said(app).replace("\\", "")
    button(app, "撤回").click().run()
    with reading() as session:
        assert session.get_one(Claim, claim.id).status is ClaimStatus.DRAFT


def test_a_draft_is_refused_with_the_reason_and_kept(open_page: OpenPage, account: Account) -> None:
    with transaction() as session:
        claim = factories.create_claim(session, factories.person_of(session, account))
        factories.create_evidence(session, claim)
    app = open_page("personal/claims", account, id=str(claim.id))
    assert "晴川设计院已停用" in said(app)
    next(box for box in app.checkbox if "承诺" in box.label).check()
    button(app, "确认送审").click().run()
    assert any("您的工作单位已被停用" in error.value for error in app.error)
    with reading() as session:
        assert session.get_one(Claim, claim.id).status is ClaimStatus.DRAFT


def test_the_basic_information_says_it_beside_the_employer(open_page: OpenPage, account: Account) -> None:
    assert "该单位已停用" in said(open_page("personal/profile", account))


def test_who_has_asked_it_may_withdraw(open_page: OpenPage, employer: Organisation) -> None:
    with transaction() as session:
        person = factories.create_person(session)
        factories.create_binding(session, person, employer, status=BindingStatus.REQUESTED)
        asking = session.get_one(Account, person.account_id)
    app = open_page("personal/profile", asking)
    assert "该单位已停用" in said(app)
    button(app, "撤回").click().run()
    assert "该单位已停用" not in said(app)
