"""Exemptions: who asks, who decides, what is refused, and who sees what."""

from contextlib import suppress
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.accounts import Account, Role
from db.claims import Category
from db.events import pending
from db.exemptions import WHOLE
from db.exemptions import ExemptionAction as Action
from db.exemptions import ExemptionStatus as Status
from db.organisations import Organisation
from db.people import Person
from services import exemption_access, exemption_form, exemption_moves, exemptions
from services.clock import today
from services.errors import InvalidField, NotFound, PermissionDenied, WrongStatus
from services.exemption_moves import OwnExemption, OwnProposal
from services.permissions import Actor
from tests import factories
from tests.exemption_cases import ALL, create_exemption, create_file
from tests.services.exemption_steps import HALF, act, form
from tests.services.files import checked_file

OWNER, SUPERVISOR, PROPOSER = "the person", "a supervisor", "the supervisor who asked for it"
TABLE = {
    (OWNER, Status.REQUESTED, Action.WITHDRAW): Status.WITHDRAWN,
    (SUPERVISOR, Status.REQUESTED, Action.GRANT): Status.GRANTED,
    (SUPERVISOR, Status.REQUESTED, Action.DECLINE): Status.DECLINED,
    (SUPERVISOR, Status.GRANTED, Action.REVOKE): Status.REVOKED,
}
PROPOSED_TABLE = {
    (PROPOSER, Status.REQUESTED, Action.WITHDRAW): Status.WITHDRAWN,
    (PROPOSER, Status.GRANTED, Action.REVOKE): Status.REVOKED,
    **{key: target for key, target in TABLE.items() if key[0] == SUPERVISOR},
}


@pytest.fixture
def owner(open_session: Session, person: Person) -> Actor:
    return factories.actor_for(open_session, person)


def cast(session: Session, person: Person, employer: Organisation) -> tuple[dict[str, Actor], Account]:
    """Everybody who might try, and the account of the supervisor who asks for it in the person's place."""
    owner, proposer = factories.actor_for(session, person), factories.create_supervisor(session)
    return {
        OWNER: owner,
        SUPERVISOR: factories.actor_of(session, factories.create_supervisor(session, "440100")),
        PROPOSER: factories.actor_of(session, proposer),
        "the person with an initial password": replace(owner, must_change_password=True),
        "a colleague": factories.actor_for(session, factories.create_person(session, employer=employer)),
        "a reviewer of the employer": factories.actor_of(session, factories.create_reviewer(session, employer)),
        "a supervisor elsewhere": factories.actor_of(session, factories.create_supervisor(session, "440300")),
        "an administrator": factories.actor_of(session, factories.create_account(session, Role.ADMINISTRATOR)),
    }, proposer


@pytest.mark.parametrize("is_proposed", [False, True])
def test_every_role_in_every_status_may_take_exactly_the_steps_of_the_table(
    open_session: Session, person: Person, employer: Organisation, *, is_proposed: bool
) -> None:
    taken, offered = {}, set()
    actors, proposer = cast(open_session, person, employer)
    for who, actor in actors.items():
        for status in Status:
            for action in Action:
                nested = open_session.begin_nested()
                asker = proposer if is_proposed else None
                made = create_exemption(open_session, person, employer, status=status, requested_by=asker)
                with suppress(NotFound):
                    found = exemption_access.get(open_session, actor, made.id)
                    offered |= {(who, status, each) for each in exemption_moves.possible_actions(actor, found)}
                with suppress(PermissionDenied, NotFound, WrongStatus, OwnProposal, OwnExemption):
                    taken[who, status, action] = act(open_session, actor, made, action).status
                nested.rollback()
    table = PROPOSED_TABLE if is_proposed else TABLE | _of_another_supervisor()
    assert taken == table
    assert offered == table.keys()


def _of_another_supervisor() -> dict[tuple[str, Status, Action], Status]:
    """Whoever has not asked for it himself decides like any other supervisor."""
    return {(PROPOSER, status, action): target for (who, status, action), target in TABLE.items() if who == SUPERVISOR}


class TestTwoPeople:
    def test_nobody_decides_about_his_own_even_as_a_supervisor(
        self, open_session: Session, employer: Organisation
    ) -> None:
        account = factories.create_supervisor(open_session)
        person = factories.create_person(open_session, employer=employer, account=account)
        both, other = factories.actor_of(open_session, account), factories.create_supervisor(open_session)
        made = create_exemption(open_session, person, employer, requested_by=other)
        for action in (Action.GRANT, Action.DECLINE):
            with pytest.raises(OwnExemption):
                act(open_session, both, made, action)
        assert not exemptions.queue(open_session, both, status=Status.REQUESTED)
        assert open_session.scalar(exemptions.waiting(both)) == 0
        with pytest.raises(OwnExemption):
            exemption_form.find_person(open_session, both, person.id)

    def test_nobody_decides_about_what_he_proposed(self, open_session: Session, person: Person) -> None:
        one, other = (factories.actor_of(open_session, factories.create_supervisor(open_session)) for _ in range(2))
        made = exemption_form.propose(open_session, one, person.id, form(), [checked_file()])
        with pytest.raises(OwnProposal):
            act(open_session, one, made, Action.GRANT)
        counted = [open_session.scalar(exemptions.waiting(each)) for each in (one, other)]
        assert counted == [0, 1]
        assert act(open_session, other, made, Action.GRANT).status is Status.GRANTED

    def test_the_database_knows_it_too(self, open_session: Session, person: Person, employer: Organisation) -> None:
        account = open_session.get_one(Account, person.account_id)
        with pytest.raises(IntegrityError):
            create_exemption(open_session, person, employer, status=Status.GRANTED, decided_by=account)


