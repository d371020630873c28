"""Somebody in a supervisor's divisions, whom he looks for before he begins something about him."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from db.organisations import Organisation
from db.people import Binding, BindingStatus, Person
from services import fields, identity, person_names
from services.claim_access import organisations_below
from services.errors import NotFound
from services.permissions import Actor

MOST_FOUND = 20


class Employed(NamedTuple):
    """Somebody and the employer in the actor's divisions by whom he is found."""

    person: Person
    employer: Organisation


def find(session: Session, actor: Actor, text: str) -> Sequence[Employed]:
    """Those who work or worked there, by a part of the name or the whole ID number; never the actor himself."""
    wanted = fields.search_text(text)
    if not wanted:
        return []
    numbered = session.scalar(select(Person.id).where(Person.id_number_digest == identity.digest(wanted.upper())))
    if numbered is not None:
        return _employed(session, actor, Person.id == numbered)
    # The index of the names is looked through, and only those who are found are looked at.
    named = select(Person.id).where(person_names.holds(Person.name, wanted))
    return _employed(session, actor, Person.id.in_(named))


def get(session: Session, actor: Actor, person_id: int) -> Employed:
    """Raises NotFound for somebody who never worked there, and for the actor himself."""
    found = _employed(session, actor, Person.id == person_id)
    if not found:
        raise NotFound
    return found[0]


def _employed(session: Session, actor: Actor, which: ColumnElement[bool]) -> list[Employed]:
    each = aliased(Binding)
    bound = each.person_id == Person.id, each.status.in_((BindingStatus.ACTIVE, BindingStatus.ENDED))
    below = each.organisation_id.in_(organisations_below(actor))
    last = select(func.max(each.id)).where(*bound, below).correlate(Person).scalar_subquery()
    found = (
        select(Person, Organisation)
        .join(Binding, Binding.person_id == Person.id)
        .join(Organisation, Organisation.id == Binding.organisation_id)
        .where(Binding.id == last, Person.id.is_distinct_from(actor.person_id), which)
    )
    return [Employed(*row) for row in session.execute(found.order_by(Person.id).limit(MOST_FOUND))]
