"""Putting right what a class has posted: the old claim is taken back with the reason, and the right one posted."""

from collections.abc import Collection
from decimal import Decimal

import pytest
from sqlalchemy import select

from db import reading, transaction
from db.accounts import Account, Role
from db.certificates import CertificateStatus
from db.claims import Category, ClaimAction, ClaimStatus, ClaimStep
from db.classes import CourseClass
from db.enrolments import Enrolment, EnrolmentAction, EnrolmentStatus, EnrolmentStep
from db.people import Person
from services import certificates, claims, class_corrections, completion, standing, statistics
from services.claim_moves import CorrectedSince
from services.class_corrections import Corrected, NothingChanged, RevokedBySupervisor
from services.enrolment_moves import OwnEnrolment
from services.errors import InvalidField, NotFound, PermissionDenied, WrongStatus
from services.permissions import SYSTEM, Actor
from tests import factories
from tests.services import taught as over
from tests.services.acting import refused
from tests.services.taught import Taught

ALL, HALF, NONE = (True, True), (True, False), (False, False)


def posted(*present: bool, percent: int = 50) -> tuple[Taught, Enrolment]:
    taught, (enrolment,) = over.new(present)
    with transaction() as session:
        session.get_one(CourseClass, taught.course_class.id).attendance_needed = percent
    completion.post(transaction, taught.trainer, taught.course_class.id)
    return taught, enrolment


def correct(
    taught: Taught,
    enrolment: Enrolment,
    present: Collection[int],
    *,
    passed: bool | None = None,
    actor: Actor | None = None,
    opinion: str = "签到表核对有误",
    seen: int | None = None,
) -> type | None:
    return refused(
        class_corrections.correct,
        actor or taught.trainer,
        taught.course_class.id,
        enrolment.id,
        Corrected(present, passed),
        opinion=opinion,
        seen=over.stored(enrolment).version if seen is None else seen,
    )


def hours(enrolment: Enrolment) -> list[tuple[ClaimStatus, Decimal | None]]:
    return [(claim.status, claim.hours_awarded) for claim in over.claims_of(enrolment)]


REVOKED, APPROVED = ClaimStatus.REVOKED, ClaimStatus.APPROVED
FULL, PART = Decimal(8), Decimal(4)


@pytest.mark.parametrize(
    ("before", "sessions", "status", "left"),
    [
        (ALL, 1, EnrolmentStatus.COMPLETED, [(REVOKED, FULL), (APPROVED, PART)]),
        (HALF, 2, EnrolmentStatus.COMPLETED, [(REVOKED, PART), (APPROVED, FULL)]),
        (ALL, 0, EnrolmentStatus.NOT_COMPLETED, [(REVOKED, FULL)]),
        (NONE, 2, EnrolmentStatus.COMPLETED, [(APPROVED, FULL)]),
    ],
)
def test_what_was_posted_is_taken_back_and_what_is_right_is_posted(
    before: tuple[bool, bool], sessions: int, status: EnrolmentStatus, left: list[tuple[ClaimStatus, Decimal]]
) -> None:
    taught, enrolment = posted(*before)
    assert correct(taught, enrolment, taught.sessions[:sessions]) is None
    assert hours(enrolment) == left
    kept = over.stored(enrolment)
    assert (kept.status, kept.hours_awarded) == (status, left[-1][1] if left[-1][0] is APPROVED else None)
    with reading() as session:
        step = session.scalars(select(EnrolmentStep).order_by(EnrolmentStep.id.desc())).first()
    assert step is not None
    assert (step.action, step.to_status, step.opinion) == (EnrolmentAction.CORRECT, status, "签到表核对有误")
    assert step.hours == kept.hours_awarded
    assert kept.news_at is not None


def test_the_claim_that_was_taken_back_says_why() -> None:
    taught, enrolment = posted(*ALL)
    correct(taught, enrolment, taught.sessions[:1])
    old = over.claims_of(enrolment)[0]
    with reading() as session:
        steps = session.scalars(select(ClaimStep).where(ClaimStep.claim_id == old.id).order_by(ClaimStep.id)).all()
    assert old.opinion == "签到表核对有误"
    assert [(step.action, step.to_status, step.opinion) for step in steps] == [
        (ClaimAction.APPROVE, APPROVED, ""),
        (ClaimAction.CORRECT, REVOKED, "签到表核对有误"),
    ]


def test_attendance_that_changes_no_hours_leaves_the_claim_alone() -> None:
    taught, enrolment = posted(*HALF)
    assert correct(taught, enrolment, taught.sessions[1:]) is None
    assert hours(enrolment) == [(APPROVED, PART)]


def test_an_exam_is_corrected_like_attendance() -> None:
    with transaction() as session:
        taught = over.create(session)
        enrolment = over.accept(session, taught, *ALL, passed=False)
        session.get_one(CourseClass, taught.course_class.id).has_exam = True
    completion.post(transaction, taught.trainer, taught.course_class.id)
    assert hours(enrolment) == []
    assert correct(taught, enrolment, taught.sessions, passed=True) is None
    assert hours(enrolment) == [(APPROVED, FULL)]