BROKEN: dict[str, dict[str, object]] = {
    "declined without a reason": {"opinion": ""},
    "decided by nobody": {"decided_by_id": None},
    "declined and waiting": {"status": Status.REQUESTED},
    "revoked without a moment": {"status": Status.REVOKED},
    "a reduction below nothing": {"general": Decimal(-1)},
    "more than all": {"general": WHOLE + 1},
    "a reduction of nothing": dict.fromkeys(Category, Decimal(0)),
}


@pytest.mark.parametrize("fault", list(BROKEN))
def test_the_database_refuses(open_session: Session, person: Person, employer: Organisation, fault: str) -> None:
    made = create_exemption(open_session, person, employer, status=Status.DECLINED)
    for column, value in BROKEN[fault].items():
        setattr(made, column, value)
    with pytest.raises(IntegrityError):
        open_session.flush()


@pytest.mark.parametrize("status", [Status.REQUESTED, Status.GRANTED])
def test_the_database_holds_one_that_waits_and_one_that_holds(
    open_session: Session, person: Person, employer: Organisation, status: Status
) -> None:
    create_exemption(open_session, person, employer, status=status)
    create_exemption(open_session, person, employer, status=status, year=today().year - 1)
    with pytest.raises(IntegrityError):
        create_exemption(open_session, person, employer, status=status)


def test_another_one_replaces_the_one_that_holds(
    open_session: Session, person: Person, employer: Organisation, owner: Actor, supervisor: Actor
) -> None:
    earlier = create_exemption(open_session, person, employer, status=Status.GRANTED, hours=HALF)
    made = exemption_form.request(open_session, owner, form(hours=ALL), [checked_file()])
    act(open_session, supervisor, made, Action.GRANT)
    assert (earlier.status, earlier.ended_by_id) == (Status.REPLACED, supervisor.account_id)
    assert made.status is Status.GRANTED


@pytest.mark.parametrize(("status", "action"), [(Status.REQUESTED, Action.DECLINE), (Status.GRANTED, Action.REVOKE)])
def test_a_refusal_has_a_reason(
    open_session: Session, person: Person, employer: Organisation, supervisor: Actor, status: Status, action: Action
) -> None:
    made = create_exemption(open_session, person, employer, status=status)
    with pytest.raises(InvalidField):
        act(open_session, supervisor, made, action, opinion=" ")


def test_the_person_is_told_until_he_has_taken_note(
    open_session: Session, person: Person, employer: Organisation, owner: Actor, supervisor: Actor
) -> None:
    made = create_exemption(open_session, person, employer)
    act(open_session, supervisor, made, Action.DECLINE)
    assert open_session.scalar(exemptions.waiting_news(owner)) == 1
    with pytest.raises(PermissionDenied):
        exemptions.note_seen(open_session, supervisor, made.id)
    exemptions.note_seen(open_session, owner, made.id)
    assert open_session.scalar(exemptions.waiting_news(owner)) == 0


def test_its_proof_is_for_the_person_and_the_supervisors_and_each_look_is_recorded(
    open_session: Session, person: Person, employer: Organisation
) -> None:
    made = exemption_form.request(open_session, factories.actor_for(open_session, person), form(), [checked_file()])
    number, seen = made.files[0].id, {}
    actors, _ = cast(open_session, person, employer)
    for who, actor in actors.items():
        try:
            seen[who] = exemptions.read_file(open_session, actor, number)[1]
        except NotFound:
            continue
    assert seen == dict.fromkeys((OWNER, SUPERVISOR, PROPOSER), b"%PDF-1")
    looks = [event.actor_id for event in pending(open_session) if event.action == "exemption_file_read"]
    assert looks == [actors[who].account_id for who in (SUPERVISOR, PROPOSER)]


def test_the_list_goes_on_behind_a_page(
    open_session: Session, employer: Organisation, supervisor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exemptions, "PAGE_SIZE", 2)
    made = [
        create_exemption(open_session, factories.create_person(open_session, employer=employer), employer).id
        for _ in range(3)
    ]
    first = exemptions.queue(open_session, supervisor, status=Status.REQUESTED)
    rest = exemptions.queue(open_session, supervisor, status=Status.REQUESTED, after_id=first[-1].id)
    assert [each.id for each in (*first, *rest)] == made


def test_it_is_found_by_a_part_of_the_name(open_session: Session, employer: Organisation, supervisor: Actor) -> None:
    wanted = factories.create_person(open_session, name="欧阳清和", employer=employer)
    for person in (wanted, factories.create_person(open_session, employer=employer)):
        create_exemption(open_session, person, employer)
    for text, count in (("清和", 1), ("%", 0), ("", 2)):
        assert len(exemptions.queue(open_session, supervisor, status=Status.REQUESTED, text=text)) == count


def test_a_removed_row_says_nothing(open_session: Session, person: Person, employer: Organisation) -> None:
    made = create_exemption(open_session, person, employer)
    file = create_file(open_session, made)
    stranger = factories.actor_for(open_session, factories.create_person(open_session, employer=employer))
    for number in (file.id, file.id + 1000):
        with pytest.raises(NotFound):
            exemptions.read_file(open_session, stranger, number)
