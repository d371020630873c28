"""The event log: one chain, whoever writes at the same time, and no silent change."""

import pytest
from sqlalchemy import select

from db import reading, transaction
from db.accounts import Account
from db.events import FIRST_HASH, Event
from services.events import check_chain, record
from services.permissions import SYSTEM
from tests.factories import create_account

WRITERS, EACH = 16, 5


def write(account: Account, count: int = 1) -> None:
    for number in range(count):
        with transaction() as session:
            record(session, SYSTEM, "account.tested", account, after={"number": number, "name": "林知夏"})


@pytest.fixture
def account() -> Account:
    with transaction() as session:
        return create_account(session)


def test_every_event_is_chained_to_the_one_before(account: Account) -> None:
    write(account, 3)
    with reading() as session:
        events = session.scalars(select(Event).order_by(Event.id)).all()
        check = check_chain(session)
    assert [event.id for event in events] == [1, 2, 3]
    assert [event.previous_hash for event in events] == [FIRST_HASH, events[0].hash, events[1].hash]
    assert (check.intact, check.events, check.head) == (True, 3, events[-1].hash)
