"""Random samples: what they are drawn from, who sees them, and what has become of the claims."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from db import transaction
from db.audits import Audit, AuditItem, AuditOutcome
from db.claims import Category, Claim, ClaimSource, ClaimStatus
from db.organisations import Organisation
from services import audits, clock
from services.audits import AlreadyChecked, NothingToDraw, Plan, Tally, TooMuchToDraw
from services.errors import InvalidField, NotFound, PermissionDenied, WrongStatus
from services.permissions import Actor
from tests import factories
from tests.services.acting import last_event

TODAY = datetime(2026, 6, 15, 2, tzinfo=UTC)
CITY = "440100"
PLAN = Plan(division=CITY, approved_from=date(2026, 6, 1), approved_to=date(2026, 6, 30), rate=10)


@pytest.fixture(autouse=True)
def _june() -> Iterator[None]:
    with clock.at(TODAY):
        yield


@pytest.fixture
def supervisor(open_session: Session) -> Actor:
    return factories.actor_of(open_session, factories.create_supervisor(open_session, CITY))


def approve(
    session: Session, count: int, *, employer: Organisation | None = None, status: ClaimStatus = ClaimStatus.APPROVED
) -> list[Claim]:
    person = factories.create_person(session, employer=employer or factories.create_employer(session))
    return [factories.create_claim(session, person, status=status) for _ in range(count)]


def drawn(session: Session, audit: Audit) -> list[int]:
    return list(session.scalars(select(AuditItem.claim_id).where(AuditItem.audit_id == audit.id)))


def test_of_every_employer_the_rate_is_drawn_and_at_least_one(open_session: Session, supervisor: Actor) -> None:
    large, small = approve(open_session, 25), approve(open_session, 2)
    audit = audits.draw(open_session, supervisor, PLAN)
    found = set(drawn(open_session, audit))
    assert len(found & {claim.id for claim in large}) == 3
    assert len(found & {claim.id for claim in small}) == 1
    assert audit.claims == 27
    assert audits.forecast(open_session, supervisor, PLAN) == audits.Forecast(27, 2, 4)


def test_only_approved_claims_of_the_division_and_the_days_are_drawn(open_session: Session, supervisor: Actor) -> None:
    days = replace(PLAN, rate=100, approved_to=date(2026, 6, 14))
    first, last = datetime(2026, 5, 31, 16, tzinfo=UTC), datetime(2026, 6, 14, 15, 59, tzinfo=UTC)
    wanted = []
    for moment in (first - timedelta(minutes=1), first, last, last + timedelta(minutes=1)):
        with clock.at(moment):
            wanted += approve(open_session, 1)
    with clock.at(first):
        approve(open_session, 1, employer=factories.create_employer(open_session, division="440300"))
        for status in set(ClaimStatus) - {ClaimStatus.APPROVED}:
            approve(open_session, 1, status=status)
    audit = audits.draw(open_session, supervisor, days)
    assert set(drawn(open_session, audit)) == {claim.id for claim in wanted[1:3]}


def test_category_and_source_narrow_what_is_drawn(open_session: Session, supervisor: Actor) -> None:
    general, elective, entered = approve(open_session, 3)
    elective.category, entered.source = Category.ELECTIVE, ClaimSource.EMPLOYER
    narrow = replace(PLAN, rate=100, category=Category.GENERAL, source=ClaimSource.PERSON)
    assert drawn(open_session, audits.draw(open_session, supervisor, narrow)) == [general.id]


def test_the_same_seed_draws_the_same_claims(open_session: Session, supervisor: Actor) -> None:
    approve(open_session, 200)
    first = audits.draw(open_session, supervisor, PLAN)
    again = audits.draw(open_session, supervisor, PLAN, seed=first.seed)
    other = audits.draw(open_session, supervisor, PLAN)
    assert drawn(open_session, again) == drawn(open_session, first)
    assert set(drawn(open_session, other)) != set(drawn(open_session, first))


def test_the_log_says_by_what_a_sample_can_be_drawn_again(database: Engine) -> None:
    with transaction() as session:
        approve(session, 20)
        actor = factories.actor_of(session, factories.create_supervisor(session, CITY))
    with transaction() as session:
        audit = audits.draw(session, actor, PLAN, seed=" 2026 ")
    event = last_event()
    assert (event.action, event.object_id) == ("audit_draw", audit.id)
    assert (event.after["seed"], event.after["claims"], event.after["drawn"]) == ("2026", 20, 2)


@pytest.mark.parametrize("division", ["440300", "440000", "999999", "nonsense", ""])
def test_nothing_is_drawn_outside_ones_division(open_session: Session, supervisor: Actor, division: str) -> None:
    with pytest.raises(NotFound):
        audits.draw(open_session, supervisor, replace(PLAN, division=division))


@pytest.mark.parametrize(
    "plan",
    [
        replace(PLAN, rate=0),
        replace(PLAN, rate=101),
        replace(PLAN, at_least=0),
        replace(PLAN, at_least=10**9),
        replace(PLAN, approved_to=date(2026, 5, 31)),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(open_session: Session, supervisor: Actor, plan: Plan) -> None:
    with pytest.raises(InvalidField):
        audits.draw(open_session, supervisor, plan)


def test_an_endless_period_ends_today(open_session: Session, supervisor: Actor) -> None:
    approve(open_session, 1)
    endless = replace(PLAN, approved_from=date.min + timedelta(days=1), approved_to=date.max)
    assert audits.forecast(open_session, supervisor, endless).claims == 1


def test_nothing_and_too_much_are_not_drawn(
    open_session: Session, supervisor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NothingToDraw):
        audits.draw(open_session, supervisor, PLAN)
    approve(open_session, 3)
    monkeypatch.setattr(audits, "MOST_ITEMS", 2)
    with pytest.raises(TooMuchToDraw, match="3 条"):
        audits.draw(open_session, supervisor, replace(PLAN, rate=100))


def test_who_does_not_supervise_draws_nothing(open_session: Session) -> None:
    reviewer = factories.create_reviewer(open_session, factories.create_employer(open_session))
    with pytest.raises(PermissionDenied):
        audits.draw(open_session, factories.actor_of(open_session, reviewer), PLAN)


def test_a_sample_is_seen_from_above_and_not_from_below_or_beside(open_session: Session, supervisor: Actor) -> None:
    approve(open_session, 1)
    audit = audits.draw(open_session, supervisor, PLAN)
    seen = {}
    for division in ("440000", CITY, "440104", "440300"):
        actor = factories.actor_of(open_session, factories.create_supervisor(open_session, division))
        listed = [each.id for each, _ in audits.list_drawn(open_session, actor)]
        seen[division] = (listed, open_session.scalar(audits.waiting(actor)))
    assert seen == {"440000": ([audit.id], 1), CITY: ([audit.id], 1), "440104": ([], 0), "440300": ([], 0)}


def test_what_has_become_of_a_sample_is_counted_by_employer(open_session: Session, supervisor: Actor) -> None:
    good, bad = approve(open_session, 4), approve(open_session, 1)
    audit = audits.draw(open_session, supervisor, replace(PLAN, rate=100))
    item = open_session.scalars(select(AuditItem).where(AuditItem.claim_id == good[0].id)).one()
    item.checked_at, item.checked_by_id = TODAY, supervisor.account_id
    good[1].status, good[1].hours_awarded = ClaimStatus.RETURNED, None
    bad[0].status = ClaimStatus.REVOKED
    open_session.flush()
    results = audits.by_employer(open_session, supervisor, audit.id)
    assert [tally.outcomes for _, tally in results] == [
        {AuditOutcome.REVOKED: 1},
        {AuditOutcome.PASSED: 1, AuditOutcome.LAPSED: 1, AuditOutcome.PENDING: 2},
    ]
    [(_, tally)] = audits.list_drawn(open_session, supervisor)
    assert (tally.drawn, tally.checked, tally.failed, tally.pending) == (5, 2, 1, 2)
    assert open_session.scalar(audits.waiting(supervisor)) == 2


def test_a_sample_that_was_drawn_by_mistake_is_given_up_as_long_as_nothing_is_checked(
    open_session: Session, supervisor: Actor
) -> None:
    (claim,) = approve(open_session, 1)
    audit = audits.draw(open_session, supervisor, PLAN)
    audits.withdraw(open_session, supervisor, audit.id)
    assert open_session.scalar(audits.waiting(supervisor)) == 0
    with pytest.raises(WrongStatus):
        audits.withdraw(open_session, supervisor, audit.id)
    again = audits.draw(open_session, supervisor, PLAN)
    claim.status = ClaimStatus.REVOKED
    with pytest.raises(AlreadyChecked):
        audits.withdraw(open_session, supervisor, again.id)


def test_the_list_of_samples_is_paged(
    open_session: Session, supervisor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    approve(open_session, 1)
    made = [audits.draw(open_session, supervisor, PLAN).id for _ in range(3)]
    monkeypatch.setattr(audits, "PAGE_SIZE", 2)
    first = audits.list_drawn(open_session, supervisor)
    rest = audits.list_drawn(open_session, supervisor, before_id=first[-1][0].id)
    assert [audit.id for audit, _ in (*first, *rest)] == sorted(made, reverse=True)


def test_a_sample_whose_claims_have_vanished_is_empty(open_session: Session, supervisor: Actor) -> None:
    (claim,) = approve(open_session, 1)
    audits.draw(open_session, supervisor, PLAN)
    open_session.delete(claim)
    open_session.flush()
    [(audit, tally)] = audits.list_drawn(open_session, supervisor)
    assert tally == Tally({})
    audits.withdraw(open_session, supervisor, audit.id)
