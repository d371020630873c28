"""Counts in memory how long pages take, and adds it to the database once a minute."""

from collections import Counter
from threading import Lock

from sqlalchemy.exc import SQLAlchemyError

from db import transaction
from services import page_times
from services.page_times import Place

_lock = Lock()
_counted: Counter[Place] = Counter()


def note(page: str, milliseconds: float) -> None:
    with _lock:
        _counted[page_times.place(page, milliseconds)] += 1


def store() -> None:
    """What cannot be stored now is kept for the next time. Raises SQLAlchemyError."""
    with _lock:
        taken = _counted.copy()
        _counted.clear()
    try:
        with transaction() as session:
            page_times.store(session, taken)
    except SQLAlchemyError:
        with _lock:
            _counted.update(taken)
        raise
