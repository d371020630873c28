"""Several of a provider's people at the same class at the same moment."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from sqlalchemy import select

from db import reading, transaction
from db.claims import Claim, ClaimAction, ClaimStatus
from db.classes import ClassAction, ClassStatus, ClassStep, CourseClass
from db.enrolments import Enrolment, EnrolmentAction, EnrolmentStatus, EnrolmentStep
from services import attendance, claims, class_corrections, classes, completion, enrolments
from services.attendance import Marks
from services.class_corrections import Corrected
from services.completion import Undecided
from services.errors import DomainError, WrongStatus
from services.permissions import Actor
from tests import classes as invented
from tests import factories
from tests.services import taught as over
from tests.services.racing import at_once, refused
from tests.services.taught import Taught

ALL, HALF = (True, True), (True, False)


def colleague(taught: Taught) -> Actor:
    with transaction() as session:
        return factories.actor_of(session, invented.create_trainer(session, taught.provider))


def at_the_same_time(*calls: Callable[[], object]) -> list[type[DomainError] | None]:
    """Calls that open their own transactions; how each was refused, if it was."""
    barrier = Barrier(len(calls))

    def started(call: Callable[[], object]) -> type[DomainError] | None:
        barrier.wait()
        try:
            call()
        except DomainError as refusal:
            return type(refusal)
        return None

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(started, calls))


def post(taught: Taught, actor: Actor) -> Callable[[], object]:
    return lambda: completion.post(transaction, actor, taught.course_class.id)


def test_two_who_press_at_once_post_everybody_once() -> None:
    taught, people = over.new(*[ALL] * 6)
    outcomes = at_the_same_time(post(taught, taught.trainer), post(taught, colleague(taught)))
    # Whoever comes when the other has just finished is told so.
    assert set(outcomes) <= {None, WrongStatus}
    assert None in outcomes
    with reading() as session:
        assert Counter(session.scalars(select(Claim.enrolment_id))) == Counter(each.id for each in people)
        assert Counter(session.scalars(select(EnrolmentStep.enrolment_id))) == Counter(each.id for each in people)
        assert session.scalars(select(ClassStep.action)).all() == [ClassAction.COMPLETE]
        assert session.get_one(CourseClass, taught.course_class.id).status is ClassStatus.COMPLETED


def test_what_is_cancelled_while_it_is_posted_is_either_posted_or_cancelled() -> None:
    taught, people = over.new(*[ALL] * 3)
    seen, other = taught.course_class.version, colleague(taught)

    def cancel() -> None:
        with transaction() as session:
            classes.act(
                session, other, taught.course_class.id, ClassAction.CANCEL, seen=seen, opinion="教师生病，班次取消"
            )

    at_the_same_time(post(taught, taught.trainer), cancel)
    with reading() as session:
        status = session.get_one(CourseClass, taught.course_class.id).status
        posted = len(session.scalars(select(Claim.id)).all())
    assert (status, posted) in {(ClassStatus.COMPLETED, len(people)), (ClassStatus.CANCELLED, 0)}


def test_whoever_is_taken_out_while_hours_are_posted_has_either_hours_or_none() -> None:
    taught, (enrolment,) = over.new(ALL)
    other = colleague(taught)

    def remove() -> None:
        with transaction() as session:
            enrolments.act(
                session, other, enrolment.id, EnrolmentAction.REMOVE, seen=enrolment.version, opinion="中途退班"
            )

    at_the_same_time(post(taught, taught.trainer), remove)
    found = over.stored(enrolment).status, len(over.claims_of(enrolment))
    assert found in {(EnrolmentStatus.COMPLETED, 1), (EnrolmentStatus.CANCELLED, 0)}


def test_attendance_registered_while_hours_are_posted_is_counted_or_refused() -> None:
    taught, (enrolment,) = over.new(HALF)
    other, last = colleague(taught), taught.sessions[-1]

    def register() -> None:
        with transaction() as session:
            attendance.register(session, other, taught.course_class.id, {enrolment.id: Marks({last: True})})

    _posted, registered = at_the_same_time(post(taught, taught.trainer), register)
    assert registered in {None, WrongStatus}
    hours = [claim.hours_awarded for claim in over.claims_of(enrolment)]
    assert hours == ([] if registered else [Decimal(8)])


def test_a_class_in_which_somebody_is_reconsidered_meanwhile_goes_on_until_he_is_decided_about() -> None:
    taught, (enrolment,) = over.new(ALL)
    other = colleague(taught)
    with transaction() as session:
        declined = over.accept(session, taught)
        declined.status = EnrolmentStatus.DECLINED
    class_id = taught.course_class.id

    def decide(action: EnrolmentAction) -> None:
        with transaction() as session:
            seen = session.get_one(Enrolment, declined.id).version
            enrolments.act(session, other, declined.id, action, seen=seen, opinion="重新核对")

    with pytest.raises(Undecided):
        completion.post(
            transaction,
            taught.trainer,
            class_id,
            on_progress=lambda _done, _total: decide(EnrolmentAction.RECONSIDER),
        )
    assert over.stored_class(taught).status is ClassStatus.CLOSED
    decide(EnrolmentAction.DECLINE)
    assert completion.post(transaction, taught.trainer, class_id) == 0
    assert over.stored_class(taught).status is ClassStatus.COMPLETED
    assert len(over.claims_of(enrolment)) == 1


def test_two_corrections_at_once_leave_one_claim() -> None:
    taught, (enrolment,) = over.new(ALL)
    completion.post(transaction, taught.trainer, taught.course_class.id)
    with transaction() as session:
        session.get_one(CourseClass, taught.course_class.id).attendance_needed = 10
    seen, other, first = over.stored(enrolment).version, colleague(taught), taught.sessions[0]

    def correct(actor: Actor) -> Callable[..., object]:
        return lambda session: class_corrections.correct(
            session,
            actor,
            taught.course_class.id,
            enrolment.id,
            Corrected([first]),
            opinion="第二天请假",
            seen=seen,
        )

    assert at_once(correct(taught.trainer), correct(other)) == [False, True]
    assert [claim.status for claim in over.claims_of(enrolment)] == [ClaimStatus.REVOKED, ClaimStatus.APPROVED]


def test_what_is_corrected_while_a_supervisor_revokes_it_never_comes_back() -> None:
    taught, (enrolment,) = over.new(ALL)
    completion.post(transaction, taught.trainer, taught.course_class.id)
    with transaction() as session:
        session.get_one(CourseClass, taught.course_class.id).attendance_needed = 10
        supervisor = factories.actor_of(session, factories.create_supervisor(session))
    (claim,), seen = over.claims_of(enrolment), over.stored(enrolment).version
    outcomes = {}

    def revoke() -> None:
        outcomes["revoke"] = refused(
            lambda session: claims.act(
                session, supervisor, claim.id, ClaimAction.REVOKE, seen=claim.version, opinion="签到不实"
            )
        )

    def correct() -> None:
        outcomes["correct"] = refused(
            lambda session: class_corrections.correct(
                session,
                taught.trainer,
                taught.course_class.id,
                enrolment.id,
                Corrected([taught.sessions[0]]),
                opinion="第二天请假",
                seen=seen,
            )
        )

    at_the_same_time(revoke, correct)
    statuses = [each.status for each in over.claims_of(enrolment)]
    if outcomes["revoke"]:
        assert (outcomes["correct"], statuses) == (False, [ClaimStatus.REVOKED, ClaimStatus.APPROVED])
    else:
        assert (outcomes["correct"], statuses) == (True, [ClaimStatus.REVOKED])
