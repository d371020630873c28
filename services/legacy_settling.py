"""Whom rows of old systems are about, set by set: as it was decided, else by ID number and name, else by nobody yet."""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import ColumnElement, ScalarSelect, Update, and_, case, exists, func, or_, select, tuple_, update
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from db.legacy import LegacyMatch, LegacyOutcome, LegacyRow
from db.legacy_decisions import LegacyDecision, LegacyVerdict
from db.locks import hold
from db.people import Person
from services.clock import now
from services.legacy_candidates import has_candidates
from services.permissions import Actor

UNSEEN = {"synchronize_session": False}


def hold_rows(session: Session) -> None:
    """Whoever makes or takes rows away waits for who decides about them, and the other way round."""
    hold(session, "rows of old systems")


def settle(session: Session, *which: ColumnElement[bool]) -> None:
    """What every one of these rows is now: always the same two statements, however many rows there are.

    `which` may not ask for the decision about a row, which is the first to change.
    """
    for statement in _statements():
        session.execute(statement.where(*which), execution_options=UNSEEN)


@cache
def _statements() -> tuple[Update, Update]:
    """Put together once: that takes as long as they need for a thousand rows."""
    accepted = update(LegacyRow).where(LegacyRow.outcome == LegacyOutcome.ACCEPTED)
    decided = func.coalesce(_decision(LegacyRow.key), _decision(LegacyRow.about))
    person, matching = _person(), _matching()
    changed = or_(LegacyRow.person_id.is_distinct_from(person), LegacyRow.matching.is_distinct_from(matching))
    return (
        accepted.where(LegacyRow.decision_id.is_distinct_from(decided)).values(decision_id=decided),
        accepted.where(changed).values(person_id=person, matching=matching),
    )


def _decision(subject: InstrumentedAttribute[str | None]) -> ScalarSelect[int]:
    """The one in force; that a row is there twice holds only as long as the other one is there."""
    other = aliased(LegacyRow)
    there = exists().where(other.key == LegacyDecision.other_key)
    in_force = (LegacyDecision.subject == subject, LegacyDecision.undone_at.is_(None))
    found = select(LegacyDecision.id).where(*in_force, or_(LegacyDecision.other_key.is_(None), there))
    return found.correlate(LegacyRow).scalar_subquery()


def _person() -> ColumnElement[int | None]:
    same = (Person.id_number_digest == LegacyRow.id_number_digest, Person.name == LegacyRow.name)
    known = select(Person.id).where(*same).correlate(LegacyRow).scalar_subquery()
    decided = select(LegacyDecision.person_id).where(LegacyDecision.id == LegacyRow.decision_id)
    return case((LegacyRow.decision_id.is_(None), known), else_=decided.correlate(LegacyRow).scalar_subquery())


def _matching() -> ColumnElement[LegacyMatch]:
    twice = (LegacyDecision.id == LegacyRow.decision_id, LegacyDecision.verdict == LegacyVerdict.DUPLICATE)
    return case(
        (exists().where(*twice).correlate(LegacyRow), LegacyMatch.DUPLICATE),
        (_person().is_not(None), LegacyMatch.MATCHED),
        (LegacyRow.decision_id.is_not(None), LegacyMatch.ORPHAN),
        (has_candidates(), LegacyMatch.AMBIGUOUS),
        else_=LegacyMatch.ORPHAN,
    )


def find_rows_of(session: Session, people: Sequence[Person]) -> None:
    """For some who are new, or whose name or number is: what the old systems know of them."""
    session.flush()
    born = [(person.name, person.birth_date.year) for person in people]
    unknown = LegacyRow.matching == LegacyMatch.ORPHAN
    numbered = LegacyRow.id_number_digest.in_([person.id_number_digest for person in people])
    named = and_(tuple_(LegacyRow.name, LegacyRow.birth_year).in_(born), unknown)
    own = LegacyRow.person_id.in_([person.id for person in people])
    settle(session, or_(numbered, named, own))


def settle_duplicates(session: Session) -> None:
    """After rows have come or gone of which others may be duplicates by an analyst's decision."""
    decided = (LegacyDecision.verdict == LegacyVerdict.DUPLICATE, LegacyDecision.undone_at.is_(None))
    settle(session, LegacyRow.key.in_(select(LegacyDecision.subject).where(*decided)))


def let_go(session: Session, actor: Actor, people: ColumnElement[bool]) -> None:
    """Of people whose rows in our tables are about to be deleted."""
    ids = select(Person.id).where(people)
    decided = update(LegacyDecision).where(LegacyDecision.person_id.in_(ids), LegacyDecision.undone_at.is_(None))
    undone = {"undone_at": now(), "undone_by_id": actor.account_id, "undone_by_name": actor.name}
    session.execute(decided.values(undone), execution_options=UNSEEN)
    forgotten = update(LegacyDecision).where(LegacyDecision.person_id.in_(ids))
    session.execute(forgotten.values(person_id=None), execution_options=UNSEEN)
    nobodys = {"person_id": None, "decision_id": None, "matching": LegacyMatch.ORPHAN}
    rows = update(LegacyRow).where(LegacyRow.person_id.in_(ids))
    session.execute(rows.values(nobodys), execution_options=UNSEEN)
