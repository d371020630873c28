"""The end of a class: hours by attendance, posted exactly once, and everything that must come before."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from db import reading, transaction
from db.accounts import Account, Role
from db.claims import ActivityType, Category, Claim, ClaimAction, ClaimSource, ClaimStatus, ClaimStep
from db.classes import ClassAction, ClassStatus, ClassStep, CourseClass
from db.enrolments import Enrolment, EnrolmentAction, EnrolmentStatus, EnrolmentStep
from db.organisations import Organisation, OrganisationStatus
from db.people import Person
from services import claims, clock, completion, standing
from services.completion import AttendanceMissing, NotOverYet, ResultsMissing, StillOpen, Undecided
from services.enrolment_moves import OwnEnrolment
from services.errors import DomainError, NotFound, PermissionDenied, WrongStatus
from services.permissions import Actor
from tests import classes, factories
from tests.services import taught as over
from tests.services.taught import Taught

ALL, HALF, NONE = (True, True), (True, False), (False, False)


def post(taught: Taught, actor: Actor | None = None) -> int:
    return completion.post(transaction, actor or taught.trainer, taught.course_class.id)


def ask_for(taught: Taught, *, percent: int = 80, has_exam: bool = False) -> None:
    with transaction() as session:
        found = session.get_one(CourseClass, taught.course_class.id)
        found.attendance_needed, found.has_exam = percent, has_exam


def test_whoever_was_there_gets_an_approved_claim_of_the_class() -> None:
    taught, (enrolment,) = over.new(ALL)
    assert post(taught) == 0
    (claim,) = over.claims_of(enrolment)
    held = taught.course_class
    assert (claim.source, claim.status, claim.activity_type, claim.second_level) == (
        ClaimSource.CLASS,
        ClaimStatus.APPROVED,
        ActivityType.TRAINING,
        False,
    )
    assert (claim.title, claim.organiser, claim.employer_id) == (held.name, taught.provider.name, taught.employer.id)
    assert (claim.year, claim.category, claim.start_on, claim.end_on) == (
        held.year,
        held.category,
        held.start_on,
        held.end_on,
    )
    assert claim.hours_claimed == claim.hours_awarded == Decimal(8)
    with reading() as session:
        steps = session.scalars(select(ClaimStep).where(ClaimStep.claim_id == claim.id)).all()
    assert [(step.action, step.from_status, step.to_status, step.hours) for step in steps] == [
        (ClaimAction.APPROVE, None, ClaimStatus.APPROVED, Decimal(8))
    ]


def test_the_enrolment_and_the_class_say_that_they_are_over_and_the_person_has_news() -> None:
    taught, (enrolment,) = over.new(ALL)
    post(taught)
    kept = over.stored(enrolment)
    assert (kept.status, kept.hours_awarded) == (EnrolmentStatus.COMPLETED, Decimal(8))
    assert kept.posted_at is not None
    assert kept.news_at is not None
    assert over.stored_class(taught).status is ClassStatus.COMPLETED
    with reading() as session:
        steps = session.scalars(select(EnrolmentStep)).all()
        class_steps = session.scalars(select(ClassStep.action)).all()
    assert [(step.action, step.to_status, step.hours) for step in steps] == [
        (EnrolmentAction.COMPLETE, EnrolmentStatus.COMPLETED, Decimal(8))
    ]
    assert class_steps == [ClassAction.COMPLETE]


def test_the_hours_stand_on_the_persons_home_page_at_once() -> None:
    taught, (enrolment,) = over.new(ALL)
    post(taught)
    with reading() as session:
        actor = factories.actor_for(session, session.get_one(Person, enrolment.person_id))
        live = standing.overview(session, actor).live[taught.course_class.year or 0]
    assert live[Category.PROFESSIONAL].earned == Decimal(8)


def test_partial_attendance_gives_its_share_and_too_little_gives_nothing() -> None:
    taught, (whole, half, none) = over.new(ALL, HALF, NONE)
    ask_for(taught, percent=50)
    post(taught)
    assert [[claim.hours_awarded for claim in over.claims_of(each)] for each in (whole, half, none)] == [
        [Decimal(8)],
        [Decimal(4)],
        [],
    ]
    assert over.stored(none).status is EnrolmentStatus.NOT_COMPLETED


def test_whoever_misses_the_share_that_is_asked_for_does_not_complete() -> None:
    taught, (half,) = over.new(HALF)
    post(taught)
    kept = over.stored(half)
    assert (kept.status, kept.hours_awarded) == (EnrolmentStatus.NOT_COMPLETED, None)
    assert over.claims_of(half) == []
    assert over.stored_class(taught).status is ClassStatus.COMPLETED


@pytest.mark.parametrize(("passed", "posted"), [(True, [Decimal(8)]), (False, [])])
def test_an_exam_decides_too(passed: bool, posted: list[Decimal]) -> None:
    with transaction() as session:
        taught = over.create(session)
        enrolment = over.accept(session, taught, *ALL, passed=passed)
    ask_for(taught, has_exam=True)
    post(taught)
    assert [claim.hours_awarded for claim in over.claims_of(enrolment)] == posted


def test_a_second_press_finds_the_class_over_and_posts_nothing() -> None:
    taught, (enrolment,) = over.new(ALL)
    post(taught)
    with pytest.raises(WrongStatus):
        post(taught)
    assert len(over.claims_of(enrolment)) == 1


def test_what_the_supervisor_has_revoked_is_not_posted_again() -> None:
    taught, (enrolment, own) = over.new(ALL, ALL)
    with transaction() as session:
        account = session.get_one(Account, session.get_one(Person, own.person_id).account_id)
        factories.grant(session, account, Role.PROVIDER, organisation=taught.provider)
        himself = factories.actor_of(session, account)
        supervisor = factories.actor_of(session, factories.create_supervisor(session))
    assert post(taught, himself) == 1
    (claim,) = over.claims_of(enrolment)
    with transaction() as session:
        claims.act(session, supervisor, claim.id, ClaimAction.REVOKE, seen=claim.version, opinion="签到不实")
    assert post(taught) == 0
    assert [each.status for each in over.claims_of(enrolment)] == [ClaimStatus.REVOKED]


def test_nobody_posts_his_own_hours_and_the_class_waits_for_a_colleague() -> None:
    with transaction() as session:
        taught = over.create(session)
        account = classes.create_trainer(session, taught.provider)
        person = factories.create_person(session, employer=taught.employer, account=account)
        own = over.accept(session, taught, *ALL, person=person)
        himself = factories.actor_of(session, account)
    with pytest.raises(OwnEnrolment):
        post(taught, himself)
    assert over.claims_of(own) == []
    assert over.stored_class(taught).status is ClassStatus.CLOSED
    assert post(taught) == 0
    assert len(over.claims_of(own)) == 1


def test_posting_waits_until_the_last_session_has_begun() -> None:
    taught, (enrolment,) = over.new(ALL)
    last = taught.course_class.sessions[-1]
    begins = clock.moment(last.held_on, last.begins)
    with clock.at(begins - timedelta(minutes=1)), pytest.raises(NotOverYet):
        post(taught)
    with clock.at(begins):
        post(taught)
    assert len(over.claims_of(enrolment)) == 1


def test_everything_that_is_missing_is_said_at_once_and_the_first_refuses() -> None:
    with transaction() as session:
        taught = over.create(session, status=ClassStatus.OPEN)
        over.accept(session, taught, True)
        classes.create_enrolment(
            session, taught.course_class, factories.create_person(session), employer=taught.employer
        )
        outlook = completion.outlook(session, taught.trainer, taught.course_class.id)
    assert [type(each) for each in outlook.obstacles] == [StillOpen, Undecided, AttendanceMissing]
    with pytest.raises(StillOpen):
        post(taught)


def test_a_result_is_asked_for_only_where_it_decides() -> None:
    with transaction() as session:
        taught = over.create(session)
        over.accept(session, taught, *NONE)
        missing = over.accept(session, taught, *ALL)
    ask_for(taught, has_exam=True)
    with pytest.raises(ResultsMissing) as refusal:
        post(taught)
    assert refusal.value.params == {"count": 1}
    with transaction() as session:
        session.get_one(Enrolment, missing.id).passed = True
    assert post(taught) == 0


def test_the_outlook_says_how_many_get_what() -> None:
    taught, _ = over.new(ALL, ALL, HALF, NONE)
    ask_for(taught, percent=50)
    with reading() as session:
        outlook = completion.outlook(session, taught.trainer, taught.course_class.id)
    assert (outlook.all_hours, outlook.some_hours, outlook.no_hours) == (2, 1, 1)
    assert (outlook.people, list(outlook.obstacles)) == (4, [])


def test_progress_is_told_person_by_person() -> None:
    taught, _ = over.new(ALL, HALF, NONE)
    told: list[tuple[int, int]] = []
    completion.post(
        transaction, taught.trainer, taught.course_class.id, on_progress=lambda *counted: told.append(counted)
    )
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_class_nobody_takes_part_in_ends_without_hours() -> None:
    taught, _ = over.new()
    assert post(taught) == 0
    assert over.stored_class(taught).status is ClassStatus.COMPLETED


@pytest.mark.parametrize("status", [ClassStatus.CANCELLED, ClassStatus.COMPLETED])
def test_a_class_that_is_cancelled_or_over_posts_nothing(status: ClassStatus) -> None:
    with transaction() as session:
        taught = over.create(session, status=status)
        over.accept(session, taught, *ALL)
    with pytest.raises(WrongStatus):
        post(taught)


def test_a_provider_that_is_suspended_in_the_middle_posts_no_further() -> None:
    taught, (first, second) = over.new(ALL, ALL)

    def suspend(_done: int, _total: int) -> None:
        with transaction() as session:
            session.get_one(Organisation, taught.provider.id).status = OrganisationStatus.SUSPENDED

    with pytest.raises(WrongStatus):
        completion.post(transaction, taught.trainer, taught.course_class.id, on_progress=suspend)
    assert (len(over.claims_of(first)), len(over.claims_of(second))) == (1, 0)


def test_whoever_is_taken_out_of_the_class_in_the_middle_gets_no_hours() -> None:
    taught, (first, second) = over.new(ALL, ALL)

    def remove(_done: int, _total: int) -> None:
        with transaction() as session:
            session.get_one(Enrolment, second.id).status = EnrolmentStatus.CANCELLED

    completion.post(transaction, taught.trainer, taught.course_class.id, on_progress=remove)
    assert (len(over.claims_of(first)), len(over.claims_of(second))) == (1, 0)


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("another provider", NotFound),
        ("the person", PermissionDenied),
        ("the employer", PermissionDenied),
        ("a supervisor", PermissionDenied),
    ],
)
def test_only_the_provider_of_the_class_posts(who: str, refusal: type[DomainError]) -> None:
    taught, (enrolment,) = over.new(ALL)
    with transaction() as session:
        other = classes.create_trainer(session, classes.create_provider(session))
        actors = {
            "another provider": factories.actor_of(session, other),
            "the person": factories.actor_for(session, session.get_one(Person, enrolment.person_id)),
            "the employer": factories.actor_of(session, factories.create_reviewer(session, taught.employer)),
            "a supervisor": factories.actor_of(session, factories.create_supervisor(session)),
        }
    with pytest.raises(refusal):
        post(taught, actors[who])
    assert over.claims_of(enrolment) == []


def test_the_employer_cannot_take_back_hours_of_a_class() -> None:
    taught, (enrolment,) = over.new(ALL)
    post(taught)
    (claim,) = over.claims_of(enrolment)
    with transaction() as session:
        reviewer = factories.actor_of(session, factories.create_reviewer(session, taught.employer))
    with pytest.raises(WrongStatus), transaction() as session:
        claims.act(session, reviewer, claim.id, ClaimAction.UNDO, seen=claim.version)
    with reading() as session:
        assert session.get_one(Claim, claim.id).status is ClaimStatus.APPROVED
