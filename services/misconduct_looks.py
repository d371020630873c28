"""Who has looked at a dishonesty record: noted for everybody but the person concerned, and for him to read."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.claims import Claim
from db.misconduct import LookedAt, MisconductLook, MisconductRecord
from services import divisions
from services.claim_access import is_reviewer
from services.clock import now
from services.misconduct_moves import concerns
from services.permissions import Actor, Permission, require

# Drawing a page again, as every click does, is no other look.
ONE_LOOK = timedelta(minutes=30)
MOST_SHOWN = 100


def unnoted(session: Session, actor: Actor, record_ids: Collection[int], looked_at: LookedAt) -> list[int]:
    """Those of these records that the actor has not looked at lately."""
    lately = select(MisconductLook.record_id).where(
        MisconductLook.record_id.in_(record_ids),
        MisconductLook.actor_id == actor.account_id,
        MisconductLook.looked_at == looked_at,
        MisconductLook.at > now() - ONE_LOOK,
    )
    noted = set(session.scalars(lately)) if record_ids else set()
    return [number for number in record_ids if number not in noted]


def note(session: Session, actor: Actor, record_ids: Collection[int], looked_at: LookedAt, office: str) -> None:
    """Before anything is shown; records that the caller has found in the actor's scope."""
    for number in record_ids:
        look = MisconductLook(record_id=number, at=now(), looked_at=looked_at, office=office)
        look.actor_id, look.actor_name = actor.account_id or 0, actor.name
        session.add(look)


def note_case(session: Session, actor: Actor, case: MisconductRecord, looked_at: LookedAt) -> None:
    """For a supervisor's look at a case or one of its files."""
    if not concerns(actor, case) and unnoted(session, actor, [case.id], looked_at):
        note(session, actor, [case.id], looked_at, _division(actor, case.employer.division))


def office_beside(actor: Actor, claim: Claim) -> str:
    """As what the actor sees a claim: for its employer, or for his division."""
    if claim.employer is None:
        return ""
    return claim.employer.name if is_reviewer(actor, claim) else _division(actor, claim.employer.division)


def _division(actor: Actor, below: str) -> str:
    own = next((code for code in actor.divisions if divisions.covers(code, below)), below)
    return divisions.name(own)


def list_own(session: Session, actor: Actor, record_id: int) -> Sequence[MisconductLook]:
    """The last looks at a record of the actor's own, newest first; those before he was told as well."""
    require(actor, Permission.MISCONDUCT_ANSWER)
    told = MisconductRecord.person_id == actor.person_id, MisconductRecord.notified_at.is_not(None)
    own = select(MisconductRecord.id).where(MisconductRecord.id == record_id, *told)
    found = select(MisconductLook).where(MisconductLook.record_id.in_(own))
    return session.scalars(found.order_by(MisconductLook.id.desc()).limit(MOST_SHOWN)).all()
