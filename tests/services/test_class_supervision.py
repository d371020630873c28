"""How classes went, as their supervisor sees it, and what is marked as unusual."""

from collections.abc import Sequence
from datetime import date, time
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from db.classes import ClassSession, ClassStatus, CourseClass
from db.enrolments import Attendance, EnrolmentStatus
from db.organisations import Organisation, OrganisationKind, OrganisationStatus
from services import class_figures, class_hours, class_supervision
from services.class_figures import Figures, Mark
from services.errors import NotFound, PermissionDenied
from services.permissions import Actor
from tests import classes as built
from tests import factories

COMPLETED, FAILED = EnrolmentStatus.COMPLETED, EnrolmentStatus.NOT_COMPLETED


def taught(
    session: Session,
    provider: Organisation,
    results: Sequence[EnrolmentStatus],
    *,
    absent: int = 0,
    status: ClassStatus = ClassStatus.COMPLETED,
    **about: object,
) -> CourseClass:
    """Everybody was present at every session, but for the first `absent` of them all."""
    course_class = built.create_class(session, provider, status=status, **about)  # type: ignore[arg-type]
    employer, away = factories.create_employer(session), absent
    for result in results:
        person = factories.create_person(session, employer=employer)
        enrolment = built.create_enrolment(session, course_class, person, employer=employer, status=result)
        for each in course_class.sessions:
            session.add(Attendance(enrolment_id=enrolment.id, session_id=each.id, present=away <= 0))
            away -= 1
    session.flush()
    return course_class


def marks(session: Session, actor: Actor) -> list[Mark]:
    return [mark for row in class_supervision.list_classes(session, actor) for mark in row.marks]


def test_hours_and_attendance_are_those_of_the_registered_results(
    open_session: Session, supervisor: Actor, provider: Organisation
) -> None:
    taught(open_session, provider, [COMPLETED, COMPLETED, FAILED], absent=2)
    planned = built.create_class(open_session, provider)
    newest, oldest = class_supervision.list_classes(open_session, supervisor)
    assert (newest.course_class.id, newest.figures) == (planned.id, Figures(0, 0, Decimal(0), None))
    assert oldest.figures == Figures(taught=3, completed=2, hours=Decimal(16), attendance=66)
    assert oldest.course_class.provider.id == provider.id
    assert oldest.marks == []


@pytest.mark.parametrize(
    ("results", "absent", "marked"),
    [
        ([COMPLETED] * 5, 0, [Mark.ALL_PERFECT]),
        ([COMPLETED] * 4, 0, []),
        ([COMPLETED] * 5, 1, []),
        ([COMPLETED] * 5 + [FAILED], 0, []),
    ],
)
def test_a_class_in_which_everybody_was_perfect_is_marked(
    open_session: Session,
    supervisor: Actor,
    provider: Organisation,
    results: list[EnrolmentStatus],
    absent: int,
    marked: list[Mark],
) -> None:
    taught(open_session, provider, results, absent=absent)
    assert marks(open_session, supervisor) == marked


def test_who_was_never_registered_was_not_perfect(
    open_session: Session, supervisor: Actor, provider: Organisation
) -> None:
    course_class = built.create_class(open_session, provider, status=ClassStatus.COMPLETED)
    employer = factories.create_employer(open_session)
    for _ in range(class_figures.LEAST_TO_WONDER):
        person = factories.create_person(open_session, employer=employer)
        built.create_enrolment(open_session, course_class, person, employer=employer, status=COMPLETED)
    open_session.flush()
    assert marks(open_session, supervisor) == []


@pytest.mark.parametrize(
    ("times", "hours"),
    [
        ([((9, 0), (12, 0))], Decimal(4)),
        ([((9, 0), (10, 0))], Decimal("1.3")),
        ([((8, 0), (20, 0))], Decimal(8)),
        ([((9, 0), (12, 0)), ((14, 0), (17, 30))], Decimal(8)),
    ],
)
def test_more_hours_than_the_sessions_hold_are_marked(
    open_session: Session,
    supervisor: Actor,
    provider: Organisation,
    times: list[tuple[tuple[int, int], tuple[int, int]]],
    hours: Decimal,
) -> None:
    """The database reckons as `class_hours.allowed` does, to a tenth of an hour."""
    course_class = built.create_class(open_session, provider, hours=hours)
    day = date(course_class.year or 0, 12, 1)
    open_session.refresh(course_class, ["sessions"])
    course_class.sessions = [
        ClassSession(held_on=day, begins=time(*begins), ends=time(*ends)) for begins, ends in times
    ]
    open_session.flush()
    assert class_hours.allowed(course_class.sessions) == hours
    assert marks(open_session, supervisor) == []
    course_class.hours = hours + Decimal("0.1")
    open_session.flush()
    assert marks(open_session, supervisor) == [Mark.TOO_MANY_HOURS]


