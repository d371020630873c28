"""The claims of a sample: found good or revoked, by somebody who has nothing to do with them."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.accounts import Account, Role
from db.audits import AuditItem, AuditOutcome
from db.claims import Claim, ClaimAction, ClaimStatus, ReviewReason
from db.organisations import Organisation
from db.people import Person
from services import audit_items, audits, clock, standing
from services.audit_items import OwnDecision
from services.audits import Plan
from services.claim_moves import OwnClaim, TooLateToUndo
from services.errors import InvalidField, NotFound, PermissionDenied, WrongStatus
from services.permissions import Actor
from tests import factories
from tests.services.claim_steps import act
from tests.services.test_corrections import recompute

TODAY = datetime(2026, 6, 15, 2, tzinfo=UTC)
PLAN = Plan(division="440100", approved_from=date(2026, 6, 1), approved_to=date(2026, 6, 30), rate=100)
UNTRUE = ReviewReason.UNTRUE


@pytest.fixture(autouse=True)
def _june() -> Iterator[None]:
    with clock.at(TODAY):
        yield


@pytest.fixture
def supervisor(open_session: Session) -> Actor:
    return factories.actor_of(open_session, factories.create_supervisor(open_session, PLAN.division))


@pytest.fixture
def claim(open_session: Session, person: Person) -> Claim:
    return factories.create_claim(open_session, person, status=ClaimStatus.APPROVED)


@pytest.fixture
def item(open_session: Session, supervisor: Actor, claim: Claim) -> AuditItem:
    audit = audits.draw(open_session, supervisor, PLAN)
    return open_session.scalars(select(AuditItem).where(AuditItem.audit_id == audit.id)).one()


def outcome(session: Session, actor: Actor, item: AuditItem) -> AuditOutcome:
    session.flush()
    session.expire_all()
    return audit_items.get(session, actor, item.id).outcome


def accept(session: Session, actor: Actor, item: AuditItem, claim: Claim) -> None:
    audit_items.accept(session, actor, item.id, seen=claim.version, opinion="  原件已核对 ")


def revoke(session: Session, actor: Actor, item: AuditItem, claim: Claim) -> None:
    audit_items.revoke(session, actor, item.id, seen=claim.version, reason=UNTRUE)


CHECKS = [accept, revoke]
Check = Callable[[Session, Actor, AuditItem, Claim], None]


def test_a_claim_with_which_nothing_is_wrong_passes(
    open_session: Session, supervisor: Actor, item: AuditItem, claim: Claim
) -> None:
    accept(open_session, supervisor, item, claim)
    assert outcome(open_session, supervisor, item) is AuditOutcome.PASSED
    assert (item.opinion, item.checked_by_name, item.checked_at) == ("原件已核对", supervisor.name, TODAY)
    assert claim.status is ClaimStatus.APPROVED


def test_a_claim_that_fails_is_revoked_and_the_year_follows(
    open_session: Session, supervisor: Actor, item: AuditItem, claim: Claim
) -> None:
    recompute(open_session)
    with pytest.raises(InvalidField):
        audit_items.revoke(open_session, supervisor, item.id, seen=claim.version, reason=None)
    revoke(open_session, supervisor, item, claim)
    assert outcome(open_session, supervisor, item) is AuditOutcome.REVOKED
    assert (claim.status, claim.reason) == (ClaimStatus.REVOKED, UNTRUE)
    official = standing.of_year(open_session, claim.person_id, claim.year).official
    assert all(line.earned == Decimal(0) for line in official)


def test_a_revocation_that_is_taken_back_lets_the_claim_wait_again(
    open_session: Session, supervisor: Actor, item: AuditItem, claim: Claim
) -> None:
    factories.create_step(open_session, claim, ClaimStatus.APPROVED)
    open_session.expire_all()
    revoke(open_session, supervisor, item, claim)
    open_session.flush()
    open_session.expire_all()
    act(open_session, supervisor, claim, ClaimAction.UNDO)
    assert outcome(open_session, supervisor, item) is AuditOutcome.PENDING


def test_a_claim_that_is_revoked_outside_the_sample_has_failed_in_it(
    open_session: Session, supervisor: Actor, item: AuditItem, claim: Claim
) -> None:
    accept(open_session, supervisor, item, claim)
    open_session.flush()
    act(open_session, supervisor, claim, ClaimAction.REVOKE, reason=UNTRUE)
    assert outcome(open_session, supervisor, item) is AuditOutcome.REVOKED


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("status", sorted(set(ClaimStatus) - {ClaimStatus.APPROVED}))
def test_only_what_still_counts_is_checked(
    open_session: Session, supervisor: Actor, item: AuditItem, claim: Claim, check: Check, status: ClaimStatus
) -> None:
    claim.status = status
    if status is not ClaimStatus.REVOKED:
        claim.hours_awarded = None
    if status is ClaimStatus.ENDORSED:
        claim.second_level, claim.endorsed_at, claim.hours_endorsed = True, TODAY, claim.hours_claimed
    open_session.flush()
    with pytest.raises((WrongStatus, NotFound)):
        check(open_session, supervisor, item, claim)


@pytest.mark.parametrize("check", CHECKS)
def test_nobody_checks_what_has_been_checked_or_has_changed_meanwhile(
    open_session: Session, supervisor: Actor, item: AuditItem, claim: Claim, check: Check
) -> None:
    with pytest.raises(WrongStatus):
        audit_items.accept(open_session, supervisor, item.id, seen=claim.version - 1)
    accept(open_session, supervisor, item, claim)
    with pytest.raises(WrongStatus):
        check(open_session, supervisor, item, claim)


@pytest.mark.parametrize("check", CHECKS)
def test_a_sample_that_was_given_up_is_not_checked(
    open_session: Session, supervisor: Actor, item: AuditItem, claim: Claim, check: Check
) -> None:
    audits.withdraw(open_session, supervisor, item.audit_id)
    open_session.flush()
    with pytest.raises(WrongStatus):
        check(open_session, supervisor, item, claim)


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("division", ["440300", "440104"])
def test_another_divisions_supervisor_finds_no_item(
    open_session: Session, item: AuditItem, claim: Claim, check: Check, division: str
) -> None:
    other = factories.actor_of(open_session, factories.create_supervisor(open_session, division))
    with pytest.raises(NotFound):
        check(open_session, other, item, claim)


@pytest.mark.parametrize("check", CHECKS)
def test_an_employer_does_not_audit(
    open_session: Session, employer: Organisation, item: AuditItem, claim: Claim, check: Check
) -> None:
    reviewer = factories.actor_of(open_session, factories.create_reviewer(open_session, employer))
    with pytest.raises(PermissionDenied):
        check(open_session, reviewer, item, claim)


@pytest.mark.parametrize("check", CHECKS)
def test_nobody_audits_his_own_hours(
    open_session: Session, person: Person, item: AuditItem, claim: Claim, check: Check
) -> None:
    account = open_session.get_one(Account, person.account_id)
    factories.grant(open_session, account, Role.SUPERVISOR, division=PLAN.division)
    with pytest.raises(OwnClaim):
        check(open_session, factories.actor_of(open_session, account), item, claim)


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("still_there", [True, False])
def test_nobody_audits_what_he_has_approved_for_the_employer(
    open_session: Session, employer: Organisation, item: AuditItem, claim: Claim, check: Check, still_there: bool
) -> None:
    account = factories.create_account(open_session)
    factories.grant(open_session, account, Role.SUPERVISOR, division=PLAN.division)
    if still_there:
        factories.grant(open_session, account, Role.EMPLOYER, organisation=employer)
    else:
        factories.create_step(open_session, claim, ClaimStatus.APPROVED, by=account)
        open_session.expire(claim)
    with pytest.raises(OwnDecision):
        check(open_session, factories.actor_of(open_session, account), item, claim)


def test_a_check_is_taken_back_for_a_day(
    open_session: Session, supervisor: Actor, item: AuditItem, claim: Claim
) -> None:
    with pytest.raises(WrongStatus):
        audit_items.take_back(open_session, supervisor, item.id)
    accept(open_session, supervisor, item, claim)
    with clock.at(TODAY + timedelta(hours=24, seconds=1)), pytest.raises(TooLateToUndo):
        audit_items.take_back(open_session, supervisor, item.id)
    audit_items.take_back(open_session, supervisor, item.id)
    assert outcome(open_session, supervisor, item) is AuditOutcome.PENDING


def opened(session: Session, actor: Actor, audit_id: int, named: int | None) -> int | None:
    page = audit_items.list_page(session, actor, audit_id, outcome=AuditOutcome.PENDING)
    found = audit_items.open_item(session, actor, audit_id, page, named, outcome=AuditOutcome.PENDING)
    return found[0].item.id if found else None


def test_after_a_check_the_next_item_comes_up(open_session: Session, supervisor: Actor, person: Person) -> None:
    for _ in range(3):
        factories.create_claim(open_session, person, status=ClaimStatus.APPROVED)
    audit = audits.draw(open_session, supervisor, PLAN)
    page = audit_items.list_page(open_session, supervisor, audit.id, outcome=AuditOutcome.PENDING)
    first, second, third = (drawn.item.id for drawn in page)
    assert opened(open_session, supervisor, audit.id, None) == first
    assert opened(open_session, supervisor, audit.id, 10**9) == first
    accept(open_session, supervisor, page[1].item, page[1].claim)
    open_session.flush()
    assert opened(open_session, supervisor, audit.id, second) == third
    colleague = factories.actor_of(open_session, factories.create_supervisor(open_session, PLAN.division))
    assert opened(open_session, colleague, audit.id, second) == second


def test_the_items_of_a_sample_are_paged(
    open_session: Session, supervisor: Actor, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        factories.create_claim(open_session, person, status=ClaimStatus.APPROVED)
    audit = audits.draw(open_session, supervisor, PLAN)
    monkeypatch.setattr(audit_items, "PAGE_SIZE", 2)
    first = audit_items.list_page(open_session, supervisor, audit.id, outcome=AuditOutcome.PENDING)
    last = first[-1].item.id
    rest = audit_items.list_page(open_session, supervisor, audit.id, outcome=AuditOutcome.PENDING, after_id=last)
    assert (len(first), len(rest)) == (2, 1)
