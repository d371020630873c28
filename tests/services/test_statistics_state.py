"""Whether the statistics are on time, as administrators and supervisors are told."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from db import transaction
from db.accounts import Role
from db.statistics import RunStatus, StatisticsRun
from services import clock, leases, statistics, statistics_state, to_do
from services.errors import PermissionDenied
from services.permissions import SYSTEM
from services.statistics import LEASE
from services.statistics_state import GRACE, Punctuality
from services.to_do import ToDo
from tests import factories


def add(session: Session, status: RunStatus, *, ago: timedelta = timedelta(0)) -> StatisticsRun:
    run = StatisticsRun(started_by="系统", started_at=clock.now() - ago, status=status)
    session.add(run)
    session.flush()
    return run


def told(session: Session, role: Role) -> dict[ToDo, int]:
    if role is Role.SUPERVISOR:
        account = factories.create_supervisor(session)
    else:
        account = factories.create_account(session, role)
    return to_do.counts(session, factories.actor_of(session, account))


BAD = {Punctuality.LATE, Punctuality.FAILED}
A_DAY = timedelta(hours=24)


@pytest.mark.parametrize(
    ("runs", "punctuality"),
    [
        ([], Punctuality.NEVER),
        ([(RunStatus.FINISHED, timedelta(hours=1))], Punctuality.ON_TIME),
        ([(RunStatus.FINISHED, A_DAY + GRACE - timedelta(minutes=1))], Punctuality.ON_TIME),
        ([(RunStatus.FINISHED, A_DAY + GRACE + timedelta(minutes=1))], Punctuality.LATE),
        ([(RunStatus.FINISHED, timedelta(hours=2)), (RunStatus.FAILED, timedelta(hours=1))], Punctuality.FAILED),
        ([(RunStatus.FAILED, timedelta(hours=2)), (RunStatus.FINISHED, timedelta(hours=1))], Punctuality.ON_TIME),
        ([(RunStatus.FAILED, timedelta(hours=2))], Punctuality.FAILED),
    ],
)
def test_a_late_or_failed_run_is_told_to_those_who_must_know(
    open_session: Session, runs: list[tuple[RunStatus, timedelta]], punctuality: Punctuality
) -> None:
    for status, ago in runs:
        add(open_session, status, ago=ago)
    assert statistics_state.state(open_session).punctuality is punctuality
    expected = 1 if punctuality in BAD else None
    assert told(open_session, Role.SUPERVISOR).get(ToDo.STATISTICS_LATE) == expected
    assert told(open_session, Role.ADMINISTRATOR).get(ToDo.STATISTICS_TO_CHECK) == expected
    assert not {ToDo.STATISTICS_LATE, ToDo.STATISTICS_TO_CHECK} & set(told(open_session, Role.ANALYST))


def test_a_run_at_work_is_no_fault_and_one_that_died_is(open_session: Session) -> None:
    add(open_session, RunStatus.FINISHED, ago=timedelta(hours=24))
    add(open_session, RunStatus.RUNNING)
    assert leases.acquire(open_session, LEASE, "a process", timedelta(minutes=10))
    assert statistics_state.state(open_session).punctuality is Punctuality.RUNNING
    with clock.at(clock.now() + timedelta(minutes=11)):
        assert statistics_state.state(open_session).punctuality is Punctuality.FAILED


def test_the_next_run_is_due_a_day_after_the_last_one_began(open_session: Session) -> None:
    last = add(open_session, RunStatus.FINISHED, ago=timedelta(hours=3))
    assert statistics_state.state(open_session).next_at == last.started_at + timedelta(hours=24)


def test_the_runs_are_listed_newest_first_for_administrators_alone() -> None:
    numbers = [statistics.recompute(transaction, SYSTEM) for _ in range(2)]
    with transaction() as session:
        administrator = factories.actor_of(session, factories.create_account(session, Role.ADMINISTRATOR))
        supervisor = factories.actor_of(session, factories.create_supervisor(session))
        listed = statistics_state.list_runs(session, administrator)
        assert [run.id for run in listed] == numbers[::-1]
        (older,) = statistics_state.list_runs(session, administrator, after_id=numbers[1])
        assert older.id == numbers[0]
        with pytest.raises(PermissionDenied):
            statistics_state.list_runs(session, supervisor)
