"""What somebody tried without being allowed to is in the log, and a flood of it is not."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from db import reading, transaction
from db.accounts import Account
from db.events import Event
from services import clock, events, refusals
from services.clock import now
from services.errors import NotFound, PermissionDenied, WrongStatus
from services.permissions import Actor, visitor
from services.throttle import TooManyAttempts
from tests import factories


def new_actor() -> Actor:
    with transaction() as session:
        return factories.actor_of(session, factories.create_account(session))


def tries(actor: Actor, count: int) -> None:
    for number in range(count):
        with transaction() as session:
            refusals.note(session, actor, "NotFound", "claims.act", number)


def noted() -> list[Event]:
    with reading() as session:
        return list(session.scalars(select(Event).where(Event.action == refusals.ACTION).order_by(Event.id)))


def test_a_try_is_written_down_with_what_was_tried(database: Engine) -> None:
    actor = new_actor()
    tries(actor, 1)
    (event,) = noted()
    assert (event.object_type, event.object_id) == (Account.__tablename__, actor.account_id)
    assert (event.actor_id, event.actor_name) == (actor.account_id, actor.name)
    assert event.after == {"tried": "claims.act", "number": 0, "why": "NotFound"}
    with reading() as session:
        assert events.check_chain(session).intact


def test_a_flood_does_not_drown_the_log(database: Engine) -> None:
    actor, other = new_actor(), new_actor()
    tries(actor, refusals.MOST_PER_HOUR + 3)
    tries(other, 1)
    assert [event.actor_id for event in noted()] == [actor.account_id] * refusals.MOST_PER_HOUR + [other.account_id]


def test_after_an_hour_it_is_written_down_again(database: Engine) -> None:
    actor = new_actor()
    tries(actor, refusals.MOST_PER_HOUR)
    with clock.at(now() + timedelta(hours=1, seconds=1)):
        tries(actor, 1)
    assert len(noted()) == refusals.MOST_PER_HOUR + 1


def test_somebody_without_an_account_has_nothing_to_be_written_under(database: Engine) -> None:
    tries(visitor("192.0.2.1"), 1)
    assert noted() == []


@pytest.mark.no_database
def test_what_is_no_trespass_is_everyday_work() -> None:
    assert refusals.is_noted(PermissionDenied())
    assert refusals.is_noted(NotFound())
    assert not refusals.is_noted(WrongStatus())
    assert not refusals.is_noted(TooManyAttempts(minutes=1))
