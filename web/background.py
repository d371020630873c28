"""Work that the running application does by itself."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from db import reading, transaction
from services import (
    class_closing,
    dashboard_run,
    forecast_run,
    housekeeping,
    job_runs,
    misconduct,
    seats,
    snapshots,
    statistics,
    transfers,
)
from services.clock import now
from services.errors import DomainError
from services.job_runs import Report, Turn
from services.permissions import SYSTEM
from web import page_times
from web.i18n import N_
from web.incidents import report
from web.run_log import running

logger = logging.getLogger("hourbook.background")


@dataclass(frozen=True, slots=True)
class Job:
    """`run` opens its own transactions, and settles with other processes whose turn it is.

    It may report what it has done, in numbers.
    """

    name: str
    title: str
    run: Callable[[], Report | None]
    every: timedelta


def recompute_statistics() -> None:
    statistics.run_due(transaction, SYSTEM)


def keep_house() -> Report | None:
    return housekeeping.run_due(transaction)


def start_transfers() -> None:
    transfers.start_due(transaction)


def pass_on_seats() -> None:
    seats.expire_due(transaction)


def close_classes() -> None:
    class_closing.close_due(transaction)


def end_misconduct_terms() -> None:
    misconduct.expire_due(transaction)


def make_snapshot() -> None:
    snapshots.make_due(reading, transaction)


def make_forecasts() -> None:
    forecast_run.make_due(reading, transaction)


def make_dashboard() -> None:
    dashboard_run.make_due(reading, transaction)


HOUSEKEEPING = "housekeeping"
JOBS = [
    Job("page_times", N_("保存页面用时"), page_times.store, timedelta(minutes=1)),
    Job("seats", N_("培训班名额递补"), pass_on_seats, timedelta(minutes=5)),
    Job("transfers", N_("人员调转生效"), start_transfers, timedelta(minutes=10)),
    Job("classes", N_("培训班到期关闭报名"), close_classes, timedelta(minutes=10)),
    Job("misconduct", N_("失信期满"), end_misconduct_terms, timedelta(minutes=10)),
    Job("snapshot", N_("历史数据快照"), make_snapshot, timedelta(minutes=10)),
    Job("statistics", N_("学时统计"), recompute_statistics, timedelta(minutes=10)),
    Job("forecasts", N_("完成预测"), make_forecasts, timedelta(minutes=10)),
    Job("dashboard", N_("学时看板"), make_dashboard, timedelta(minutes=10)),
    Job(HOUSEKEEPING, N_("每日清理"), keep_house, timedelta(hours=1)),
]


async def run_jobs() -> None:
    await asyncio.gather(*(_repeat(job) for job in JOBS))


async def _repeat(job: Job) -> None:
    while True:
        await asyncio.to_thread(run_once, job)
        await asyncio.sleep(job.every.total_seconds())


def run_once(job: Job) -> None:
    """A failure is reported and does not keep the next turn from coming."""
    with running("job", job.name) as run:
        started_at, began = now(), time.perf_counter()
        done, incident = None, ""
        try:
            done = job.run()
        except DomainError as refusal:
            run.outcome = "refused"
            logger.info("%s: %s", job.name, type(refusal).__name__)
        except (SQLAlchemyError, OSError) as error:
            run.outcome, incident = "failed", report(error)
        milliseconds = round((time.perf_counter() - began) * 1000)
        _note(Turn(job.name, started_at, milliseconds, incident, done))


def _note(turn: Turn) -> None:
    try:
        with transaction() as session:
            job_runs.note(session, turn)
    except SQLAlchemyError as error:
        report(error)