def test_more_hours_for_one_person_than_the_sessions_hold_are_marked(
    open_session: Session, supervisor: Actor, provider: Organisation
) -> None:
    course_class = taught(open_session, provider, [])
    employer = factories.create_employer(open_session)
    person = factories.create_person(open_session, employer=employer)
    enrolment = built.create_enrolment(open_session, course_class, person, employer=employer, status=COMPLETED)
    enrolment.hours_awarded = Decimal("8.1")
    open_session.flush()
    assert marks(open_session, supervisor) == [Mark.TOO_MANY_HOURS]


def test_the_list_is_narrowed_by_year_provider_name_and_marks(
    open_session: Session, supervisor: Actor, provider: Organisation
) -> None:
    other = built.create_provider(open_session, name="晴川继续教育学院")
    perfect = taught(open_session, provider, [COMPLETED] * 5, name="消防设施检测班")
    old = taught(open_session, other, [], starts=date(2020, 3, 1))

    def listed(**narrowed: object) -> list[int]:
        rows = class_supervision.list_classes(open_session, supervisor, **narrowed)  # type: ignore[arg-type]
        return [row.course_class.id for row in rows]

    assert listed() == [old.id, perfect.id]
    assert listed(year=2020) == [old.id]
    assert listed(provider_id=provider.id) == [perfect.id]
    assert listed(text="检测") == [perfect.id]
    assert listed(text="教育学院") == [old.id]
    assert listed(marked=True) == [perfect.id]
    assert listed(after_id=old.id) == [perfect.id]
    assert class_supervision.years(open_session, supervisor) == [perfect.year, 2020]


def test_drafts_and_other_divisions_are_not_a_supervisors_business(
    open_session: Session, supervisor: Actor, provider: Organisation
) -> None:
    draft = built.create_class(open_session, provider, status=ClassStatus.DRAFT)
    elsewhere = built.create_class(open_session, built.create_provider(open_session, division="440300"))
    own = built.create_class(open_session, provider)
    assert [row.course_class.id for row in class_supervision.list_classes(open_session, supervisor)] == [own.id]
    assert class_supervision.get(open_session, supervisor, own.id).sessions
    for hidden in (draft, elsewhere):
        with pytest.raises(NotFound):
            class_supervision.get(open_session, supervisor, hidden.id)


def test_others_supervise_nothing(open_session: Session, trainer: Actor, professional: Actor) -> None:
    for actor in (trainer, professional):
        with pytest.raises(PermissionDenied):
            class_supervision.list_classes(open_session, actor)
        with pytest.raises(PermissionDenied):
            class_supervision.list_providers(open_session, actor)


def test_providers_are_listed_with_what_their_classes_of_the_year_add_up_to(
    open_session: Session, supervisor: Actor, provider: Organisation
) -> None:
    built.create_provider(open_session, division="440300")
    for status in (OrganisationStatus.APPLIED, OrganisationStatus.RETURNED):
        factories.create_organisation(open_session, kind=OrganisationKind.PROVIDER, status=status)
    idle = built.create_provider(open_session, name="晴川继续教育学院")
    perfect = taught(open_session, provider, [COMPLETED] * 5)
    taught(open_session, provider, [COMPLETED, FAILED], absent=1)
    taught(open_session, provider, [COMPLETED], starts=date(2020, 3, 1))
    first, second = class_supervision.list_providers(open_session, supervisor, year=perfect.year)
    assert (first.provider.id, first.classes, first.unusual) == (provider.id, 2, 1)
    assert first.figures == Figures(taught=7, completed=6, hours=Decimal(48), attendance=92)
    assert (second.provider.id, second.classes, second.figures.attendance) == (idle.id, 0, None)
    found = class_supervision.list_providers(open_session, supervisor, text="学院", after_id=first.provider.id)
    assert [row.provider.id for row in found] == [idle.id]
