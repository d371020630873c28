"""Who may take which step of an enrolment from which status, and what becomes of its seat."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from db.accounts import Role
from db.classes import ClassStatus, CourseClass
from db.enrolments import Enrolment, EnrolmentAction, EnrolmentStatus
from db.organisations import Organisation
from db.people import Person
from services import enrolment_moves, enrolments
from services.clock import now
from services.errors import NotFound, PermissionDenied, WrongStatus
from services.permissions import Actor
from tests import classes, factories

A, S = EnrolmentAction, EnrolmentStatus
PARTICIPANT, TRAINER = "the participant", "somebody of the provider"
# Somebody on the waiting list whom a seat is held for.
OFFERED = "offered"
STATES = [*EnrolmentStatus, OFFERED]
HOLDS_A_SEAT = {*classes.HOLDS_A_SEAT, OFFERED}
TABLE = {
    (PARTICIPANT, S.APPLIED, A.CANCEL): S.CANCELLED,
    (PARTICIPANT, S.ACCEPTED, A.CANCEL): S.CANCELLED,
    (PARTICIPANT, S.WAITLISTED, A.CANCEL): S.CANCELLED,
    (PARTICIPANT, OFFERED, A.CANCEL): S.CANCELLED,
    (PARTICIPANT, OFFERED, A.TAKE): S.APPLIED,
    (TRAINER, S.APPLIED, A.ACCEPT): S.ACCEPTED,
    (TRAINER, S.APPLIED, A.DECLINE): S.DECLINED,
    (TRAINER, S.WAITLISTED, A.DECLINE): S.DECLINED,
    (TRAINER, OFFERED, A.DECLINE): S.DECLINED,
    (TRAINER, S.ACCEPTED, A.RECONSIDER): S.APPLIED,
    (TRAINER, S.DECLINED, A.RECONSIDER): S.APPLIED,
    (TRAINER, S.ACCEPTED, A.REMOVE): S.CANCELLED,
}
# What is taken in other ways than one by one: enrolling, posting hours, and the whole class at once.
OTHERWISE = set(EnrolmentAction) - enrolments.ONE_BY_ONE


def cast(session: Session, employer: Organisation, provider: Organisation) -> dict[str, Actor]:
    """Everybody who might try, each as the database knows him."""
    participant = factories.create_person(session, employer=employer)
    elsewhere = classes.create_trainer(session, classes.create_provider(session))
    colleague = factories.create_person(session, employer=employer)
    own = factories.actor_for(session, participant)
    return {
        PARTICIPANT: own,
        TRAINER: factories.actor_of(session, classes.create_trainer(session, provider)),
        "a colleague": factories.actor_for(session, colleague),
        "the employer": factories.actor_of(session, factories.create_reviewer(session, employer)),
        "another provider": factories.actor_of(session, elsewhere),
        "a supervisor": factories.actor_of(session, factories.create_supervisor(session)),
        "an analyst": factories.actor_of(session, factories.create_account(session, Role.ANALYST)),
        "an administrator": factories.actor_of(session, factories.create_account(session, Role.ADMINISTRATOR)),
        "the participant with an initial password": replace(own, must_change_password=True),
    }


def enrolled(session: Session, provider: Organisation, person: Person, employer: Organisation, state: str) -> Enrolment:
    """In a class of its own, loaded as the pages load it."""
    offered_until = now() + timedelta(hours=1) if state == OFFERED else None
    status = S.WAITLISTED if state == OFFERED else S(state)
    enrolment = classes.create_enrolment(
        session,
        classes.create_class(session, provider, capacity=1),
        person,
        employer=employer,
        status=status,
        offered_until=offered_until,
    )
    return enrolments.get(session, factories.actor_for(session, person), enrolment.id)


def test_every_role_in_every_status_may_take_exactly_the_steps_of_the_table(
    open_session: Session, employer: Organisation
) -> None:
    provider = classes.create_provider(open_session)
    actors = cast(open_session, employer, provider)
    person = open_session.get_one(Person, actors[PARTICIPANT].person_id)
    taken = {}
    for state in STATES:
        enrolment = enrolled(open_session, provider, person, employer, state)
        for who, actor in actors.items():
            for action in EnrolmentAction:
                before, offered = enrolment.status, action in enrolment_moves.possible_actions(actor, enrolment)
                try:
                    enrolments.act(
                        open_session, actor, enrolment.id, action, seen=enrolment.version, opinion="人数已满"
                    )
                except (PermissionDenied, NotFound, WrongStatus):
                    assert enrolment.status is before
                    assert not offered or action in OTHERWISE
                else:
                    assert offered
                    taken[who, state, action] = enrolment.status
                    assert enrolment.course_class.taken == (enrolment.status in HOLDS_A_SEAT)
                    enrolment = enrolled(open_session, provider, person, employer, state)
    assert taken == TABLE


@pytest.mark.parametrize("status", sorted({ClassStatus.COMPLETED, ClassStatus.CANCELLED}))
def test_a_class_that_is_over_lets_nobody_take_a_step(
    open_session: Session, employer: Organisation, person: Person, status: ClassStatus
) -> None:
    provider = classes.create_provider(open_session)
    enrolment = enrolled(open_session, provider, person, employer, S.APPLIED)
    open_session.get_one(CourseClass, enrolment.class_id).status = status
    actors = (
        factories.actor_for(open_session, person),
        factories.actor_of(open_session, classes.create_trainer(open_session, provider)),
    )
    for actor, action in zip(actors, (A.CANCEL, A.ACCEPT), strict=True):
        assert action not in enrolment_moves.possible_actions(actor, enrolment)
        with pytest.raises(WrongStatus):
            enrolments.act(open_session, actor, enrolment.id, action, seen=enrolment.version)


def test_nobody_decides_about_himself_and_is_told_so(open_session: Session, employer: Organisation) -> None:
    provider = classes.create_provider(open_session)
    account = classes.create_trainer(open_session, provider)
    person = factories.create_person(open_session, employer=employer, account=account)
    actor = factories.actor_of(open_session, account)
    enrolment = enrolled(open_session, provider, person, employer, S.APPLIED)
    assert enrolment_moves.possible_actions(actor, enrolment) == [A.CANCEL]
    with pytest.raises(enrolment_moves.OwnEnrolment):
        enrolments.act(open_session, actor, enrolment.id, A.ACCEPT, seen=enrolment.version)
