"""What a reviewer is told beside a claim while a dishonesty record of its owner is in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.claims import Claim, ClaimStatus
from db.misconduct import LookedAt, MisconductKind, MisconductRecord, MisconductStatus
from services import misconduct_looks
from services.claim_access import is_owner
from services.clock import today
from services.misconduct_terms import IN_FORCE
from services.permissions import Actor

WAITING = frozenset({ClaimStatus.SUBMITTED, ClaimStatus.ENDORSED})


@dataclass(frozen=True, slots=True)
class Note:
    """No more than a reviewer needs; a disputed one waits for the answer to an objection."""

    record_id: int
    kind: MisconductKind
    since: date
    until: date
    is_disputed: bool


@dataclass(frozen=True, slots=True)
class Notes:
    """`unnoted` are the records of which this look is still to be noted, before they are shown, as of this office."""

    shown: Sequence[Note]
    unnoted: Sequence[int]
    office: str


NONE = Notes((), (), "")


def beside(session: Session, actor: Actor, claim: Claim) -> Notes:
    """Of a claim that the actor has fetched in his scope: one that waits, or was sent after the record took effect."""
    if is_owner(actor, claim) or claim.submitted_at is None:
        return NONE
    in_force = MisconductRecord.status.in_(IN_FORCE), MisconductRecord.ends_on >= today()
    found = select(MisconductRecord).where(MisconductRecord.person_id == claim.person_id, *in_force)
    if claim.status not in WAITING:
        found = found.where(MisconductRecord.confirmed_at <= claim.submitted_at)
    shown = [_note(case) for case in session.scalars(found.order_by(MisconductRecord.id))]
    numbers = [note.record_id for note in shown]
    unnoted = misconduct_looks.unnoted(session, actor, numbers, LookedAt.NOTE)
    return Notes(shown, unnoted, misconduct_looks.office_beside(actor, claim))


def _note(case: MisconductRecord) -> Note:
    since, until = case.effective_on or today(), case.ends_on or today()
    return Note(case.id, case.kind, since, until, is_disputed=case.status is MisconductStatus.OBJECTED)


def note_look(session: Session, actor: Actor, notes: Notes) -> None:
    misconduct_looks.note(session, actor, notes.unnoted, LookedAt.NOTE, notes.office)
