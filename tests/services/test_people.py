"""Basic information, and the tie to an employer from both sides."""

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.events import pending
from db.organisations import Organisation, OrganisationStatus
from db.people import BindingStatus, TitleLevel, TitleSeries
from services import people
from services.errors import InvalidField, NotFound, PermissionDenied, WrongStatus
from services.people import AlreadyBound, EmployerNotAvailable, Profile
from services.permissions import Actor
from tests import factories

PROFILE = Profile(
    mobile="13800000000",
    email="name@example.com",
    department="桥梁所",
    title_series=TitleSeries.ENGINEERING,
    title_level=TitleLevel.MIDDLE,
    title_name="工程师",
)


@pytest.fixture
def employer(open_session: Session) -> Organisation:
    return factories.create_employer(open_session)


@pytest.fixture
def professional(open_session: Session) -> Actor:
    return factories.actor_for(open_session, factories.create_person(open_session))


@pytest.fixture
def reviewer(open_session: Session, employer: Organisation) -> Actor:
    return factories.actor_of(open_session, factories.create_reviewer(open_session, employer))


def outsider(session: Session) -> Actor:
    return factories.actor_of(session, factories.create_reviewer(session, factories.create_employer(session)))


def test_the_profile_is_kept(open_session: Session, professional: Actor) -> None:
    people.update_profile(open_session, professional, PROFILE)
    person = people.own_profile(open_session, professional)
    assert (person.mobile, person.title_series, person.title_name) == ("13800000000", "engineering", "工程师")


@pytest.mark.parametrize(("change", "field"), [({"mobile": "1"}, "手机号码"), ({"email": "at home"}, "电子邮箱")])
def test_a_wrong_field_is_named(open_session: Session, professional: Actor, change: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidField, match=field):
        people.update_profile(open_session, professional, replace(PROFILE, **change))  # type: ignore[arg-type]  # texts


def test_an_employer_confirms_who_asked_for_it(
    open_session: Session, professional: Actor, reviewer: Actor, employer: Organisation
) -> None:
    binding = people.request_binding(open_session, professional, employer.id)
    waiting = people.list_staff(open_session, reviewer, status=BindingStatus.REQUESTED)
    assert [row.person.id for row in waiting] == [professional.person_id]
    people.confirm(open_session, reviewer, binding.id)
    open_session.flush()
    assert people.employer_of(open_session, professional.person_id).id == employer.id
    assert people.count_staff(open_session, reviewer) == {BindingStatus.ACTIVE: 1}
    with pytest.raises(WrongStatus):
        people.confirm(open_session, reviewer, binding.id)
    with pytest.raises(WrongStatus):
        people.withdraw_request(open_session, professional, binding.id)
    assert [event.action for event in pending(open_session)] == ["binding_request", "binding_active"]


def test_one_person_has_one_employer_or_one_request_at_a_time(
    open_session: Session, professional: Actor, employer: Organisation
) -> None:
    people.request_binding(open_session, professional, employer.id)
    other = factories.create_employer(open_session)
    with pytest.raises(AlreadyBound):
        people.request_binding(open_session, professional, other.id)
    person = people.own_profile(open_session, professional)
    with pytest.raises(IntegrityError), open_session.begin_nested():
        factories.create_binding(open_session, person, other, status=BindingStatus.REQUESTED)


def test_refused_and_withdrawn_requests_are_kept_and_a_new_one_is_possible(
    open_session: Session, professional: Actor, reviewer: Actor, employer: Organisation
) -> None:
    first = people.request_binding(open_session, professional, employer.id)
    with pytest.raises(InvalidField, match="退回原因"):
        people.refuse(open_session, reviewer, first.id, reason="")
    people.refuse(open_session, reviewer, first.id, reason="查无此人")
    open_session.flush()
    second = people.request_binding(open_session, professional, employer.id)
    people.withdraw_request(open_session, professional, second.id)
    open_session.flush()
    third = people.request_binding(open_session, professional, employer.id)
    person = people.own_profile(open_session, professional)
    assert [(b.id, b.status, b.reason) for b in person.bindings] == [
        (third.id, BindingStatus.REQUESTED, ""),
        (second.id, BindingStatus.WITHDRAWN, ""),
        (first.id, BindingStatus.REFUSED, "查无此人"),
    ]
    current = people.current_binding(person)
    assert current is not None
    assert current.id == third.id


@pytest.mark.parametrize(
    "status", [OrganisationStatus.APPLIED, OrganisationStatus.RETURNED, OrganisationStatus.SUSPENDED]
)
def test_only_an_approved_employer_can_be_asked(
    open_session: Session, professional: Actor, status: OrganisationStatus
) -> None:
    employer = factories.create_organisation(open_session, status=status)
    with pytest.raises(EmployerNotAvailable):
        people.request_binding(open_session, professional, employer.id)


def test_another_employer_neither_sees_nor_decides(
    open_session: Session, professional: Actor, employer: Organisation
) -> None:
    binding = people.request_binding(open_session, professional, employer.id)
    stranger = outsider(open_session)
    assert people.list_staff(open_session, stranger, status=BindingStatus.REQUESTED) == []
    for attempt in (people.confirm, people.get_staff, people.reveal_id_number):
        with pytest.raises(NotFound):
            attempt(open_session, stranger, binding.id)
    with pytest.raises(PermissionDenied):
        people.confirm(open_session, professional, binding.id)


def test_somebody_elses_request_cannot_be_withdrawn(
    open_session: Session, professional: Actor, employer: Organisation
) -> None:
    binding = people.request_binding(open_session, professional, employer.id)
    other = factories.actor_for(open_session, factories.create_person(open_session))
    with pytest.raises(NotFound):
        people.withdraw_request(open_session, other, binding.id)


def test_the_id_number_is_shown_to_its_owner_and_to_who_decides_and_each_look_is_recorded(
    open_session: Session, professional: Actor, reviewer: Actor, employer: Organisation
) -> None:
    binding = people.request_binding(open_session, professional, employer.id)
    own = people.reveal_own_id_number(open_session, professional)
    assert people.reveal_id_number(open_session, reviewer, binding.id) == own
    assert binding.person.id_number_masked == f"{own[:3]}***********{own[-4:]}"
    people.confirm(open_session, reviewer, binding.id)
    open_session.flush()
    with pytest.raises(WrongStatus):
        people.reveal_id_number(open_session, reviewer, binding.id)
    looks = [e.actor_id for e in pending(open_session) if e.action == "id_number_reveal"]
    assert looks == [professional.account_id, reviewer.account_id]
    assert own not in str([(e.before, e.after) for e in pending(open_session)])


def test_staff_are_found_by_part_of_the_name_and_wildcards_mean_themselves(
    open_session: Session, reviewer: Actor, employer: Organisation
) -> None:
    for name in ("阿卜杜拉·买买提", "欧阳若谷", "张100%"):
        factories.create_person(open_session, name=name, employer=employer)
    found = {
        text: [
            row.person.name for row in people.list_staff(open_session, reviewer, status=BindingStatus.ACTIVE, text=text)
        ]
        for text in ("买买提", "%", "_", "若谷", "若谷\0")
    }
    assert found == {
        "买买提": ["阿卜杜拉·买买提"],
        "%": ["张100%"],
        "_": [],
        "若谷": ["欧阳若谷"],
        "若谷\0": ["欧阳若谷"],
    }
