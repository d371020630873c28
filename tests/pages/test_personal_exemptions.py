"""学时减免: asked for with proof, withdrawn, and what was decided is read and taken note of."""

from decimal import Decimal

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from db import reading, transaction
from db.accounts import Account
from db.exemptions import WHOLE, Exemption, ExemptionReason, ExemptionStatus
from db.organisations import Organisation
from db.people import Person
from services.clock import now, today
from tests import hostile_files
from tests.counting import CountQueries
from tests.exemption_cases import create_exemption, create_file
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, said

PAGE = "personal/exemptions"
FORM = "request_0"


@pytest.fixture
def owner(person: Person) -> Account:
    with transaction() as session:
        return session.get_one(Account, person.account_id)


def create(person: Person, employer: Organisation, status: ExemptionStatus) -> Exemption:
    with transaction() as session:
        exemption = create_exemption(session, person, employer, status=status)
        create_file(session, exemption)
        return exemption


def stored() -> Exemption:
    with reading() as session:
        return session.scalars(select(Exemption)).one()


def filled(app: AppTest) -> AppTest:
    app.selectbox(key=f"reason_{FORM}").select(ExemptionReason.MATERNITY)
    app.checkbox(key=f"whole_general_{FORM}").check()
    app.number_input(key=f"part_professional_{FORM}").set_value(20.5)
    app.text_area(key=f"explanation_{FORM}").input("三月至九月休产假。")
    return app


def test_it_is_asked_for_with_its_proof_and_a_refusal_keeps_what_was_typed(open_page: OpenPage, owner: Account) -> None:
    app = filled(open_page(PAGE, owner))
    button(app, "提交申请").click().run()
    assert "请上传证明材料" in app.error[0].value
    assert app.number_input(key=f"part_professional_{FORM}").value == 20.5
    app.file_uploader[0].set_value(("出生证明.pdf", hostile_files.pdf(), "application/pdf"))
    button(app, "提交申请").click().run()
    assert not app.error
    made = stored()
    assert [made.general, made.professional, made.elective] == [WHOLE, Decimal("20.5"), 0]
    assert (made.year, made.status) == (today().year, ExemptionStatus.REQUESTED)
    assert "公需科目全部减免、专业科目减免 20.5 学时" in said(app)


def test_what_is_left_out_is_named_at_once(open_page: OpenPage, owner: Account) -> None:
    app = open_page(PAGE, owner)
    button(app, "提交申请").click().run()
    assert "减免事由、情况说明" in app.error[0].value


def test_a_file_that_is_none_sends_nothing(open_page: OpenPage, owner: Account) -> None:
    app = filled(open_page(PAGE, owner))
    app.file_uploader[0].set_value(("证明.pdf", b"MZ\x90", "application/pdf"))
    button(app, "提交申请").click().run()
    assert "证明" in app.error[0].value
    with reading() as session:
        assert session.scalar(select(Exemption.id)) is None


def test_it_is_withdrawn_behind_a_second_click(
    open_page: OpenPage, owner: Account, person: Person, employer: Organisation
) -> None:
    create(person, employer, ExemptionStatus.REQUESTED)
    app = open_page(PAGE, owner)
    button(app, "确认撤回").click().run()
    assert stored().status is ExemptionStatus.WITHDRAWN
    assert "确认撤回" not in buttons(app)


@pytest.mark.parametrize("status", [each for each in ExemptionStatus if each is not ExemptionStatus.REQUESTED])
def test_what_was_decided_is_read_and_taken_note_of(
    open_page: OpenPage, owner: Account, person: Person, employer: Organisation, status: ExemptionStatus
) -> None:
    with transaction() as session:
        session.get_one(Exemption, create(person, employer, status).id).news_at = now()
    app = open_page(PAGE, owner)
    assert ("已核对。" in said(app)) is (status is not ExemptionStatus.WITHDRAWN)
    assert ("证明不实。" in said(app)) is (status in {ExemptionStatus.REPLACED, ExemptionStatus.REVOKED})
    assert "确认撤回" not in buttons(app)
    button(app, "知道了").click().run()
    assert stored().news_at is None


def test_another_one_begins_from_what_holds(
    open_page: OpenPage, owner: Account, person: Person, employer: Organisation
) -> None:
    create(person, employer, ExemptionStatus.GRANTED)
    assert "已批准：公需科目全部减免、专业科目全部减免、选修科目全部减免" in said(open_page(PAGE, owner))


def test_home_and_certificate_say_what_is_reduced_without_another_query(
    open_page: OpenPage, owner: Account, person: Person, employer: Organisation, count_queries: CountQueries
) -> None:
    with count_queries() as before:
        open_page("personal/home", owner)
    create(person, employer, ExemptionStatus.GRANTED)
    with count_queries() as after:
        app = open_page("personal/home", owner)
    assert len(after) == len(before)
    assert "年度要求 42 学时，已批准减免 42 学时。" in said(app)
    assert "学时减免由" in said(app)
    assert "年度要求 42 学时" in said(open_page("personal/certificates", owner))


def test_stored_words_are_shown_as_they_are(
    open_page: OpenPage, owner: Account, person: Person, employer: Organisation
) -> None:
    with transaction() as session:
        exemption = create_exemption(session, person, employer, status=ExemptionStatus.DECLINED)
        exemption.explanation = exemption.opinion = "![x](http://evil.example/x.png)"
    assert "![x](http" not in said(open_page(PAGE, owner))
