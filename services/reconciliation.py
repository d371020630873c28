"""Rows of old systems, and what an analyst decides about whom they are: kept, taken back, applied to later imports."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, or_, select
from sqlalchemy.orm import Session, joinedload

from db.legacy import LegacyImport, LegacyKind, LegacyMatch, LegacyOutcome, LegacyRow
from db.legacy_decisions import LegacyDecision
from db.people import Person
from db.session import UnitOfWork
from services import fields, legacy_candidates, legacy_settling
from services.errors import NotFound
from services.legacy_candidates import Candidate
from services.long_work import Progress, unwatched
from services.permissions import Actor, Permission, require

PAGE_SIZE = 50
BATCH = 5000
MOST_TWINS = 20
AFTER_ALL = "\U0010ffff"


class ReconciliationAction(StrEnum):
    """What can be done about a row."""

    MATCH = "match"
    NOBODY = "nobody"
    DUPLICATE = "duplicate"
    UNDO = "undo"


class Decided(StrEnum):
    """Whether an analyst has decided about a row."""

    YES = "yes"
    NO = "no"


class Move(NamedTuple):
    """One way of an action: from rows that stand like this, decided about or not."""

    action: ReconciliationAction
    sources: frozenset[LegacyMatch]
    decided: bool


_OPEN = frozenset({LegacyMatch.MATCHED, LegacyMatch.AMBIGUOUS, LegacyMatch.ORPHAN})
_DECIDED = frozenset({LegacyMatch.MATCHED, LegacyMatch.ORPHAN, LegacyMatch.DUPLICATE})
MOVES = (
    Move(ReconciliationAction.MATCH, _OPEN, decided=False),
    Move(ReconciliationAction.NOBODY, _OPEN, decided=False),
    Move(ReconciliationAction.DUPLICATE, _OPEN, decided=False),
    Move(ReconciliationAction.UNDO, _DECIDED, decided=True),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows are asked for; `text` is the beginning of a name or a certificate's number."""

    matching: LegacyMatch
    decided: Decided | None = None
    text: str = ""


def _visible_to(actor: Actor) -> Select[LegacyRow]:
    """Everything that was let in: the old systems are of all divisions, as the analyst is."""
    require(actor, Permission.LEGACY_RECONCILE)
    return select(LegacyRow).where(LegacyRow.matching.is_not(None))


def waiting(_actor: Actor) -> Select[int]:
    """How many rows may be about somebody whom only a human can tell."""
    return select(func.count()).where(LegacyRow.matching == LegacyMatch.AMBIGUOUS)


def counts(session: Session, actor: Actor) -> dict[LegacyMatch, int]:
    """Of all rows that were let in."""
    counted = _visible_to(actor).with_only_columns(LegacyRow.matching, func.count()).group_by(LegacyRow.matching)
    found: dict[LegacyMatch | None, int] = dict(session.execute(counted).all())
    return {matching: found.get(matching, 0) for matching in LegacyMatch}


def queue(session: Session, actor: Actor, wanted: Wanted, *, after_id: int = 0) -> Sequence[LegacyRow]:
    """One page, oldest first, with person and source."""
    found = _visible_to(actor).where(LegacyRow.matching == wanted.matching, *_conditions(wanted))
    found = found.where(LegacyRow.id > after_id).order_by(LegacyRow.id).limit(PAGE_SIZE)
    return session.scalars(found.options(*_LOADED)).all()


_LOADED = (joinedload(LegacyRow.person), joinedload(LegacyRow.source).joinedload(LegacyImport.system))


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.decided is not None:
        decided = LegacyRow.decision_id.is_not(None)
        yield decided if wanted.decided is Decided.YES else ~decided
    text = fields.search_text(wanted.text)
    if text:
        named = and_(LegacyRow.name >= text, LegacyRow.name < text + AFTER_ALL)
        yield or_(named, LegacyRow.number == text.upper())


def find(session: Session, actor: Actor, row_id: int | None) -> LegacyRow | None:
    return session.scalar(_visible_to(actor).where(LegacyRow.id == row_id).options(*_LOADED))


