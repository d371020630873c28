"""What a supervisor sees: the classes of his divisions' providers, how they went, and what is unusual about them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from db.classes import ClassStatus, CourseClass
from db.organisations import Organisation, OrganisationKind, OrganisationStatus
from services import class_figures, fields, organisations
from services.class_figures import FIGURES, MARKS, UNUSUAL, Figures, Mark
from services.columns import flag
from services.errors import NotFound
from services.permissions import Actor, Permission, require

PAGE_SIZE = 50
ACCREDITED = (OrganisationStatus.APPROVED, OrganisationStatus.SUSPENDED)
NOTHING = (0,) * (len(FIGURES) + 2)


@dataclass(frozen=True, slots=True)
class Supervised:
    """A class, loaded with its provider, and how it went."""

    course_class: CourseClass
    figures: Figures
    marks: Sequence[Mark]


@dataclass(frozen=True, slots=True)
class SupervisedProvider:
    """A provider and how its classes of a year went; `unusual` are those with a mark."""

    provider: Organisation
    classes: int
    figures: Figures
    unusual: int


def visible_to(actor: Actor) -> Select[CourseClass]:
    """The published classes of the providers in the actor's divisions; those are joined."""
    below = organisations.visible_to(actor).with_only_columns(Organisation.id)
    published = CourseClass.provider_id.in_(below), CourseClass.status != ClassStatus.DRAFT
    return select(CourseClass).join(CourseClass.provider).where(*published)


def get(session: Session, actor: Actor, class_id: int) -> CourseClass:
    """With provider, sessions, divisions, audience, files and steps. Raises NotFound."""
    require(actor, Permission.CLASS_SUPERVISE)
    parts = (CourseClass.sessions, CourseClass.divisions, CourseClass.audience, CourseClass.files, CourseClass.steps)
    everything = joinedload(CourseClass.provider), *map(selectinload, parts)
    course_class = session.scalar(visible_to(actor).where(CourseClass.id == class_id).options(*everything))
    if course_class is None:
        raise NotFound
    return course_class


def years(session: Session, actor: Actor) -> Sequence[int]:
    """Those that classes of the actor's divisions count in, newest first."""
    require(actor, Permission.CLASS_SUPERVISE)
    found = visible_to(actor).with_only_columns(CourseClass.year).distinct().order_by(CourseClass.year.desc())
    return [year for year in session.scalars(found) if year is not None]


def list_classes(
    session: Session,
    actor: Actor,
    *,
    year: int | None = None,
    provider_id: int | None = None,
    text: str = "",
    marked: bool = False,
    after_id: int = 0,
) -> Sequence[Supervised]:
    """One page of classes, newest first; `text` is part of the name of the class or of its provider."""
    require(actor, Permission.CLASS_SUPERVISE)
    found = visible_to(actor).where(*_conditions(year, provider_id, text))
    if marked:
        found = found.where(UNUSUAL)
    if after_id:
        found = found.where(CourseClass.id < after_id)
    # Figures are added up for the classes of the page alone: sorting all classes with theirs would ask for them all.
    page = found.with_only_columns(CourseClass.id).order_by(CourseClass.id.desc()).limit(PAGE_SIZE)
    shown = visible_to(actor).where(CourseClass.id.in_(page)).options(contains_eager(CourseClass.provider))
    rows = session.execute(shown.order_by(CourseClass.id.desc()).add_columns(*FIGURES, *MARKS))
    return [_supervised(*row) for row in rows]


def _conditions(year: int | None, provider_id: int | None, text: str) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if year is not None:
        conditions.append(CourseClass.year == year)
    if provider_id is not None:
        conditions.append(CourseClass.provider_id == provider_id)
    if wanted := fields.search_text(text):
        columns = CourseClass.name, Organisation.name
        conditions.append(or_(*(column.contains(wanted, autoescape=True) for column in columns)))
    return conditions


def _supervised(course_class: CourseClass, *numbers: int) -> Supervised:
    counted, flags = numbers[: len(FIGURES)], numbers[len(FIGURES) :]
    return Supervised(course_class, class_figures.figures(counted), class_figures.marks(flags))


def list_providers(
    session: Session, actor: Actor, *, year: int | None = None, text: str = "", after_id: int = 0
) -> Sequence[SupervisedProvider]:
    """One page of the providers of the divisions, those with no class too; `text` is part of the name."""
    require(actor, Permission.CLASS_SUPERVISE)
    accredited = Organisation.kind == OrganisationKind.PROVIDER, Organisation.status.in_(ACCREDITED)
    providers = organisations.visible_to(actor).where(*accredited, Organisation.id > after_id)
    if wanted := fields.search_text(text):
        providers = providers.where(Organisation.name.contains(wanted, autoescape=True))
    page = session.scalars(providers.order_by(Organisation.id).limit(PAGE_SIZE)).all()
    sums = _sums(session, actor, year, [each.id for each in page])
    return [_of_provider(each, sums.get(each.id, NOTHING)) for each in page]


def _sums(session: Session, actor: Actor, year: int | None, provider_ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """Of each provider's classes: how many, the numbers of `figures` added up, and how many are unusual."""
    each = visible_to(actor).where(*_conditions(year, None, ""), CourseClass.provider_id.in_(provider_ids))
    numbers = *FIGURES, flag(UNUSUAL)
    labelled = [number.label(f"number_{place}") for place, number in enumerate(numbers)]
    classes = each.with_only_columns(CourseClass.provider_id, *labelled).subquery()
    provider, *columns = classes.c
    summed = select(provider, func.count(), *(func.sum(column) for column in columns)).group_by(provider)
    return {row[0]: tuple(map(int, row[1:])) for row in session.execute(summed)}


def _of_provider(provider: Organisation, sums: tuple[int, ...]) -> SupervisedProvider:
    classes, *counted, unusual = sums
    return SupervisedProvider(provider, classes, class_figures.figures(counted), unusual)
