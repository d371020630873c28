"""What a dishonesty case does: hours taken and given back, the year and its certificate, the note beside claims."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db import reading, transaction
from db.accounts import Account
from db.certificates import Certificate, CertificateStatus
from db.claims import Category, Claim, ClaimAction, ClaimStatus
from db.misconduct import LookedAt, MisconductKind, MisconductRecord, Severity
from db.misconduct import MisconductAction as Action
from db.misconduct import MisconductStatus as Status
from db.organisations import Organisation
from db.people import Person
from services import (
    certificates,
    claim_moves,
    claims,
    clock,
    misconduct_access,
    misconduct_looks,
    misconduct_notes,
    misconduct_terms,
    standing,
    statistics,
)
from services.claim_moves import Forfeited
from services.misconduct import Amendment, NothingAmended
from services.misconduct_effects import OwnApproval
from services.permissions import SYSTEM, Actor
from tests import factories
from tests.misconduct_cases import create_case
from tests.services.misconduct_steps import act


@pytest.fixture
def owner(open_session: Session, person: Person) -> Actor:
    return factories.actor_for(open_session, person)


class TestTheHoursConcerned:
    @pytest.fixture(autouse=True)
    def _stage(self, open_session: Session, person: Person, employer: Organisation, supervisor: Actor) -> None:
        self.claims = [
            factories.create_claim(open_session, person, status=ClaimStatus.APPROVED, category=category, hours=hours)
            for category, hours in (
                (Category.GENERAL, Decimal(30)),
                (Category.PROFESSIONAL, Decimal(42)),
                (Category.ELECTIVE, Decimal(18)),
            )
        ]
        self.person, self.year, self.supervisor = person, self.claims[0].year, supervisor
        self.case = create_case(open_session, person, employer, status=Status.NOTIFIED, claims=self.claims[:1])
        open_session.expire_all()

    def official(self, session: Session) -> Decimal:
        lines = standing.of_year(session, self.person.id, self.year).official
        return next(line.earned for line in lines if line.category is Category.GENERAL)

    def confirmed(self, session: Session) -> None:
        act(session, self.supervisor, self.case, Action.CONFIRM)
        session.expire_all()

    def status(self, session: Session) -> ClaimStatus:
        return session.scalars(select(Claim.status).where(Claim.id == self.claims[0].id)).one()

    def test_they_are_taken_away_and_the_year_is_counted_again(self, open_session: Session) -> None:
        self.confirmed(open_session)
        assert self.status(open_session) is ClaimStatus.REVOKED
        claim = claims.get(open_session, self.supervisor, self.claims[0].id)
        assert [step.action for step in claim.steps] == [ClaimAction.FORFEIT]

    def test_only_the_case_gives_them_back(self, open_session: Session) -> None:
        self.confirmed(open_session)
        claim = claims.get(open_session, self.supervisor, self.claims[0].id)
        assert ClaimAction.UNDO not in claim_moves.possible_actions(self.supervisor, claim)
        with pytest.raises(Forfeited):
            claims.act(open_session, self.supervisor, claim.id, ClaimAction.UNDO, seen=claim.version)

    @pytest.mark.parametrize("action", [Action.CANCEL, Action.AMEND, Action.UPHOLD])
    def test_an_objection_gives_back_what_it_should(self, open_session: Session, action: Action) -> None:
        self.confirmed(open_session)
        owner = factories.actor_for(open_session, self.person)
        act(open_session, owner, self.case, Action.OBJECT)
        another = factories.actor_of(open_session, factories.create_supervisor(open_session))
        nothing = Amendment(MisconductKind.FORGED_EVIDENCE, Severity.ORDINARY, ())
        act(open_session, another, self.case, action, amendment=nothing)
        kept = action is Action.UPHOLD
        assert self.status(open_session) is (ClaimStatus.REVOKED if kept else ClaimStatus.APPROVED)

    def test_an_amendment_amends_something(self, open_session: Session) -> None:
        self.confirmed(open_session)
        act(open_session, factories.actor_for(open_session, self.person), self.case, Action.OBJECT)
        another = factories.actor_of(open_session, factories.create_supervisor(open_session))
        same = Amendment(MisconductKind.FORGED_EVIDENCE, Severity.ORDINARY, [self.claims[0].id])
        with pytest.raises(NothingAmended), open_session.begin_nested():
            act(open_session, another, self.case, Action.AMEND, amendment=same)

    def test_who_let_the_hours_through_does_not_take_them_away(self, open_session: Session) -> None:
        account = open_session.get_one(Account, self.supervisor.account_id)
        factories.create_step(open_session, self.claims[0], ClaimStatus.APPROVED, by=account)
        step = factories.create_step(open_session, self.claims[0], ClaimStatus.APPROVED, by=account)
        step.from_status = ClaimStatus.SUBMITTED
        open_session.flush()
        open_session.expire_all()
        with pytest.raises(OwnApproval), open_session.begin_nested():
            act(open_session, self.supervisor, self.case, Action.CONFIRM)

    def test_another_case_about_the_same_hours_keeps_them(self, open_session: Session, employer: Organisation) -> None:
        self.confirmed(open_session)
        create_case(open_session, self.person, employer, status=Status.UPHELD, claims=self.claims[:1])
        act(open_session, factories.actor_for(open_session, self.person), self.case, Action.OBJECT)
        another = factories.actor_of(open_session, factories.create_supervisor(open_session))
        act(open_session, another, self.case, Action.CANCEL)
        assert self.status(open_session) is ClaimStatus.REVOKED


def test_the_official_year_and_its_certificate_follow_the_case() -> None:
    with transaction() as session:
        employer = factories.create_employer(session)
        person = factories.create_person(session, employer=employer)
        owner = factories.actor_for(session, person)
        supervisor, other = (factories.actor_of(session, factories.create_supervisor(session)) for _ in range(2))
        needed = ((Category.GENERAL, 30), (Category.PROFESSIONAL, 42), (Category.ELECTIVE, 18))
        made = [
            factories.create_claim(
                session, person, status=ClaimStatus.APPROVED, category=category, hours=Decimal(hours), year=2025
            )
            for category, hours in needed
        ]
        case = create_case(session, person, employer, status=Status.NOTIFIED, claims=made[:1])
    statistics.recompute(transaction, SYSTEM)
    with transaction() as session:
        certificates.obtain(session, owner, 2025)

    def general() -> Decimal:
        with reading() as session:
            lines = standing.of_year(session, person.id, 2025).official
            return next(line.earned for line in lines if line.category is Category.GENERAL)

    assert general() == 30
    with transaction() as session:
        act(session, supervisor, session.get_one(MisconductRecord, case.id), Action.CONFIRM)
    assert general() == 0
    with reading() as session:
        assert session.scalars(select(Certificate.status)).all() == [CertificateStatus.REVOKED]
    with transaction() as session:
        act(session, owner, session.get_one(MisconductRecord, case.id), Action.OBJECT)
        act(session, other, session.get_one(MisconductRecord, case.id), Action.CANCEL)
    assert general() == 30


def test_reviewers_are_told_beside_waiting_and_later_claims_and_each_look_is_noted_once(
    open_session: Session, person: Person, employer: Organisation, owner: Actor, reviewer: Actor
) -> None:
    case = create_case(open_session, person, employer, status=Status.CONFIRMED, at=clock.now() - timedelta(days=1))
    waiting = factories.create_claim(open_session, person, status=ClaimStatus.SUBMITTED)
    waiting.submitted_at = clock.now() - timedelta(days=2)
    earlier = factories.create_claim(open_session, person, status=ClaimStatus.APPROVED)
    earlier.submitted_at = clock.now() - timedelta(days=2)
    later = factories.create_claim(open_session, person, status=ClaimStatus.APPROVED)
    open_session.flush()
    open_session.expire_all()
    told = {}
    for claim in (waiting, earlier, later):
        found = claims.get(open_session, reviewer, claim.id)
        told[claim.id] = [note.record_id for note in misconduct_notes.beside(open_session, reviewer, found).shown]
        assert not misconduct_notes.beside(open_session, owner, found).shown
    assert told == {waiting.id: [case.id], earlier.id: [], later.id: [case.id]}
    for _ in range(2):
        notes = misconduct_notes.beside(open_session, reviewer, claims.get(open_session, reviewer, waiting.id))
        misconduct_notes.note_look(open_session, reviewer, notes)
        open_session.flush()
    (look,) = misconduct_looks.list_own(open_session, owner, case.id)
    assert (look.looked_at, look.actor_id, look.office) == (LookedAt.NOTE, reviewer.account_id, employer.name)


@pytest.mark.parametrize("status", sorted(set(Status) - misconduct_terms.IN_FORCE))
def test_what_is_not_in_force_is_not_held_against_anybody(
    open_session: Session, person: Person, employer: Organisation, reviewer: Actor, status: Status
) -> None:
    create_case(open_session, person, employer, status=status)
    claim = factories.create_claim(open_session, person, status=ClaimStatus.SUBMITTED)
    open_session.expire_all()
    found = claims.get(open_session, reviewer, claim.id)
    assert not misconduct_notes.beside(open_session, reviewer, found).shown


def test_looks_are_for_the_person_concerned_alone(
    open_session: Session, person: Person, employer: Organisation, owner: Actor, supervisor: Actor
) -> None:
    case = create_case(open_session, person, employer, status=Status.CONFIRMED)
    open_session.expire_all()
    for _ in range(2):
        found = misconduct_access.get(open_session, supervisor, case.id)
        misconduct_looks.note_case(open_session, supervisor, found, LookedAt.CASE)
        open_session.flush()
    misconduct_looks.note_case(open_session, owner, misconduct_access.get(open_session, owner, case.id), LookedAt.CASE)
    assert [look.actor_id for look in misconduct_looks.list_own(open_session, owner, case.id)] == [
        supervisor.account_id
    ]
    stranger = factories.actor_for(open_session, factories.create_person(open_session, employer=employer))
    assert misconduct_looks.list_own(open_session, stranger, case.id) == []
