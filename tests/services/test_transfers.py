"""From one employer to the next: what is in the way, who decides, and the day on which it happens."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from db import reading, transaction
from db.claims import Claim, ClaimStatus
from db.events import Event
from db.organisations import Organisation, OrganisationStatus
from db.people import Binding, BindingAction, BindingStatus, BindingStep, EndReason, Person
from services import bindings, clock, obstacles, people, transfers
from services.bindings import AlreadyAsked, SameEmployer, UnfinishedBusiness, UnfinishedElsewhere
from services.errors import InvalidField, WrongStatus
from services.permissions import SYSTEM, Actor
from tests import factories
from tests.services.acting import refused

NOW = datetime(2026, 6, 15, 2, tzinfo=UTC)
TODAY = date(2026, 6, 15)
DAY, WEEK = timedelta(days=1), timedelta(days=7)
HIRED = TODAY - 100 * DAY


@dataclass(frozen=True)
class Cast:
    """Somebody who works here and would like to work there."""

    mover: Actor
    here: Organisation
    there: Organisation
    leaving: Actor
    receiving: Actor

    @property
    def bindings(self) -> list[Binding]:
        """Oldest first, as they are stored now."""
        with reading() as session:
            mine = select(Binding).where(Binding.person_id == self.mover.person_id).order_by(Binding.id)
            return list(session.scalars(mine))

    @property
    def employer(self) -> int | None:
        with reading() as session:
            found = people.find_employer(session, self.mover.person_id)
            return found.id if found else None

    def ask(self, wished_on: date = TODAY) -> Binding:
        with transaction() as session:
            return bindings.request_transfer(session, self.mover, self.there.id, wished_on=wished_on)

    def schedule(self, on: date) -> Binding:
        binding = self.ask()
        with transaction() as session:
            bindings.confirm(session, self.receiving, binding.id, starts_on=on)
        return binding

    def send(self, *employers: Organisation) -> list[int]:
        with transaction() as session:
            person = session.get_one(Person, self.mover.person_id)
            sent = [
                factories.create_claim(session, person, status=ClaimStatus.SUBMITTED, employer=employer)
                for employer in employers
            ]
        return [claim.id for claim in sent]


@pytest.fixture(autouse=True)
def _june() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def cast() -> Cast:
    with transaction() as session:
        here, there = factories.create_employer(session), factories.create_employer(session)
        mover = factories.actor_for(session, factories.create_person(session, employer=here))
        session.scalars(select(Binding).where(Binding.person_id == mover.person_id)).one().started_on = HIRED
        leaving, receiving = (factories.actor_of(session, factories.create_reviewer(session, e)) for e in (here, there))
    return Cast(mover, here, there, leaving, receiving)


def run_on(day: date) -> int:
    with clock.at(NOW + (day - TODAY)):
        return transfers.start_due(transaction)


def state(binding: Binding) -> tuple[BindingStatus, date | None, date | None, EndReason | None]:
    return binding.status, binding.started_on, binding.ended_on, binding.end_reason


def test_the_receiving_employer_alone_decides_and_the_old_tie_ends_as_the_new_one_begins(cast: Cast) -> None:
    asked = cast.ask()
    assert cast.employer == cast.here.id
    assert refused(bindings.confirm, cast.leaving, asked.id, starts_on=TODAY) is not None
    assert refused(bindings.confirm, cast.receiving, asked.id, starts_on=TODAY) is None
    old, new = cast.bindings
    assert state(old) == (BindingStatus.ENDED, HIRED, TODAY, EndReason.TRANSFERRED)
    assert state(new) == (BindingStatus.ACTIVE, TODAY, None, None)
    assert old.successor_id == new.id
    assert cast.employer == cast.there.id


def test_a_transfer_for_a_later_day_takes_effect_by_itself_on_that_day_and_not_before(cast: Cast) -> None:
    cast.schedule(TODAY + WEEK)
    assert [binding.status for binding in cast.bindings] == [BindingStatus.ACTIVE, BindingStatus.SCHEDULED]
    assert run_on(TODAY + WEEK - DAY) == 0
    assert cast.employer == cast.here.id
    assert run_on(TODAY + WEEK) == 1
    assert cast.employer == cast.there.id
    old, new = cast.bindings
    assert state(old) == (BindingStatus.ENDED, HIRED, TODAY + WEEK, EndReason.TRANSFERRED)
    assert state(new) == (BindingStatus.ACTIVE, TODAY + WEEK, None, None)
    assert run_on(TODAY + WEEK) == 0


def test_an_application_that_stood_still_for_days_catches_up_with_the_days_that_were_decided(cast: Cast) -> None:
    cast.schedule(TODAY + WEEK)
    run_on(TODAY + 2 * WEEK)
    assert [binding.ended_on or binding.started_on for binding in cast.bindings] == [TODAY + WEEK] * 2


def test_both_sides_of_a_transfer_are_kept_step_by_step_and_in_the_log(cast: Cast) -> None:
    asked = cast.schedule(TODAY + WEEK)
    run_on(TODAY + WEEK)
    with reading() as session:
        kept = [
            (s.binding_id == asked.id, s.actor_name, s.action, s.effective_on)
            for s in session.scalars(select(BindingStep).order_by(BindingStep.id))
        ]
        logged = session.scalars(select(Event.action).order_by(Event.id)).all()
    assert kept == [
        (True, cast.mover.name, BindingAction.TRANSFER, TODAY),
        (True, cast.receiving.name, BindingAction.CONFIRM, TODAY + WEEK),
        (False, SYSTEM.name, BindingAction.DEPART, TODAY + WEEK),
        (True, SYSTEM.name, BindingAction.START, TODAY + WEEK),
    ]
    assert list(logged) == ["binding_transfer", "binding_confirm", "binding_depart", "binding_start"]


@pytest.mark.parametrize("who", ["mover", "receiving"])
def test_until_its_day_a_transfer_can_be_called_off_from_both_sides(cast: Cast, who: str) -> None:
    asked = cast.schedule(TODAY + WEEK)
    with transaction() as session:
        if who == "mover":
            bindings.withdraw(session, cast.mover, asked.id)
        else:
            bindings.refuse(session, cast.receiving, asked.id, reason="编制已满")
    assert run_on(TODAY + WEEK) == 0
    old, new = cast.bindings
    assert (state(old), old.successor_id) == ((BindingStatus.ACTIVE, HIRED, None, None), None)
    assert (new.status, new.started_on) == (
        BindingStatus.WITHDRAWN if who == "mover" else BindingStatus.REFUSED,
        None,
    )


def test_a_refused_transfer_leaves_everything_as_it_was(cast: Cast) -> None:
    asked = cast.ask()
    with transaction() as session:
        bindings.refuse(session, cast.receiving, asked.id, reason="编制已满")
    assert cast.employer == cast.here.id
    assert refused(bindings.request_transfer, cast.mover, cast.there.id, wished_on=TODAY) is None


def test_who_left_before_the_day_of_his_transfer_still_begins_on_it(cast: Cast) -> None:
    cast.schedule(TODAY + WEEK)
    with transaction() as session:
        bindings.end(session, cast.leaving, cast.bindings[0].id, reason=EndReason.LEFT, on=TODAY)
    assert cast.employer is None
    run_on(TODAY + WEEK)
    assert [state(binding) for binding in cast.bindings] == [
        (BindingStatus.ENDED, HIRED, TODAY, EndReason.LEFT),
        (BindingStatus.ACTIVE, TODAY + WEEK, None, None),
    ]


def test_who_was_let_go_while_he_waits_for_a_transfer_can_still_be_confirmed(cast: Cast) -> None:
    asked = cast.ask()
    with transaction() as session:
        bindings.end(session, cast.leaving, cast.bindings[0].id, reason=EndReason.LEFT, on=TODAY)
    assert refused(bindings.confirm, cast.receiving, asked.id, starts_on=TODAY) is None
    assert cast.employer == cast.there.id


def test_a_suspended_employer_takes_nobody_over_until_it_is_reinstated(cast: Cast) -> None:
    cast.schedule(TODAY + WEEK)
    with transaction() as session:
        session.get_one(Organisation, cast.there.id).status = OrganisationStatus.SUSPENDED
    assert run_on(TODAY + WEEK) == 0
    assert cast.employer == cast.here.id
    with transaction() as session:
        session.get_one(Organisation, cast.there.id).status = OrganisationStatus.APPROVED
    assert run_on(TODAY + 2 * WEEK) == 1


@pytest.mark.parametrize("on", [None, TODAY - DAY, TODAY + transfers.LONGEST_NOTICE + DAY, date(2126, 6, 15)])
def test_the_day_is_neither_over_nor_far_away(cast: Cast, on: date | None) -> None:
    assert refused(bindings.request_transfer, cast.mover, cast.there.id, wished_on=on) is InvalidField
    asked = cast.ask()
    assert refused(bindings.confirm, cast.receiving, asked.id, starts_on=on) is InvalidField
    assert [binding.status for binding in cast.bindings] == [BindingStatus.ACTIVE, BindingStatus.REQUESTED]


def test_nobody_is_transferred_to_where_he_is_or_twice_at_once(cast: Cast) -> None:
    assert refused(bindings.request_transfer, cast.mover, cast.here.id, wished_on=TODAY) is SameEmployer
    cast.ask()
    assert refused(bindings.request_transfer, cast.mover, cast.there.id, wished_on=TODAY) is AlreadyAsked


def test_who_has_no_employer_any_more_is_told_to_look_again(cast: Cast) -> None:
    with transaction() as session:
        bindings.end(session, cast.leaving, cast.bindings[0].id, reason=EndReason.RETIRED, on=TODAY)
    assert refused(bindings.request_transfer, cast.mover, cast.there.id, wished_on=TODAY) is WrongStatus


def test_what_waits_at_the_old_employer_is_in_the_way_until_all_of_it_is_withdrawn(cast: Cast) -> None:
    sent = cast.send(cast.here, cast.here)
    cast.send(cast.there)
    with pytest.raises(UnfinishedBusiness, match="2 条"):
        cast.ask()
    with transaction() as session:
        assert [claim.id for claim in obstacles.waiting_claims(session, cast.bindings[0])] == sent
        assert obstacles.withdraw_all(session, cast.mover, cast.bindings[0]) == 2
    with reading() as session:
        left = {claim.id: claim.status for claim in session.scalars(select(Claim).order_by(Claim.id))}
    assert [left[number] for number in sent] == [ClaimStatus.DRAFT] * 2
    assert list(left.values()).count(ClaimStatus.SUBMITTED) == 1
    cast.ask()


def test_a_claim_sent_between_request_and_decision_keeps_the_transfer_from_being_confirmed(cast: Cast) -> None:
    asked = cast.ask()
    cast.send(cast.here)
    with pytest.raises(UnfinishedElsewhere, match="请本人先撤回"), transaction() as session:
        bindings.confirm(session, cast.receiving, asked.id, starts_on=TODAY)
    assert [binding.status for binding in cast.bindings] == [BindingStatus.ACTIVE, BindingStatus.REQUESTED]
    with transaction() as session:
        obstacles.withdraw_all(session, cast.mover, cast.bindings[0])
    assert refused(bindings.confirm, cast.receiving, asked.id, starts_on=TODAY) is None


def test_hours_stay_with_the_employer_they_were_sent_to(cast: Cast) -> None:
    cast.schedule(TODAY + WEEK)
    (sent,) = cast.send(cast.here)
    with transaction() as session:
        person = session.get_one(Person, cast.mover.person_id)
        approved = factories.create_claim(session, person, status=ClaimStatus.APPROVED).id
    run_on(TODAY + WEEK)
    assert cast.employer == cast.there.id
    with reading() as session:
        assert {session.get_one(Claim, number).employer_id for number in (sent, approved)} == {cast.here.id}
