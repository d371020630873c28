"""Clicks at the same moment, each in a transaction of its own, as `web.command` makes it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from db import Base, reading, transaction
from services.errors import DomainError

Call = Callable[[Session], object]


def refused(call: Call) -> bool:
    """What `web.command` makes of a click; any other error would be an incident."""
    try:
        with transaction() as session:
            call(session)
    except (DomainError, StaleDataError):
        return True
    return False


def at_once(*calls: Call) -> list[bool]:
    """Run them in threads that start together; which were refused, sorted."""
    barrier = Barrier(len(calls))

    def started(call: Call) -> bool:
        barrier.wait()
        return refused(call)

    with ThreadPoolExecutor(len(calls)) as threads:
        return sorted(threads.map(started, calls))


def count(table: type[Base]) -> int | None:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(table))
