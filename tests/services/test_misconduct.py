"""Dishonesty cases: who may take which step, the right to be heard, deadlines, terms, and who sees what."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db import reading, transaction
from db.accounts import Role
from db.misconduct import MisconductAction as Action
from db.misconduct import MisconductKind, MisconductRecord, Severity
from db.misconduct import MisconductStatus as Status
from db.organisations import Organisation
from db.people import Person
from services import (
    clock,
    misconduct,
    misconduct_access,
    misconduct_moves,
    misconduct_report,
)
from services.errors import NotFound, PermissionDenied, WrongStatus
from services.misconduct import Amendment
from services.misconduct_moves import (
    HearingNotOver,
    HearingOver,
    NoBasis,
    NoProof,
    OwnCase,
    OwnConfirmation,
    TermOver,
)
from services.permissions import Actor
from tests import factories, misconduct_cases
from tests.misconduct_cases import create_case, create_file
from tests.services.files import checked_file
from tests.services.misconduct_steps import act

OWNER, SUPERVISOR = "the person concerned", "a supervisor"
HANDLED = {
    (Status.REPORTED, Action.INVESTIGATE): Status.INVESTIGATING,
    (Status.INVESTIGATING, Action.NOTIFY): Status.NOTIFIED,
    (Status.NOTIFIED, Action.CONFIRM): Status.CONFIRMED,
    **{(status, Action.DISMISS): Status.DISMISSED for status in (Status.REPORTED, Status.INVESTIGATING)},
    (Status.NOTIFIED, Action.DISMISS): Status.DISMISSED,
    (Status.OBJECTED, Action.UPHOLD): Status.UPHELD,
    (Status.OBJECTED, Action.AMEND): Status.AMENDED,
    (Status.OBJECTED, Action.CANCEL): Status.CANCELLED,
    (Status.OBJECTED, Action.EXTEND): Status.OBJECTED,
    (Status.REPAIR_REQUESTED, Action.REPAIR): Status.REPAIRED,
    (Status.REPAIR_REQUESTED, Action.REFUSE): Status.REFUSED,
    (Status.REPAIR_REQUESTED, Action.EXTEND): Status.REPAIR_REQUESTED,
}
ANSWERED = {
    **{(status, Action.OBJECT): Status.OBJECTED for status in (Status.CONFIRMED, Status.REFUSED)},
    **{
        (status, Action.REQUEST_REPAIR): Status.REPAIR_REQUESTED
        for status in (Status.CONFIRMED, Status.UPHELD, Status.AMENDED, Status.REFUSED)
    },
}
TABLE = {(SUPERVISOR, *key): target for key, target in HANDLED.items()} | {
    (OWNER, *key): target for key, target in ANSWERED.items()
}


@pytest.fixture
def owner(open_session: Session, person: Person) -> Actor:
    return factories.actor_for(open_session, person)


def cast(session: Session, person: Person, employer: Organisation) -> dict[str, Actor]:
    """Everybody who might try."""
    owner = factories.actor_for(session, person)
    colleague = factories.create_person(session, employer=employer)
    return {
        OWNER: owner,
        SUPERVISOR: factories.actor_of(session, factories.create_supervisor(session)),
        "the person with an initial password": replace(owner, must_change_password=True),
        "a colleague": factories.actor_for(session, colleague),
        "a reviewer of the employer": factories.actor_of(session, factories.create_reviewer(session, employer)),
        "a supervisor elsewhere": factories.actor_of(session, factories.create_supervisor(session, "440300")),
        "an administrator": factories.actor_of(session, factories.create_account(session, Role.ADMINISTRATOR)),
    }


def test_every_role_in_every_status_may_take_exactly_the_steps_of_the_table(
    open_session: Session, person: Person, employer: Organisation
) -> None:
    taken = {}
    lighter = Amendment(MisconductKind.FALSE_HOURS, Severity.MINOR, ())
    for who, actor in cast(open_session, person, employer).items():
        for status in Status:
            for action in set(Action) - {Action.REPLY}:
                nested = open_session.begin_nested()
                case = create_case(open_session, person, employer, status=status)
                create_file(open_session, case)
                open_session.expire(case)
                version = open_session.scalars(
                    select(MisconductRecord.version).where(MisconductRecord.id == case.id)
                ).one()
                try:
                    misconduct.act(
                        open_session, actor, case.id, action, seen=version, opinion="已核实。", amendment=lighter
                    )
                except (PermissionDenied, NotFound, WrongStatus, OwnCase):
                    pass
                else:
                    taken[who, status, action] = case.status
                nested.rollback()
    assert taken == TABLE


def test_the_buttons_are_those_of_the_table(open_session: Session, person: Person, employer: Organisation) -> None:
    actors = cast(open_session, person, employer)
    offered = set()
    for status in Status:
        case = create_case(open_session, person, employer, status=status)
        create_file(open_session, case)
        open_session.expire_all()
        for who in (OWNER, SUPERVISOR):
            try:
                found = misconduct_access.get(open_session, actors[who], case.id)
            except NotFound:
                continue
            offered |= {(who, status, action) for action in misconduct_moves.possible_actions(actors[who], found)}
    assert offered == TABLE.keys()


class TestTheRightToBeHeard:
    """Told on Thursday 26 November 2026; five working days later it is 3 December."""

    TOLD = datetime(2026, 11, 26, 4, tzinfo=UTC)

    @pytest.fixture(autouse=True)
    def _told(self, open_session: Session, person: Person, employer: Organisation) -> None:
        self.case = create_case(open_session, person, employer, status=Status.NOTIFIED, at=self.TOLD)
        open_session.expire_all()

    def at(self, day: date) -> datetime:
        return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)

    def test_nothing_takes_effect_before_the_days_are_over(self, open_session: Session, supervisor: Actor) -> None:
        with clock.at(self.at(date(2026, 12, 3))):
            assert open_session.scalar(misconduct.waiting(supervisor)) == 0
            with pytest.raises(HearingNotOver, match="2026-12-03"):
                act(open_session, supervisor, self.case, Action.CONFIRM)
        with clock.at(self.at(date(2026, 12, 4))):
            assert open_session.scalar(misconduct.waiting(supervisor)) == 1
            assert act(open_session, supervisor, self.case, Action.CONFIRM).status is Status.CONFIRMED

    def test_once_he_was_heard_it_can_be_decided(self, open_session: Session, supervisor: Actor, owner: Actor) -> None:
        with clock.at(self.at(date(2026, 11, 27))):
            assert open_session.scalar(misconduct.waiting_for_owner(owner)) == 1
            act(open_session, owner, self.case, Action.REPLY, opinion="证明是单位发的。", files=[checked_file()])
            assert open_session.scalar(misconduct.waiting_for_owner(owner)) == 0
            with pytest.raises(WrongStatus):
                act(open_session, owner, self.case, Action.REPLY)
            act(open_session, supervisor, self.case, Action.CONFIRM)
            seen = misconduct_access.get(open_session, owner, self.case.id)
            assert [file.purpose for file in seen.files] == ["reply"]

    def test_afterwards_it_is_too_late_to_answer(self, open_session: Session, owner: Actor) -> None:
        with clock.at(self.at(date(2026, 12, 4))):
            assert open_session.scalar(misconduct.waiting_for_owner(owner)) == 0
            with pytest.raises(HearingOver):
                act(open_session, owner, self.case, Action.REPLY)


def test_nobody_is_told_without_proof_or_without_a_basis(
    open_session: Session, person: Person, employer: Organisation, supervisor: Actor
) -> None:
    case = create_case(open_session, person, employer, status=Status.INVESTIGATING)
    case.basis = ""
    open_session.flush()
    open_session.expire_all()
    with pytest.raises(NoProof):
        act(open_session, supervisor, case, Action.NOTIFY)
    create_file(open_session, case)
    open_session.expire_all()
    with pytest.raises(NoBasis):
        act(open_session, supervisor, case, Action.NOTIFY)


@pytest.mark.parametrize("status", [Status.REPORTED, Status.INVESTIGATING, Status.DISMISSED])
def test_nobody_learns_of_a_case_before_he_is_told(
    open_session: Session, person: Person, employer: Organisation, owner: Actor, status: Status
) -> None:
    case = create_case(open_session, person, employer, status=status)
    case.notified_at = None
    open_session.flush()
    assert misconduct.list_own(open_session, owner) == []
    with pytest.raises(NotFound):
        misconduct_access.get(open_session, owner, case.id)


def test_a_supervisor_neither_reports_nor_sees_nor_decides_a_case_about_himself(
    open_session: Session, employer: Organisation
) -> None:
    account = factories.create_supervisor(open_session)
    person = factories.create_person(open_session, employer=employer, account=account)
    both = factories.actor_of(open_session, account)
    with pytest.raises(OwnCase):
        misconduct_report.find_person(open_session, both, person.id)
    case = create_case(open_session, person, employer)
    open_session.expire_all()
    assert [misconduct.queue(open_session, both, stage=stage) for stage in misconduct.Stage] == [[]] * 4
    assert open_session.scalar(misconduct.waiting(both)) == 0
    with pytest.raises(NotFound):
        act(open_session, both, case, Action.INVESTIGATE)
    told = create_case(open_session, person, employer, status=Status.NOTIFIED)
    open_session.expire_all()
    with pytest.raises(OwnCase):
        act(open_session, both, told, Action.CONFIRM)


def test_who_confirmed_does_not_decide_the_objection(
    open_session: Session, person: Person, employer: Organisation
) -> None:
    confirmer = factories.create_supervisor(open_session)
    actor = factories.actor_of(open_session, confirmer)
    case = create_case(open_session, person, employer, status=Status.OBJECTED, confirmed_by=confirmer)
    open_session.expire_all()
    assert open_session.scalar(misconduct.waiting_requests(actor)) == 0
    for action in (Action.UPHOLD, Action.AMEND, Action.CANCEL):
        with pytest.raises(OwnConfirmation):
            act(open_session, actor, case, action)
    case.objection_decided_by_id = confirmer.id
    with pytest.raises(IntegrityError):
        open_session.flush()


def test_after_its_term_nothing_is_asked_for_and_the_record_ends_by_itself(person_case: tuple[int, Actor]) -> None:
    number, owner = person_case
    with clock.at(clock.now() + timedelta(days=3 * 366)):
        with transaction() as session, pytest.raises(TermOver):
            misconduct.act(session, owner, number, Action.OBJECT, seen=1, opinion="不认可。")
        assert misconduct.expire_due(transaction) == 1
        assert misconduct.expire_due(transaction) == 0
    with reading() as session:
        found = misconduct_access.get(session, owner, number)
        assert found.status is Status.EXPIRED
        assert [(step.action, step.actor_id) for step in found.steps] == [(Action.EXPIRE, None)]


@pytest.fixture
def person_case() -> tuple[int, Actor]:
    with transaction() as session:
        employer = factories.create_employer(session)
        person = factories.create_person(session, employer=employer)
        case = create_case(session, person, employer, status=Status.CONFIRMED)
        create_case(session, person, employer, status=Status.OBJECTED)
        return case.id, factories.actor_for(session, person)


@pytest.mark.parametrize("status", sorted(misconduct_cases.UNTOLD))
def test_the_database_lets_nothing_take_effect_before_the_notice(
    open_session: Session, person: Person, employer: Organisation, status: Status
) -> None:
    case = create_case(open_session, person, employer, status=status)
    case.status = Status.CONFIRMED
    with pytest.raises(IntegrityError):
        open_session.flush()
