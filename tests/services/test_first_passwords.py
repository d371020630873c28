"""First passwords: they open the account once, run out, and are stored nowhere."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select

from db import reading, transaction
from db.accounts import Account
from db.events import Event
from db.imports import Import
from db.organisations import Organisation
from db.people import Person
from services import clock, first_passwords, password_change, passwords
from services.clock import now
from services.errors import NotFound
from services.first_passwords import Handout
from services.permissions import Actor
from services.sign_in import WrongCredentials
from tests import factories, signing_in
from tests.services.importing import carry_out, staff_list, staff_row, staff_upload


@pytest.fixture
def imported(reviewer: Actor, employer: Organisation) -> Import:
    return carry_out(reviewer, staff_upload(employer, staff_list([staff_row("林知夏"), staff_row("陈望舒")])))


def handouts(actor: Actor, imported: Import) -> Sequence[Handout]:
    with transaction() as session:
        return list(first_passwords.handouts(session, actor, imported.id))


def enter(handout: Handout, password: str = "") -> str:
    return signing_in.enter(handout.username, password or handout.password)


def test_the_list_names_everybody_and_is_the_same_until_it_is_made_anew(reviewer: Actor, imported: Import) -> None:
    first = handouts(reviewer, imported)
    assert [each.name for each in first] == ["林知夏", "陈望舒"]
    assert len({each.password for each in first}) == 2
    assert handouts(reviewer, imported) == first
    with reading() as session:
        looks = session.scalars(select(Event).where(Event.action == "first_password_list")).all()
    assert [look.actor_id for look in looks] == [reviewer.account_id] * 2


def test_a_first_password_opens_the_page_that_changes_it_and_then_nothing(reviewer: Actor, imported: Import) -> None:
    handout, _ = handouts(reviewer, imported)
    actor = signing_in.actor_of(enter(handout))
    assert actor.must_change_password
    password_change.change(transaction, actor, old=handout.password, new="Bamboo-Gate-77")
    with pytest.raises(WrongCredentials):
        enter(handout)
    assert enter(handout, "Bamboo-Gate-77")


def test_who_has_been_in_is_no_longer_on_the_list(reviewer: Actor, imported: Import) -> None:
    enter(handouts(reviewer, imported)[0])
    assert [each.name for each in handouts(reviewer, imported)] == ["陈望舒"]
    with reading() as session:
        assert first_passwords.count(session, reviewer, imported.id) == 1


def test_a_first_password_runs_out_and_is_made_anew(reviewer: Actor, imported: Import) -> None:
    (old, *_) = handouts(reviewer, imported)
    with clock.at(now() + timedelta(days=31)):
        assert first_passwords.has_expired(imported)
        with pytest.raises(WrongCredentials):
            enter(old)
        with transaction() as session:
            first_passwords.renew(session, reviewer, imported.id)
        (new, *_) = handouts(reviewer, imported)
        assert new.password != old.password
        assert enter(new)


def test_new_passwords_make_the_printed_list_worthless_and_leave_who_was_in_alone(
    reviewer: Actor, imported: Import
) -> None:
    first, second = handouts(reviewer, imported)
    enter(first)
    with transaction() as session:
        first_passwords.renew(session, reviewer, imported.id)
    with pytest.raises(WrongCredentials):
        enter(second)
    assert enter(first)


def test_the_database_holds_no_first_password(reviewer: Actor, imported: Import) -> None:
    said = handouts(reviewer, imported)
    with reading() as session:
        kept = session.scalars(select(Account.password_hash).join(Person)).all()
    assert not any(each.password in hash_ for each in said for hash_ in kept)
    assert all(hash_.startswith("once$") for hash_ in kept)


def test_a_password_of_another_account_or_a_changed_hash_matches_nothing(reviewer: Actor, imported: Import) -> None:
    first, second = handouts(reviewer, imported)
    with pytest.raises(WrongCredentials):
        enter(first, second.password)
    assert not passwords.matches(first.password, passwords.hash_once(second.password, now() + timedelta(1)))


def test_no_other_employer_gets_the_list(imported: Import) -> None:
    with transaction() as session:
        stranger = factories.actor_of(session, factories.create_reviewer(session, factories.create_employer(session)))
    with pytest.raises(NotFound):
        handouts(stranger, imported)
