"""Who sees a dishonesty case: the person concerned once he is told, and the supervisors of the division."""

from sqlalchemy import ColumnElement, Select, and_, literal, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from db.claims import Claim
from db.locks import hold
from db.misconduct import MisconductRecord
from services.claim_access import organisations_below
from services.errors import NotFound, WrongStatus
from services.permissions import Actor, Permission, allowed


def own_by(actor: Actor) -> ColumnElement[bool]:
    """Nobody learns of a case about himself before he is told."""
    answers = literal(allowed(actor, Permission.MISCONDUCT_ANSWER))
    return and_(answers, MisconductRecord.person_id == actor.person_id, MisconductRecord.notified_at.is_not(None))


def supervised_by(actor: Actor) -> ColumnElement[bool]:
    """The cases of the actor's divisions and below; never the one about himself."""
    handles = literal(allowed(actor, Permission.MISCONDUCT_HANDLE))
    below = MisconductRecord.employer_id.in_(organisations_below(actor))
    return and_(handles, below, MisconductRecord.person_id.is_distinct_from(actor.person_id))


def visible_to(actor: Actor) -> ColumnElement[bool]:
    return or_(own_by(actor), supervised_by(actor))


def with_all(found: Select[MisconductRecord]) -> Select[MisconductRecord]:
    one = joinedload(MisconductRecord.person), joinedload(MisconductRecord.employer)
    many = selectinload(MisconductRecord.claims).joinedload(Claim.employer), selectinload(MisconductRecord.files)
    return found.options(*one, *many, selectinload(MisconductRecord.steps))


def get(session: Session, actor: Actor, record_id: int) -> MisconductRecord:
    """With person, employer, hours, files and steps. Raises NotFound out of scope."""
    found = select(MisconductRecord).where(MisconductRecord.id == record_id, visible_to(actor))
    case = session.scalar(with_all(found).execution_options(populate_existing=True))
    if case is None:
        raise NotFound
    return case


def get_to_change(session: Session, actor: Actor, record_id: int, *, seen: int) -> MisconductRecord:
    """Like `get`, and whoever else means to change this case waits. Raises NotFound, WrongStatus."""
    hold(session, f"misconduct/{record_id}")
    case = get(session, actor, record_id)
    if case.version != seen:
        raise WrongStatus
    return case
