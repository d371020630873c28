"""Work that the running application does by itself."""

import asyncio
import logging
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
    misconduct,
    seats,
    snapshots,
    statistics,
    transfers,
)
from services.errors import DomainError
from services.permissions import SYSTEM
from web.incidents import report

logger = logging.getLogger("hourbook.background")


@dataclass(frozen=True, slots=True)
class Job:
    """`run` opens its own transactions, and settles with other processes whose turn it is."""

    name: str
    run: Callable[[], None]
    every: timedelta


def recompute_statistics() -> None:
    statistics.run_due(transaction, SYSTEM)


def keep_house() -> None:
    housekeeping.run_due(transaction)


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


JOBS = [
    Job("seats", pass_on_seats, timedelta(minutes=5)),
    Job("transfers", start_transfers, timedelta(minutes=10)),
    Job("classes", close_classes, timedelta(minutes=10)),
    Job("misconduct", end_misconduct_terms, timedelta(minutes=10)),
    Job("snapshot", make_snapshot, timedelta(minutes=10)),
    Job("statistics", recompute_statistics, timedelta(minutes=10)),
    Job("forecasts", make_forecasts, timedelta(minutes=10)),
    Job("dashboard", make_dashboard, timedelta(minutes=10)),
    Job("housekeeping", keep_house, timedelta(hours=1)),
]


async def run_jobs() -> None:
    await asyncio.gather(*(_repeat(job) for job in JOBS))


async def _repeat(job: Job) -> None:
    while True:
        await asyncio.to_thread(run_once, job)
        await asyncio.sleep(job.every.total_seconds())


def run_once(job: Job) -> None:
    """A failure is reported and does not keep the next turn from coming."""
    try:
        job.run()
    except DomainError as refusal:
        logger.info("%s: %s", job.name, type(refusal).__name__)
    except (SQLAlchemyError, OSError) as error:
        report(error)
