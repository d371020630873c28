"""The event log as an administrator narrows it down, takes it along, and has it proven."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from db import reading, transaction
from db.accounts import Account, Role
from db.events import Event
from services import clock, event_log, events
from services.errors import PermissionDenied
from services.event_log import EVERYTHING, Wanted, WrongPeriod
from services.permissions import SYSTEM, Actor, Scope
from tests import factories
from tests.counting import CountQueries

NOON = datetime(2026, 6, 15, 4, tzinfo=UTC)  # noon in Shanghai
READER = Actor(1, "系统管理员", scopes=(Scope(Role.ADMINISTRATOR),))


def write(session: Session, account: Account, action: str, *, days: int = 0) -> None:
    with clock.at(NOON + timedelta(days=days)):
        events.record(session, factories.actor_of(session, account), action, account)


@pytest.fixture
def people() -> tuple[Account, Account]:
    with transaction() as session:
        first, second = (factories.create_account(session, username=name) for name in ("lin", "zhou"))
        first.display_name, second.display_name = "林知夏", "周明远"
    for days, (who, action) in enumerate([(first, "sign_in"), (second, "sign_in"), (first, "language_change")]):
        with transaction() as session:
            write(session, session.get_one(Account, who.id), action, days=days)
    return first, second


def found(wanted: Wanted) -> list[tuple[str, str]]:
    with reading() as session:
        return [(event.actor_name, event.action) for event in event_log.search(session, READER, wanted)]


EVERY = [("林知夏", "language_change"), ("周明远", "sign_in"), ("林知夏", "sign_in")]
DAY = NOON.date()


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (EVERYTHING, EVERY),
        (Wanted(who="lin"), [EVERY[0], EVERY[2]]),
        (Wanted(who=" LIN "), [EVERY[0], EVERY[2]]),
        (Wanted(who="周明远"), [EVERY[1]]),
        (Wanted(who="周"), []),
        (Wanted(action="sign_in"), EVERY[1:]),
        (Wanted(object_type="account"), EVERY),
        (Wanted(object_type="claim"), []),
        (Wanted(since=DAY + timedelta(days=1)), EVERY[:2]),
        (Wanted(until=DAY + timedelta(days=1)), EVERY[1:]),
        (Wanted(since=DAY, until=DAY), [EVERY[2]]),
        (Wanted(who="lin", action="sign_in"), [EVERY[2]]),
    ],
    ids=str,
)
@pytest.mark.usefixtures("people")
def test_what_is_asked_for_is_found_the_newest_first(wanted: Wanted, expected: list[tuple[str, str]]) -> None:
    assert found(wanted) == expected


def test_a_period_is_read_by_time_page_by_page(
    people: tuple[Account, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction() as session:  # stored last, by a process whose clock is slow
        write(session, session.get_one(Account, people[1].id), "account_test", days=1)
    monkeypatch.setattr(event_log, "PAGE_SIZE", 1)
    shown: list[Event] = []
    with reading() as session:
        while page := event_log.search(session, READER, Wanted(since=DAY), after_id=shown[-1].id if shown else 0):
            shown += page
    assert [event.action for event in shown] == ["language_change", "account_test", "sign_in", "sign_in"]


def test_the_history_of_one_thing_is_found(people: tuple[Account, Account]) -> None:
    assert found(Wanted(object_type="account", object_id=people[1].id)) == [EVERY[1]]


def test_a_day_is_one_of_the_installation(people: tuple[Account, Account]) -> None:
    late = datetime(2026, 7, 1, 15, 59, tzinfo=UTC)  # a minute to midnight in Shanghai
    for moment in (late, late + timedelta(minutes=1)):
        with clock.at(moment), transaction() as session:
            events.record(session, SYSTEM, "account_test", session.get_one(Account, people[0].id))
    first, second = late.date(), late.date() + timedelta(days=1)
    assert [len(found(Wanted(since=day, until=day))) for day in (first, second)] == [1, 1]


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(WrongPeriod):
        found(Wanted(since=DAY, until=DAY - timedelta(days=1)))


def test_pages_follow_each_other_without_gap(people: tuple[Account, Account], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_log, "PAGE_SIZE", 2)
    with reading() as session:
        first = event_log.search(session, READER, EVERYTHING)
        second = event_log.search(session, READER, EVERYTHING, after_id=first[-1].id)
    assert [(event.actor_name, event.action) for event in [*first, *second]] == EVERY


def test_a_page_is_one_query(people: tuple[Account, Account], count_queries: CountQueries) -> None:
    with count_queries() as queries:
        found(Wanted(who="lin", action="sign_in", since=DAY))
    assert len(queries) == 1, queries


def test_an_export_ends_at_its_limit(people: tuple[Account, Account], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_log, "MOST_EXPORTED", 2)
    with reading() as session:
        assert [event.action for event in event_log.everything(session, READER, EVERYTHING)] == [
            "language_change",
            "sign_in",
        ]


def test_who_takes_a_part_of_the_log_along_is_in_it() -> None:
    with transaction() as session:
        account = factories.create_account(session, Role.ADMINISTRATOR)
        actor = factories.actor_of(session, account)
    with transaction() as session:
        event_log.note_export(session, actor, Wanted(action="sign_in", since=DAY))
    with reading() as session:
        (event,) = event_log.search(session, READER, Wanted(action="event_export"))
    assert (event.actor_id, event.after) == (account.id, {"action": "sign_in", "since": DAY.isoformat()})


@pytest.mark.usefixtures("people")
def test_the_chain_is_proven() -> None:
    with reading() as session:
        check = event_log.check(session, READER)
        assert (check.intact, check.events) == (True, len(session.query(Event).all()))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_reads_it(role: Role) -> None:
    other = Actor(1, "某人", scopes=(Scope(role),))
    with transaction() as session:
        for call in (
            lambda: event_log.search(session, other, EVERYTHING),
            lambda: list(event_log.everything(session, other, EVERYTHING)),
            lambda: event_log.note_export(session, other, EVERYTHING),
            lambda: event_log.check(session, other),
        ):
            with pytest.raises(PermissionDenied):
                call()
