"""Lists of staff: who is new, who is confirmed, who is known, and whom an employer can never lay hands on."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from db import reading, transaction
from db.accounts import Account, Grant, Role
from db.organisations import Organisation
from db.people import Binding, BindingAction, BindingStatus, BindingStep, Person, TitleLevel, TitleSeries
from db.qualifications import Title
from services import identity, import_undo, registration
from services.clock import today
from services.errors import NotFound, PermissionDenied
from services.permissions import Actor
from tests import factories
from tests.services.acting import refused
from tests.services.importing import (
    carry_out,
    counts,
    examine,
    how_many,
    keep,
    reasons,
    run,
    staff_list,
    staff_row,
    staff_upload,
)

NUMBER = factories.invented_id_number(901)
OTHER_NUMBER = factories.invented_id_number(902)
NOT_FOR_YOU = (
    "该证件号码不能由本单位建立账号。如本人已注册，请本人登录后在“人员基本信息维护”中选择本单位提交，"
    "或申请调转到本单位，再由本单位确认。"
)


def registered(
    name: str, number: str, *, at: Organisation | None = None, status: BindingStatus = BindingStatus.ACTIVE
) -> Person:
    with transaction() as session:
        person = factories.create_person(session, name=name, id_number=number)
        if at is not None:
            factories.create_binding(session, person, at, status=status)
        return person


def binding_of(person_id: int) -> Binding:
    with reading() as session:
        return session.scalars(select(Binding).where(Binding.person_id == person_id)).one()


def person_with(number: str) -> Person:
    with reading() as session:
        return session.scalars(select(Person).where(Person.id_number_digest == identity.digest(number))).one()


def test_somebody_new_is_known_by_what_the_row_says(reviewer: Actor, employer: Organisation) -> None:
    more = {
        "所在部门": "设计一部",
        "职称系列": "工程技术",
        "职称级别": "中级",
        "职称名称": "工程师",
        "到岗日期": "2016.3.5",
    }
    kept = carry_out(reviewer, staff_upload(employer, staff_list([staff_row("阿卜杜拉·买买提", NUMBER, **more)])))
    assert counts(kept) == (1, 0, 0)
    person = person_with(NUMBER)
    assert (person.name, person.mobile, person.email, person.department) == (
        "阿卜杜拉·买买提",
        "13900000001",
        "",
        "设计一部",
    )
    assert (person.title_series, person.title_level, person.title_name) == (
        TitleSeries.ENGINEERING,
        TitleLevel.MIDDLE,
        "工程师",
    )
    assert person.birth_date == identity.birth_date(NUMBER)
    assert person.sex is identity.sex(NUMBER)


def test_the_title_on_the_list_is_the_current_one_until_the_import_is_taken_back(
    reviewer: Actor, employer: Organisation
) -> None:
    rows = [
        staff_row("林知夏", NUMBER, 职称系列="教师", 职称级别="副高级", 职称名称="高级教师"),
        staff_row("陈望舒", OTHER_NUMBER),
    ]
    done = carry_out(reviewer, staff_upload(employer, staff_list(rows)))
    with reading() as session:
        (title,) = session.scalars(select(Title)).all()
    assert (title.person_id, title.is_current, title.obtained_on) == (person_with(NUMBER).id, True, None)
    assert (title.series, title.level, title.name) == ("teaching", "associate_senior", "高级教师")
    import_undo.undo(transaction, reviewer, done.id)
    assert (how_many(Title), how_many(Person)) == (0, 0)


def test_he_is_on_the_staff_from_his_day_on_and_has_no_role_but_his_own(
    reviewer: Actor, employer: Organisation
) -> None:
    carry_out(reviewer, staff_upload(employer, staff_list([staff_row("林知夏", NUMBER, 到岗日期="2016.3.5")])))
    person = person_with(NUMBER)
    binding = binding_of(person.id)
    said = binding.organisation_id, binding.status, binding.started_on
    assert said == (employer.id, BindingStatus.ACTIVE, date(2016, 3, 5))
    with reading() as session:
        account = session.get_one(Account, person.account_id)
        assert account.must_change_password
        assert session.scalars(select(Grant.role).where(Grant.account_id == account.id)).all() == [Role.PROFESSIONAL]
        steps = session.scalars(select(BindingStep).where(BindingStep.binding_id == binding.id)).all()
    assert [(step.action, step.actor_id) for step in steps] == [(BindingAction.ENTER, reviewer.account_id)]


def test_looking_through_a_list_changes_nothing(reviewer: Actor, employer: Organisation) -> None:
    before = how_many(Account), how_many(Person), how_many(Binding)
    kept = keep(reviewer, staff_upload(employer, staff_list([staff_row(), staff_row()])))
    assert counts(kept) == (2, 0, 0)
    assert (how_many(Account), how_many(Person), how_many(Binding)) == before


def test_who_is_on_the_staff_is_known(reviewer: Actor, employer: Organisation) -> None:
    registered("林知夏", NUMBER, at=employer)
    kept = carry_out(reviewer, staff_upload(employer, staff_list([staff_row("林知夏", NUMBER)])))
    assert counts(kept) == (0, 0, 1)


def test_who_has_asked_is_confirmed(reviewer: Actor, employer: Organisation) -> None:
    person = registered("林知夏", NUMBER, at=employer, status=BindingStatus.REQUESTED)
    kept = carry_out(reviewer, staff_upload(employer, staff_list([staff_row("林知夏", NUMBER, mobile="13911111111")])))
    assert counts(kept) == (1, 0, 0)
    assert binding_of(person.id).status is BindingStatus.ACTIVE
    assert person_with(NUMBER).mobile == person.mobile  # what somebody said of himself stays


@pytest.mark.parametrize("status", [BindingStatus.ACTIVE, BindingStatus.REQUESTED])
def test_another_name_than_the_registered_one_is_refused(
    reviewer: Actor, employer: Organisation, status: BindingStatus
) -> None:
    person = registered("林知夏", NUMBER, at=employer, status=status)
    kept = carry_out(reviewer, staff_upload(employer, staff_list([staff_row("林望舒", NUMBER)])))
    assert reasons(reviewer, kept) == {2: ["姓名与该证件号码在本单位的登记或申请不一致，请核对姓名和证件号码。"]}
    assert binding_of(person.id).status is status


def test_nobody_is_captured_by_his_number_and_all_strangers_are_answered_alike(
    reviewer: Actor, employer: Organisation
) -> None:
    with transaction() as session:
        other = factories.create_employer(session)
    numbers = [factories.invented_id_number(910 + n) for n in range(4)]
    registered("林知夏", numbers[0])
    registered("林知夏", numbers[1], at=other)
    registered("林知夏", numbers[2], at=other, status=BindingStatus.REQUESTED)
    registered("林知夏", numbers[3], at=employer, status=BindingStatus.REFUSED)
    before = how_many(Binding)
    rows = [staff_row(name, number) for number in numbers for name in ("林知夏",)]
    kept = carry_out(reviewer, staff_upload(employer, staff_list(rows)))
    assert reasons(reviewer, kept) == {line: [NOT_FOR_YOU] for line in range(2, 6)}
    assert how_many(Binding) == before


def test_a_request_to_be_transferred_is_decided_by_hand(reviewer: Actor, employer: Organisation) -> None:
    person = registered("林知夏", NUMBER, at=employer, status=BindingStatus.REQUESTED)
    with transaction() as session:
        session.get_one(Binding, binding_of(person.id).id).wished_on = today() + timedelta(days=3)
    kept = carry_out(reviewer, staff_upload(employer, staff_list([staff_row("林知夏", NUMBER)])))
    assert "调转" in reasons(reviewer, kept)[2][0]
    assert binding_of(person.id).status is BindingStatus.REQUESTED


def test_one_number_twice_in_a_list_counts_once(reviewer: Actor, employer: Organisation) -> None:
    rows = [staff_row("林知夏", NUMBER), staff_row("林望舒", OTHER_NUMBER), staff_row("林知夏", NUMBER)]
    kept = carry_out(reviewer, staff_upload(employer, staff_list(rows)))
    assert counts(kept) == (2, 1, 0)
    assert reasons(reviewer, kept) == {4: ["与第 2 行重复，请只保留一行。"]}


def test_the_same_file_again_adds_nothing(reviewer: Actor, employer: Organisation) -> None:
    content = staff_list([staff_row(f"林知夏{'甲乙丙丁戊'[n]}") for n in range(5)] + [staff_row("错<>")])
    first = carry_out(reviewer, staff_upload(employer, content))
    people, accounts = how_many(Person), how_many(Account)
    again = carry_out(reviewer, staff_upload(employer, content))
    assert (counts(first), counts(again)) == ((5, 1, 0), (0, 1, 5))
    assert (how_many(Person), how_many(Account)) == (people, accounts)
    assert first.content_digest == again.content_digest


def test_who_registers_between_the_look_and_the_import_is_left_alone(reviewer: Actor, employer: Organisation) -> None:
    kept = keep(reviewer, staff_upload(employer, staff_list([staff_row("林知夏", NUMBER), staff_row()])))
    registered("林知夏", NUMBER)
    done = run(reviewer, kept)
    assert counts(done) == (1, 1, 0)
    assert reasons(reviewer, done) == {2: [NOT_FOR_YOU]}


def test_the_number_of_somebody_imported_is_taken(reviewer: Actor, employer: Organisation) -> None:
    carry_out(reviewer, staff_upload(employer, staff_list([staff_row("林知夏", NUMBER)])))
    mine = {"username": "linzhixia", "password": "Pilot-2026!x", "name": "林知夏", "mobile": "13900000001"}
    answer = refused(registration.register_person, **mine, id_number=NUMBER, email="a@example.com", address="")
    assert answer is registration.IdNumberUnavailable


def test_a_list_for_another_employer_is_refused(reviewer: Actor) -> None:
    with transaction() as session:
        other = factories.create_employer(session)
    with pytest.raises(NotFound):
        examine(reviewer, staff_upload(other, staff_list([staff_row()])))


@pytest.mark.parametrize("role", [Role.PROFESSIONAL, Role.ANALYST, Role.ADMINISTRATOR])
def test_who_is_no_employer_imports_nobody(employer: Organisation, role: Role) -> None:
    with transaction() as session:
        actor = factories.actor_of(session, factories.create_account(session, role))
    with pytest.raises(PermissionDenied):
        examine(actor, staff_upload(employer, staff_list([staff_row()])))
