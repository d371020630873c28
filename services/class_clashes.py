"""What speaks against a class before one enrols: another one at the same time, or one that is the same."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from db.classes import ClassSession, CourseClass
from db.enrolments import LIVE, Enrolment, EnrolmentStatus
from services.permissions import Actor, Permission, require

_HAS_TAKEN = LIVE | {EnrolmentStatus.COMPLETED}


@dataclass(frozen=True, slots=True)
class Clash:
    """With another class of the actor's: on its first day at the same time, or, without a day, of the same name."""

    name: str
    on: date | None = None


def find(session: Session, actor: Actor, class_ids: Sequence[int]) -> Mapping[int, Sequence[Clash]]:
    """By the number of the class that is to be chosen; in two queries."""
    require(actor, Permission.CLASS_ENROL)
    found: dict[int, list[Clash]] = defaultdict(list)
    for class_id, name, day in session.execute(_at_the_same_time(actor, class_ids)):
        found[class_id].append(Clash(name, day))
    for class_id, name in session.execute(_the_same(actor, class_ids)):
        found[class_id].append(Clash(name))
    return found


def _at_the_same_time(actor: Actor, class_ids: Sequence[int]) -> Select[int, str, date]:
    theirs, mine = aliased(ClassSession), aliased(ClassSession)
    overlap = mine.held_on == theirs.held_on, mine.begins < theirs.ends, theirs.begins < mine.ends
    pairs = (
        select(theirs.class_id, CourseClass.name, func.min(theirs.held_on))
        .join(mine, and_(mine.class_id != theirs.class_id, *overlap))
        .join(Enrolment, Enrolment.class_id == mine.class_id)
        .join(CourseClass, CourseClass.id == mine.class_id)
    )
    taking_part = Enrolment.person_id == actor.person_id, Enrolment.status.in_(LIVE)
    chosen = pairs.where(theirs.class_id.in_(class_ids), *taking_part)
    return chosen.group_by(theirs.class_id, CourseClass.id, CourseClass.name).order_by(CourseClass.id)


def _the_same(actor: Actor, class_ids: Sequence[int]) -> Select[int, str]:
    """Of one name in one year, whoever gives them: its hours would hardly count twice."""
    theirs, mine = aliased(CourseClass), aliased(CourseClass)
    same = and_(mine.id != theirs.id, mine.name == theirs.name, mine.year == theirs.year)
    pairs = select(theirs.id, mine.name).join(mine, same).join(Enrolment, Enrolment.class_id == mine.id)
    taken = Enrolment.person_id == actor.person_id, Enrolment.status.in_(_HAS_TAKEN)
    return pairs.where(theirs.id.in_(class_ids), *taken).distinct()
