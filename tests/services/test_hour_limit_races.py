"""Two claims sent, or decided, at the same moment never hold more than their yearly cap together."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from threading import Barrier

from sqlalchemy import Engine, select
from sqlalchemy.orm.exc import StaleDataError

from db import reading, transaction
from db.activity_rules import ActivityRule
from db.claims import ActivityType, Claim, ClaimAction, ClaimStatus
from db.organisations import Organisation
from db.people import Person
from services import activity_rules, claims
from services.clock import today
from services.conversion import AboveYearlyCap
from services.errors import WrongStatus
from services.permissions import Actor
from tests import factories

CAP = 20  # hours a year of the example for reading
AT_ONCE = 4


def reading_claims(person: Person, status: ClaimStatus, *, hours: int, number: int = AT_ONCE) -> list[Claim]:
    with transaction() as session:
        rule = activity_rules.find(session, today().year, ActivityType.SELF_STUDY)
        assert rule is not None
        assert rule.most_per_year == CAP
        stored = [factories.create_claim(session, person, status=status, hours=Decimal(hours)) for _ in range(number)]
        for claim in stored:
            claim.activity_type, claim.activity_rule_id = ActivityType.SELF_STUDY, rule.id
            factories.create_evidence(session, claim)
        return stored


def at_once(calls: list[Callable[[], type[Exception] | None]]) -> list[type[Exception] | None]:
    barrier = Barrier(len(calls))

    def started(call: Callable[[], type[Exception] | None]) -> type[Exception] | None:
        barrier.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(started, calls))


def click(actor: Actor, claim: Claim, action: ClaimAction) -> type[Exception] | None:
    try:
        with transaction() as session:
            claims.act(session, actor, claim.id, action, seen=claim.version, attested=True)
    except (AboveYearlyCap, WrongStatus, StaleDataError) as refusal:
        return type(refusal)
    return None


def hours(person: Person, status: ClaimStatus) -> int:
    with reading() as session:
        stored = session.scalars(select(Claim).where(Claim.person_id == person.id, Claim.status == status))
        return int(sum(claim.hours_awarded or claim.hours_claimed for claim in stored))


def test_claims_sent_at_once_stay_below_the_cap_together(person: Person) -> None:
    drafts = reading_claims(person, ClaimStatus.DRAFT, hours=8)
    with reading() as session:
        owner = factories.actor_for(session, person)
    refusals = at_once([lambda draft=draft: click(owner, draft, ClaimAction.SUBMIT) for draft in drafts])  # type: ignore[misc]  # bound early
    assert sorted(map(str, refusals)) == sorted(map(str, [None, None, AboveYearlyCap, AboveYearlyCap]))
    assert hours(person, ClaimStatus.SUBMITTED) == 16


def test_claims_approved_at_once_stay_below_the_cap_together(person: Person, employer: Organisation) -> None:
    """As they can come to wait together: by the undoing of decisions."""
    waiting = reading_claims(person, ClaimStatus.SUBMITTED, hours=8)
    with transaction() as session:
        reviewers = [factories.actor_of(session, factories.create_reviewer(session, employer)) for _ in waiting]
    pairs = zip(reviewers, waiting, strict=True)
    refusals = at_once([lambda r=r, c=c: click(r, c, ClaimAction.APPROVE) for r, c in pairs])  # type: ignore[misc]  # bound early
    assert sorted(map(str, refusals)) == sorted(map(str, [None, None, AboveYearlyCap, AboveYearlyCap]))
    assert hours(person, ClaimStatus.APPROVED) == 16


def test_two_editions_made_at_once_are_one(database: Engine) -> None:
    with transaction() as session:
        makers = [factories.actor_of(session, factories.create_supervisor(session, "440000")) for _ in range(2)]
        held = activity_rules.find(session, today().year, ActivityType.PAPER)
        assert held is not None
        form = replace(activity_rules.form_of(held), from_year=today().year, basis="示范文件")

    def make(actor: Actor) -> type[Exception] | None:
        try:
            with transaction() as session:
                activity_rules.issue(session, actor, ActivityType.PAPER, form, seen=1)
        except WrongStatus as refusal:
            return type(refusal)
        return None

    refusals = at_once([lambda actor=actor: make(actor) for actor in makers])  # type: ignore[misc]  # bound early
    assert sorted(map(str, refusals)) == sorted(map(str, [None, WrongStatus]))
    with reading() as session:
        papers = select(ActivityRule.edition).where(ActivityRule.activity_type == ActivityType.PAPER)
        assert sorted(session.scalars(papers)) == [1, 2]
