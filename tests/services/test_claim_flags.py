"""What is noticed about a claim, by whom it is seen, and that it refuses nothing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from db.claim_flags import FlagKind
from db.claims import ActivityType, Claim, ClaimAction, ClaimStatus, certificate_key
from db.organisations import Organisation
from db.people import Person
from services import claim_flags, claims, clock, employer_claims, requirements
from services.permissions import Actor
from tests import factories
from tests.counting import CountQueries
from tests.services.claim_forms import FORM, TODAY
from tests.services.claim_steps import act
from tests.services.test_employer_claims import proof

ELSEWHERE = date(2026, 1, 7)


@pytest.fixture(autouse=True)
def _june() -> Iterator[None]:
    with clock.at(TODAY):
        yield


@pytest.fixture
def owner(open_session: Session, person: Person) -> Actor:
    return factories.actor_for(open_session, person)


@pytest.fixture
def draft(open_session: Session, owner: Actor) -> Claim:
    """Like no other claim, so that nothing is noticed about it."""
    claim = claims.create(open_session, owner, FORM)
    factories.create_evidence(open_session, claim)
    open_session.expire(claim)
    return claims.get(open_session, owner, claim.id)


def another(session: Session, person: Person, status: ClaimStatus = ClaimStatus.APPROVED, **changes: Any) -> Claim:
    """A claim of the person on other days, unless told."""
    claim = factories.create_claim(session, person, status=status, on=ELSEWHERE)
    for name, value in changes.items():
        setattr(claim, name, value)
    session.flush()
    return claim


def use_its_file(session: Session, draft: Claim, other: Claim) -> None:
    factories.create_evidence(session, other).original_sha256 = draft.evidence[0].original_sha256
    session.flush()


def kinds(session: Session, owner: Actor, claim: Claim) -> list[FlagKind]:
    return [noticed.kind for noticed in claim_flags.before_sending(session, owner, claim, claim.employer_id)]


def pointed_to(session: Session, owner: Actor, claim: Claim) -> dict[FlagKind, list[int]]:
    found = claim_flags.before_sending(session, owner, claim, None)
    return {noticed.kind: [other.id for other in noticed.others] for noticed in found}


def test_a_claim_like_no_other_is_not_flagged(open_session: Session, owner: Actor, draft: Claim) -> None:
    assert kinds(open_session, owner, draft) == []


@pytest.mark.parametrize("status", [status for status in ClaimStatus if status is not ClaimStatus.DRAFT])
def test_a_file_that_anybody_has_sent_before_is_noticed_whatever_became_of_it(
    open_session: Session, employer: Organisation, owner: Actor, draft: Claim, status: ClaimStatus
) -> None:
    colleague = factories.create_person(open_session, employer=employer)
    use_its_file(open_session, draft, another(open_session, colleague, status))
    assert kinds(open_session, owner, draft) == [FlagKind.SAME_FILE]


def test_a_file_in_a_draft_has_not_been_used_yet(
    open_session: Session, person: Person, owner: Actor, draft: Claim
) -> None:
    use_its_file(open_session, draft, another(open_session, person, ClaimStatus.DRAFT))
    assert kinds(open_session, owner, draft) == []


@pytest.mark.parametrize(
    ("changes", "noticed"),
    [
        ({"start_on": date(2026, 5, 1), "end_on": date(2026, 5, 11)}, FlagKind.OVERLAP),
        ({"start_on": date(2026, 5, 12), "end_on": date(2026, 6, 1)}, FlagKind.OVERLAP),
        ({"start_on": date(2026, 5, 13), "end_on": date(2026, 6, 1)}, None),
        ({"start_on": date(2026, 5, 1), "end_on": date(2026, 5, 10)}, None),
        ({"title": "桥梁检测 新技术（培训）"}, FlagKind.SAME_TITLE),
        ({"title": "桥梁检测新技术培训", "year": 2025}, None),
        ({"title": "桥梁检测新技术培训第二期"}, None),
    ],
)
def test_days_and_titles_are_compared_with_what_the_person_has_sent(
    open_session: Session,
    person: Person,
    owner: Actor,
    draft: Claim,
    changes: dict[str, Any],
    noticed: FlagKind | None,
) -> None:
    other = another(open_session, person, **changes)
    assert pointed_to(open_session, owner, draft) == ({noticed: [other.id]} if noticed else {})


@pytest.mark.parametrize("status", [ClaimStatus.DRAFT, ClaimStatus.RETURNED, ClaimStatus.REJECTED, ClaimStatus.REVOKED])
def test_what_counts_no_more_or_not_yet_is_not_compared(
    open_session: Session, person: Person, owner: Actor, draft: Claim, status: ClaimStatus
) -> None:
    another(open_session, person, status, title=draft.title, start_on=draft.start_on, end_on=draft.end_on)
    assert kinds(open_session, owner, draft) == []


def test_colleagues_learn_the_same_on_the_same_days(
    open_session: Session, employer: Organisation, owner: Actor, draft: Claim
) -> None:
    colleague = factories.create_person(open_session, employer=employer)
    another(open_session, colleague, title=draft.title, start_on=draft.start_on, end_on=draft.end_on)
    assert kinds(open_session, owner, draft) == []


@pytest.mark.parametrize(
    ("number", "noticed"),
    [("粤建 培字第 2026-0417 号", True), ("粤建培字第２０２６０４１７号", True), ("粤建培字第 2026-0418 号", False)],
)
def test_a_certificate_is_known_however_its_number_is_written(
    open_session: Session, employer: Organisation, owner: Actor, draft: Claim, number: str, noticed: bool
) -> None:
    draft.certificate_number = "粤建培字第 2026-0417 号"
    another(open_session, factories.create_person(open_session, employer=employer), certificate_number=number)
    assert kinds(open_session, owner, draft) == [FlagKind.SAME_CERTIFICATE] * noticed


@pytest.mark.no_database
@pytest.mark.parametrize("number", ["", "无", "暂无编号", "—", "12", "No. 7"])
def test_what_numbers_no_single_certificate_is_the_same_as_nothing(number: str) -> None:
    assert certificate_key(number) is None


@pytest.mark.no_database
def test_a_key_is_never_longer_than_its_column() -> None:
    assert len(certificate_key("㍿" * 100 + "1") or "") <= 100


@pytest.mark.parametrize(("times", "noticed"), [("3", False), ("3.1", True)])
def test_hours_are_unusual_beyond_three_times_the_median_of_the_employer(
    open_session: Session, employer: Organisation, person: Person, owner: Actor, draft: Claim, times: str, noticed: bool
) -> None:
    for hours in (1, 2, 3, 4, 5, 5, 6, 7, 8, 90):
        factories.create_claim(
            open_session, person, status=ClaimStatus.APPROVED, hours=Decimal(hours), on=ELSEWHERE, year=2025
        )
    draft.hours_claimed = 5 * Decimal(times)
    found = claim_flags.before_sending(open_session, owner, draft, employer.id)
    assert [each.kind for each in found] == [FlagKind.UNUSUAL_HOURS] * noticed
    draft.activity_type = ActivityType.PAPER
    assert kinds(open_session, owner, draft) == []


@pytest.mark.parametrize(("days_left", "noticed"), [(7, False), (6, True)])
def test_the_last_days_of_the_window_are_late(
    open_session: Session, owner: Actor, draft: Claim, days_left: int, noticed: bool
) -> None:
    last = requirements.claim_year(open_session, FORM.year or 0).claim_to
    with clock.at(datetime.combine(last, time(4), UTC) - timedelta(days=days_left)):
        assert kinds(open_session, owner, draft) == [FlagKind.LATE] * noticed


def test_what_a_flag_points_to_is_shown_as_far_as_the_reader_may_see_it(
    open_session: Session, employer: Organisation, owner: Actor, reviewer: Actor, draft: Claim
) -> None:
    colleague = factories.create_person(open_session, employer=employer)
    stranger = factories.create_person(open_session, employer=factories.create_employer(open_session))
    theirs = another(open_session, colleague)
    for other in (theirs, another(open_session, stranger)):
        use_its_file(open_session, draft, other)
    (before,) = claim_flags.before_sending(open_session, owner, draft, employer.id)
    assert (list(before.others), before.hidden) == ([], 2)
    act(open_session, owner, draft, ClaimAction.SUBMIT)
    (kept,) = claim_flags.of_claim(open_session, reviewer, draft)
    assert ([other.id for other in kept.others], kept.hidden) == ([theirs.id], 1)


def test_a_flagged_claim_is_sent_all_the_same_and_comes_earlier_in_the_queue(
    open_session: Session, person: Person, owner: Actor, draft: Claim
) -> None:
    use_its_file(open_session, draft, another(open_session, person, title=draft.title))
    act(open_session, owner, draft, ClaimAction.SUBMIT)
    weight = claim_flags.WEIGHTS[FlagKind.SAME_FILE] + claim_flags.WEIGHTS[FlagKind.SAME_TITLE]
    assert (draft.status, draft.queued_at) == (ClaimStatus.SUBMITTED, TODAY - weight)


def test_what_is_noticed_is_looked_at_again_when_a_claim_is_sent_again(
    open_session: Session, person: Person, owner: Actor, reviewer: Actor, draft: Claim
) -> None:
    other = another(open_session, person, title=draft.title)
    act(open_session, owner, draft, ClaimAction.SUBMIT)
    assert len(claim_flags.of_claim(open_session, reviewer, draft)) == 1
    act(open_session, owner, draft, ClaimAction.WITHDRAW)
    other.title = "别的活动"
    act(open_session, owner, draft, ClaimAction.SUBMIT)
    assert claim_flags.of_claim(open_session, reviewer, draft) == []
    assert draft.queued_at == TODAY


def test_a_draft_that_a_flag_points_to_can_still_be_deleted(
    open_session: Session, person: Person, owner: Actor, reviewer: Actor, draft: Claim
) -> None:
    other = another(open_session, person, ClaimStatus.SUBMITTED, title=draft.title)
    act(open_session, owner, draft, ClaimAction.SUBMIT)
    act(open_session, owner, other, ClaimAction.WITHDRAW)
    claims.delete(open_session, owner, other.id, seen=other.version)
    open_session.flush()
    assert claim_flags.of_claim(open_session, reviewer, draft) == []


def test_one_training_entered_for_several_people_shares_its_papers(
    open_session: Session, employer: Organisation, person: Person, reviewer: Actor
) -> None:
    colleague = factories.create_person(open_session, employer=employer)
    mine, yours, again = (
        employer_claims.enter(open_session, reviewer, employer.id, of.id, FORM, [proof()], attested=True)
        for of in (person, colleague, colleague)
    )
    open_session.flush()
    assert claim_flags.of_claim(open_session, reviewer, mine) == []
    assert claim_flags.of_claim(open_session, reviewer, yours) == []
    assert FlagKind.SAME_FILE in {each.kind for each in claim_flags.of_claim(open_session, reviewer, again)}
    other = replace(FORM, title="另一期培训")
    third = employer_claims.enter(open_session, reviewer, employer.id, person.id, other, [proof()], attested=True)
    assert FlagKind.SAME_FILE in {each.kind for each in claim_flags.of_claim(open_session, reviewer, third)}


def test_looking_costs_the_same_however_often_a_file_was_used(
    open_session: Session, person: Person, owner: Actor, draft: Claim, count_queries: CountQueries
) -> None:
    def look() -> int:
        with count_queries() as queries:
            (found,) = claim_flags.before_sending(open_session, owner, draft, draft.employer_id)
        assert len(found.others) <= claim_flags.MOST_OTHERS
        return len(queries)

    use_its_file(open_session, draft, another(open_session, person))
    once = look()
    for _ in range(claim_flags.MOST_OTHERS + 3):
        use_its_file(open_session, draft, another(open_session, person))
    assert look() <= once
