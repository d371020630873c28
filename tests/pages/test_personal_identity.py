"""Correcting one's name or ID number: with proof, or at once while nobody has confirmed who one is."""

import pytest
from sqlalchemy import select

from db import reading, transaction
from db.accounts import Account
from db.identity_changes import IdentityChange, IdentityChangeStatus, IdentityFile
from db.people import Person
from services import identity
from tests import factories, hostile_files, profiles
from tests.pages.conftest import OpenPage
from tests.pages.reading import button, buttons, said

PAGE = "personal/profile"
NUMBER = factories.invented_id_number(411)
PROOF = ("户口簿.pdf", hostile_files.pdf(), "application/pdf")


@pytest.fixture
def employed() -> Account:
    with transaction() as session:
        person = factories.create_person(session, name="林知夏", employer=factories.create_employer(session))
        return session.get_one(Account, person.account_id)


@pytest.fixture
def newcomer() -> Account:
    with transaction() as session:
        return session.get_one(Account, factories.create_person(session, name="林知夏").account_id)


def person_of(account: Account) -> Person:
    with reading() as session:
        return factories.person_of(session, account)


def changes() -> list[tuple[IdentityChangeStatus, str | None]]:
    with reading() as session:
        found = session.scalars(select(IdentityChange).order_by(IdentityChange.id))
        return [(change.status, change.new_name) for change in found]


def test_a_correction_is_asked_for_with_proof(open_page: OpenPage, employed: Account) -> None:
    app = open_page(PAGE, employed)
    app.text_input(key="request_0_name").input("欧阳若谷")
    app.text_area(key="request_0_explanation").input("户籍登记已更名")
    button(app, "提交更正申请").click().run()
    assert "请上传至少一份证明材料" in app.error[0].value
    assert app.text_input(key="request_0_name").value == "欧阳若谷"
    app.file_uploader[0].set_value(PROOF)
    button(app, "提交更正申请").click().run()
    assert changes() == [(IdentityChangeStatus.REQUESTED, "欧阳若谷")]
    assert "等待单位核实" in said(app)
    assert "户口簿" in said(app)
    assert person_of(employed).name == "林知夏"
    button(app, "撤回").click().run()
    assert changes() == [(IdentityChangeStatus.WITHDRAWN, "欧阳若谷")]


def test_a_file_that_is_refused_is_named_and_nothing_is_sent(open_page: OpenPage, employed: Account) -> None:
    app = open_page(PAGE, employed)
    app.text_input(key="request_0_name").input("欧阳若谷")
    app.text_area(key="request_0_explanation").input("户籍登记已更名")
    app.file_uploader[0].set_value([PROOF, ("照片.jpg", hostile_files.HTML, "image/jpeg")])
    button(app, "提交更正申请").click().run()
    assert "照片" in app.error[0].value
    assert changes() == []


def test_a_returned_correction_is_completed_and_sent_again(open_page: OpenPage, employed: Account) -> None:
    with transaction() as session:
        person = factories.person_of(session, employed)
        returned = profiles.create_identity_change(
            session, person, status=IdentityChangeStatus.RETURNED, name="欧阳若谷"
        )
        returned.reason = "看不清"
    app = open_page(PAGE, employed)
    assert "看不清" in app.error[0].value
    assert app.text_input(key=f"request_{returned.id}_name").value == "欧阳若谷"
    assert app.text_area(key=f"request_{returned.id}_explanation").value == returned.explanation
    app.file_uploader[0].set_value(PROOF)
    button(app, "提交更正申请").click().run()
    assert changes()[-1] == (IdentityChangeStatus.REQUESTED, "欧阳若谷")
    with reading() as session:
        names = session.scalars(select(IdentityFile.file_name).where(IdentityFile.change_id != returned.id))
        assert sorted(names) == ["户口簿.pdf", "户口簿.pdf"]


def test_who_lets_it_be_is_not_reminded_any_more(open_page: OpenPage, employed: Account) -> None:
    with transaction() as session:
        person = factories.person_of(session, employed)
        profiles.create_identity_change(session, person, status=IdentityChangeStatus.RETURNED)
    app = open_page(PAGE, employed)
    button(app, "不再更正").click().run()
    assert [status for status, _ in changes()] == [IdentityChangeStatus.WITHDRAWN]
    assert not app.error


def test_a_newcomer_corrects_a_slip_at_once(open_page: OpenPage, newcomer: Account) -> None:
    app = open_page(PAGE, newcomer)
    assert "更正后立即生效" in said(app)
    assert not app.file_uploader
    key = f"correct_{person_of(newcomer).version}"
    app.text_input(key=f"{key}_name").input("欧阳若谷")
    app.text_input(key=f"{key}_number").input(NUMBER)
    app.button(key=key).click().run()
    person = person_of(newcomer)
    assert (person.name, person.id_number_masked) == ("欧阳若谷", identity.mask(NUMBER))
    assert NUMBER not in repr(app.main)


def test_who_has_left_his_employer_is_told_the_way_on(open_page: OpenPage, employed: Account) -> None:
    with transaction() as session:
        profiles.end_bindings(session, factories.person_of(session, employed))
    app = open_page(PAGE, employed)
    assert "您还没有确认的工作单位" in said(app)
    assert "提交更正申请" not in buttons(app)


def test_the_new_number_is_masked_until_its_owner_asks(open_page: OpenPage, employed: Account) -> None:
    with transaction() as session:
        profiles.create_identity_change(session, factories.person_of(session, employed), id_number=NUMBER)
    app = open_page(PAGE, employed)
    assert NUMBER not in repr(app.main)
    button(app, "显示新旧证件号码").click().run()
    assert NUMBER in app.code[0].value
    app.run()
    assert NUMBER not in repr(app.main)
