"""What is known of each job: its last turn, its last failure, its last report."""

from datetime import UTC, datetime, timedelta

import pytest

from db import reading, transaction
from db.accounts import Role
from db.operations import JobRun
from services import job_runs
from services.errors import PermissionDenied
from services.job_runs import Turn
from services.permissions import Actor, Scope
from tests.services.acting import refused

WATCHING = Actor(1, "管理员", scopes=(Scope(Role.ADMINISTRATOR),))
NOON = datetime(2026, 6, 15, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)


def note(*turns: Turn) -> None:
    for turn in turns:
        with transaction() as session:
            job_runs.note(session, turn)


def run(name: str = "housekeeping") -> JobRun:
    with reading() as session:
        return job_runs.list_runs(session, WATCHING)[name]


def test_the_first_turn_makes_the_row_and_later_ones_change_it() -> None:
    note(Turn("housekeeping", NOON, 40), Turn("housekeeping", NOON + HOUR, 20), Turn("seats", NOON, 1))
    assert (run().started_at, run().milliseconds, run().failed_at, run().report) == (NOON + HOUR, 20, None, None)
    assert run("seats").started_at == NOON


def test_a_turn_without_work_leaves_the_last_report_and_the_last_failure() -> None:
    note(
        Turn("housekeeping", NOON, 40, report={"attempts": 3}),
        Turn("housekeeping", NOON + HOUR, 20, incident="ABCDEFGH"),
        Turn("housekeeping", NOON + 2 * HOUR, 10),
    )
    assert (run().reported_at, run().report) == (NOON, {"attempts": 3})
    assert (run().failed_at, run().incident) == (NOON + HOUR, "ABCDEFGH")
    assert run().started_at == NOON + 2 * HOUR


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_who_watches_the_system_reads_them(role: Role) -> None:
    assert refused(job_runs.list_runs, Actor(1, "某人", scopes=(Scope(role),))) is PermissionDenied
