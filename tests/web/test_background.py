"""What the running application does by itself."""

import ast
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from db import reading, transaction
from db.accounts import Attempt, AttemptKind, Role
from db.events import Event
from db.operations import JobRun
from db.statistics import RunStatus, StatisticsRun
from services import clock, job_runs
from services.clock import now
from services.errors import DomainError
from services.events import check_chain, record
from services.permissions import SYSTEM, Actor, Scope
from tests import factories
from tests.source import dotted, nodes, sources
from web import background
from web.background import Job


def runs() -> dict[str, JobRun]:
    with reading() as session:
        return dict(job_runs.list_runs(session, Actor(1, "管理员", scopes=(Scope(Role.ADMINISTRATOR),))))


def test_each_turn_of_a_job_is_noted_with_its_failure_and_its_report(caplog: pytest.LogCaptureFixture) -> None:
    class Refused(DomainError):
        message = "not now"

    def fail() -> None:
        raise OSError("disk full")

    def refuse() -> None:
        raise Refused

    for name, run in (("fails", fail), ("refuses", refuse), ("reports", lambda: {"attempts": 3})):
        background.run_once(Job(name, "", run, timedelta(minutes=1)))
    noted = runs()
    assert noted["fails"].incident in caplog.text
    assert noted["fails"].failed_at == noted["fails"].started_at
    assert (noted["refuses"].incident, noted["refuses"].failed_at) == ("", None)
    assert (noted["reports"].report, noted["reports"].reported_at) == ({"attempts": 3}, noted["reports"].started_at)


def test_a_turn_that_cannot_be_noted_is_reported_and_the_next_one_comes(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_arguments: object) -> None:
        raise OperationalError("INSERT", {}, Exception("no database"))

    monkeypatch.setattr(job_runs, "note", fail)
    background.run_once(Job("seats", "", lambda: None, timedelta(minutes=1)))
    assert "OperationalError" in caplog.text


def test_no_two_jobs_share_a_name_and_each_fits_its_column() -> None:
    names = [job.name for job in background.JOBS]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= 32


@pytest.mark.parametrize("days", [1, 181, 400, 4000])
def test_no_job_takes_an_event_away_however_old_it_is(days: int) -> None:
    """The law asks for six months at least; this system keeps the whole chain."""
    with transaction() as session:
        account = factories.create_account(session)
        for _ in range(3):
            record(session, SYSTEM, "sign_in", account)
        session.add(Attempt(kind=AttemptKind.SIGN_IN, key="x", address="", at=now(), succeeded=False))
    before = events_in_the_log()
    with clock.at(now() + timedelta(days=days)):
        for job in background.JOBS:
            background.run_once(job)
    assert events_in_the_log()[: len(before)] == before
    with reading() as session:
        assert check_chain(session).intact


def events_in_the_log() -> list[tuple[int, str]]:
    with reading() as session:
        return [(event.id, event.hash) for event in session.scalars(select(Event).order_by(Event.id))]


def test_no_service_writes_a_deletion_of_events() -> None:
    for source in (*sources("services"), *sources("web"), *sources("pages")):
        for call in nodes(source.tree, ast.Call):
            named = {dotted(each) for each in (*call.args, *(keyword.value for keyword in call.keywords))}
            removes = dotted(call.func).rpartition(".")[2] in {"delete", "update"}
            assert not (removes and "Event" in named), source.path


def test_its_jobs_compute_the_statistics_and_sweep_the_house() -> None:
    with transaction() as session:
        for days in (3, 0):
            at = now() - timedelta(days=days)
            session.add(Attempt(kind=AttemptKind.SIGN_IN, key="x", address="", at=at, succeeded=False))
    for job in background.JOBS:
        background.run_once(job)
    with reading() as session:
        assert session.scalars(select(StatisticsRun.status)).all() == [RunStatus.FINISHED]
        assert len(session.scalars(select(Attempt)).all()) == 1
