"""Classes whose time to enrol has passed close by themselves."""

from datetime import timedelta

from sqlalchemy import select

from db import reading, transaction
from db.classes import ClassAction, ClassStatus, ClassStep, CourseClass
from services import class_closing, clock
from services.clock import now
from services.permissions import SYSTEM
from tests import classes as built


def test_what_is_due_is_closed_once_and_nothing_else() -> None:
    with transaction() as session:
        provider = built.create_provider(session)
        due = built.create_class(session, provider, enrol_until=now() + timedelta(hours=1))
        later = built.create_class(session, provider, enrol_until=now() + timedelta(hours=3))
        closed = built.create_class(session, provider, status=ClassStatus.CLOSED, enrol_until=now())
        numbers = due.id, later.id, closed.id
    with clock.at(now() + timedelta(hours=2)):
        assert class_closing.close_due(transaction) == 1
        assert class_closing.close_due(transaction) == 0
    with reading() as session:
        statuses = [session.get_one(CourseClass, number).status for number in numbers]
        steps = session.execute(select(ClassStep.class_id, ClassStep.action, ClassStep.actor_name)).all()
    assert statuses == [ClassStatus.CLOSED, ClassStatus.OPEN, ClassStatus.CLOSED]
    assert [tuple(step) for step in steps] == [(numbers[0], ClassAction.CLOSE, SYSTEM.name)]
