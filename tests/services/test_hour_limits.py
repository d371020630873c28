"""The yearly cap of a type of activity: what shares it, when it is looked at, and under which edition of its rule."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from db.activity_rules import ActivityRule, DetailField, Unit
from db.claims import ActivityType, Category, Claim, ClaimAction, ClaimStatus
from db.organisations import Organisation
from services import activity_rules, claims, clock, employer_claims, hour_limits
from services.claim_form import ClaimForm
from services.conversion import AboveItemCap, AboveYearlyCap, Facts, MoreThanConverted
from services.errors import InvalidField, LeftOut
from services.permissions import Actor
from tests import factories
from tests.services.claim_forms import FORM, TODAY
from tests.services.claim_steps import act

PAPER = replace(
    FORM,
    activity_type=ActivityType.PAPER,
    start_on=FORM.end_on,
    hours_claimed=18,
    details={"publisher": "晴川学报", "level": "provincial", "rank": "first"},
)
# Under the example: by the clock, at most 10 hours a record and 20 a year.
READING = replace(FORM, activity_type=ActivityType.SELF_STUDY, hours_claimed=10)


@pytest.fixture(autouse=True)
def _june() -> Iterator[None]:
    with clock.at(TODAY):
        yield


def ready(session: Session, actor: Actor, form: ClaimForm = READING) -> Claim:
    claim = claims.create(session, actor, form)
    factories.create_evidence(session, claim)
    session.expire(claim)
    return claim


def sent(session: Session, actor: Actor, form: ClaimForm = READING) -> Claim:
    return act(session, actor, ready(session, actor, form), ClaimAction.SUBMIT)


def set_rule(session: Session, **said: object) -> ActivityRule:
    """Another edition for reading, from this year on."""
    held = activity_rules.find(session, 2026, ActivityType.SELF_STUDY)
    columns = {"unit": Unit.CLOCK, "basis": "示范", "made_at": TODAY, "made_by_name": "系统", **said}
    rule = ActivityRule(
        activity_type=ActivityType.SELF_STUDY, edition=held.edition + 1 if held else 1, from_year=2026, **columns
    )
    session.add(rule)
    session.flush()
    return rule


def test_what_was_sent_leaves_less_and_says_how_much(open_session: Session, professional: Actor) -> None:
    sent(open_session, professional, replace(READING, hours_claimed=8))
    sent(open_session, professional, replace(READING, hours_claimed=7))
    with pytest.raises(AboveYearlyCap, match="每年最多 20 学时，本年度已有 15 学时，还可申报 5 学时，填写的"):
        claims.create(open_session, professional, replace(READING, hours_claimed="5.5"))
    assert claims.create(open_session, professional, replace(READING, hours_claimed=5)).id


def test_drafts_other_years_other_types_and_other_people_share_nothing(
    open_session: Session, professional: Actor, employer: Organisation
) -> None:
    other = factories.actor_for(open_session, factories.create_person(open_session, employer=employer))
    for _ in range(2):
        sent(open_session, other)
        ready(open_session, professional)
        sent(open_session, professional, replace(FORM, hours_claimed=16))
    assert professional.person_id is not None
    for status in (ClaimStatus.REJECTED, ClaimStatus.RETURNED, ClaimStatus.REVOKED, ClaimStatus.DRAFT):
        _stored(open_session, professional, employer, status)
    _stored(open_session, professional, employer, ClaimStatus.APPROVED, year=2025)
    assert sent(open_session, professional).status is ClaimStatus.SUBMITTED


def _stored(
    session: Session, actor: Actor, employer: Organisation, status: ClaimStatus, *, hours: int = 20, year: int = 2026
) -> Claim:
    person = session.get_one(Claim.person.property.mapper.class_, actor.person_id)
    claim = factories.create_claim(
        session, person, employer=employer, status=status, hours=Decimal(hours), on=date(year, 5, 12)
    )
    claim.activity_type = ActivityType.SELF_STUDY
    session.flush()
    return claim


@pytest.mark.parametrize(
    ("status", "used"),
    [(ClaimStatus.SUBMITTED, 12), (ClaimStatus.ENDORSED, 12), (ClaimStatus.APPROVED, 12), (ClaimStatus.REJECTED, 0)],
)
def test_what_waits_and_what_counts_is_used(
    open_session: Session, professional: Actor, employer: Organisation, status: ClaimStatus, used: int
) -> None:
    _stored(open_session, professional, employer, status, hours=12)
    basis = hour_limits.basis(open_session, professional)
    assert basis.used.get((2026, ActivityType.SELF_STUDY), 0) == used
    found = basis.limits(2026, ActivityType.SELF_STUDY, Facts(FORM.start_on, FORM.end_on, {}))
    assert found[-1].most == 20 - used


def test_fewer_hours_awarded_leave_more(open_session: Session, professional: Actor, reviewer: Actor) -> None:
    act(open_session, reviewer, sent(open_session, professional), ClaimAction.APPROVE, hours="4")
    assert hour_limits.basis(open_session, professional).used == {(2026, ActivityType.SELF_STUDY): Decimal(4)}


def test_a_claim_does_not_stand_in_its_own_way(open_session: Session, professional: Actor, reviewer: Actor) -> None:
    sent(open_session, professional)
    claim = sent(open_session, professional)
    assert hour_limits.basis(open_session, professional, claim.id).used == {
        (2026, ActivityType.SELF_STUDY): Decimal(10)
    }
    act(open_session, professional, claim, ClaimAction.WITHDRAW)
    claims.update(open_session, professional, claim.id, READING, seen=claim.version)
    open_session.flush()
    act(open_session, professional, claim, ClaimAction.SUBMIT)
    assert act(open_session, reviewer, claim, ClaimAction.APPROVE).hours_awarded == 10


def test_a_draft_that_no_longer_fits_is_refused_when_it_is_sent(open_session: Session, professional: Actor) -> None:
    draft = ready(open_session, professional)
    for _ in range(2):
        sent(open_session, professional)
    with pytest.raises(AboveYearlyCap):
        act(open_session, professional, draft, ClaimAction.SUBMIT)
    assert draft.status is ClaimStatus.DRAFT


def test_hours_given_back_by_an_undo_are_looked_at_when_they_are_decided_again(
    open_session: Session, professional: Actor, reviewer: Actor
) -> None:
    rejected = act(open_session, reviewer, sent(open_session, professional), ClaimAction.REJECT, opinion="不属于")
    for _ in range(2):
        act(open_session, reviewer, sent(open_session, professional), ClaimAction.APPROVE)
    act(open_session, reviewer, rejected, ClaimAction.UNDO)
    assert rejected.status is ClaimStatus.SUBMITTED
    with pytest.raises(AboveYearlyCap, match="本年度已有 20 学时，还可申报 0 学时"):
        act(open_session, reviewer, rejected, ClaimAction.APPROVE)
    assert (rejected.status, rejected.hours_awarded) == (ClaimStatus.SUBMITTED, None)


def test_a_reviewer_awards_what_the_cap_leaves(open_session: Session, professional: Actor, reviewer: Actor) -> None:
    claim = sent(open_session, professional)
    rejected = act(open_session, reviewer, sent(open_session, professional), ClaimAction.REJECT, opinion="不属于")
    act(open_session, reviewer, sent(open_session, professional), ClaimAction.APPROVE, hours="6")
    act(open_session, reviewer, claim, ClaimAction.APPROVE)
    act(open_session, reviewer, rejected, ClaimAction.UNDO)
    assert act(open_session, reviewer, rejected, ClaimAction.APPROVE, hours="4").hours_awarded == 4


def test_revoked_hours_come_back_only_as_far_as_the_cap_holds_them(
    open_session: Session, professional: Actor, reviewer: Actor
) -> None:
    supervisor = factories.actor_of(open_session, factories.create_supervisor(open_session))
    revoked = act(open_session, reviewer, sent(open_session, professional), ClaimAction.APPROVE)
    act(open_session, supervisor, revoked, ClaimAction.REVOKE, opinion="抽查不实")
    for _ in range(2):
        act(open_session, reviewer, sent(open_session, professional), ClaimAction.APPROVE)
    with pytest.raises(AboveYearlyCap):
        act(open_session, supervisor, revoked, ClaimAction.UNDO)


def test_what_the_employer_enters_shares_the_cap(
    open_session: Session, professional: Actor, reviewer: Actor, employer: Organisation
) -> None:
    sent(open_session, professional)
    sent(open_session, professional)
    assert professional.person_id is not None
    with pytest.raises(AboveYearlyCap):
        employer_claims.enter(
            open_session,
            reviewer,
            employer.id,
            professional.person_id,
            READING,
            [factories.create_evidence(open_session, ready(open_session, professional, FORM))],
            attested=True,
        )


def test_a_claim_keeps_the_edition_it_was_sent_under(
    open_session: Session, professional: Actor, reviewer: Actor
) -> None:
    first = sent(open_session, professional)
    second = sent(open_session, professional)
    set_rule(open_session, most_per_year=Decimal(5))
    for claim in (first, second):
        assert act(open_session, reviewer, claim, ClaimAction.APPROVE).hours_awarded == 10
    with pytest.raises(AboveYearlyCap, match="每年最多 5 学时，本年度已有 20 学时，还可申报 0 学时"):
        claims.create(open_session, professional, READING)


def test_a_draft_is_sent_under_the_edition_that_holds_by_then(open_session: Session, professional: Actor) -> None:
    draft = ready(open_session, professional)
    rule = set_rule(open_session, most_per_item=Decimal(6), asks=[DetailField.SUBJECT])
    with pytest.raises(LeftOut, match="考试、专业或课程名称"), open_session.begin_nested():
        act(open_session, professional, draft, ClaimAction.SUBMIT)
    changed = replace(READING, details={"subject": "规范汇编"})
    with pytest.raises(AboveItemCap, match="每条记录最多 6 学时"), open_session.begin_nested():
        claims.update(open_session, professional, draft.id, changed, seen=draft.version)
    claims.update(open_session, professional, draft.id, replace(changed, hours_claimed=6), seen=draft.version)
    open_session.flush()
    assert act(open_session, professional, draft, ClaimAction.SUBMIT).activity_rule_id == rule.id


def test_a_paper_of_one_day_is_converted_and_keeps_what_it_said(open_session: Session, professional: Actor) -> None:
    claim = claims.create(open_session, professional, replace(PAPER, start_on=date(2026, 5, 1)))
    assert claim.details == PAPER.details
    assert claim.start_on == claim.end_on == FORM.end_on
    with pytest.raises(MoreThanConverted, match="1 项 × 18 = 18 学时，填写的 19 学时超出了"):
        claims.create(open_session, professional, replace(PAPER, hours_claimed=19))


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"level": ""}, "级别"),
        ({"level": "galactic"}, "从列表中选择"),
        ({"publisher": "刊\u202e"}, "不可见字符"),
        ({"publisher": "刊" * 101}, "不能超过"),
    ],
)
def test_answers_that_make_no_sense_are_refused(
    open_session: Session, professional: Actor, answer: dict[str, str], reason: str
) -> None:
    with pytest.raises(InvalidField, match=reason):
        claims.create(open_session, professional, replace(PAPER, details={**PAPER.details, **answer}))


@pytest.mark.parametrize("number", ["0", "-1", "1.5", "１２", "9" * 30, "ten", "10000001"])
def test_numbers_are_whole_and_within_reason(open_session: Session, professional: Actor, number: str) -> None:
    book = replace(
        FORM,
        activity_type=ActivityType.BOOK,
        hours_claimed=1,
        details={"publisher": "晴川出版社", "rank": "first", "characters": number},
    )
    with pytest.raises(InvalidField, match="1 至 10000000 之间的整数"):
        claims.create(open_session, professional, book)


def test_answers_to_what_is_not_asked_are_not_kept(open_session: Session, professional: Actor) -> None:
    claim = claims.create(open_session, professional, replace(FORM, details={"level": "national", "x": "y"}))
    assert claim.details == {}
    assert claim.category is Category.PROFESSIONAL
