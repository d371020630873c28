"""The queue of a class, and what is decided about many of it at once."""

from datetime import timedelta

import pytest

from db import reading, transaction
from db.enrolments import Enrolment, EnrolmentAction, EnrolmentStatus
from db.people import Person
from services import class_selection, enrolment_review
from services.clock import today
from services.enrolments import NoSeatFree
from services.errors import InvalidField, NotFound, PermissionDenied, WrongStatus
from services.permissions import Actor
from tests import classes, factories
from tests.services import taught as over
from tests.services.taught import Taught

A, S = EnrolmentAction, EnrolmentStatus


def planned(*statuses: EnrolmentStatus, capacity: int = 30) -> tuple[Taught, list[Enrolment]]:
    """A class that begins in ten days, with somebody in each status, one minute after the other."""
    with transaction() as session:
        taught = over.create(session)
        held = classes.create_class(session, taught.provider, capacity=capacity)
        people = []
        for minutes, status in enumerate(statuses):
            person = factories.create_person(session, employer=taught.employer)
            enrolment = classes.create_enrolment(session, held, person, employer=taught.employer, status=status)
            enrolment.applied_at += timedelta(minutes=minutes)
            if enrolment.waiting_since:
                enrolment.waiting_since += timedelta(minutes=minutes)
            people.append(enrolment)
        return taught._replace(course_class=held), people


def seen(*enrolments: Enrolment) -> dict[int, int]:
    return {each.id: each.version for each in enrolments}


def decide(taught: Taught, action: EnrolmentAction, chosen: dict[int, int], opinion: str = "") -> dict[int, type]:
    outcomes = enrolment_review.decide(transaction, taught.trainer, chosen, action, opinion=opinion)
    return {each.number: type(each.refusal) for each in outcomes if each.refusal}


def statuses(*enrolments: Enrolment) -> list[EnrolmentStatus]:
    return [over.stored(each).status for each in enrolments]


def taken(taught: Taught) -> int:
    return over.stored_class(taught).taken


def test_each_is_decided_or_refused_by_itself() -> None:
    taught, (first, changed, waiting, last) = planned(S.APPLIED, S.APPLIED, S.WAITLISTED, S.APPLIED)
    _, (stranger,) = planned(S.APPLIED)
    chosen = seen(first, changed, waiting, stranger, last)
    with transaction() as session:
        session.get_one(Enrolment, changed.id).opinion = "同事写了意见"
    assert decide(taught, A.ACCEPT, chosen) == {
        changed.id: WrongStatus,
        waiting.id: WrongStatus,
        stranger.id: NotFound,
    }
    assert statuses(first, changed, waiting, stranger, last) == [
        S.ACCEPTED,
        S.APPLIED,
        S.WAITLISTED,
        S.APPLIED,
        S.ACCEPTED,
    ]


def test_declining_many_offers_their_seats_to_those_who_wait() -> None:
    taught, (first, second, waiting) = planned(S.APPLIED, S.APPLIED, S.WAITLISTED, capacity=2)
    assert decide(taught, A.DECLINE, seen(first, second), "不属于培训对象") == {}
    assert statuses(first, second, waiting) == [S.DECLINED, S.DECLINED, S.WAITLISTED]
    assert over.stored(waiting).offered_until is not None
    assert taken(taught) == 1


def test_declining_without_a_reason_is_refused_before_the_first_row() -> None:
    taught, (enrolment,) = planned(S.APPLIED)
    with pytest.raises(InvalidField):
        decide(taught, A.DECLINE, seen(enrolment), " ")
    assert statuses(enrolment) == [S.APPLIED]


def test_a_decline_is_taken_back_while_a_seat_is_free_and_not_otherwise() -> None:
    taught, (declined, other) = planned(S.DECLINED, S.APPLIED, capacity=1)
    assert decide(taught, A.RECONSIDER, seen(declined)) == {declined.id: NoSeatFree}
    assert decide(taught, A.DECLINE, seen(other), "名额调整") == {}
    assert decide(taught, A.RECONSIDER, seen(declined)) == {}
    assert (statuses(declined), taken(taught)) == ([S.APPLIED], 1)


def test_somebody_who_does_not_run_classes_decides_nothing() -> None:
    _taught, (enrolment,) = planned(S.APPLIED)
    with transaction() as session:
        person = factories.actor_for(session, session.get_one(Person, enrolment.person_id))
    with pytest.raises(PermissionDenied):
        enrolment_review.decide(transaction, person, seen(enrolment), A.ACCEPT)


def queue(taught: Taught, status: EnrolmentStatus, *, text: str = "", after: int = 0) -> list[int]:
    with reading() as session:
        page = enrolment_review.queue(
            session, taught.trainer, taught.course_class.id, status=status, text=text, after_id=after
        )
        return [each.id for each in page]


@pytest.mark.parametrize("status", [S.APPLIED, S.WAITLISTED])
def test_a_queue_is_in_the_order_of_enrolling_and_goes_on_where_the_page_ended(status: EnrolmentStatus) -> None:
    taught, people = planned(status, status, status)
    with transaction() as session:
        last = session.get_one(Enrolment, people[0].id)
        last.applied_at += timedelta(hours=1)
        if last.waiting_since:
            last.waiting_since += timedelta(hours=1)
    assert queue(taught, status) == [people[1].id, people[2].id, people[0].id]
    assert queue(taught, status, after=people[1].id) == [people[2].id, people[0].id]


def test_the_place_on_the_waiting_list_counts_everybody_before() -> None:
    taught, people = planned(*[S.WAITLISTED] * 3)
    with reading() as session:
        page = enrolment_review.queue(
            session, taught.trainer, taught.course_class.id, status=S.WAITLISTED, after_id=people[0].id
        )
        assert enrolment_review.places(session, page) == {people[1].id: 2, people[2].id: 3}
        assert enrolment_review.places(session, []) == {}


def test_a_class_of_another_provider_has_no_queue() -> None:
    taught, _ = planned(S.APPLIED)
    other, _ = planned()
    with pytest.raises(NotFound), reading() as session:
        enrolment_review.queue(session, other.trainer, taught.course_class.id, status=S.APPLIED)
    with pytest.raises(NotFound), reading() as session:
        enrolment_review.counts(session, other.trainer, taught.course_class.id)


def waiting(actor: Actor) -> tuple[int | None, int | None]:
    with reading() as session:
        asked = class_selection.waiting_to_review(actor), class_selection.waiting_to_complete(actor)
        return session.scalar(asked[0]), session.scalar(asked[1])


def test_what_waits_is_counted_for_its_provider_alone() -> None:
    taught, _ = planned(S.APPLIED, S.APPLIED, S.WAITLISTED, S.ACCEPTED)
    other, _ = planned()
    assert waiting(taught.trainer) == (2, 1)  # and the class that is over
    assert waiting(other.trainer) == (0, 1)


def test_the_named_class_is_offered_however_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(class_selection, "MOST_OFFERED", 1)
    taught, _ = planned(S.APPLIED)
    with transaction() as session:
        old = classes.create_class(session, taught.provider, starts=today() - timedelta(days=100))
        strange = classes.create_class(session, classes.create_provider(session))
    with reading() as session:
        first = [each.id for each in class_selection.to_review(session, taught.trainer)]
        named = [each.id for each in class_selection.to_review(session, taught.trainer, old.id)]
        stranger = [each.id for each in class_selection.to_review(session, taught.trainer, strange.id)]
    assert (first, named, stranger) == (
        [taught.course_class.id],
        [taught.course_class.id, old.id],
        [taught.course_class.id],
    )
