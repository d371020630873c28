"""One click about several rows: each is decided by itself, as if it had been opened."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from db.session import UnitOfWork
from services.errors import DomainError, WrongStatus
from services.long_work import Progress, unwatched

# Takes the number of a row, and its version that the actor has seen.
Decide = Callable[[Session, int, int], object]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row."""

    number: int
    refusal: DomainError | None


def decide(
    transaction: UnitOfWork, chosen: Mapping[int, int], step: Decide, on_progress: Progress = unwatched
) -> list[Outcome]:
    """`chosen` are the rows with the versions that the actor has seen.

    One that is refused keeps no other from being decided, so each has a transaction of its own.
    """
    outcomes = []
    for done, (number, seen) in enumerate(chosen.items(), start=1):
        outcomes.append(Outcome(number, _refusal(transaction, number, seen, step)))
        on_progress(done, len(chosen))
    return outcomes


def _refusal(transaction: UnitOfWork, number: int, seen: int, step: Decide) -> DomainError | None:
    try:
        with transaction() as session:
            step(session, number, seen)
    except StaleDataError:
        return WrongStatus()
    except DomainError as error:
        return error
    return None