@pytest.mark.parametrize(
    ("opinion", "sessions", "refusal"), [(" ", 1, InvalidField), ("签到表核对有误", 2, NothingChanged)]
)
def test_a_correction_needs_a_reason_and_something_to_correct(
    opinion: str, sessions: int, refusal: type[Exception]
) -> None:
    taught, enrolment = posted(*ALL)
    assert correct(taught, enrolment, taught.sessions[:sessions], opinion=opinion) is refusal
    assert hours(enrolment) == [(APPROVED, FULL)]


def test_an_earlier_look_at_the_enrolment_corrects_nothing() -> None:
    taught, enrolment = posted(*ALL)
    seen = over.stored(enrolment).version
    assert correct(taught, enrolment, taught.sessions[:1]) is None
    assert correct(taught, enrolment, taught.sessions, seen=seen) is WrongStatus
    assert hours(enrolment) == [(REVOKED, FULL), (APPROVED, PART)]


def test_what_is_not_posted_yet_is_registered_and_not_corrected() -> None:
    taught, (enrolment,) = over.new(ALL)
    assert correct(taught, enrolment, taught.sessions[:1]) is WrongStatus


def test_another_provider_and_the_person_himself_correct_nothing() -> None:
    taught, enrolment = posted(*ALL)
    other, _ = over.new()
    assert correct(taught, enrolment, taught.sessions[:1], actor=other.trainer) is NotFound
    with transaction() as session:
        account = session.get_one(Account, session.get_one(Person, enrolment.person_id).account_id)
        factories.grant(session, account, Role.PROVIDER, organisation=taught.provider)
        himself = factories.actor_of(session, account)
    assert correct(taught, enrolment, taught.sessions[:1], actor=himself) is OwnEnrolment


def test_what_a_supervisor_revoked_is_not_the_providers_to_correct() -> None:
    taught, enrolment = posted(*ALL)
    (claim,) = over.claims_of(enrolment)
    with transaction() as session:
        supervisor = factories.actor_of(session, factories.create_supervisor(session))
        claims.act(session, supervisor, claim.id, ClaimAction.REVOKE, seen=claim.version, opinion="签到不实")
    assert correct(taught, enrolment, taught.sessions[:1]) is RevokedBySupervisor
    assert hours(enrolment) == [(REVOKED, FULL)]


def test_what_was_corrected_cannot_be_given_back_by_a_supervisor() -> None:
    taught, enrolment = posted(*ALL)
    correct(taught, enrolment, taught.sessions[:1])
    old = over.claims_of(enrolment)[0]
    with transaction() as session:
        supervisor = factories.actor_of(session, factories.create_supervisor(session))
    assert refused(claims.act, supervisor, old.id, ClaimAction.UNDO, seen=old.version) is CorrectedSince
    assert hours(enrolment) == [(REVOKED, FULL), (APPROVED, PART)]


def certificate_after(present: Collection[int], *before: bool) -> tuple[CertificateStatus, Decimal]:
    """Of somebody whose year is complete with twice the hours of the class; and the official hours then."""
    with transaction() as session:
        taught = over.create(session, hours=8)
        session.get_one(CourseClass, taught.course_class.id).attendance_needed = 1
        person = factories.create_person(session, employer=taught.employer)
        for category, enough in {Category.GENERAL: 30, Category.PROFESSIONAL: 34, Category.ELECTIVE: 18}.items():
            factories.create_claim(session, person, status=APPROVED, category=category, hours=Decimal(enough))
        enrolment = over.accept(session, taught, *before, person=person)
        actor = factories.actor_for(session, person)
    completion.post(transaction, taught.trainer, taught.course_class.id)
    statistics.recompute(transaction, SYSTEM)
    year = taught.course_class.year or 0
    with transaction() as session:
        certificate = certificates.obtain(session, actor, year)
    assert correct(taught, enrolment, [taught.sessions[number] for number in present]) is None
    with reading() as session:
        (listed,) = (each for each in certificates.list_mine(session, actor) if each.id == certificate.id)
        official = standing.of_year(session, person.id, year).official
        return listed.status, official[1].earned


def test_fewer_hours_mark_the_certificate_and_count_officially_at_once() -> None:
    assert certificate_after([0], *ALL) == (CertificateStatus.REVOKED, Decimal(38))


def test_only_the_provider_corrects() -> None:
    taught, enrolment = posted(*ALL)
    with transaction() as session:
        strangers = [
            factories.actor_of(session, factories.create_reviewer(session, taught.employer)),
            factories.actor_of(session, factories.create_supervisor(session)),
            factories.actor_for(session, session.get_one(Person, enrolment.person_id)),
        ]
    assert {correct(taught, enrolment, taught.sessions[:1], actor=each) for each in strangers} == {PermissionDenied}
