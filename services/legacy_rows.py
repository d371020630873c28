"""What is made of the rows of an old system's file: accepted, rejected with all their reasons, or duplicates."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.legacy import KEY, LegacyImport, LegacyImportStatus, LegacyKind, LegacyRow, LegacyTrial
from services import identity, legacy_cells, sealing, spreadsheets
from services.errors import N_, DomainError, InvalidField, LeftOut
from services.legacy_fields import BY_TITLE, CATEGORY_HOURS, FIELDS, NO_WORDS, LegacyField, columns
from services.spreadsheet_cells import Value
from services.spreadsheets import Row

PURPOSE = "row of an old system"
_SEPARATOR = "\x1f"
# What is the same in row after row.
SHARED = frozenset(LegacyField) - {LegacyField.NAME, LegacyField.ID_NUMBER, LegacyField.NUMBER, LegacyField.TITLE}
# What a row says of its person.
ABOUT = ("name", "id_number_digest", "birth_year", "employer_core")
Said = Mapping[LegacyField, Any]


class TooManyCells(DomainError):
    message = N_("该行比表头多出 %(more)s 列，可能有内容中含分隔符，各列已错位。")


class NobodyNamed(DomainError):
    message = N_("没有证件号码时，须有工作单位，否则无法核对到人。")


class NumberTaken(DomainError):
    message = N_("证书编号已用于另一张证书（第 %(line)s 行），内容不同，请核对。")


class NumberTakenBefore(DomainError):
    message = N_("证书编号已用于另一张证书（以前导入的文件“%(file)s”第 %(line)s 行），内容不同，请核对。")


class EndsBeforeItBegins(DomainError):
    message = N_("结束日期早于开始日期。")


class SumDiffers(DomainError):
    message = N_("各科目学时之和为 %(sum)s，与学时 %(hours)s 不符。")


@dataclass(slots=True)
class Found:
    """One row. It has a key when nothing is wrong with it, and `twin` when the same was there before."""

    line: int
    digest: str
    values: dict[str, Any] = field(default_factory=dict)
    errors: Sequence[DomainError] = ()
    key: str = ""
    content: str = ""
    twin: "Seen | None" = None


@dataclass(frozen=True, slots=True)
class Seen:
    """Where a key was first come across; in the same file when it names none."""

    content: str
    line: int
    file: str = ""


def judge(session: Session, importing: LegacyImport, lines: Sequence[bytes]) -> list[Found]:
    """In the order of the file; the first of several rows that say the same is the one that is accepted."""
    read = _Reader(importing)
    found = [read.found(line) for line in lines]
    keys = [row.key for row in found if row.key]
    seen = _seen(session, importing, keys)
    for row in found:
        if row.key:
            _compare(row, seen)
    return found


class _Reader:
    """Reads some rows of one file. What says nothing of a single person is understood once, however often it stands."""

    def __init__(self, importing: LegacyImport) -> None:
        self._kind, self._system = importing.kind, importing.system_id
        self._columns = columns(importing.kind)
        self._places = {FIELDS[LegacyField(code)].title: place for code, place in importing.places.items()}
        self._width = len(importing.header)
        self._known: dict[LegacyField, dict[Value, Any]] = {code: {} for code in SHARED}
        self._needed = {BY_TITLE[column.title] for column in self._columns if column.required}

    def found(self, told: bytes) -> Found:
        row = spreadsheets.read_line(told)
        as_it_came = told.partition(b" ")[2]  # wherever in a file it stands
        found = Found(row.number, sealing.keyed_hash_of_bytes(PURPOSE, as_it_came).hex())
        said, errors = self._understood(row)
        wrong = {error.field for error in errors if isinstance(error, InvalidField)}
        found.errors = [*self._misplaced(row), *errors, *_contradictions(self._kind, said, wrong)]
        if not found.errors:
            found.values = _values(self._kind, said)
            found.key = found.content = _digest([self._system, self._kind, *found.values.values()])
            if self._kind is LegacyKind.CERTIFICATE:  # which its number tells from all others
                found.key = _digest([self._system, self._kind, found.values["number"]])
            # Not a part of the content, from which it follows.
            found.values["about"] = _digest([self._system, *(found.values[name] for name in ABOUT)])
        return found

    def _understood(self, row: Row) -> tuple[Said, Sequence[DomainError]]:
        try:
            return self._quickly(row), ()
        except InvalidField:
            line = spreadsheets.understood(row, self._places, self._columns, NO_WORDS)
            return {BY_TITLE[title]: value for title, value in line.values.items()}, line.errors

    def _quickly(self, row: Row) -> Said:
        """Raises InvalidField when anything is wrong at all."""
        said: dict[LegacyField, Any] = {}
        for title, place in self._places.items():
            field, value = BY_TITLE[title], row.values[place] if place < len(row.values) else ""
            if value != "":
                known = self._known.get(field) if type(value) is str else None
                said[field] = self._read(field, value, {} if known is None else known)
        if row.faults or not self._needed <= said.keys():
            raise LeftOut(())
        return said

    def _read(self, field: LegacyField, value: Value, known: dict[Value, Any]) -> Any:
        if value not in known:
            known[value] = FIELDS[field].read(FIELDS[field].title, value)
        return known[value]

    def _misplaced(self, row: Row) -> Iterator[DomainError]:
        if more := sum(value != "" for value in row.values[self._width :]):
            yield TooManyCells(more=more)


def _digest(parts: Iterable[object]) -> str:
    return hashlib.sha256(_SEPARATOR.join(map(str, parts)).encode()).hexdigest()[:KEY]


def _contradictions(kind: LegacyKind, said: Said, wrong: set[str]) -> Iterator[DomainError]:
    """What is wrong between the cells of a row; those that are wrong by themselves are not blamed again."""
    if not any(code in said or FIELDS[code].title in wrong for code in (LegacyField.ID_NUMBER, LegacyField.EMPLOYER)):
        yield NobodyNamed()
    starts_on, ends_on = said.get(LegacyField.STARTS_ON), said.get(LegacyField.ENDS_ON)
    if starts_on and ends_on and ends_on < starts_on:
        yield EndsBeforeItBegins()
    if not wrong & {FIELDS[code].title for code in (LegacyField.HOURS, *CATEGORY_HOURS)}:
        yield from _wrong_hours(kind, said)


def _wrong_hours(kind: LegacyKind, said: Said) -> Iterator[DomainError]:
    parts = [said[code] for code in CATEGORY_HOURS if code in said]
    hours = said.get(LegacyField.HOURS)
    together = sum(parts, Decimal(0))
    if hours is not None and parts and (together > hours or (len(parts) == len(CATEGORY_HOURS) and together < hours)):
        yield SumDiffers(sum=together, hours=hours)
    elif hours == 0 or (hours is None and kind is LegacyKind.CERTIFICATE and not any(parts)):
        yield InvalidField(FIELDS[LegacyField.HOURS].title, N_("应大于 0。"))


def _values(kind: LegacyKind, said: Said) -> dict[str, Any]:
    """Every column of `LegacyRow` that comes from the file, so that rows that say the same are the same."""
    number: str = said.get(LegacyField.ID_NUMBER, "")
    employer: str = said.get(LegacyField.EMPLOYER, "")
    return {
        "name": said[LegacyField.NAME],
        "id_number_digest": identity.digest(number) if number else None,
        "id_number_masked": identity.mask(number) if number else "",
        "birth_year": int(number[6:10]) if number else said.get(LegacyField.BIRTH_YEAR),
        "employer": employer,
        "employer_core": legacy_cells.employer_core(employer),
        "year": said[LegacyField.YEAR],
        "category": said.get(LegacyField.CATEGORY),
        **_hours(kind, said),
        "number": said.get(LegacyField.NUMBER, ""),
        "title": said.get(LegacyField.TITLE, ""),
        "starts_on": said.get(LegacyField.STARTS_ON),
        "ends_on": said.get(LegacyField.ENDS_ON),
        "approved_on": said.get(LegacyField.APPROVED_ON),
        "result": said.get(LegacyField.RESULT, ""),
    }


def _hours(kind: LegacyKind, said: Said) -> dict[str, Decimal | None]:
    """Those of a record are of its category."""
    if kind is LegacyKind.RECORD:
        of_category = {said[LegacyField.CATEGORY].value: said[LegacyField.HOURS]}
        return {
            "hours": said[LegacyField.HOURS],
            **{code.value: of_category.get(code.value) for code in CATEGORY_HOURS},
        }
    parts = {code.value: said.get(code) for code in CATEGORY_HOURS}
    together = sum((part for part in parts.values() if part), Decimal(0))
    return {"hours": said.get(LegacyField.HOURS, together), **parts}


def _seen(session: Session, importing: LegacyImport, keys: Sequence[str]) -> dict[str, Seen]:
    """Those of the keys that were accepted before, and in a dry run those that it has come across."""
    before = select(LegacyRow.key, LegacyRow.content, LegacyRow.line, LegacyRow.import_id, LegacyImport.file_name)
    before = before.join(LegacyImport, LegacyImport.id == LegacyRow.import_id).where(LegacyRow.key.in_(keys))
    seen = {
        str(key): Seen(str(content), line, "" if import_id == importing.id else file_name)
        for key, content, line, import_id, file_name in session.execute(before)
    }
    if importing.status is LegacyImportStatus.CHECKING:
        tried = select(LegacyTrial.key, LegacyTrial.content, LegacyTrial.line)
        tried = tried.where(LegacyTrial.import_id == importing.id, LegacyTrial.key.in_(keys))
        seen |= {key: Seen(content, line) for key, content, line in session.execute(tried) if key not in seen}
    return seen


def _compare(row: Found, seen: dict[str, Seen]) -> None:
    first = seen.setdefault(row.key, Seen(row.content, row.line))
    if first.line == row.line and not first.file:
        return
    if first.content == row.content:
        row.twin = first
    else:
        taken = NumberTakenBefore(file=first.file, line=first.line) if first.file else NumberTaken(line=first.line)
        row.errors, row.key = [taken], ""
