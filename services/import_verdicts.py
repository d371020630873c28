"""What an import says about each row, and how it keeps its reasons until somebody reads them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from db.imports import Import, ImportRow, RowOutcome
from services.errors import N_, DomainError, InvalidField
from services.permissions import Actor
from services.spreadsheets import Column, Line


class Repeated(DomainError):
    message = N_("与第 %(line)s 行重复，请只保留一行。")


class Reason(NamedTuple):
    """A refusal in parts, so that it can be put into the words of whoever reads it."""

    field: str
    text: str
    params: Mapping[str, Any]

    @classmethod
    def of(cls, error: DomainError) -> "Reason":
        params = {key: value if isinstance(value, int) else str(value) for key, value in error.params.items()}
        if isinstance(error, InvalidField):
            return cls(error.field, error.reason, params)
        return cls("", error.message, params)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`person_id` is who the row is about, if he is known; `binding_id` the request that it would confirm."""

    line: Line
    outcome: RowOutcome
    errors: Sequence[DomainError] = ()
    key: str | None = None
    person_id: int | None = None
    binding_id: int | None = None


def rejected(line: Line, *errors: DomainError) -> Verdict:
    return Verdict(line, RowOutcome.REJECTED, errors)


def row_of(verdict: Verdict) -> ImportRow:
    reasons = [list(Reason.of(error)) for error in verdict.errors]
    return ImportRow(line=verdict.line.number, outcome=verdict.outcome, reasons=reasons, key=verdict.key)


@dataclass(frozen=True, slots=True)
class Batch:
    """What rows are judged by besides themselves; `seen` says on which line somebody stood already."""

    organisation_id: int
    training: Mapping[str, Any]
    seen: dict[str, int] = field(default_factory=dict)

    def repeated(self, who: str, line: Line) -> Repeated | None:
        first = self.seen.setdefault(who, line.number)
        return None if first == line.number else Repeated(line=first)


Judge = Callable[[Session, Actor, Batch, Sequence[Line]], list[Verdict]]
# Stores what the accepted rows ask for, and gives back every row with what came of it.
Make = Callable[[Session, Actor, Import, Sequence[Verdict]], list[ImportRow]]


class Kind(NamedTuple):
    """One kind of list: its columns, what is said about its rows, and what they become.

    `hold` keeps others from changing what the rows are judged by, until the transaction ends.
    """

    columns: Sequence[Column]
    hold: Callable[[Session, Sequence[Line]], None]
    judge: Judge
    make: Make
