"""What the running application does by itself."""

from datetime import timedelta

from sqlalchemy import select

from db import reading, transaction
from db.accounts import Attempt, AttemptKind
from db.statistics import RunStatus, StatisticsRun
from services.clock import now
from web import background


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
