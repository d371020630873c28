"""What came of one call: whether it was let in, what it wrote, and what it gave out."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum, StrEnum
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, event, inspect
from sqlalchemy.orm import Session

from db.base import Base
from db.events import pending
from services.certificate_revocation import NotIssuedHere
from services.errors import DomainError, NotFound, PermissionDenied
from services.one_by_one import Outcome
from services.reminders import NobodyToRemind
from tests.matrix.arguments import Touched

CHANGES = ("INSERT", "UPDATE", "DELETE")
REFUSALS = (PermissionDenied, NotFound, NotIssuedHere, NobodyToRemind)
DEEPEST, MOST_TEXTS = 12, 100_000


class Heard(StrEnum):
    """`NOTHING` is an answer that is empty, or nought everywhere."""

    REFUSED = "refused"
    NOTHING = "nothing"
    LET_IN = "let in"


@dataclass(frozen=True)
class Answer:
    heard: Heard
    wrote: tuple[str, ...] = ()
    said: str = ""


def ask(connection: Connection, call: Callable[[Session], Any]) -> Answer:
    """In a savepoint that is rolled back."""
    wrote: list[str] = []

    def note(_connection: object, cursor: Any, statement: str, *_more: object) -> None:
        if statement.lstrip().startswith(CHANGES) and cursor.rowcount:
            wrote.append(statement.split("(")[0].strip())

    event.listen(connection, "after_cursor_execute", note)
    savepoint = connection.begin_nested()
    try:
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            return _answer(session, call, wrote)
    finally:
        savepoint.rollback()
        event.remove(connection, "after_cursor_execute", note)


def _answer(session: Session, call: Callable[[Session], Any], wrote: list[str]) -> Answer:
    try:
        result = call(session)
        result = list(result) if isinstance(result, Iterator) else result
        said = list(islice(texts(result, session), MOST_TEXTS))
        session.flush()
    except REFUSALS:
        return Answer(Heard.REFUSED, tuple(wrote))
    except (DomainError, Touched):
        return Answer(Heard.LET_IN, tuple(wrote))
    changed = (*wrote, *(f"event {each.action}" for each in pending(session)))
    heard = Heard.LET_IN if changed or not is_nothing(result) else Heard.NOTHING
    return Answer(heard, changed, "\n".join(said))


def is_nothing(result: Any) -> bool:
    match result:
        case None | False | "" | 0:
            return True
        case Base():
            return False
        case Outcome():
            return isinstance(result.refusal, PermissionDenied | NotFound)
        case Mapping():
            return all(map(is_nothing, result.values()))
        case list() | tuple() | set() | frozenset():
            return all(map(is_nothing, result))
        case _ if is_dataclass(result):
            return all(is_nothing(getattr(result, each.name)) for each in fields(result))
    return isinstance(result, PermissionDenied | NotFound)


def texts(result: Any, session: Session, depth: int = 0, seen: set[int] | None = None) -> Iterator[str]:
    """Every text in it that is loaded."""
    seen = set() if seen is None else seen
    if depth > DEEPEST or (not isinstance(result, str) and id(result) in seen):
        return
    seen.add(id(result))
    match result:
        case None | Enum():
            return
        case str() | int() | bytes():
            yield result.decode("utf-8", "replace") if isinstance(result, bytes) else str(result)
            return
        case Select():
            parts: Iterable[Any] = session.execute(result).all()
        case ColumnElement():
            return
        case Base():
            parts = inspect(result).dict.values()
        case Mapping():
            parts = [*result.keys(), *result.values()]
        case _ if is_dataclass(result):
            parts = [getattr(result, each.name) for each in fields(result)]
        case _ if hasattr(result, "close"):
            result.close()
            return
        case _ if hasattr(result, "__iter__"):
            parts = result
        case _:
            return
    for part in parts:
        yield from texts(part, session, depth + 1, seen)
