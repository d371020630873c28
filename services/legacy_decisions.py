"""Decisions about rows of old systems: this person, nobody, the same as another row; and taking one back."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.orm import Session

from db.legacy import LegacyMatch, LegacyRow
from db.legacy_decisions import Confidence, LegacyDecision, LegacyVerdict
from db.people import Person
from services import fields, legacy_candidates, legacy_settling, reconciliation
from services.clock import now
from services.errors import N_, DomainError, NotFound, WrongStatus
from services.events import record
from services.permissions import Actor, Permission, require
from services.reconciliation import ReconciliationAction

REASON = N_("理由")
ACTIONS = {
    LegacyVerdict.PERSON: ReconciliationAction.MATCH,
    LegacyVerdict.NOBODY: ReconciliationAction.NOBODY,
    LegacyVerdict.DUPLICATE: ReconciliationAction.DUPLICATE,
}


class OwnRow(DomainError):
    message = N_("这是您本人的历史数据，须由其他数据分析员核对。")


class NotTheSame(DomainError):
    message = N_("只能标为同类数据的重复：证书对证书，学时记录对学时记录。请另选一行。")


class OtherIsDuplicate(DomainError):
    message = N_("所选的一行已经是重复行，请选择被保留的那一行。")


class HasDuplicates(DomainError):
    message = N_("已有其他行标为与本行重复。请先撤销那些决定，再把本行标为重复。")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is to be decided about a row; `alike` also about all rows of the system that say the same of the person."""

    verdict: LegacyVerdict
    person_id: int | None = None
    other_id: int | None = None
    alike: bool = False
    reason: str = ""


def decide(session: Session, actor: Actor, row_id: int, judgement: Judgement) -> LegacyDecision:
    """For a row that nobody has decided about.

    Raises NotFound, WrongStatus, OwnRow, NotTheSame, OtherIsDuplicate, HasDuplicates, and InvalidField where a reason
    is needed.
    """
    require(actor, Permission.LEGACY_RECONCILE)
    person = _held(session, judgement.person_id) if judgement.verdict is LegacyVerdict.PERSON else None
    legacy_settling.hold_rows(session)
    row = reconciliation.get(session, actor, row_id)
    if ACTIONS[judgement.verdict] not in reconciliation.possible_actions(row):
        raise WrongStatus
    if actor.person_id is not None and actor.person_id in {row.person_id, judgement.person_id}:
        raise OwnRow
    other = _other(session, actor, row, judgement) if judgement.verdict is LegacyVerdict.DUPLICATE else None
    certainty = _confidence(session, actor, row, person)
    decision = LegacyDecision(
        system_id=row.source.system_id,
        subject=row.about if judgement.alike and other is None else row.key,
        alike=judgement.alike and other is None,
        verdict=judgement.verdict,
        person_id=person.id if person else None,
        other_key=other.key if other else None,
        confidence=certainty,
        reason=_reason(judgement, certainty),
        decided_at=now(),
        decided_by_id=actor.account_id,
        decided_by_name=actor.name,
    )
    _end_what_no_longer_holds(session, actor, decision.subject)
    session.add(decision)
    session.flush()
    legacy_settling.settle(session, _concerned(row, decision))
    record(session, actor, "legacy_decide", decision, after=_said(session, decision, row))
    return decision


def _held(session: Session, person_id: int | None) -> Person:
    """Before the rows, as by who closes an account. Raises NotFound."""
    held = select(Person).where(Person.id == person_id).with_for_update(read=True, key_share=True)
    person = session.scalar(held)
    if person is None:
        raise NotFound
    return person


def _other(session: Session, actor: Actor, row: LegacyRow, judgement: Judgement) -> LegacyRow:
    other = reconciliation.get(session, actor, judgement.other_id or 0)
    if other.kind is not row.kind or other.id == row.id:
        raise NotTheSame
    if other.matching is LegacyMatch.DUPLICATE:
        raise OtherIsDuplicate
    of_this = (LegacyDecision.other_key == row.key, LegacyDecision.undone_at.is_(None))
    if session.scalar(select(LegacyDecision.id).where(*of_this).limit(1)):
        raise HasDuplicates
    return other


def _confidence(session: Session, actor: Actor, row: LegacyRow, person: Person | None) -> Confidence | None:
    if person is None:
        return None
    candidate = legacy_candidates.of_person(session, actor, row, person.id)
    return candidate.confidence if candidate else None


def _reason(judgement: Judgement, certainty: Confidence | None) -> str:
    """Needed where the row itself gives none."""
    is_needed = judgement.verdict is LegacyVerdict.NOBODY or certainty is Confidence.LOW
    checked = fields.required_text if is_needed else fields.optional_text
    return checked(REASON, judgement.reason, fields.LONGEST_TEXT)


def _end_what_no_longer_holds(session: Session, actor: Actor, subject: str) -> None:
    """That it is the same as a row which is there no longer."""
    dangling = update(LegacyDecision).where(LegacyDecision.subject == subject, LegacyDecision.undone_at.is_(None))
    undone = {"undone_at": now(), "undone_by_id": actor.account_id, "undone_by_name": actor.name}
    session.execute(dangling.values(undone), execution_options=legacy_settling.UNSEEN)


def _concerned(row: LegacyRow, decision: LegacyDecision) -> ColumnElement[bool]:
    if decision.alike:
        return and_(LegacyRow.name == row.name, LegacyRow.about == decision.subject)
    return LegacyRow.key == decision.subject


def _said(session: Session, decision: LegacyDecision, row: LegacyRow) -> dict[str, object]:
    rows = session.scalar(select(func.count()).where(LegacyRow.decision_id == decision.id))
    said = {"verdict": decision.verdict, "row_id": row.id, "rows": rows, "reason": decision.reason}
    return {**said, "person_id": decision.person_id, "confidence": decision.confidence, "other_key": decision.other_key}


def undo(session: Session, actor: Actor, row_id: int, *, seen: int, reason: str = "") -> LegacyDecision:
    """Take back the decision that holds for a row, and so for all that it holds for; `seen` is its number.

    Raises NotFound, WrongStatus, OwnRow.
    """
    require(actor, Permission.LEGACY_RECONCILE)
    legacy_settling.hold_rows(session)
    row = reconciliation.get(session, actor, row_id)
    if row.decision_id != seen or ReconciliationAction.UNDO not in reconciliation.possible_actions(row):
        raise WrongStatus
    if actor.person_id is not None and actor.person_id == row.person_id:
        raise OwnRow
    decision = session.get_one(LegacyDecision, seen)
    before = _said(session, decision, row)
    decision.undone_at, decision.undone_by_id, decision.undone_by_name = now(), actor.account_id, actor.name
    decision.undo_reason = fields.optional_text(REASON, reason, fields.LONGEST_TEXT)
    session.flush()
    legacy_settling.settle(session, _concerned(row, decision))
    record(session, actor, "legacy_decision_undo", decision, before=before, after={"reason": decision.undo_reason})
    return decision
