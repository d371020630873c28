"""The event log: one chain, whoever writes at the same time, and no silent change."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, select, text

from db import reading, transaction
from db.accounts import Account
from db.events import FIRST_HASH, Event, EventHead
from services.events import ChainCheck, check_chain, record
from services.permissions import SYSTEM
from tests.database import unguarded
from tests.factories import create_account

WRITERS, EACH = 16, 5


@pytest.fixture
def account() -> Account:
    with transaction() as session:
        return create_account(session)


def write(account: Account, count: int = 1) -> None:
    for number in range(count):
        with transaction() as session:
            record(session, SYSTEM, "account.tested", account, after={"number": number, "name": "林知夏"})


def checked() -> ChainCheck:
    with reading() as session:
        return check_chain(session)


def test_an_empty_log_is_intact() -> None:
    assert checked() == ChainCheck(events=0, head=FIRST_HASH)


def test_every_event_is_chained_to_the_one_before(account: Account) -> None:
    write(account, 3)
    with reading() as session:
        events = session.scalars(select(Event).order_by(Event.id)).all()
    assert [event.id for event in events] == [1, 2, 3]
    assert [event.previous_hash for event in events] == [FIRST_HASH, events[0].hash, events[1].hash]
    assert checked() == ChainCheck(events=3, head=events[-1].hash)


def test_the_events_of_one_transaction_follow_each_other(account: Account) -> None:
    with transaction() as session:
        for action in ("account.first", "account.second"):
            record(session, SYSTEM, action, account)
    with reading() as session:
        actions = session.scalars(select(Event.action).order_by(Event.id)).all()
    assert actions == ["account.first", "account.second"]
    assert checked().intact


def test_a_rollback_leaves_no_event(account: Account) -> None:
    def change_of_mind() -> None:
        with transaction() as session:
            record(session, SYSTEM, "account.tested", account)
            raise KeyError("changed my mind")

    with pytest.raises(KeyError):
        change_of_mind()
    assert checked().events == 0
    write(account)
    assert checked() == ChainCheck(events=1, head=checked().head)


def test_writers_at_the_same_time_make_one_chain_without_gaps(account: Account) -> None:
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, [account] * WRITERS, [EACH] * WRITERS))
    with reading() as session:
        ids = session.scalars(select(Event.id).order_by(Event.id)).all()
        head = session.scalars(select(EventHead)).one()
    assert list(ids) == list(range(1, WRITERS * EACH + 1))
    assert checked() == ChainCheck(events=WRITERS * EACH, head=head.hash)


@pytest.mark.parametrize(
    ("statement", "first_broken"),
    [
        ("UPDATE event SET actor_name = 'somebody else' WHERE id = 3", 3),
        ("""UPDATE event SET "after" = '{"number": 99}' WHERE id = 4""", 4),
        ("UPDATE event SET previous_hash = repeat_hash WHERE id = 2", 2),
        ("DELETE FROM event WHERE id = 2", 2),
        ("DELETE FROM event WHERE id = 5", 5),
        ("DELETE FROM event", 1),
        ("UPDATE event_head SET last_event_id = 4", 6),
        ("UPDATE event SET id = 9 WHERE id = 5", 5),
    ],
)
def test_tampering_is_found_and_the_first_broken_link_named(
    database: Engine, account: Account, statement: str, first_broken: int
) -> None:
    write(account, 5)
    with unguarded(database) as connection:
        connection.execute(text(statement.replace("repeat_hash", f"'{FIRST_HASH[:-1]}1'")))
    found = checked()
    assert not found.intact
    assert found.broken_id == first_broken


def test_a_forged_event_with_a_hash_of_its_own_breaks_the_next_link(database: Engine, account: Account) -> None:
    write(account, 3)
    with reading() as session:
        forged = session.get_one(Event, 2)
    forged.actor_name = "somebody else"
    with unguarded(database) as connection:
        change = text("UPDATE event SET actor_name = :name, hash = :hash WHERE id = 2")
        connection.execute(change, {"name": forged.actor_name, "hash": forged.computed_hash()})
    assert checked().broken_id == 3


def test_a_check_beside_writers_raises_no_false_alarm(account: Account) -> None:
    write(account, 20)
    with ThreadPoolExecutor(4) as pool:
        writing = [pool.submit(write, account, 20) for _ in range(3)]
        checks = [checked() for _ in range(20)]
        for done in writing:
            done.result()
    assert [check.broken_id for check in checks] == [None] * 20
