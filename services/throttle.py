"""Guessing is slowed down by counting tries in the database, where every process and machine sees them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from db.accounts import Attempt, AttemptKind
from db.locks import hold
from services import sealing
from services.clock import now
from services.errors import N_, DomainError


class TooManyAttempts(DomainError):
    """`minutes` is how long to wait."""

    message = N_("尝试次数过多，请稍后再试（约 %(minutes)s 分钟后）。")


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries in a window; then either a pause from the last one, or a wait until the oldest falls out."""

    tries: int
    window: timedelta
    pause: timedelta | None = None

    @property
    def memory(self) -> timedelta:
        """How far back tries can matter."""
        return self.window + (self.pause or timedelta())

    def ends(self, times: Sequence[datetime]) -> datetime | None:
        """When the next try is possible, given the newest `tries` times, newest first; None when there are fewer."""
        if len(times) < self.tries or times[0] - times[-1] > self.window:
            return None
        return times[0] + self.pause if self.pause else times[-1] + self.window


_QUARTER = timedelta(minutes=15)
_HOUR = timedelta(hours=1)
ACCOUNT_LIMIT = Limit(5, _QUARTER, pause=_QUARTER)
ADDRESS_LIMIT = Limit(50, _QUARTER, pause=_QUARTER)
CODE_LIMIT = Limit(5, _QUARTER, pause=_QUARTER)
REFUSED_REGISTRATIONS = Limit(5, _HOUR)
REGISTRATIONS = Limit(50, _HOUR)
EXPORTS = Limit(5, _HOUR)


def key_for(text: str) -> str:
    """What stands for a name in the table: people type passwords and ID numbers into the wrong field."""
    return sealing.keyed_hash("attempt", text).hex()


def count_try(session: Session, kind: AttemptKind, key: str, address: str, limit: Limit = ACCOUNT_LIMIT) -> Attempt:
    """Store a try as failed before it is judged, so that simultaneous ones cannot overtake the count.

    Raises TooManyAttempts when the key or the address has none left; that one is not counted. Without an address
    only the key's limit holds.
    """
    hold(session, f"{kind}/{key}")
    refuse_beyond(session, limit, failures_of_key(kind, key))
    if address:
        hold(session, f"{kind}@{address}")
        refuse_beyond(session, ADDRESS_LIMIT, failures_of_address(kind, address))
    return note(session, kind, key, address, succeeded=False)


def note(session: Session, kind: AttemptKind, key: str, address: str, *, succeeded: bool) -> Attempt:
    attempt = Attempt(kind=kind, key=key, address=address, at=now(), succeeded=succeeded)
    session.add(attempt)
    session.flush()
    return attempt


def failures_of_key(kind: AttemptKind, key: str) -> ColumnElement[bool]:
    """Failed tries since the last success."""
    same = and_(Attempt.kind == kind, Attempt.key == key)
    last_success = select(func.coalesce(func.max(Attempt.id), 0)).where(same, Attempt.succeeded).scalar_subquery()
    return and_(same, ~Attempt.succeeded, Attempt.id > last_success)


def successes_of_key(kind: AttemptKind, key: str) -> ColumnElement[bool]:
    return and_(Attempt.kind == kind, Attempt.key == key, Attempt.succeeded)


def failures_of_address(kind: AttemptKind, address: str) -> ColumnElement[bool]:
    return and_(Attempt.kind == kind, Attempt.address == address, ~Attempt.succeeded)


def successes_of_address(kind: AttemptKind, address: str) -> ColumnElement[bool]:
    return and_(Attempt.kind == kind, Attempt.address == address, Attempt.succeeded)


def refuse_beyond(session: Session, limit: Limit, which: ColumnElement[bool]) -> None:
    """Raises TooManyAttempts."""
    end = limit.ends([attempt.at for attempt in _newest(session, limit, which)])
    if end is not None and end > now():
        raise TooManyAttempts(minutes=ceil((end - now()) / timedelta(minutes=1)))


def used_up_by(session: Session, attempt: Attempt, limit: Limit = ACCOUNT_LIMIT) -> bool:
    """Whether this failed try, and no later one, used up the limit of its key."""
    newest = _newest(session, limit, failures_of_key(attempt.kind, attempt.key))
    return limit.ends([failure.at for failure in newest]) is not None and newest[0].id == attempt.id


def _newest(session: Session, limit: Limit, which: ColumnElement[bool]) -> Sequence[Attempt]:
    recent = select(Attempt).where(which, Attempt.at > now() - limit.memory)
    return session.scalars(recent.order_by(Attempt.at.desc(), Attempt.id.desc()).limit(limit.tries)).all()
