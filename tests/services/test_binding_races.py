"""Two sides of a tie act at the same moment: nobody is left without an employer, with two, or with lost claims."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db import reading, transaction
from db.claims import Claim, ClaimAction, ClaimStatus
from db.events import Event
from db.organisations import Organisation
from db.people import Binding, BindingStatus, BindingStep, EndReason, Person
from services import bindings, claims, clock, holding_employers, transfers
from services.clock import now, today
from services.events import check_chain
from services.permissions import Actor
from tests import factories
from tests.services.racing import Call, at_once, refused

ROUNDS = range(4)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Cast:
    """Somebody on his way from here to there, with a claim that lacks nothing but being sent."""

    mover: Actor
    here: Organisation
    there: Organisation
    leaving: Actor
    receiving: tuple[Actor, Actor]
    asked: Binding
    draft: Claim

    def withdraw(self, session: Session) -> None:
        bindings.withdraw(session, self.mover, self.asked.id)

    def confirm(self, session: Session) -> None:
        bindings.confirm(session, self.receiving[0], self.asked.id, starts_on=today())

    def confirm_too(self, session: Session) -> None:
        bindings.confirm(session, self.receiving[1], self.asked.id, starts_on=today())

    def end(self, session: Session) -> None:
        number = self.bindings(session)[0].id
        bindings.end(session, self.leaving, number, reason=EndReason.LEFT, on=today())

    def send(self, session: Session) -> None:
        claims.act(session, self.mover, self.draft.id, ClaimAction.SUBMIT, seen=self.draft.version, attested=True)

    def bindings(self, session: Session) -> list[Binding]:
        """Oldest first."""
        mine = select(Binding).where(Binding.person_id == self.mover.person_id).order_by(Binding.id)
        return list(session.scalars(mine))

    def stored(self) -> tuple[list[BindingStatus], Claim]:
        with reading() as session:
            statuses = [binding.status for binding in self.bindings(session)]
            assert statuses.count(BindingStatus.ACTIVE) <= 1
            assert check_chain(session).intact
            return statuses, session.get_one(Claim, self.draft.id)


@pytest.fixture
def cast() -> Cast:
    with transaction() as session:
        here, there = factories.create_employer(session), factories.create_employer(session)
        person = factories.create_person(session, employer=here)
        draft = factories.create_claim(session, person)
        factories.create_evidence(session, draft)
        mover = factories.actor_for(session, person)
        leaving, *receiving = (
            factories.actor_of(session, factories.create_reviewer(session, employer))
            for employer in (here, there, there)
        )
        asked = bindings.request_transfer(session, mover, there.id, wished_on=today())
    return Cast(mover, here, there, leaving, (receiving[0], receiving[1]), asked, draft)


ENDED, ACTIVE = BindingStatus.ENDED, BindingStatus.ACTIVE


def test_two_reviewers_confirm_a_transfer_once(cast: Cast) -> None:
    assert at_once(cast.confirm, cast.confirm_too) == [False, True]
    assert cast.stored()[0] == [ENDED, ACTIVE]
    with reading() as session:
        steps = session.scalars(select(BindingStep.action).order_by(BindingStep.id)).all()
        logged = session.scalars(select(Event.action).where(Event.action.startswith("binding_")).order_by(Event.id))
        assert list(logged) == [f"binding_{action}" for action in steps]
    assert [str(action) for action in steps] == ["transfer", "confirm", "depart", "start"]


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_transfer_is_confirmed_or_withdrawn(cast: Cast, _round: int) -> None:
    assert at_once(cast.confirm, cast.withdraw) == [False, True]
    assert cast.stored()[0] in ([ENDED, ACTIVE], [ACTIVE, BindingStatus.WITHDRAWN])


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_claim_sent_while_the_transfer_is_confirmed_waits_at_the_new_employer_or_stops_the_transfer(
    cast: Cast, _round: int
) -> None:
    refusals = at_once(cast.confirm, cast.send)
    statuses, claim = cast.stored()
    assert claim.status is ClaimStatus.SUBMITTED
    if claim.employer_id == cast.there.id:
        assert (statuses, refusals) == ([ENDED, ACTIVE], [False, False])
    else:
        assert (statuses, refusals) == ([ACTIVE, BindingStatus.REQUESTED], [False, True])


@pytest.mark.parametrize("_round", ROUNDS)
def test_who_is_let_go_while_he_sends_a_claim_leaves_nothing_undecided(cast: Cast, _round: int) -> None:
    assert at_once(cast.end, cast.send) == [False, True]
    statuses, claim = cast.stored()
    ended = statuses[0] is ENDED
    assert claim.status is (ClaimStatus.DRAFT if ended else ClaimStatus.SUBMITTED)


@pytest.mark.parametrize("_round", ROUNDS)
def test_who_is_let_go_while_he_is_taken_over_has_the_new_employer(cast: Cast, _round: int) -> None:
    refusals = at_once(cast.end, cast.confirm)
    statuses, _ = cast.stored()
    assert statuses == [ENDED, ACTIVE]
    assert refusals.count(False) >= 1


@pytest.mark.parametrize("_round", ROUNDS)
def test_processes_that_wake_up_together_start_a_transfer_once_and_one_called_off_not_at_all(
    cast: Cast, _round: int
) -> None:
    with transaction() as session:
        bindings.confirm(session, cast.receiving[0], cast.asked.id, starts_on=today() + DAY)
    moment = now() + DAY

    def wake_up() -> int:
        with clock.at(moment):
            return transfers.start_due(transaction)

    works = [wake_up, wake_up, wake_up, lambda: not refused(cast.withdraw)]
    with ThreadPoolExecutor(len(works)) as threads:
        done = sum(threads.map(lambda work: work(), works))
    assert done == 1
    assert cast.stored()[0] in ([ENDED, ACTIVE], [ACTIVE, BindingStatus.WITHDRAWN])


def test_somebody_asks_for_one_transfer_at_a_time(cast: Cast) -> None:
    with transaction() as session:
        cast.withdraw(session)
        others = [factories.create_employer(session) for _ in range(3)]

    def ask(employer: Organisation) -> Call:
        return lambda session: bindings.request_transfer(session, cast.mover, employer.id, wished_on=today())

    assert at_once(*map(ask, others)) == [False, True, True]
    assert cast.stored()[0] == [ACTIVE, BindingStatus.WITHDRAWN, BindingStatus.REQUESTED]


def test_a_holding_employer_is_founded_once() -> None:
    with transaction() as session:
        actors = [factories.actor_of(session, factories.create_supervisor(session, "440100")) for _ in range(3)]

    def found(actor: Actor) -> Call:
        return lambda session: holding_employers.found(
            session, actor, "440104", contact_name="陈景行", contact_phone="020-00000000"
        )

    assert at_once(*map(found, actors)) == [False, True, True]
    with reading() as session:
        assert len(session.scalars(select(Organisation)).all()) == 1
        assert session.scalars(select(Person)).all() == []
