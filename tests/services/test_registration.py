"""Registering: whom the form accepts, and what it tells nobody."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from db import Base, reading, transaction
from db.accounts import Account, Role
from db.events import Event
from db.organisations import Organisation, OrganisationKind
from db.people import Person, Sex
from services import clock, identity, organisations, registration
from services.errors import DomainError, InvalidField, LeftOut
from services.organisation_form import Application
from services.permissions import Permission
from services.registration import IdNumberUnavailable, UsernameUnavailable
from services.throttle import TooManyAttempts
from tests import factories, signing_in

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
PASSWORD = "Lanhua-Zk83"
FORM = {
    "username": "mingyue",
    "password": PASSWORD,
    "name": "林知夏",
    "id_number": "11010519491231002X",
    "mobile": "13900000001",
    "email": "mingyue@example.com",
    "address": "192.0.2.1",
}


def register(**fields: str) -> Account:
    with transaction() as session:
        return registration.register_person(session, **{**FORM, **fields})


def register_number(number: int, **fields: str) -> Account:
    """Somebody new: another name and ID number for every number."""
    id_number = factories.invented_id_number(number)
    return register(**{"username": f"person{number}", "id_number": id_number, **fields})


def answer(act: Callable[..., object], **fields: Any) -> type[DomainError] | None:
    try:
        act(**fields)
    except DomainError as refusal:
        return type(refusal)
    return None


def count(table: type[Account | Organisation | Person]) -> int:
    with reading() as session:
        return session.scalars(select(func.count()).select_from(table)).one()


def test_registering_makes_a_professional_who_must_change_the_password_first() -> None:
    register()
    actor = signing_in.actor_of(signing_in.enter("mingyue", PASSWORD))

    assert (set(actor.roles), actor.name) == ({Role.PROFESSIONAL}, "林知夏")
    assert actor.permissions == {Permission.PASSWORD_CHANGE}
    assert actor.person_id
    assert signing_in.logged() == ["account_register", "sign_in"]


def test_the_person_is_what_the_id_number_says_and_the_number_is_stored_sealed() -> None:
    register(id_number=" 11010519491231002x ")
    with reading() as session:
        person = session.scalars(select(Person)).one()

    assert (person.birth_date, person.sex) == (date(1949, 12, 31), Sex.FEMALE)
    assert person.id_number_masked == "110***********002X"
    assert b"19491231" not in person.id_number
    assert identity.decrypt(person.id_number) == "11010519491231002X"


def test_no_table_holds_id_number_password_or_token() -> None:
    """Not even when somebody types them where they do not belong."""
    register()
    assert answer(register, username="another") is IdNumberUnavailable
    token = signing_in.enter("mingyue", PASSWORD)
    for misplaced in (FORM["id_number"], PASSWORD):
        with pytest.raises(DomainError):
            signing_in.get_ticket(misplaced, "anything")
    secrets = (FORM["id_number"], FORM["id_number"].lower(), PASSWORD, PASSWORD.lower(), token)
    with reading() as session:
        rows = {table.name: repr(session.execute(select(table)).all()) for table in Base.metadata.sorted_tables}
    assert "mingyue" in rows["account"]
    assert [(name, secret) for name, said in rows.items() for secret in secrets if secret in said] == []


def test_no_event_holds_id_number_or_password() -> None:
    register()
    with reading() as session:
        said = str([(event.before, event.after, event.actor_name) for event in session.scalars(select(Event))])

    assert "19491231" not in said
    assert PASSWORD not in said


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("李", "李"),
        ("阿卜杜拉·买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
        ("𠮷田", "𠮷田"),
        ("Mary-Ann O'Neill", "Mary-Ann O'Neill"),
        ("  Zoë  ", "Zoë"),
    ],
)
def test_names_of_all_peoples_are_accepted(name: str, stored: str) -> None:
    assert register(name=name).display_name == stored


@pytest.mark.parametrize(
    "name", ["·", "<b>", "李<b>", "李\x00", "李\u202e明", "李\n明", "李明1", "李\u200b明", "\ud800", "李" * 51]
)
def test_what_is_no_name_is_refused(name: str) -> None:
    assert answer(register, name=name) is InvalidField
    assert count(Account) == 0


@pytest.mark.parametrize("username", ["abc", "1abc", "ab c", "明月明月", "a" * 33, "a\0bcd", "x11010519491231002"])
def test_what_is_no_user_name_is_refused(username: str) -> None:
    assert answer(register, username=username) is InvalidField


@pytest.mark.parametrize(
    ("id_number", "reason"),
    [
        ("1101051949123100", "18位"),
        ("11010519491231002XX", "18位"),
        ("110105194912310021", "校验位"),
        ("110105194902310026", "不存在"),
        ("ABCDEFGHIJKLMNOPQR", "数字"),
    ],
)
def test_a_malformed_id_number_is_refused_with_the_reason(id_number: str, reason: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        register(id_number=id_number)

    assert refusal.value.field == "证件号码"
    assert reason in refusal.value.reason


def test_everything_that_is_left_out_is_named_at_once() -> None:
    with pytest.raises(LeftOut) as refusal:
        register(name="", id_number=" ", email="")
    assert str(refusal.value) == "姓名、证件号码、电子邮箱：请填写。"
    assert count(Account) == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [("mobile", "12"), ("mobile", "phone"), ("email", "nobody"), ("email", "a@b"), ("email", "a b@example.com")],
)
def test_other_malformed_fields_are_refused(field: str, value: str) -> None:
    assert answer(register, **{field: value}) is InvalidField


@pytest.mark.parametrize("password", ["short", "Password1!", "Mingyue#8421", "Zq-19491231!", "Zq-13900000001"])
def test_a_weak_password_or_one_made_of_the_form_is_refused(password: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        register(password=password)
    assert refusal.value.field == "密码"


def test_a_malformed_form_is_not_counted() -> None:
    for _ in range(10):
        assert answer(register, id_number="110105194912310021") is InvalidField

    assert answer(register) is None


@pytest.mark.parametrize("username", ["mingyue", "MINGYUE", " mingyue ", "ｍｉｎｇｙｕｅ"])
def test_a_taken_user_name_is_refused_without_telling_more(username: str) -> None:
    register()

    with pytest.raises(UsernameUnavailable) as refusal:
        register_number(1, username=username)
    assert str(refusal.value) == "该账号不可用，请换一个用户名。"
    assert (count(Account), count(Person)) == (1, 1)


@pytest.mark.parametrize("id_number", ["11010519491231002X", "11010519491231002x", " 11010519491231002X "])
def test_a_taken_id_number_is_refused_without_telling_whose(id_number: str) -> None:
    register()

    with pytest.raises(IdNumberUnavailable) as refusal:
        register(username="another", id_number=id_number)
    assert "林知夏" not in str(refusal.value)
    assert "mingyue" not in str(refusal.value)
    assert count(Account) == 1


def test_a_refused_guess_is_logged_without_what_was_guessed() -> None:
    register()
    answer(register)
    with reading() as session:
        event = session.scalars(select(Event).where(Event.action == "account_register_refuse")).one()

    assert (event.actor_id, event.object_type, event.after) == (None, "attempt", {})
    assert event.address == FORM["address"]


def test_five_guesses_at_what_is_taken_close_registration_to_an_address_for_an_hour() -> None:
    with clock.at(NOON):
        register()
        assert [answer(register) for _ in range(6)] == [UsernameUnavailable] * 5 + [TooManyAttempts]
        assert answer(register_number, number=1) is TooManyAttempts
        assert answer(register_number, number=1, address="198.51.100.7") is None
    with clock.at(NOON + timedelta(minutes=60)):
        assert answer(register_number, number=2) is None


def test_an_office_can_register_fifty_people_an_hour() -> None:
    with clock.at(NOON):
        assert {answer(register_number, number=number) for number in range(50)} == {None}
        assert answer(register_number, number=50) is TooManyAttempts
    with clock.at(NOON + timedelta(minutes=60)):
        assert answer(register_number, number=50) is None


def test_of_two_simultaneous_registrations_one_is_refused() -> None:
    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(lambda _number: answer(register, address=""), range(2)))

    assert sorted(map(str, answers)) == sorted(map(str, [None, UsernameUnavailable]))
    assert count(Person) == 1


def test_the_account_of_an_organisation_has_no_person_and_must_change_its_password_too() -> None:
    with transaction() as session:
        account = registration.register_account(
            session,
            username="danwei",
            password=PASSWORD,
            display_name="许景行",
            mobile="020-80000001",
            address="192.0.2.1",
            guard=lambda: None,
        )

    assert account.must_change_password
    assert count(Person) == 0
    assert not signing_in.actor_of(signing_in.enter("danwei", PASSWORD)).roles


def test_an_organisation_whose_administrator_is_refused_is_not_stored_but_the_guess_is() -> None:
    register()
    code, kind = factories.invented_uscc(), OrganisationKind.EMPLOYER
    application = Application(code, "晴川设计院", "440104", kind, "许景行", "13900000002")

    with pytest.raises(UsernameUnavailable), transaction() as session:
        organisations.register(session, application, username="mingyue", password=PASSWORD, address="192.0.2.1")
    assert count(Organisation) == 0
    assert signing_in.logged()[-1] == "account_register_refuse"