def get(session: Session, actor: Actor, row_id: int) -> LegacyRow:
    """With person and source, as it is now. Raises NotFound."""
    wanted = _visible_to(actor).where(LegacyRow.id == row_id).options(*_LOADED)
    found = session.scalar(wanted.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def open_row(
    session: Session, actor: Actor, page: Sequence[LegacyRow], *, matching: LegacyMatch, named: int | None
) -> LegacyRow | None:
    """The named one as long as it stands like those of the page; else the one after it."""
    row = find(session, actor, named)
    if row is not None and row.matching is matching:
        return row
    return next((each for each in page if named is None or each.id > named), page[0] if page else None)


def possible_actions(row: LegacyRow) -> list[ReconciliationAction]:
    decided = row.decision_id is not None
    return [move.action for move in MOVES if row.matching in move.sources and move.decided is decided]


@dataclass(frozen=True, slots=True)
class Considered:
    """Who may be meant by a row, who was searched for besides, and rows that may say the same.

    `alike` rows say the same of their person, and nobody has decided about them.
    """

    candidates: Sequence[Candidate]
    found: Sequence[Candidate]
    twins: Sequence[LegacyRow]
    alike: int

    @property
    def people(self) -> Sequence[Candidate]:
        known = {each.person.id for each in self.candidates}
        return [*self.candidates, *(each for each in self.found if each.person.id not in known)]


def consider(session: Session, actor: Actor, row: LegacyRow, searched: str = "") -> Considered | None:
    """What is needed to decide about a row; None when that was done."""
    if ReconciliationAction.MATCH not in possible_actions(row):
        return None
    return Considered(
        candidates=legacy_candidates.of_row(session, actor, row),
        found=legacy_candidates.search(session, actor, row, searched),
        twins=twins(session, actor, row),
        alike=alike(session, actor, row),
    )


def alike(session: Session, actor: Actor, row: LegacyRow) -> int:
    """How many other rows of the system say the same of their person, and are not decided about."""
    same = (LegacyRow.name == row.name, LegacyRow.about == row.about, LegacyRow.decision_id.is_(None))
    counted = _visible_to(actor).where(*same, LegacyRow.id != row.id)
    return session.scalar(counted.with_only_columns(func.count())) or 0


def twins(session: Session, actor: Actor, row: LegacyRow) -> Sequence[LegacyRow]:
    """Rows that may say the same: of the same kind and year, about somebody of this name or number."""
    same = (LegacyRow.kind == row.kind, LegacyRow.year == row.year, LegacyRow.id != row.id)
    about = or_(LegacyRow.name == row.name, LegacyRow.id_number_digest == row.id_number_digest)
    kept = (LegacyRow.outcome == LegacyOutcome.ACCEPTED, LegacyRow.matching != LegacyMatch.DUPLICATE)
    found = _visible_to(actor).where(*same, about, *kept).options(*_LOADED)
    return session.scalars(found.order_by(LegacyRow.id).limit(MOST_TWINS)).all()


def rows_about(session: Session, actor: Actor, person: Person, *, kind: LegacyKind, year: int) -> Sequence[LegacyRow]:
    """Rows of a year, or of the one before or after it, that are or may be about somebody; those of the year first."""
    named = and_(LegacyRow.name == person.name, LegacyRow.name != literal_column("''"))  # as the index says it
    about = or_(named, LegacyRow.id_number_digest == person.id_number_digest)
    kept = (LegacyRow.outcome == LegacyOutcome.ACCEPTED, LegacyRow.kind == kind)
    found = _visible_to(actor).where(or_(about, LegacyRow.person_id == person.id), *kept).options(*_LOADED)
    near = found.where(LegacyRow.year.between(year - 1, year + 1))
    return session.scalars(near.order_by(LegacyRow.year != year, LegacyRow.id).limit(MOST_TWINS)).all()


def history(session: Session, actor: Actor, row: LegacyRow) -> Sequence[LegacyDecision]:
    """What was decided about the row and those that say the same, newest first, with the people."""
    require(actor, Permission.LEGACY_RECONCILE)
    subjects = [subject for subject in (row.key, row.about) if subject]
    decided = select(LegacyDecision).where(LegacyDecision.subject.in_(subjects))
    return session.scalars(decided.order_by(LegacyDecision.id.desc()).options(joinedload(LegacyDecision.person))).all()


def match_again(transaction: UnitOfWork, actor: Actor, *, on_progress: Progress = unwatched) -> None:
    """People have come since, and have changed employers. In batches, so that nobody waits for long."""
    with transaction() as session:
        total = sum(counts(session, actor).values())
    done = 0
    last: int | None = 0
    while done < total and last is not None:
        with transaction() as session:
            last = _match_some(session, actor, last)
        done = min(done + BATCH, total)
        on_progress(done, total)


def _match_some(session: Session, actor: Actor, last: int) -> int | None:
    """Those after a row; returns the last of them, None when there are no more."""
    legacy_settling.hold_rows(session)
    batch = _visible_to(actor).with_only_columns(LegacyRow.id).where(LegacyRow.id > last)
    ids = batch.order_by(LegacyRow.id).limit(BATCH).subquery()
    reached: int | None = session.scalar(select(func.max(ids.c.id)))
    if reached is not None:
        legacy_settling.settle(session, LegacyRow.id > last, LegacyRow.id <= reached)
    return reached
