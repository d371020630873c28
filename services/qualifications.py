"""Titles, degrees and licences of a professional, and the title by which his hours are reviewed."""

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, literal, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from db.accounts import Role
from db.people import Binding, Person, TitleLevel, TitleSeries
from db.profile_changes import ProfileChangeItem, ProfilePart
from db.qualifications import Degree, Licence, Title
from services import binding_steps, profile_fields
from services.errors import NotFound
from services.permissions import Actor, Permission, allowed

Entry = Title | Degree | Licence
TABLES: dict[ProfilePart, type[Entry]] = {
    ProfilePart.TITLE: Title,
    ProfilePart.DEGREE: Degree,
    ProfilePart.LICENCE: Licence,
}
Entries = dict[ProfilePart, Sequence[Entry]]
Row = TypeVar("Row", bound=Entry)


def list_entries(session: Session, actor: Actor, person_id: int | None) -> Entries:
    """Those of one person, newest first: the actor himself, or somebody tied to an employer that he acts for."""
    return {part: _list(session, actor, table, person_id) for part, table in TABLES.items()}


def _list(session: Session, actor: Actor, table: type[Row], person_id: int | None) -> Sequence[Row]:
    his = select(table).where(table.person_id == person_id, _visible_to(actor, table.person_id))
    return session.scalars(his.order_by(table.id.desc())).all()


def _visible_to(actor: Actor, person_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    employers = actor.organisation_ids(Role.EMPLOYER) if allowed(actor, Permission.STAFF_CONFIRM) else []
    tied = and_(Binding.organisation_id.in_(employers), Binding.status.in_(binding_steps.OPEN))
    own = and_(literal(allowed(actor, Permission.PROFILE_WRITE)), person_id == actor.person_id)
    return or_(own, person_id.in_(select(Binding.person_id).where(tied)))


def find(session: Session, person: Person, part: ProfilePart, entry_id: int) -> Person | Entry:
    """The row of a part; a person's work stands in his own row. Raises NotFound."""
    if part is ProfilePart.WORK:
        return person
    return _find(session, TABLES[part], person, entry_id)


def _find(session: Session, table: type[Row], person: Person, entry_id: int) -> Row:
    found = session.scalar(select(table).where(table.id == entry_id, table.person_id == person.id))
    if found is None:
        raise NotFound
    return found


def store(session: Session, person: Person, item: ProfileChangeItem) -> None:
    """Make it so: a new row for an item without an entry, and none any more for one that says nothing."""
    values = profile_fields.checked(item.part, item.after) if item.after else {}
    if values.get("is_current"):
        _let_go_of_the_current(session, person)
    if item.entry_id is None:
        session.add(TABLES[item.part](person_id=person.id, **values))
    elif values:
        row = find(session, person, item.part, item.entry_id)
        for column, value in values.items():
            setattr(row, column, value)
    else:
        session.delete(find(session, person, item.part, item.entry_id))
    if item.part is ProfilePart.TITLE:
        _follow_the_current(session, person)


def listed_title(person: Person) -> Title | None:
    """The current title of somebody whose employer has listed him, without the day it was obtained, if he has any."""
    if person.title_level is TitleLevel.NONE and not person.title_name:
        return None
    person.title_series = person.title_series or TitleSeries.OTHER
    said = {"series": person.title_series, "level": person.title_level, "name": person.title_name}
    return Title(person_id=person.id, is_current=True, **said)


def becomes_current(item: ProfileChangeItem) -> bool:
    """Whether it makes another title the current one."""
    return bool(item.after.get("is_current")) and not item.before.get("is_current")


def _let_go_of_the_current(session: Session, person: Person) -> None:
    session.execute(update(Title).where(Title.person_id == person.id, Title.is_current).values(is_current=False))


def _follow_the_current(session: Session, person: Person) -> None:
    """The person's own columns repeat it, for the lists and for the way of his claims."""
    session.flush()
    current = session.scalar(select(Title).where(Title.person_id == person.id, Title.is_current))
    person.title_series = current.series if current else None
    person.title_level = current.level if current else TitleLevel.NONE
    person.title_name = current.name if current else ""
