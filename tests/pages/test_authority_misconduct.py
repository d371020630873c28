"""失信管理: a case from the report to the revoked hours, its objection, and who is shown which."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from db import reading, transaction
from db.accounts import Account
from db.claims import Claim, ClaimStatus
from db.misconduct import LookedAt, MisconductLook, MisconductRecord, MisconductStatus
from db.organisations import Organisation
from db.people import Person
from services.clock import now
from tests import factories, hostile_files
from tests.misconduct_cases import create_case, create_file
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, errors_in_popovers, said

PAGE = "authority/misconduct"
Stage = tuple[Account, Person, Organisation, Claim]


@pytest.fixture
def stage() -> Stage:
    with transaction() as session:
        employer = factories.create_employer(session, name="晴川设计院")
        person = factories.create_person(session, name="林知夏", employer=employer)
        claim = factories.create_claim(session, person, status=ClaimStatus.APPROVED, title="岗位能力提升")
        return factories.create_supervisor(session), person, employer, claim


def status() -> MisconductStatus:
    with reading() as session:
        return session.scalars(select(MisconductRecord.status)).one()


def test_a_case_is_reported_with_hours_and_evidence(open_page: OpenPage, stage: Stage) -> None:
    supervisor, _, _, claim = stage
    app = open_page(PAGE, supervisor, view="report", text="知夏")
    button(app, "选定").click().run()
    button(app, "重新选择当事人").click().run()
    app.text_input[0].set_value("知夏").run()
    button(app, "选定").click().run()
    button(app, "登记线索").click().run()
    assert "失信类型、情节与期限、事实" in app.error[0].value
    app.selectbox(key="kind_new").select_index(1)
    app.selectbox(key="severity_new").select_index(1)
    app.text_area(key="facts_new").input("结业证明系伪造。")
    app.multiselect(key="claims_new").set_value([claim.id])
    app.file_uploader[0].set_value(("核查.pdf", hostile_files.pdf(), "application/pdf"))
    button(app, "登记线索").click().run()
    assert not app.error
    with reading() as session:
        case = session.scalars(select(MisconductRecord)).one()
        assert (case.status, case.facts) == (MisconductStatus.REPORTED, "结业证明系伪造。")
        assert session.scalars(select(Claim.id).join(MisconductRecord.claims)).all() == [claim.id]


def test_a_case_goes_its_way_and_its_hours_with_it(open_page: OpenPage, stage: Stage) -> None:
    supervisor, person, employer, claim = stage
    with transaction() as session:
        create_case(session, person, employer, claims=[session.get_one(Claim, claim.id)])
    for action in ("investigate", "notify"):
        app = open_page(PAGE, supervisor)
        app.button(key=f"FormSubmitter:{form(action)}-确认").click().run()
    assert status() is MisconductStatus.NOTIFIED
    assert "本人尚未陈述申辩" in said(app)
    with transaction() as session:
        session.scalars(select(MisconductRecord)).one().notified_at = now() - timedelta(days=60)
    app = open_page(PAGE, supervisor)
    app.text_area(key=f"opinion_{form('confirm')}").input("经核实属实。")
    app.button(key=f"FormSubmitter:{form('confirm')}-确认").click().run()
    assert status() is MisconductStatus.CONFIRMED
    with reading() as session:
        assert session.get_one(Claim, claim.id).status is ClaimStatus.REVOKED


def test_a_refusal_stands_where_the_words_were_missing(open_page: OpenPage, stage: Stage) -> None:
    supervisor, person, employer, _ = stage
    with transaction() as session:
        create_case(session, person, employer)
    app = open_page(PAGE, supervisor)
    app.button(key=f"FormSubmitter:{form('dismiss')}-确认").click().run()
    assert "说明" in errors_in_popovers(app)


def form(action: str) -> str:
    with reading() as session:
        case = session.scalars(select(MisconductRecord)).one()
        return f"{action}_{case.id}_{case.version}"


def test_opening_a_case_is_noted_before_it_is_shown_and_once(open_page: OpenPage, stage: Stage) -> None:
    supervisor, person, employer, _ = stage
    with transaction() as session:
        create_file(session, create_case(session, person, employer))
    for _ in range(2):
        open_page(PAGE, supervisor)
    with reading() as session:
        looks = session.execute(select(MisconductLook.actor_id, MisconductLook.looked_at)).all()
    assert looks == [(supervisor.id, LookedAt.CASE)]


def test_a_supervisor_is_shown_no_case_about_himself(open_page: OpenPage, stage: Stage) -> None:
    supervisor, _, employer, _ = stage
    with transaction() as session:
        person = factories.create_person(session, account=session.get_one(Account, supervisor.id), employer=employer)
        create_case(session, person, employer)
    app = open_page(PAGE, supervisor)
    assert "这里没有案件" in said(app)
    app = open_page(PAGE, supervisor, view="report", text=person.name)
    assert "选定" not in buttons(app)


def test_stored_words_are_shown_as_they_are(open_page: OpenPage, stage: Stage) -> None:
    supervisor, person, employer, _ = stage
    with transaction() as session:
        create_case(session, person, employer).facts = "![x](http://evil.example/x.png)"
    assert "![x](http" not in said(open_page(PAGE, supervisor))


@pytest.mark.parametrize("address", [{"view": "report", "person": "999999"}, {"id": "999999"}])
def test_what_is_not_there_breaks_no_page(open_page: OpenPage, stage: Stage, address: dict[str, str]) -> None:
    app = open_page(PAGE, stage[0], **address)
    assert not app.exception
