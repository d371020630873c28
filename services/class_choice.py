"""The classes that a professional may choose from: those of the employer's division and the divisions above it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, tuple_
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, selectinload

from db.claims import Category
from db.classes import ClassDivision, ClassStatus, CourseClass
from db.enrolments import Enrolment
from db.organisations import Organisation, OrganisationStatus
from services import divisions, fields, people
from services.clock import now, today
from services.errors import NotFound
from services.permissions import Actor, Permission, require

PAGE_SIZE = 50


class Nothing(StrEnum):
    """Why there is no class to choose, the first reason that holds."""

    NO_EMPLOYER = "no_employer"
    NONE_IN_DIVISION = "none_in_division"
    NONE_OPEN = "none_open"
    NONE_FITS = "none_fits"


@dataclass(frozen=True, slots=True)
class ClassView:
    """What the list is narrowed to; the dates hold a class from its first day to its last."""

    text: str = ""
    category: Category | None = None
    starts_from: date | None = None
    ends_until: date | None = None
    with_seats: bool = False


EVERYTHING = ClassView()


def list_open(
    session: Session, actor: Actor, view: ClassView = EVERYTHING, *, after_id: int = 0
) -> Sequence[CourseClass]:
    """One page of the classes in which one can enrol, with provider and audience; whose enrolment ends first is first.

    Nobody without a confirmed employer sees any.
    """
    require(actor, Permission.CLASS_ENROL)
    employer = people.confirmed_employer(session, actor.person_id)
    if employer is None:
        return []
    found = _open_to(employer).where(*_conditions(view))
    place = CourseClass.enrol_until, CourseClass.id
    if after_id:
        last = aliased(CourseClass)
        found = found.where(
            tuple_(*place) > select(last.enrol_until, last.id).where(last.id == after_id).scalar_subquery()
        )
    loaded = found.options(contains_eager(CourseClass.provider), selectinload(CourseClass.audience))
    return session.scalars(loaded.order_by(*place).limit(PAGE_SIZE)).all()


def _serves(employer: Organisation) -> ColumnElement[bool]:
    above = ClassDivision.division.in_(divisions.upward(employer.division))
    # Asked of each open class: a list of those that serve the division would hold all that were ever taught there.
    return exists().where(ClassDivision.class_id == CourseClass.id, above)


def _open_to(employer: Organisation) -> Select[CourseClass]:
    return select(CourseClass).join(CourseClass.provider).where(_serves(employer), is_open())


def is_open() -> ColumnElement[bool]:
    """Its provider is joined. One whose enrolment begins later is shown before it does."""
    may_teach = Organisation.status == OrganisationStatus.APPROVED
    comes = and_(CourseClass.enrol_until > now(), CourseClass.start_on > today())
    return and_(CourseClass.status == ClassStatus.OPEN, comes, may_teach)


def _conditions(view: ClassView) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted := fields.search_text(view.text):
        columns = (CourseClass.name, CourseClass.teacher, CourseClass.place, Organisation.name)
        conditions.append(or_(*(column.contains(wanted, autoescape=True) for column in columns)))
    if view.category:
        conditions.append(CourseClass.category == view.category)
    if view.starts_from:
        conditions.append(CourseClass.start_on >= view.starts_from)
    if view.ends_until:
        conditions.append(CourseClass.end_on <= view.ends_until)
    if view.with_seats:
        conditions.append(CourseClass.taken < CourseClass.capacity)
    return conditions


def why_nothing(session: Session, actor: Actor) -> Nothing:
    """For a list that is empty."""
    require(actor, Permission.CLASS_ENROL)
    employer = people.confirmed_employer(session, actor.person_id)
    if employer is None:
        return Nothing.NO_EMPLOYER
    published = select(CourseClass.id).where(_serves(employer), CourseClass.status != ClassStatus.DRAFT)
    if session.scalar(published.limit(1)) is None:
        return Nothing.NONE_IN_DIVISION
    opened = _open_to(employer).with_only_columns(CourseClass.id)
    return Nothing.NONE_OPEN if session.scalar(opened.limit(1)) is None else Nothing.NONE_FITS


def get(session: Session, actor: Actor, class_id: int) -> CourseClass:
    """One that serves the employer's division or that the actor has enrolled in, whatever became of it.

    With provider, sessions, divisions, audience and files. Raises NotFound.
    """
    require(actor, Permission.CLASS_ENROL)
    employer = people.confirmed_employer(session, actor.person_id)
    own = CourseClass.id.in_(select(Enrolment.class_id).where(Enrolment.person_id == actor.person_id))
    seen = own if employer is None else or_(own, _serves(employer))
    lists = CourseClass.sessions, CourseClass.divisions, CourseClass.audience, CourseClass.files
    found = select(CourseClass).where(CourseClass.id == class_id, CourseClass.status != ClassStatus.DRAFT, seen)
    course_class = session.scalar(
        found.options(joinedload(CourseClass.provider), *map(selectinload, lists)).execution_options(
            populate_existing=True
        )
    )
    if course_class is None:
        raise NotFound
    return course_class


def own_enrolments(session: Session, actor: Actor, classes: Sequence[CourseClass]) -> dict[int, Enrolment]:
    """The actor's enrolments in these classes, by the class's number."""
    require(actor, Permission.CLASS_ENROL)
    numbers = [each.id for each in classes]
    mine = select(Enrolment).where(Enrolment.person_id == actor.person_id, Enrolment.class_id.in_(numbers))
    return {enrolment.class_id: enrolment for enrolment in session.scalars(mine)}
