"""A job that only one process on any machine may do at a time: whoever holds the lease does it."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from db.dialects import insert_or_update
from db.session import UnitOfWork
from db.statistics import Lease
from services.clock import now
from services.errors import N_, DomainError


class LeaseLost(DomainError):
    message = N_("另一个进程已接手此任务，本次运行停止。")


def new_holder() -> str:
    return secrets.token_hex(16)


def acquire(session: Session, name: str, holder: str, time: timedelta) -> bool:
    """Take the lease if it is free, its holder let it expire, or a clock that was far ahead would keep it for long."""
    new = insert_or_update(session, Lease)
    session.execute(new.values(name=name, holder="", expires_at=now()).on_conflict_do_nothing())
    over = (Lease.expires_at <= now()) | (Lease.expires_at > now() + 2 * time)
    free = (Lease.name == name) & (over | (Lease.holder == ""))
    return _set(session, free, holder, time)


def renew(session: Session, name: str, holder: str, time: timedelta) -> None:
    """Raises LeaseLost when somebody else took over in the meantime."""
    if not _set(session, (Lease.name == name) & (Lease.holder == holder), holder, time):
        raise LeaseLost


def release(session: Session, name: str, holder: str) -> None:
    mine = (Lease.name == name) & (Lease.holder == holder)
    session.execute(update(Lease).where(mine).values(holder="", expires_at=now()))


@contextmanager
def held(transaction: UnitOfWork, name: str, time: timedelta, taken: type[DomainError]) -> Iterator[str]:
    """For as long as the block goes on; its holder. Raises `taken` when another process has the lease."""
    holder = new_holder()
    with transaction() as session:
        if not acquire(session, name, holder, time):
            raise taken
    try:
        yield holder
    finally:
        with transaction() as session:
            release(session, name, holder)


def is_held(session: Session, name: str) -> bool:
    held = Lease.name == name, Lease.holder != "", Lease.expires_at > now()
    return session.scalar(select(Lease.name).where(*held)) is not None


def _set(session: Session, condition: ColumnElement[bool], holder: str, time: timedelta) -> bool:
    taken = session.execute(
        update(Lease).where(condition).values(holder=holder, expires_at=now() + time).returning(Lease.name)
    )
    return taken.scalar() is not None
