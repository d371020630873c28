"""Taking an import back: all of it that nobody has built on, and the rest is named beforehand."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from db import reading, transaction
from db.accounts import Account, AccountStatus, Grant, Role
from db.claims import Claim, ClaimAction, ClaimStatus
from db.imports import ImportKind, ImportStatus, RowOutcome
from db.organisations import Organisation
from db.people import Binding, BindingStatus, Person
from db.reminders import Reminder
from services import clock, identity, import_undo, imports, registration, reminders
from services.errors import NotFound, WrongStatus
from services.import_undo import Outlook
from services.permissions import Actor
from services.progress import Wanted
from tests import factories
from tests.services.acting import last_event
from tests.services.claim_forms import FORM, TODAY
from tests.services.claim_steps import act
from tests.services.importing import (
    carry_out,
    counts,
    hours_list,
    hours_upload,
    how_many,
    keep,
    rows_of,
    staff_list,
    staff_row,
    staff_upload,
    stored,
)

NUMBERS = [factories.invented_id_number(970 + n) for n in range(4)]


@pytest.fixture(autouse=True)
def _june() -> Iterator[None]:
    with clock.at(TODAY):
        yield


def list_of(*numbers: str) -> bytes:
    return staff_list([staff_row("林知夏", number) for number in numbers])


def outlook(actor: Actor, import_id: int) -> Outlook:
    with reading() as session:
        return import_undo.outlook(session, actor, import_id)


def account_with(number: str) -> Account:
    with reading() as session:
        owns = select(Account).join(Person).where(Person.id_number_digest == identity.digest(number))
        return session.scalars(owns).one()


def test_people_who_have_never_been_in_are_gone_and_may_register_themselves(
    reviewer: Actor, employer: Organisation
) -> None:
    done = carry_out(reviewer, staff_upload(employer, list_of(*NUMBERS[:2])))
    accounts = [account_with(number).id for number in NUMBERS[:2]]
    with transaction() as session:
        reminders.remind(session, reviewer, Wanted(TODAY.year))
    assert outlook(reviewer, done.id) == Outlook(2, 0, [])
    import_undo.undo(transaction, reviewer, done.id)
    assert (how_many(Person), how_many(Binding), how_many(Reminder)) == (0, 0, 0)
    assert stored(done).status is ImportStatus.UNDONE
    assert last_event().action == "import_undo"
    with reading() as session:
        closed = session.scalars(select(Account).where(Account.id.in_(accounts))).all()
        assert {account.status for account in closed} == {AccountStatus.CLOSED}
        assert session.scalars(select(Grant).where(Grant.account_id.in_(accounts))).all() == []
    mine = {"username": "linzhixia", "password": "Bamboo-Gate-77", "name": "林知夏", "mobile": "13900000001"}
    with transaction() as session:
        registration.register_person(session, **mine, id_number=NUMBERS[0], email="a@example.com", address="")


def test_the_corrected_list_is_imported_after_the_undo(reviewer: Actor, employer: Organisation) -> None:
    upload = staff_upload(employer, list_of(*NUMBERS[:3]))
    import_undo.undo(transaction, reviewer, carry_out(reviewer, upload).id)
    assert counts(carry_out(reviewer, upload)) == (3, 0, 0)


def test_whoever_has_been_in_stays_and_is_named_before(reviewer: Actor, employer: Organisation) -> None:
    done = carry_out(reviewer, staff_upload(employer, list_of(*NUMBERS[:3])))
    with transaction() as session:
        session.get_one(Account, account_with(NUMBERS[0]).id).must_change_password = False
    assert outlook(reviewer, done.id) == Outlook(2, 1, ["林知夏"])
    import_undo.undo(transaction, reviewer, done.id)
    assert account_with(NUMBERS[0]).status is AccountStatus.ACTIVE
    assert how_many(Person) == 1
    assert len(rows_of(done, RowOutcome.ACCEPTED)) == 1


def test_whoever_got_another_role_or_left_stays(reviewer: Actor, employer: Organisation) -> None:
    done = carry_out(reviewer, staff_upload(employer, list_of(*NUMBERS[:3])))
    with transaction() as session:
        factories.grant(session, session.get_one(Account, account_with(NUMBERS[0]).id), Role.ANALYST)
        owner = factories.person_of(session, account_with(NUMBERS[1]))
        factories.create_claim(session, owner, status=ClaimStatus.SUBMITTED)
    assert outlook(reviewer, done.id).staying == 2


def test_a_confirmed_request_was_its_owners_wish_and_stays(reviewer: Actor, employer: Organisation) -> None:
    with transaction() as session:
        person = factories.create_person(session, name="林知夏", id_number=NUMBERS[0])
        factories.create_binding(session, person, employer, status=BindingStatus.REQUESTED)
    done = carry_out(reviewer, staff_upload(employer, list_of(NUMBERS[0])))
    assert outlook(reviewer, done.id) == Outlook(0, 1, ["林知夏"])
    import_undo.undo(transaction, reviewer, done.id)
    with reading() as session:
        assert session.scalars(select(Binding.status)).one() is BindingStatus.ACTIVE


def imported_hours(reviewer: Actor, employer: Organisation, people: int) -> int:
    with transaction() as session:
        staff = [factories.create_person(session, name="林知夏", employer=employer) for _ in range(people)]
    rows = [["林知夏", None, person.mobile, 4] for person in staff]
    return carry_out(reviewer, hours_upload(employer, hours_list(rows), FORM)).id


def test_hours_that_nobody_has_decided_about_are_taken_back(reviewer: Actor, employer: Organisation) -> None:
    import_id = imported_hours(reviewer, employer, 3)
    assert how_many(Claim) == 3
    import_undo.undo(transaction, reviewer, import_id)
    assert how_many(Claim) == 0


def test_hours_that_the_supervisor_has_decided_about_stay(reviewer: Actor, employer: Organisation) -> None:
    import_id = imported_hours(reviewer, employer, 3)
    with transaction() as session:
        supervisor = factories.actor_of(session, factories.create_supervisor(session))
        claim = session.scalars(select(Claim).limit(1)).one()
        act(session, supervisor, claim, ClaimAction.APPROVE, hours="4")
    assert outlook(reviewer, import_id) == Outlook(2, 1, ["林知夏"])
    import_undo.undo(transaction, reviewer, import_id)
    with reading() as session:
        assert session.scalars(select(Claim.status)).all() == [ClaimStatus.APPROVED]


def test_an_import_that_stopped_halfway_can_be_taken_back(
    reviewer: Actor, employer: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "CHUNK", 1)
    kept = keep(reviewer, staff_upload(employer, list_of(*NUMBERS)))
    with transaction() as session:
        imports._start(session, reviewer, kept.id)
    import_undo.undo(transaction, reviewer, kept.id)
    assert stored(kept).status is ImportStatus.UNDONE


@pytest.mark.parametrize("when", ["before", "twice"])
def test_there_must_be_something_to_take_back(reviewer: Actor, employer: Organisation, when: str) -> None:
    kept = keep(reviewer, staff_upload(employer, list_of(NUMBERS[0])))
    if when == "twice":
        kept = carry_out(reviewer, staff_upload(employer, list_of(NUMBERS[0])))
        import_undo.undo(transaction, reviewer, kept.id)
    with pytest.raises(WrongStatus):
        import_undo.undo(transaction, reviewer, kept.id)


def test_nobody_takes_back_what_another_employer_imported(reviewer: Actor, employer: Organisation) -> None:
    done = carry_out(reviewer, staff_upload(employer, list_of(NUMBERS[0])))
    with transaction() as session:
        stranger = factories.actor_of(session, factories.create_reviewer(session, factories.create_employer(session)))
    for ask in (lambda: outlook(stranger, done.id), lambda: import_undo.undo(transaction, stranger, done.id)):
        with pytest.raises(NotFound):
            ask()
    assert done.kind is ImportKind.STAFF
