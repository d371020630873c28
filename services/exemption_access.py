"""Who sees an exemption: the person it is for, and the supervisors of the division. No employer learns why."""

from sqlalchemy import ColumnElement, and_, literal, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from db.exemptions import Exemption
from db.people import Person
from services.claim_access import organisations_below
from services.errors import NotFound, WrongStatus
from services.permissions import Actor, Permission, allowed


def own_by(actor: Actor) -> ColumnElement[bool]:
    requests = literal(allowed(actor, Permission.EXEMPTION_REQUEST))
    return and_(requests, Exemption.person_id == actor.person_id)


def supervised_by(actor: Actor) -> ColumnElement[bool]:
    """Those of the actor's divisions and below; never his own."""
    decides = literal(allowed(actor, Permission.EXEMPTION_DECIDE))
    below = Exemption.employer_id.in_(organisations_below(actor))
    return and_(decides, below, Exemption.person_id.is_distinct_from(actor.person_id))


def visible_to(actor: Actor) -> ColumnElement[bool]:
    return or_(own_by(actor), supervised_by(actor))


def get(session: Session, actor: Actor, exemption_id: int) -> Exemption:
    """With person, employer and files. Raises NotFound out of scope."""
    found = select(Exemption).where(Exemption.id == exemption_id, visible_to(actor))
    one = joinedload(Exemption.person), joinedload(Exemption.employer)
    with_all = found.options(*one, selectinload(Exemption.files)).execution_options(populate_existing=True)
    exemption = session.scalar(with_all)
    if exemption is None:
        raise NotFound
    return exemption


def hold_person(session: Session, person_id: int | None) -> None:
    """Nobody else asks for exemptions of this person, decides about one, or prints his certificate meanwhile."""
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update())


def get_to_change(session: Session, actor: Actor, exemption_id: int, *, seen: int) -> Exemption:
    """Like `get`, and with the person held. Raises NotFound, WrongStatus."""
    hold_person(session, get(session, actor, exemption_id).person_id)
    exemption = get(session, actor, exemption_id)
    if exemption.version != seen:
        raise WrongStatus
    return exemption
