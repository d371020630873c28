"""The tie to an employer: who may take which step from which state, what refuses it, and what is kept of it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.accounts import Grant, Role
from db.claims import ClaimStatus
from db.events import pending
from db.organisations import Organisation, OrganisationKind, OrganisationStatus
from db.people import Binding, BindingAction, BindingStatus, BindingStep, EndReason, Person
from services import binding_steps, bindings, clock, people
from services.bindings import AlreadyBound, ClaimsToDecide, EmployerNotAvailable
from services.errors import InvalidField, NotFound, PermissionDenied, WrongStatus
from services.permissions import Actor
from tests import factories

NOW = datetime(2026, 6, 15, 2, tzinfo=UTC)
TODAY = date(2026, 6, 15)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _june() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def employer(open_session: Session) -> Organisation:
    return factories.create_employer(open_session, name="晴川桥隧设计有限公司")


@pytest.fixture
def receiver(open_session: Session) -> Organisation:
    return factories.create_employer(open_session, name="晴川水务有限公司")


@pytest.fixture
def newcomer(open_session: Session) -> Actor:
    return factories.actor_for(open_session, factories.create_person(open_session))


@pytest.fixture
def employed(open_session: Session, employer: Organisation) -> Actor:
    return factories.actor_for(open_session, factories.create_person(open_session, employer=employer))


def reviewer_of(session: Session, employer: Organisation) -> Actor:
    return factories.actor_of(session, factories.create_reviewer(session, employer))


def of_person(session: Session, actor: Actor) -> list[Binding]:
    """Oldest first."""
    session.flush()
    mine = select(Binding).where(Binding.person_id == actor.person_id).order_by(Binding.id)
    return list(session.scalars(mine))


def steps(session: Session, binding: Binding) -> list[BindingStep]:
    session.flush()
    return list(
        session.scalars(select(BindingStep).where(BindingStep.binding_id == binding.id).order_by(BindingStep.id))
    )


OWNER, REVIEWER = "the person", "a reviewer of the employer"
INITIAL = "the person with an initial password"
ALLOWED = {
    (OWNER, BindingStatus.REQUESTED, BindingAction.WITHDRAW): BindingStatus.WITHDRAWN,
    (OWNER, BindingStatus.SCHEDULED, BindingAction.WITHDRAW): BindingStatus.WITHDRAWN,
    (REVIEWER, BindingStatus.REQUESTED, BindingAction.CONFIRM): BindingStatus.ACTIVE,
    (REVIEWER, BindingStatus.REQUESTED, BindingAction.REFUSE): BindingStatus.REFUSED,
    (REVIEWER, BindingStatus.SCHEDULED, BindingAction.REFUSE): BindingStatus.REFUSED,
    (REVIEWER, BindingStatus.ACTIVE, BindingAction.END): BindingStatus.ENDED,
}
TAKE: dict[BindingAction, Callable[[Session, Actor, int], object]] = {
    BindingAction.WITHDRAW: bindings.withdraw,
    BindingAction.CONFIRM: bindings.confirm,
    BindingAction.REFUSE: lambda session, actor, number: bindings.refuse(session, actor, number, reason="查无此人"),
    BindingAction.END: lambda session, actor, number: bindings.end(
        session, actor, number, reason=EndReason.LEFT, on=clock.today()
    ),
}
BEGINS = {BindingAction.REQUEST, BindingAction.TRANSFER, BindingAction.ENTER}
BY_ITSELF = {BindingAction.START, BindingAction.DEPART, BindingAction.MERGE}


def cast(session: Session, employer: Organisation) -> dict[str, Actor]:
    """Everybody else who might try, each as the database knows him."""
    others = factories.create_employer(session)
    return {
        REVIEWER: reviewer_of(session, employer),
        "a colleague": factories.actor_for(session, factories.create_person(session, employer=employer)),
        "another employer": reviewer_of(session, others),
        "a supervisor": factories.actor_of(session, factories.create_supervisor(session)),
        "an analyst": factories.actor_of(session, factories.create_account(session, Role.ANALYST)),
        "an administrator": factories.actor_of(session, factories.create_account(session, Role.ADMINISTRATOR)),
    }


def test_every_action_has_its_row_and_is_taken_by_somebody_or_by_itself() -> None:
    assert binding_steps.MOVES.keys() == set(BindingAction) == TAKE.keys() | BEGINS | BY_ITSELF
    by_itself = {action for action, move in binding_steps.MOVES.items() if move.permission is None}
    assert by_itself == BY_ITSELF
    assert {action for action, move in binding_steps.MOVES.items() if not move.sources} == BEGINS


def test_every_role_in_every_state_may_take_exactly_the_steps_of_the_table(
    open_session: Session, employer: Organisation
) -> None:
    others = cast(open_session, employer)
    taken = {}
    for status, who, action in product(BindingStatus, (OWNER, INITIAL, *others), TAKE):
        person = factories.create_person(open_session)
        binding = factories.create_binding(open_session, person, employer, status=status)
        owner = factories.actor_for(open_session, person)
        actor = {OWNER: owner, INITIAL: replace(owner, must_change_password=True), **others}[who]
        offered = action in binding_steps.possible_actions(actor, binding)
        try:
            TAKE[action](open_session, actor, binding.id)
        except (PermissionDenied, NotFound, WrongStatus):
            assert binding.status is status
            assert not offered
        else:
            assert offered
            taken[who, status, action] = binding.status
    assert taken == ALLOWED


def test_an_employer_confirms_who_asked_for_it(open_session: Session, newcomer: Actor, employer: Organisation) -> None:
    reviewer = reviewer_of(open_session, employer)
    binding = bindings.request(open_session, newcomer, employer.id)
    bindings.confirm(open_session, reviewer, binding.id)
    open_session.flush()
    assert people.employer_of(open_session, newcomer.person_id).id == employer.id
    assert (binding.started_on, binding.ended_on) == (TODAY, None)
    events = [event.action for event in pending(open_session)]
    assert events == ["binding_request", "binding_confirm", "binding_start"]


def test_each_step_is_kept_with_who_when_from_to_day_and_reason(
    open_session: Session, employed: Actor, receiver: Organisation
) -> None:
    reviewer, tomorrow = reviewer_of(open_session, receiver), TODAY + DAY
    binding = bindings.request_transfer(open_session, employed, receiver.id, wished_on=TODAY)
    bindings.confirm(open_session, reviewer, binding.id, starts_on=tomorrow)
    bindings.refuse(open_session, reviewer, binding.id, reason="不再录用")
    kept = [
        (s.at, s.actor_id, s.actor_name, s.action, s.from_status, s.to_status, s.effective_on, s.reason)
        for s in steps(open_session, binding)
    ]
    asked, him, her = BindingStatus.REQUESTED, employed, reviewer
    scheduled, refused = BindingStatus.SCHEDULED, BindingStatus.REFUSED
    assert kept == [
        (NOW, him.account_id, him.name, BindingAction.TRANSFER, None, asked, TODAY, ""),
        (NOW, her.account_id, her.name, BindingAction.CONFIRM, asked, scheduled, tomorrow, ""),
        (NOW, her.account_id, her.name, BindingAction.REFUSE, scheduled, refused, None, "不再录用"),
    ]


def test_one_person_has_one_employer_and_one_request_at_a_time(
    open_session: Session, newcomer: Actor, employer: Organisation, receiver: Organisation
) -> None:
    bindings.request(open_session, newcomer, employer.id)
    with pytest.raises(AlreadyBound):
        bindings.request(open_session, newcomer, receiver.id)
    person = open_session.get_one(Person, newcomer.person_id)
    for coming in (BindingStatus.REQUESTED, BindingStatus.SCHEDULED):
        with pytest.raises(IntegrityError), open_session.begin_nested():
            factories.create_binding(open_session, person, receiver, status=coming)
    factories.create_binding(open_session, person, receiver)
    with pytest.raises(IntegrityError), open_session.begin_nested():
        factories.create_binding(open_session, person, employer)


def test_a_confirmed_person_does_not_ask_for_a_second_employer(
    open_session: Session, employed: Actor, receiver: Organisation
) -> None:
    with pytest.raises(AlreadyBound):
        bindings.request(open_session, employed, receiver.id)


def test_refused_and_withdrawn_requests_are_kept_and_a_new_one_is_possible(
    open_session: Session, newcomer: Actor, employer: Organisation
) -> None:
    reviewer = reviewer_of(open_session, employer)
    first = bindings.request(open_session, newcomer, employer.id)
    with pytest.raises(InvalidField, match="退回原因"):
        bindings.refuse(open_session, reviewer, first.id, reason=" ")
    bindings.refuse(open_session, reviewer, first.id, reason="查无此人")
    second = bindings.request(open_session, newcomer, employer.id)
    bindings.withdraw(open_session, newcomer, second.id)
    bindings.request(open_session, newcomer, employer.id)
    assert [(b.status, b.reason) for b in of_person(open_session, newcomer)] == [
        (BindingStatus.REFUSED, "查无此人"),
        (BindingStatus.WITHDRAWN, ""),
        (BindingStatus.REQUESTED, ""),
    ]


@pytest.mark.parametrize(
    "status", [OrganisationStatus.APPLIED, OrganisationStatus.RETURNED, OrganisationStatus.SUSPENDED]
)
def test_only_an_approved_employer_can_be_asked(
    open_session: Session, newcomer: Actor, employed: Actor, status: OrganisationStatus
) -> None:
    asked = factories.create_organisation(open_session, status=status)
    with pytest.raises(EmployerNotAvailable):
        bindings.request(open_session, newcomer, asked.id)
    with pytest.raises(EmployerNotAvailable):
        bindings.request_transfer(open_session, employed, asked.id, wished_on=TODAY)


def test_a_provider_employs_nobody(open_session: Session, newcomer: Actor) -> None:
    provider = factories.create_organisation(open_session, kind=OrganisationKind.PROVIDER)
    with pytest.raises(NotFound):
        bindings.request(open_session, newcomer, provider.id)


def test_a_reviewer_who_was_moved_while_the_queue_was_open_decides_nothing_here_any_more(
    open_session: Session, newcomer: Actor, employer: Organisation, receiver: Organisation
) -> None:
    account = factories.create_reviewer(open_session, employer)
    binding = bindings.request(open_session, newcomer, employer.id)
    grant = open_session.scalars(select(Grant).where(Grant.account_id == account.id)).one()
    grant.organisation_id = receiver.id
    open_session.flush()
    moved = factories.actor_of(open_session, account)
    for take in (TAKE[BindingAction.CONFIRM], TAKE[BindingAction.REFUSE]):
        with pytest.raises(NotFound):
            take(open_session, moved, binding.id)
    assert binding.status is BindingStatus.REQUESTED


@pytest.mark.parametrize("reason", bindings.END_REASONS)
def test_an_employer_ends_the_tie_of_who_left_or_retired(
    open_session: Session, employed: Actor, employer: Organisation, reason: EndReason
) -> None:
    (binding,) = of_person(open_session, employed)
    binding.started_on = TODAY - 30 * DAY
    bindings.end(open_session, reviewer_of(open_session, employer), binding.id, reason=reason, on=TODAY - 2 * DAY)
    open_session.flush()
    assert (binding.status, binding.end_reason, binding.ended_on) == (BindingStatus.ENDED, reason, TODAY - 2 * DAY)
    assert people.find_employer(open_session, employed.person_id) is None


@pytest.mark.parametrize(
    ("reason", "on", "field"),
    [
        (None, TODAY, "离职原因"),
        (EndReason.TRANSFERRED, TODAY, "离职原因"),
        (EndReason.LEFT, TODAY + DAY, "离职日期"),
        (EndReason.LEFT, TODAY - DAY, "离职日期"),
        (EndReason.LEFT, None, "离职日期"),
    ],
)
def test_an_end_needs_a_reason_and_a_day_between_the_beginning_and_today(
    open_session: Session,
    employed: Actor,
    employer: Organisation,
    reason: EndReason | None,
    on: date | None,
    field: str,
) -> None:
    (binding,) = of_person(open_session, employed)
    with pytest.raises(InvalidField, match=field):
        bindings.end(open_session, reviewer_of(open_session, employer), binding.id, reason=reason, on=on)
    assert binding.status is BindingStatus.ACTIVE


def test_nobody_leaves_while_his_claims_wait_for_this_employer(
    open_session: Session, employed: Actor, employer: Organisation, receiver: Organisation
) -> None:
    person, reviewer = open_session.get_one(Person, employed.person_id), reviewer_of(open_session, employer)
    for sent_to in (employer, employer, receiver):
        factories.create_claim(open_session, person, status=ClaimStatus.SUBMITTED, employer=sent_to)
    (binding,) = of_person(open_session, employed)
    with pytest.raises(ClaimsToDecide, match="2 条"):
        bindings.end(open_session, reviewer, binding.id, reason=EndReason.LEFT, on=TODAY)
    assert binding.status is BindingStatus.ACTIVE
