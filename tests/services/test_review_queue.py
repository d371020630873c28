"""The queue's order, its filters and its pages."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy.orm import Session

from db.claim_flags import ClaimFlag, FlagKind
from db.claims import Category, Claim, ClaimStatus
from db.organisations import Organisation
from db.people import Person
from services import claim_flags, clock, review_queue
from services.errors import PermissionDenied
from services.permissions import Actor
from services.review_queue import TO_REVIEW, QueueOrder, QueueView
from tests import factories
from tests.counting import CountQueries

TODAY = datetime(2026, 6, 15, 2, tzinfo=UTC)
ORDERED = [*((ClaimStatus.SUBMITTED, order) for order in QueueOrder), (ClaimStatus.RETURNED, QueueOrder.PRIORITY)]


@pytest.fixture(autouse=True)
def _june() -> Iterator[None]:
    with clock.at(TODAY):
        yield


@pytest.fixture
def person(open_session: Session, employer: Organisation) -> Person:
    return factories.create_person(open_session, name="林知夏", employer=employer)


def wait(session: Session, person: Person, *, days: float = 0, flags: tuple[FlagKind, ...] = ()) -> Claim:
    with clock.at(TODAY - timedelta(days=days)):
        claim = factories.create_claim(session, person, status=ClaimStatus.SUBMITTED)
    # Only such as point to nothing can be made up without another claim.
    session.add_all(ClaimFlag(claim_id=claim.id, kind=kind) for kind in flags)
    claim.queued_at = (claim.submitted_at or TODAY) - sum((claim_flags.WEIGHTS[kind] for kind in flags), timedelta(0))
    session.flush()
    return claim


def listed(session: Session, actor: Actor, view: QueueView = TO_REVIEW, *, after: Claim | None = None) -> list[int]:
    return [claim.id for claim in review_queue.queue(session, actor, view, after_id=after.id if after else 0)]


def test_the_oldest_and_riskiest_come_first_or_the_oldest_alone(
    open_session: Session, person: Person, reviewer: Actor
) -> None:
    old, risky, new = (
        wait(open_session, person, days=3),
        wait(open_session, person, days=2, flags=(FlagKind.UNUSUAL_HOURS,)),
        wait(open_session, person, days=1),
    )
    assert claim_flags.WEIGHTS[FlagKind.UNUSUAL_HOURS] > timedelta(days=1)
    assert listed(open_session, reviewer) == [risky.id, old.id, new.id]
    assert listed(open_session, reviewer, QueueView(order=QueueOrder.OLDEST)) == [old.id, risky.id, new.id]


def test_no_risk_lets_an_old_claim_wait_for_ever(open_session: Session, person: Person, reviewer: Actor) -> None:
    worst = sum(claim_flags.WEIGHTS.values(), timedelta(0))
    forgotten = wait(open_session, person, days=worst / timedelta(days=1) + 1)
    riskiest = wait(open_session, person)
    riskiest.queued_at = TODAY - worst
    open_session.flush()
    assert listed(open_session, reviewer) == [forgotten.id, riskiest.id]


@pytest.mark.parametrize(("status", "order"), ORDERED)
def test_pages_neither_repeat_nor_lose_a_claim(
    open_session: Session, person: Person, reviewer: Actor, status: ClaimStatus, order: QueueOrder
) -> None:
    made = []
    for number in range(review_queue.PAGE_SIZE + 7):
        # Three at the same moment, so that their numbers decide.
        claim = wait(open_session, person, days=number // 3, flags=(FlagKind.UNUSUAL_HOURS,) * (number % 2))
        claim.status = status
        made.append(claim)
    open_session.flush()
    view = QueueView(status=status, order=order)
    first = review_queue.queue(open_session, reviewer, view)
    following = listed(open_session, reviewer, view, after=first[-1])
    together = [claim.id for claim in first] + following
    assert (len(first), len(following)) == (review_queue.PAGE_SIZE, 7)
    assert sorted(together) == sorted(claim.id for claim in made)
    by_id = {claim.id: claim for claim in made}
    ordered = [by_id[number] for number in together]
    assert all(review_queue.goes_before(view, a, b) for a, b in pairwise(ordered))


def test_each_filter_keeps_what_it_says(
    open_session: Session, employer: Organisation, person: Person, reviewer: Actor
) -> None:
    other = factories.create_person(open_session, name="陈望舒", employer=employer)
    old = wait(open_session, person, days=8)
    flagged = wait(open_session, person, flags=(FlagKind.LATE,))
    elective, two_levels, percent, theirs = (wait(open_session, who) for who in (person, person, person, other))
    elective.category, two_levels.second_level, percent.title = Category.ELECTIVE, True, "节能 50% 改造"
    open_session.flush()
    for view, kept in {
        QueueView(waiting_days=7): [old],
        QueueView(flag=FlagKind.LATE): [flagged],
        QueueView(flag=FlagKind.OVERLAP): [],
        QueueView(category=Category.ELECTIVE): [elective],
        QueueView(second_level=True): [two_levels],
        QueueView(text="望舒"): [theirs],
        QueueView(text="50%"): [percent],
        QueueView(text="%"): [percent],
        QueueView(text="\0"): [old, flagged, elective, two_levels, percent, theirs],
        QueueView(text="林知夏", waiting_days=7, category=Category.GENERAL): [old],
    }.items():
        assert listed(open_session, reviewer, view) == [claim.id for claim in kept], view


def test_another_employers_claims_are_not_in_the_queue(open_session: Session, reviewer: Actor) -> None:
    stranger = factories.create_person(open_session, employer=factories.create_employer(open_session))
    wait(open_session, stranger)
    assert listed(open_session, reviewer) == []
    assert review_queue.counts(open_session, reviewer) == {}


def test_a_professional_has_no_queue(open_session: Session, person: Person) -> None:
    with pytest.raises(PermissionDenied):
        listed(open_session, factories.actor_for(open_session, person))


def test_a_page_costs_the_same_with_ten_claims_and_with_ten_thousand(
    open_session: Session, person: Person, reviewer: Actor, count_queries: CountQueries
) -> None:
    def look() -> int:
        with count_queries() as queries:
            review_queue.queue(open_session, reviewer)
            review_queue.counts(open_session, reviewer)
        return len(queries)

    for _ in range(10):
        wait(open_session, person)
    few = look()
    pattern = wait(open_session, person)
    columns = {column.key: getattr(pattern, column.key) for column in Claim.__table__.columns if column.key != "id"}
    open_session.bulk_insert_mappings(Claim.__mapper__, [columns] * 9_989)
    assert review_queue.counts(open_session, reviewer) == {ClaimStatus.SUBMITTED: 10_000}
    assert look() == few == 3
