"""Which classes a professional may choose from, and what an empty list says."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from db.accounts import Role
from db.claims import Category
from db.classes import ClassStatus, CourseClass
from db.enrolments import EnrolmentStatus
from db.organisations import Organisation, OrganisationStatus
from db.people import BindingStatus, Person
from services import class_choice
from services.class_choice import ClassView, Nothing
from services.clock import now, today
from services.errors import NotFound, PermissionDenied
from services.permissions import Actor, Scope
from tests import classes, factories
from tests.counting import CountQueries

COUNTY, CITY, PROVINCE = factories.DIVISION, "440100", "440000"
NEIGHBOUR, OTHER_CITY = "440103", "440300"


def names(session: Session, actor: Actor, view: ClassView = class_choice.EVERYTHING) -> list[str]:
    return [each.name for each in class_choice.list_open(session, actor, view)]


def test_the_classes_of_the_employers_division_and_those_above_it(
    open_session: Session, professional: Actor, provider: Organisation
) -> None:
    for division in (COUNTY, CITY, PROVINCE, NEIGHBOUR, OTHER_CITY):
        classes.create_class(open_session, provider, name=f"面向{division}", divisions=(division,))
    classes.create_class(open_session, provider, name="面向两地", divisions=(NEIGHBOUR, COUNTY))
    expected = {"面向两地", f"面向{PROVINCE}", f"面向{CITY}", f"面向{COUNTY}"}
    assert set(names(open_session, professional)) == expected


@pytest.mark.parametrize("status", sorted(set(ClassStatus) - {ClassStatus.OPEN}))
def test_only_while_enrolment_is_open(
    open_session: Session, professional: Actor, provider: Organisation, status: ClassStatus
) -> None:
    classes.create_class(open_session, provider, status=status)
    assert names(open_session, professional) == []


def test_what_is_over_is_not_offered_even_before_the_class_is_closed(
    open_session: Session, professional: Actor, provider: Organisation
) -> None:
    classes.create_class(open_session, provider, enrol_until=now() - timedelta(minutes=1))
    classes.create_class(open_session, provider, starts=today())
    classes.create_class(
        open_session,
        provider,
        name="明天起报名",
        enrol_from=now() + timedelta(hours=1),
        enrol_until=now() + timedelta(2),
    )
    assert names(open_session, professional) == ["明天起报名"]


def test_a_provider_that_may_not_work_offers_nothing(
    open_session: Session, professional: Actor, provider: Organisation
) -> None:
    classes.create_class(open_session, provider)
    provider.status = OrganisationStatus.SUSPENDED
    assert names(open_session, professional) == []


def test_whose_enrolment_ends_first_is_first_and_page_follows_page(
    open_session: Session, professional: Actor, provider: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(class_choice, "PAGE_SIZE", 2)
    moment = now()
    for name, hours in (("丙", 3), ("甲", 1), ("丁", 3), ("乙", 2), ("戊", 3)):
        classes.create_class(open_session, provider, name=name, enrol_until=moment + timedelta(hours=hours))
    listed: list[str] = []
    after = 0
    while page := class_choice.list_open(open_session, professional, after_id=after):
        listed += [each.name for each in page]
        after = page[-1].id
    assert listed == ["甲", "乙", "丙", "丁", "戊"]


@dataclass(frozen=True)
class Narrowed:
    """A view, and whether the class of the test is in it."""

    view: ClassView
    found: bool


FIRST, LAST = date(2031, 3, 10), date(2031, 3, 11)


@pytest.mark.parametrize(
    "case",
    [
        Narrowed(ClassView(text="桥梁"), True),
        Narrowed(ClassView(text="晴川学院"), True),
        Narrowed(ClassView(text="王老师"), True),
        Narrowed(ClassView(text="东湖"), True),
        Narrowed(ClassView(text="%"), False),
        Narrowed(ClassView(text="\0桥"), True),
        Narrowed(ClassView(category=Category.ELECTIVE), True),
        Narrowed(ClassView(category=Category.GENERAL), False),
        Narrowed(ClassView(starts_from=FIRST, ends_until=LAST), True),
        Narrowed(ClassView(starts_from=LAST), False),
        Narrowed(ClassView(ends_until=FIRST), False),
        Narrowed(ClassView(with_seats=True), True),
    ],
)
def test_the_list_is_narrowed(open_session: Session, professional: Actor, case: Narrowed) -> None:
    provider = classes.create_provider(open_session, name="晴川学院")
    bridge = classes.create_class(
        open_session, provider, name="桥梁检测实务", category=Category.ELECTIVE, starts=FIRST, capacity=1
    )
    bridge.teacher, bridge.place = "王老师", "东湖校区"
    open_session.flush()
    assert names(open_session, professional, case.view) == ["桥梁检测实务"] * case.found


def test_a_class_without_a_free_seat_is_no_class_with_seats(
    open_session: Session, professional: Actor, person: Person, employer: Organisation, provider: Organisation
) -> None:
    course_class = classes.create_class(open_session, provider, capacity=1)
    classes.create_enrolment(open_session, course_class, person, employer=employer)
    assert names(open_session, professional, ClassView(with_seats=True)) == []
    assert names(open_session, professional) == [course_class.name]


def test_an_empty_list_says_why(open_session: Session, professional: Actor, provider: Organisation) -> None:
    alone = factories.create_person(open_session)
    assert class_choice.why_nothing(open_session, factories.actor_for(open_session, alone)) is Nothing.NO_EMPLOYER
    assert class_choice.list_open(open_session, factories.actor_for(open_session, alone)) == []
    classes.create_class(open_session, provider, divisions=(NEIGHBOUR,))
    classes.create_class(open_session, provider, status=ClassStatus.DRAFT)
    assert class_choice.why_nothing(open_session, professional) is Nothing.NONE_IN_DIVISION
    classes.create_class(open_session, provider, status=ClassStatus.CLOSED)
    assert class_choice.why_nothing(open_session, professional) is Nothing.NONE_OPEN
    classes.create_class(open_session, provider, name="桥梁检测实务")
    assert class_choice.why_nothing(open_session, professional) is Nothing.NONE_FITS


def test_a_request_that_no_employer_has_confirmed_shows_no_classes(
    open_session: Session, employer: Organisation, provider: Organisation
) -> None:
    person = factories.create_person(open_session)
    factories.create_binding(open_session, person, employer, status=BindingStatus.REQUESTED)
    classes.create_class(open_session, provider)
    actor = factories.actor_for(open_session, person)
    assert names(open_session, actor) == []
    assert class_choice.why_nothing(open_session, actor) is Nothing.NO_EMPLOYER


def test_one_class_is_read_by_those_it_serves_and_those_who_are_in_it(
    open_session: Session, professional: Actor, person: Person, employer: Organisation, provider: Organisation
) -> None:
    served = classes.create_class(open_session, provider, status=ClassStatus.CLOSED)
    elsewhere = classes.create_class(open_session, provider, divisions=(NEIGHBOUR,))
    draft = classes.create_class(open_session, provider, status=ClassStatus.DRAFT)
    classes.create_enrolment(open_session, elsewhere, person, employer=employer, status=EnrolmentStatus.CANCELLED)
    owner = factories.actor_for(open_session, person)
    assert class_choice.get(open_session, professional, served.id).sessions
    assert class_choice.get(open_session, owner, elsewhere.id).provider is provider
    for actor, hidden in ((professional, elsewhere), (professional, draft), (owner, draft)):
        with pytest.raises(NotFound):
            class_choice.get(open_session, actor, hidden.id)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.PROFESSIONAL}))
def test_nobody_but_professionals_chooses_classes(open_session: Session, provider: Organisation, role: Role) -> None:
    actor = Actor(account_id=1, name="", scopes=(Scope(role, organisation_id=provider.id, division=CITY),))
    course_class: CourseClass = classes.create_class(open_session, provider)
    for ask in (
        lambda: class_choice.list_open(open_session, actor),
        lambda: class_choice.why_nothing(open_session, actor),
        lambda: class_choice.get(open_session, actor, course_class.id),
    ):
        with pytest.raises(PermissionDenied):
            ask()


def test_a_page_of_classes_is_read_in_three_queries(
    open_session: Session, professional: Actor, provider: Organisation, count_queries: CountQueries
) -> None:
    for _ in range(class_choice.PAGE_SIZE + 1):
        classes.create_class(open_session, provider)
    open_session.expunge_all()
    with count_queries() as queries:
        assert len(class_choice.list_open(open_session, professional)) == class_choice.PAGE_SIZE
    assert len(queries) <= 3, queries
