"""The rows of an old system's file read column by column: a text that stands in one often is understood once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from db.legacy import LegacyImport
from services import spreadsheets
from services.errors import N_, DomainError, InvalidField
from services.legacy_fields import FIELDS, NO_WORDS, LegacyField, columns
from services.spreadsheet_cells import Value
from services.spreadsheets import Row

_UNREADABLE = object()


class TooManyCells(DomainError):
    message = N_("该行比表头多出 %(more)s 列，可能有内容中含分隔符，各列已错位。")


@dataclass(slots=True)
class Said:
    """What `count` rows say, a column for each field, with nothing where a cell is empty; `errors` by position."""

    count: int
    columns: dict[LegacyField, list[Any]]
    errors: dict[int, list[DomainError]] = field(default_factory=dict)

    def column(self, code: LegacyField) -> Sequence[Any]:
        return self.columns.get(code) or [None] * self.count

    def row(self, at: int) -> dict[LegacyField, Any]:
        return {code: column[at] for code, column in self.columns.items() if column[at] is not None}

    def blame(self, at: int, errors: Iterable[DomainError]) -> None:
        if found := list(errors):
            self.errors.setdefault(at, []).extend(found)

    def without_errors(self) -> "Said":
        good = [at for at in range(self.count) if at not in self.errors]
        return Said(len(good), {code: [column[at] for at in good] for code, column in self.columns.items()})


class _Texts(dict[Value, Any]):
    """What the texts of one column mean, each understood when it is first asked for."""

    def __init__(self, code: LegacyField) -> None:
        super().__init__({"": None})
        self._code = code

    def __missing__(self, value: Value) -> Any:
        found = self[value] = self.read(value)
        return found

    def read(self, value: Value) -> Any:
        try:
            return FIELDS[self._code].read(FIELDS[self._code].title, value)
        except InvalidField:
            return _UNREADABLE

    def meanings(self, cells: Sequence[Value]) -> list[Any]:
        """A number is read each time: 1, 1.0 and TRUE are the same key, and -0.0 that of 0."""
        if set(map(type, cells)) == {str}:
            return list(map(self.__getitem__, cells))
        return [self[value] if type(value) is str else self.read(value) for value in cells]


def read(importing: LegacyImport, rows: Sequence[Row]) -> Said:
    """A row of which a cell makes no sense is understood by itself, with everything that is wrong with it."""
    places = {LegacyField(code): place for code, place in importing.places.items()}
    cells = list(zip_longest(*(row.values for row in rows), fillvalue=""))
    empty = [""] * len(rows)
    found = {code: _Texts(code).meanings(cells[at] if at < len(cells) else empty) for code, at in places.items()}
    said = Said(len(rows), found)
    _understand(importing, rows, sorted(_doubtful(importing, rows, said)), said)
    return said


def _doubtful(importing: LegacyImport, rows: Sequence[Row], said: Said) -> set[int]:
    width = len(importing.header)
    doubtful = {at for at, row in enumerate(rows) if row.faults or len(row.values) > width}
    for code, column in said.columns.items():
        needed = importing.kind in FIELDS[code].needed_for
        doubtful.update(at for at, value in enumerate(column) if value is _UNREADABLE or (needed and value is None))
    return doubtful


def _understand(importing: LegacyImport, rows: Sequence[Row], doubtful: Sequence[int], said: Said) -> None:
    titles = {FIELDS[code].title: importing.places[code] for code in said.columns}
    of_kind, width = columns(importing.kind), len(importing.header)
    for at in doubtful:
        line = spreadsheets.understood(rows[at], titles, of_kind, NO_WORDS)
        said.blame(at, [*_misplaced(rows[at], width), *line.errors])
        for code, column in said.columns.items():
            column[at] = line.values.get(FIELDS[code].title)


def _misplaced(row: Row, width: int) -> Iterator[DomainError]:
    if more := sum(value != "" for value in row.values[width:]):
        yield TooManyCells(more=more)
